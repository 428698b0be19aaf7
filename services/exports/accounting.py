"""Entries for the firm's software: what is asked, and the lines in order, page by page."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from msgspec import Struct
from psycopg import Connection

from projections.accounting_view import AccountingFilter, AccountingLine, list_accounting
from services.exports.kind import Made, Progress
from services.exports.mapping import Codes

PAGE = 1_000


class AccountingWish(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which entries, and our codes as the other software calls them.

    `credit_journals` are the journals of credit notes, where they are others; `book_year` is how
    WinBooks calls the fiscal year (1 to 9, then letters). With VAT (`with_vat`, or codes that are
    given) `vat_codes` says how it calls our treatments, see `winbooks_vat`.
    """

    date_from: date
    date_to: date
    journal: str | None = None
    journals: dict[str, str] = {}
    credit_journals: dict[str, str] = {}
    accounts: dict[str, str] = {}
    third_parties: dict[str, str] = {}
    book_year: str = ""
    with_vat: bool = False
    vat_codes: dict[str, str] = {}

    @property
    def asks_vat(self) -> bool:
        """Whether VAT codes and bases are to be in the file."""
        return self.with_vat or bool(self.vat_codes)

    def filter(self) -> AccountingFilter:
        """The lines that are asked for."""
        return AccountingFilter(
            date_from=self.date_from, date_to=self.date_to, journal=self.journal
        )

    def codes(self) -> Codes:
        """The mapping."""
        return Codes(
            journals=self.journals,
            credit_journals=self.credit_journals,
            accounts=self.accounts,
            third_parties=self.third_parties,
        )


class Reading:
    """The lines of a wish; where they stand is known once the first page is read."""

    def __init__(self, conn: Connection[Any], book_id: str, wish: AccountingWish) -> None:
        self.position = 0
        self.count = 0
        self._conn = conn
        self._book_id = book_id
        self._wish = wish

    def lines(self, progress: Progress) -> Iterator[AccountingLine]:
        """The lines by journal, date and number."""
        after = None
        while True:
            page = list_accounting(
                self._conn, self._book_id, self._wish.filter(), after=after, limit=PAGE
            )
            self.position = page.standpoint.position
            yield from page.rows
            self.count += len(page.rows)
            progress(self.count)
            if (after := page.next) is None:
                return


def write_lines(
    reading: Reading,
    path: Path,
    records: Callable[[Iterable[AccountingLine]], Iterable[bytes]],
    media_type: str,
    progress: Progress,
) -> Made:
    """Writes a record for each line."""
    with path.open("wb") as file:
        for record in records(reading.lines(progress)):
            file.write(record)
    return Made(path=path, media_type=media_type, position=reading.position, rows=reading.count)
