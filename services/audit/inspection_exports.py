"""The files that an administration reads, made for an inspection from the exported book itself.

In France the FEC with its description, noted in the book as what left; in Belgium, which has no
such file, the listings of customers and of sales to the Union.
"""

import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from psycopg import Connection

from domain.book.refusal import Refusals
from domain.ledger.vat_period import VatPeriod
from domain.ledger.vat_return import Filings
from domain.parties.company import Company
from domain.values.days import fiscal_days
from projections.ledger import Ledger
from projections.register import Register
from projections.vat_register import VatRegister
from services.audit.export import Export
from services.audit.replay import LiveBook
from services.audit.report_words import LANGUAGES
from services.fec.export import PARTS, export_fec, path_of
from services.fec.writing import Wish
from services.files.fec.checking import NotSound
from services.loading import load_company
from services.replay.as_of import loaded
from services.replay.connection import connect
from services.store.pen import Command
from services.vat_listings import see_clients, see_union, write_clients, write_union
from services.vat_returns import load_filings


def write_exports(
    live: LiveBook, bundle: Path, exercise: int, folder: Path, command: Command
) -> dict[str, str]:
    """Writes what the company's country asks for; gives why it could not, by language."""
    folder.mkdir(exist_ok=True)
    with Export(bundle) as export:
        book_id, size = export.manifest.book_id, export.manifest.size
    company = load_company(live.store.past(book_id, size))
    try:
        if company.country == "FR":
            _write_fec(live, bundle, Wish(exercise=exercise), folder, command)
        else:
            _write_listings(live, bundle, company, exercise, folder)
    except Refusals as error:
        return {language: error.refused.explain(language) for language in LANGUAGES}
    except NotSound as error:
        return dict.fromkeys(LANGUAGES, str(error))
    return {}


def _write_fec(live: LiveBook, bundle: Path, wish: Wish, folder: Path, command: Command) -> None:
    with Export(bundle) as export:
        book_id, size = export.manifest.book_id, export.manifest.size

    @contextmanager
    def opened(_position: int | None) -> Iterator[Connection[Any]]:
        with _registers(live, bundle, [Ledger()]) as conn:
            yield conn

    with export_fec(live.store, book_id, opened, wish, command, position=size) as files:
        for part in PARTS:
            written = path_of(files, part)
            shutil.copyfile(written, folder / written.name)


def _write_listings(
    live: LiveBook, bundle: Path, company: Company, exercise: int, folder: Path
) -> None:
    """The customers of each calendar year of the exercise, the Union by the periods of returns."""
    with Export(bundle) as export:
        book_id, size = export.manifest.book_id, export.manifest.size
    filings = load_filings(live.store.past(book_id, size))
    first, last = fiscal_days(exercise, company.fiscal_year_start_month)
    with _registers(live, bundle, [VatRegister()]) as conn:
        for year in sorted({first.year, last.year}):
            listing = see_clients(conn, book_id, company, year)
            (folder / f"clients-{year}.xml").write_bytes(write_clients(listing))
        for period in _periods(filings, first):
            union = see_union(conn, book_id, company, filings, period)
            if union.clients:
                (folder / f"union-{period}.xml").write_bytes(write_union(union))


def _periods(filings: Filings, first: date) -> Iterable[VatPeriod]:
    """The months or, as long as no month is filed, the quarters of the year from a day on."""
    monthly = any(filing.period.months == 1 for filing in filings)
    some = VatPeriod(first.year, 1, 1 if monthly else 3)
    months = (divmod(first.month - 1 + nth, 12) for nth in range(12))
    days = (date(first.year + years, month + 1, 1) for years, month in months)
    return dict.fromkeys(some.like(day) for day in days)


@contextmanager
def _registers(
    live: LiveBook, bundle: Path, registers: Sequence[Register]
) -> Iterator[Connection[Any]]:
    """Registers made of the exported events alone, in a scratch place that is gone afterwards."""
    with (
        Export(bundle) as export,
        connect(live.url) as conn,
        loaded(conn, registers, export.manifest.book_id, export.facts()) as scratch,
    ):
        yield scratch
