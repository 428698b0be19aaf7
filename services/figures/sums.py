"""What figures are the sum of: a list with its filter, an account's lines, a grid's shares.

Each gives the sum itself, from the totals of its register, and a page of the lines that add up to
it: two ways to one figure, which tests compare.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple, Protocol

from msgspec import Struct
from psycopg import Connection

from domain.book.refusal import Refusals
from domain.countries.grids import ACCOUNT_CLASS
from domain.ledger.vat_period import VatPeriod
from projections import (
    history_view,
    sales_documents_view,
    sales_lines_view,
    unpaid_view,
)
from projections.ledger_view import LedgerFilter, balance_accounts
from projections.page import SortKey
from projections.provenance_view import OfAccount, list_account
from services.figures.address import AccountFigure
from services.figures.books import Books
from services.figures.leaf import (
    Leaf,
    LeafPage,
    Measure,
    Shares,
    measured,
    of_entries,
    of_open_items,
    of_positions,
    of_quotes,
)
from services.lists.kinds import ListKind
from services.vat_return_lines import GridLine, list_grid
from services.vat_returns import Sheet, see_return

LONG_AGO = date(1900, 1, 1)
Totals = Callable[[Connection[Any], str, Any], Sequence[Any]]


class Sum(Protocol):
    """What a figure is the sum of."""

    @property
    def currency(self) -> str:
        """The currency of the figure."""

    def total(self, books: Books) -> int | None:
        """The figure, in minor units; None where it is not known."""

    def page(self, books: Books, after: SortKey | None, limit: int) -> LeafPage:
        """Some of its lines."""


class ListedSum(Struct, frozen=True, kw_only=True):
    """A sum over a list as people see it: columns of the rows that a filter selects."""

    kind: ListKind
    wanted: Any
    measure: Measure

    @property
    def currency(self) -> str:
        return str(self.wanted.currency)

    def total(self, books: Books) -> int | None:
        amounts = [measured(row, self.measure) for row in self.totals(books)]
        known = [amount for amount in amounts if amount is not None]
        return sum(known) if known or not amounts else None

    def totals(self, books: Books) -> Sequence[Any]:
        """The totals of the register's own summary, by whatever groups it makes."""
        return _LISTED[self.kind.name].totals(books.conn, books.book_id, self.wanted)

    def page(self, books: Books, after: SortKey | None, limit: int) -> LeafPage:
        kind, listed = self.kind, _LISTED[self.kind.name]
        page = kind.read(books.conn, books.book_id, self.wanted, kind.orders[0], after, limit)
        amounts = [measured(row, self.measure) or 0 for row in page.rows]
        shares = listed.shares(books, page.rows, amounts, self.wanted)
        leaves = [
            _leaf(row, amount, parts, listed.names)
            for row, amount, parts in zip(page.rows, amounts, shares, strict=True)
        ]
        return LeafPage(tuple(leaves), page.next)


class AccountSum(Struct, frozen=True):
    """A column of an account's row in the trial balance."""

    figure: AccountFigure

    @property
    def currency(self) -> str:
        return self.figure.currency

    def total(self, books: Books) -> int | None:
        figure = self.figure
        _, rows = balance_accounts(
            books.conn,
            books.book_id,
            date_from=figure.date_from,
            date_to=figure.date_to,
            account=figure.account,
        )
        named = (row for row in rows if row.account == figure.account)
        own = next((row for row in named if row.currency == figure.currency), None)
        return 0 if own is None else measured(own, {figure.column: 1})

    def page(self, books: Books, after: SortKey | None, limit: int) -> LeafPage:
        figure, column = self.figure, self.figure.column
        first, last = figure.date_from, figure.date_to
        wanted = OfAccount(
            account=figure.account,
            currency=figure.currency,
            date_from=first if column in ("debit", "credit") else None,
            date_to=first - timedelta(days=1) if column == "opening" else last,
        )
        balance: Measure = {"debit": 1, "credit": -1}
        measure: Measure = {column: 1} if column in ("debit", "credit") else balance
        page = list_account(books.conn, books.book_id, wanted, after=after, limit=limit)
        amounts = [measured(row, measure) or 0 for row in page.rows]
        leaves = [
            _leaf(row, amount, ((row.entry, amount),), _BOOKED)
            for row, amount in zip(page.rows, amounts, strict=True)
            if amount
        ]
        return LeafPage(tuple(leaves), page.next)


