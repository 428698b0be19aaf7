"""Questions of VAT returns to the VAT register: sums by operation, the lines behind, listings.

A share counts in the return of the period it is dated in, unless that was filed before it was
recorded: then in the next one. `VatScope` says so in positions and months, so nothing is moved.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from msgspec import Struct, structs
from psycopg import Connection, sql

from domain.countries.grids import Amounts, Operation
from domain.ledger.vat_period import VatPeriod
from domain.ledger.vat_return import Filings, before, find
from projections.page import (
    Listing,
    Order,
    Page,
    SortKey,
    Standpoint,
    beyond,
    both,
    columns,
    read_all,
    read_page,
    standpoint_in,
)

HEAD = standpoint_in("vat_register_cursor")
ORDER: Order = tuple((each, False) for each in ("direction", "period", "date", "position", "part"))
BY_OPERATION: Order = tuple(
    (each, False) for each in ("direction", "kind", "code", "category", "rate", "account")
)
# A share counts in the return of its own months, as far as that return's filing knew it; what an
# earlier filing missed counts in the next. Two scans of indexes, for the book may be long.
COUNTED = sql.SQL("""(
    SELECT *, (base < 0 OR (base = 0 AND tax + due < 0)) AS credited FROM vat_detail
    WHERE book_id = %(book)s AND direction IN ('sales', 'purchases')
        AND period BETWEEN %(first)s AND %(last)s AND position <= %(upto)s
        AND exigible = 'issue'
    UNION ALL
    SELECT *, (base < 0 OR (base = 0 AND tax + due < 0)) AS credited FROM vat_detail
    WHERE book_id = %(book)s AND position > %(since)s AND position <= %(upto)s
        AND period <= %(missed)s AND exigible = 'issue'
) AS counted""")
MISSED = sql.SQL("""(
    SELECT *, (base < 0 OR (base = 0 AND tax + due < 0)) AS credited FROM vat_detail
    WHERE book_id = %(book)s AND position > %(upto)s AND exigible = 'issue' AND (
        period BETWEEN %(first)s AND %(last)s
        OR (kind = 'credit_note' AND to_char(origin, 'YYYY-MM') BETWEEN %(first)s AND %(last)s))
) AS missed""")
SUMS = sql.SQL("""
    SELECT direction, kind, code, category, rate, account, due_rate, nature, credited,
        sum(base)::bigint AS base, sum(tax)::bigint AS tax, sum(due)::bigint AS due,
        sum(deductible)::bigint AS deductible
    FROM {} WHERE currency = %(currency)s GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9""").format(COUNTED)
CHOSEN = sql.SQL("""
    (direction, kind, code, category, rate, account, due_rate, nature, credited) IN (
        SELECT * FROM unnest(
        %(direction)s::text[], %(kind)s::text[], %(code)s::text[], %(category)s::text[],
        %(rate)s::text[], %(account)s::text[], %(due_rate)s::text[], %(nature)s::text[],
        %(credited)s::bool[]))""")
FOREIGN = sql.SQL("SELECT count(DISTINCT position) FROM {} WHERE currency <> %(currency)s").format(
    COUNTED
)
OWN = sql.SQL("currency = %(currency)s")
FAR = 2**62


class VatScope(Struct, frozen=True, kw_only=True):
    """What a return counts: months first to last up to a position, and what the filing before

    missed: months up to `missed`, recorded after `since`.
    """

    currency: str
    first: str
    last: str
    upto: int = FAR
    missed: str = ""
    since: int = FAR


class OperationSum(Struct, frozen=True):
    """What operations of one kind come to, in minor units, signed."""

    direction: str
    kind: str
    code: str
    category: str
    rate: str
    account: str
    due_rate: str
    nature: str
    credited: bool
    base: int
    tax: int
    due: int
    deductible: int

    @property
    def operation(self) -> Operation:
        """What decides on the grids."""
        return operation_of(self)

    @property
    def amounts(self) -> Amounts:
        """What the grids take parts of."""
        return amounts_of(self)


class ReturnLine(Struct, frozen=True):
    """One share of a document that counts in a return."""

    position: int
    part: int
    direction: str
    period: str
    kind: str
    document_id: str
    number: str
    issue_date: date
    origin: date
    date: date
    party: str
    party_name: str
    party_vat: str
    code: str
    category: str
    rate: str
    account: str
    due_rate: str
    nature: str
    credited: bool
    base: int
    tax: int
    due: int
    deductible: int


def operation_of(row: OperationSum | ReturnLine) -> Operation:
    """What decides on the grids of a row."""
    return Operation(**{name: getattr(row, name) for name in Operation.__struct_fields__})


def amounts_of(row: OperationSum | ReturnLine) -> Amounts:
    """What the grids of a row take parts of."""
    return Amounts(**{name: getattr(row, name) for name in Amounts.__struct_fields__})


def scope_of(filings: Filings, period: VatPeriod, currency: str) -> VatScope:
    """What the return of a period counts, as the filings stand."""
    own, last = find(filings, period), before(filings, period)
    scope = VatScope(currency=currency, first=period.first_month, last=period.last_month)
    if own is not None:
        scope = structs.replace(scope, upto=own.document.stands_on)
    if last is not None:
        scope = structs.replace(scope, missed=last.period.last_month, since=last.document.stands_on)
    return scope


def position_of(conn: Connection[Any], book_id: str) -> int:
    """The position that the register stands on."""
    found = conn.execute(HEAD, {"book": book_id}).fetchone()
    return 0 if found is None else int(found[0])


def sum_operations(
    conn: Connection[Any], book_id: str, scope: VatScope
) -> tuple[Standpoint, tuple[OperationSum, ...]]:
    """What each kind of operation comes to."""
    listing = Listing(HEAD, Standpoint, SUMS, OperationSum)
    return read_all(conn, listing, BY_OPERATION, parameters_of(book_id, scope))


def list_lines(
    conn: Connection[Any],
    book_id: str,
    scope: VatScope,
    operations: Sequence[Operation],
    *,
    after: SortKey | None = None,
    limit: int = 50,
) -> Page[Standpoint, ReturnLine]:
    """A page of the shares of these kinds of operation, by direction, month and date."""
    wanted = {
        name: [getattr(each, name) for each in operations] for name in Operation.__struct_fields__
    }
    parameters = {**parameters_of(book_id, scope), **wanted}
    found = sql.SQL("{} WHERE {}").format(COUNTED, CHOSEN)
    return _page(conn, found, parameters, after=after, limit=limit)


def list_missed(
    conn: Connection[Any],
    book_id: str,
    scope: VatScope,
    *,
    after: SortKey | None = None,
    limit: int = 50,
) -> Page[Standpoint, ReturnLine]:
    """What was recorded since a filing and is dated in its months or credits an invoice of them."""
    found = sql.SQL("{} WHERE true").format(MISSED)
    return _page(conn, found, parameters_of(book_id, scope), after=after, limit=limit)


def count_foreign(conn: Connection[Any], book_id: str, scope: VatScope) -> int:
    """How many documents of the period are in another currency, which no grid counts."""
    found = conn.execute(FOREIGN, parameters_of(book_id, scope)).fetchone()
    return 0 if found is None else int(found[0])


def _page(
    conn: Connection[Any],
    found: sql.Composable,
    parameters: dict[str, Any],
    *,
    after: SortKey | None,
    limit: int,
) -> Page[Standpoint, ReturnLine]:
    select = sql.SQL("SELECT {} FROM {} AND {}").format(
        columns(ReturnLine), found, both([OWN, *beyond(ORDER, after)])
    )
    listing = Listing(HEAD, Standpoint, select, ReturnLine)
    return read_page(conn, listing, ORDER, parameters, after=after, limit=limit)


def parameters_of(book_id: str, scope: VatScope) -> dict[str, Any]:
    """The parameters of a scope in a book."""
    return {"book": book_id, **structs.asdict(scope)}
