"""What a FEC and the book say, side by side: balances and open items, and what they differ by."""

from datetime import date
from typing import Any

from msgspec import Struct
from psycopg import Connection

from domain.imports.fec import FecBatch, FecMode
from projections.fec_import_view import Part, sum_balances, sum_open_items
from services.files.fec.line import OPENING_JOURNAL
from services.imports.fec_opening import CHARGES_AND_INCOME, closing_balances, opening_day
from services.imports.fec_survey import Notice, Survey
from services.imports.fec_taking import FecImported

MOST_DIFFERENCES = 100


class Difference(Struct, frozen=True, kw_only=True):
    """What the file and the book say of an account, in cents, debit positive."""

    account: str
    file: int
    book: int


class OpenDifference(Struct, frozen=True, kw_only=True):
    """How many open items an account has, and their sum in cents, in the file and in the book."""

    account: str
    file_items: int
    file: int
    book_items: int
    book: int


class Comparison(Struct, frozen=True, kw_only=True):
    """The trial balance and the open items of the file against those of the book.

    `difference` and `open_difference` are the sums, in cents, of what accounts differ by.
    """

    accounts: int
    difference: int
    differences: tuple[Difference, ...]
    open_items: int
    open_amount: int
    open_difference: int
    open_differences: tuple[OpenDifference, ...]

    @property
    def is_equal(self) -> bool:
        """Whether the book says what the file says."""
        return not self.differences and not self.open_differences


class FecReport(Struct, frozen=True, kw_only=True):
    """What a FEC says, and what it was taken in as."""

    mode: FecMode
    file: str
    encoding: str
    first: date
    until: date
    lines: int
    entries: int
    debit: int
    credit: int
    third_parties: int
    open_items: int
    notices: tuple[Notice, ...]


def report_of(imported: FecImported) -> FecReport:
    """The report on a file."""
    survey = imported.survey
    return FecReport(
        mode=imported.mode,
        file=survey.text.sha256,
        encoding=survey.text.encoding,
        first=survey.first,
        until=survey.until,
        lines=survey.lines,
        entries=survey.entries,
        debit=survey.debit,
        credit=survey.credit,
        third_parties=len(survey.parties),
        open_items=sum(count for count, _ in survey.open_items().values()),
        notices=survey.told(),
    )


def compare(conn: Connection[Any], batch: FecBatch, survey: Survey, book_id: str) -> Comparison:
    """Compares a file with the registers of a book, account by account.

    The registers stand behind the import, and nothing was booked on top of it.
    """
    opening = batch.started.mode == "opening"
    day = opening_day(survey)
    asked = Part(
        book=book_id,
        first=day if opening else survey.first,
        until=day if opening else survey.until,
        journal=OPENING_JOURNAL if opening else None,
    )
    said = closing_balances(survey) if opening else _balances(survey)
    return _compared(conn, asked, said, _open_items(survey, opening=opening))


def _balances(survey: Survey) -> dict[str, int]:
    return {account: debit - credit for account, (debit, credit) in survey.balances.items()}


def _open_items(survey: Survey, *, opening: bool) -> dict[str, tuple[int, int]]:
    """How many open items each account of the file has, and their sum."""
    found: dict[str, tuple[int, int]] = {}
    for (account, _), (count, amount) in survey.open_items().items():
        if not (opening and account.startswith(CHARGES_AND_INCOME)):
            items, total = found.get(account, (0, 0))
            found[account] = items + count, total + amount
    return found


def _compared(
    conn: Connection[Any],
    asked: Part,
    said: dict[str, int],
    open_said: dict[str, tuple[int, int]],
) -> Comparison:
    book, items = sum_balances(conn, asked), sum_open_items(conn, asked)
    differences = [
        Difference(account=account, file=said.get(account, 0), book=book.get(account, 0))
        for account in sorted(said.keys() | book.keys())
        if said.get(account, 0) != book.get(account, 0)
    ]
    none = (0, 0)
    open_differences = [
        OpenDifference(
            account=account,
            file_items=open_said.get(account, none)[0],
            file=open_said.get(account, none)[1],
            book_items=items.get(account, none)[0],
            book=items.get(account, none)[1],
        )
        for account in sorted(open_said.keys() | items.keys())
        if open_said.get(account, none) != items.get(account, none)
    ]
    return Comparison(
        accounts=len(said),
        difference=sum(abs(each.file - each.book) for each in differences),
        differences=tuple(differences[:MOST_DIFFERENCES]),
        open_items=sum(count for count, _ in open_said.values()),
        open_amount=sum(amount for _, amount in open_said.values()),
        open_difference=sum(abs(each.file - each.book) for each in open_differences),
        open_differences=tuple(open_differences[:MOST_DIFFERENCES]),
    )