class GridSum(Struct, frozen=True):
    """A grid of a VAT return, filed or as it would be; with sign -1 what it takes off."""

    sheet: Sheet
    grid: str
    sign: int = 1

    @property
    def currency(self) -> str:
        return self.sheet.company.currency

    def total(self, _: Books) -> int | None:
        return self.sign * self.sheet.settled.grids.get(self.grid, 0)

    def page(self, books: Books, after: SortKey | None, limit: int) -> LeafPage:
        page = list_grid(books.conn, books.book_id, self.sheet, self.grid, after=after, limit=limit)
        return LeafPage(tuple(_grid_leaf(line, self.sign) for line in page.lines), page.next)


def return_of(books: Books, period: VatPeriod) -> Sheet:
    """The VAT return of a period; raises Refusals where the company files none."""
    return see_return(books.conn, books.book_id, books.company, books.filings, period)


def known_grids(sheet: Sheet) -> set[str]:
    """The grids that the form of a return has, whether it has an amount there or not."""
    form = sheet.form.form
    ruled = {grid for rule in form.rules for grid in rule.grids if grid != ACCOUNT_CLASS}
    classed = {each.grid for each in form.classes}
    moved = sheet.settled.grids.keys() | sheet.settled.moved.keys() | sheet.settled.carried.keys()
    return {*ruled, *classed, *sheet.form.totals, *moved}


def has_returns(books: Books, period: VatPeriod) -> bool:
    """Whether the company files periodic returns of VAT."""
    try:
        return_of(books, period)
    except Refusals:
        return False
    return True


class _Names(NamedTuple):
    """What the columns of a list are called in which its lines say what they are."""

    kind: str
    number: str
    label: str
    party_name: str
    document_id: str


class _Listed(NamedTuple):
    """How a list is added up, and how its rows came about."""

    totals: Totals
    shares: Shares
    names: _Names


_BOOKED = _Names("", "document_number", "label", "party_name", "document_id")
_SOLD = _Names("document_kind", "number", "description", "customer_name", "document_id")
_QUOTED = _Names("kind", "number", "", "customer_name", "id")


def _turnover(conn: Connection[Any], book_id: str, wanted: LedgerFilter) -> Sequence[Any]:
    """What accounts that begin so moved, from their sums by month."""
    _, rows = balance_accounts(
        conn,
        book_id,
        date_from=wanted.date_from or LONG_AGO,
        date_to=wanted.date_to or date.max,
        account=wanted.account or "",
    )
    return [row for row in rows if row.currency == wanted.currency]


_LISTED: Mapping[str, _Listed] = {
    "ledger": _Listed(_turnover, of_entries, _BOOKED),
    "history": _Listed(lambda *asked: history_view.balance_parties(*asked)[1], of_entries, _BOOKED),
    "unpaid": _Listed(lambda *asked: unpaid_view.summarise(*asked)[1], of_open_items, _BOOKED),
    "sales_documents": _Listed(
        lambda *asked: sales_documents_view.summarise(*asked)[1], of_quotes, _QUOTED
    ),
    "sales_lines": _Listed(
        lambda *asked: sales_lines_view.summarise(*asked)[1], of_positions, _SOLD
    ),
}


def _leaf(row: Any, amount: int, shares: tuple[tuple[int, int], ...], names: _Names) -> Leaf:
    said = {
        field: getattr(row, column) if column else ""
        for field, column in zip(_Names._fields, names, strict=True)
    }
    said["kind"] = said["kind"] or getattr(row, "document_kind", "entry")
    return Leaf(amount=amount, date=row.date, shares=shares, **said)


def _grid_leaf(line: GridLine, sign: int) -> Leaf:
    own, amount = line.line, sign * line.amount
    return Leaf(
        amount=amount,
        kind=line.kind,
        date=None if own is None else own.date,
        number="" if own is None else own.number,
        label="",
        party_name="" if own is None else own.party_name,
        document_id="" if own is None else own.document_id,
        shares=((line.position, amount),) if line.position else (),
    )
