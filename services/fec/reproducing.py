"""FECs and their descriptions made again from events alone, for whoever audits a book."""

from collections.abc import Callable, Iterator
from functools import reduce
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from domain.book.event import Recorded
from domain.book.refusal import Refusals
from domain.operations.exported import ReportExported
from domain.parties import company as companies
from domain.parties.company import BookIsNotOpen, Company
from projections.ledger import Ledger
from services.fec.export import PARTS, path_of
from services.fec.writing import Wish, write_fec
from services.replay.as_of import loaded
from services.replay.connection import connect

Facts = Callable[[], Iterator[Recorded]]
"""The events up to the position of the export, from the first, as often as they are asked for."""


def reproducers(url: str) -> dict[str, Callable[[ReportExported, Facts], bytes]]:
    """What makes each of the two files again in a scratch place of a database."""

    def reproduce(exported: ReportExported, facts: Facts) -> bytes:
        wish = msgspec.convert(exported.parameters, Wish, strict=False)
        company: Company | None = reduce(companies.evolve, facts(), None)
        if company is None:
            raise Refusals(BookIsNotOpen())
        whose, book_id = company, next(facts()).book_id
        with (
            TemporaryDirectory(prefix="paraphe-fec-") as folder,
            connect(url) as conn,
            loaded(conn, [Ledger()], book_id, facts()) as scratch,
        ):
            files = write_fec(
                scratch, book_id, wish, Path(folder), lambda _: whose, position=exported.position
            )
            return path_of(files, exported.kind).read_bytes()

    return dict.fromkeys(PARTS, reproduce)
