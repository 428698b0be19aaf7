"""Exported files made again from events alone, byte for byte, for whoever audits a book."""

from collections.abc import Callable, Iterator
from functools import reduce
from itertools import takewhile
from pathlib import Path
from tempfile import TemporaryDirectory

from domain.book.event import Recorded
from domain.book.refusal import Refusals
from domain.ledger import vat_return
from domain.ledger.vat_return import Filings
from domain.operations.exported import ReportExported
from domain.parties import company as companies
from domain.parties.company import BookIsNotOpen, Company
from services.audit.replay_exports import Beside
from services.exports.bundle import zip_again
from services.exports.kind import Background, Task, wish_again
from services.exports.kinds import FILES
from services.exports.originals import ORIGINALS
from services.replay.as_of import loaded
from services.replay.connection import connect

Facts = Callable[[], Iterator[Recorded]]
"""The events up to the position of the export, from the first, as often as they are asked for."""
SECOND_FILES: dict[str, Beside] = {ORIGINALS.name: zip_again}
"""For each kind of file that another one left beside, what makes that one again."""


def reproducers(url: str) -> dict[str, Callable[[ReportExported, Facts], bytes]]:
    """For each kind of file, what makes it again in a scratch place of a database."""

    def reproduce(exported: ReportExported, facts: Facts) -> bytes:
        kind = FILES[exported.kind]
        wish = wish_again(kind, exported.parameters)
        book_id = next(facts()).book_id
        with (
            TemporaryDirectory(prefix="paraphe-export-") as folder,
            connect(url) as conn,
            loaded(conn, kind.registers, book_id, facts()) as scratch,
        ):
            task = Task(
                book_id=book_id, wish=wish, folder=Path(folder), background=background_of(facts)
            )
            made = kind.write(scratch, task)
            return made.path.read_bytes()

    return dict.fromkeys(FILES, reproduce)


def background_of(facts: Facts) -> Background:
    """What these events say."""

    def upto(position: int) -> Iterator[Recorded]:
        return takewhile(lambda fact: fact.position <= position, facts())

    def company(position: int) -> Company:
        found: Company | None = reduce(companies.evolve, upto(position), None)
        if found is None:
            raise Refusals(BookIsNotOpen())
        return found

    def filings(position: int) -> Filings:
        nothing: Filings = ()
        return reduce(vat_return.evolve, upto(position), nothing)

    return Background(company=company, filings=filings)
