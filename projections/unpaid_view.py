"""Questions to the unpaid register: the list, its totals, and what is due since when (V26, C4).

`open` and `amount` are minor units, debit minus credit: what customers owe is positive, what is
owed to suppliers negative. Currencies are never added up.
"""

from datetime import date
from itertools import pairwise
from typing import Any, Literal

from msgspec import Struct
from psycopg import Connection, sql

from projections.page import (
    Listing,
    Order,
    Page,
    SortKey,
    Standpoint,
    asked,
    beyond,
    both,
    by_column,
    columns,
    in_country,
    read_all,
    read_page,
    standpoint_in,
    standpoint_of,
    where,
)
from projections.party_names import name_in
from projections.searching import names, says

State = Literal["open", "settled", "all"]
BY_PARTY = {"party": ("party", "due_date", "entry", "line")}


class UnpaidFilter(Struct, frozen=True, kw_only=True):
    """Which items: None means any. `as_of` draws the list up as of a value date."""

    party: str | None = None
    country: str | None = None
    side: Literal["customers", "suppliers"] | None = None
    account: str | None = None
    currency: str | None = None
    document_kind: str | None = None
    due_from: date | None = None
    due_to: date | None = None
    issued_from: date | None = None
    issued_to: date | None = None
    state: State = "open"
    as_of: date | None = None
    q: str | None = None


class UnpaidItem(Struct, frozen=True):
    """A line on a third party's account with what is open on it."""

    entry: int
    line: int
    account: str
    side: str
    party: str
    party_name: str
    journal: str
    issue_date: date
    due_date: date
    date: date
    document_kind: str
    document_id: str
    document_number: str
    label: str
    currency: str
    amount: int
    open: int


SORT_COLUMNS = UnpaidItem.__struct_fields__


class UnpaidTotal(Struct, frozen=True):
    """The items of one side in one currency; `debit` and `credit` are the two signs of `open`."""

    side: str
    currency: str
    items: int
    debit: int
    credit: int
    open: int


class AgedParty(Struct, frozen=True):
    """What is open with one third party, by age: not due yet, then one amount a band."""

    side: str
    party: str
    party_name: str
    currency: str
    open: int
    bands: list[int]


HEAD = standpoint_in("unpaid_cursor")
NOW = sql.SQL("open_item")
# Open at a past day: what is open now, and what was settled since, plus what was taken off since.
AS_OF = sql.SQL("""(
    SELECT book_id, entry, line, account, side, party, journal, date, issue_date, due_date,
        document_kind, document_id, document_number, label, currency, amount,
        item.open + coalesce((
            SELECT sum(since.amount) FROM open_item_settlement AS since
            WHERE since.book_id = item.book_id AND since.entry = item.entry
                AND since.line = item.line AND since.date > %(as_of)s
        ), 0)::bigint AS open
    FROM (
        SELECT * FROM open_item WHERE book_id = %(book)s AND open <> 0
        UNION ALL
        SELECT settled.* FROM (
            SELECT DISTINCT book_id, entry, line FROM open_item_settlement
            WHERE book_id = %(book)s AND date > %(as_of)s
        ) AS touched JOIN open_item AS settled USING (book_id, entry, line)
        WHERE settled.open = 0
    ) AS item
    WHERE item.date <= %(as_of)s
) AS open_item""")
CONDITIONS = {
    "party": "party = %(party)s",
    "country": in_country(),
    "side": "side = %(side)s",
    "account": "account = %(account)s",
    "currency": "currency = %(currency)s",
    "document_kind": "document_kind = %(document_kind)s",
    "due_from": "due_date >= %(due_from)s",
    "due_to": "due_date <= %(due_to)s",
    "issued_from": "issue_date >= %(issued_from)s",
    "issued_to": "issue_date <= %(issued_to)s",
    "pattern": f"({says('document_number', 'label')} OR {names('unpaid_party')})",
}


def order_of(sort: str) -> Order:
    """The order by one of SORT_COLUMNS, descending behind a `-`; raises ValueError."""
    return by_column(sort, SORT_COLUMNS, BY_PARTY, ("entry", "line"))


def list_items(
    conn: Connection[Any],
    book_id: str,
    wanted: UnpaidFilter,
    *,
    sort: str = "due_date",
    after: SortKey | None = None,
    limit: int = 50,
) -> Page[Standpoint, UnpaidItem]:
    """A page of items by one of SORT_COLUMNS, descending behind a `-`; raises ValueError."""
    order = order_of(sort)
    select = sql.SQL(
        "SELECT {columns} FROM (SELECT *, {name} AS party_name FROM {items} "
        "WHERE {conditions}) AS item WHERE {beyond}"
    ).format(
        columns=columns(UnpaidItem),
        name=name_in("unpaid_party", "open_item.party"),
        items=_items(wanted),
        conditions=both(_conditions(wanted)),
        beyond=both([sql.SQL("true"), *beyond(order, after)]),
    )
    listing = Listing(_head(wanted), Standpoint, select, UnpaidItem)
    return read_page(conn, listing, order, asked(book_id, wanted), after=after, limit=limit)


def summarise(
    conn: Connection[Any], book_id: str, wanted: UnpaidFilter
) -> tuple[Standpoint, tuple[UnpaidTotal, ...]]:
    """The totals of the same items, by side and currency."""
    select = sql.SQL(
        "SELECT side, currency, count(*) AS items, "
        "coalesce(sum(open) FILTER (WHERE open > 0), 0)::bigint AS debit, "
        "coalesce(sum(-open) FILTER (WHERE open < 0), 0)::bigint AS credit, "
        "sum(open)::bigint AS open FROM {} WHERE {} GROUP BY side, currency"
    ).format(_items(wanted), both(_conditions(wanted)))
    listing = Listing(_head(wanted), Standpoint, select, UnpaidTotal)
    order = (("side", False), ("currency", False))
    return read_all(conn, listing, order, asked(book_id, wanted))


def age(
    conn: Connection[Any],
    book_id: str,
    wanted: UnpaidFilter,
    *,
    on: date,
    by: Literal["due_date", "issue_date"] = "due_date",
    bands: tuple[int, ...] = (30, 60, 90),
) -> tuple[Standpoint, tuple[AgedParty, ...]]:
    """What is open by third party and age in days on a day: up to 0, 1-30, 31-60, 61-90, more."""
    days = sql.SQL("(%(on)s::date - {})").format(sql.Identifier(by))
    bounds = [None, 0, *bands, None]
    sums = [_band(days, low, high) for low, high in pairwise(bounds)]
    select = sql.SQL(
        "SELECT side, party, {name} AS party_name, currency, open, bands FROM ("
        "SELECT side, party, currency, sum(open)::bigint AS open, ARRAY[{sums}]::bigint[] AS bands "
        "FROM {items} WHERE {conditions} GROUP BY side, party, currency) AS aged"
    ).format(
        name=name_in("unpaid_party", "aged.party"),
        sums=sql.SQL(", ").join(sums),
        items=_items(wanted),
        conditions=both(_conditions(wanted)),
    )
    listing = Listing(_head(wanted), Standpoint, select, AgedParty)
    order = (("side", False), ("party_name", False), ("party", False), ("currency", False))
    return read_all(conn, listing, order, {**asked(book_id, wanted), "on": on})


def _band(days: sql.Composable, low: int | None, high: int | None) -> sql.Composed:
    """What is open with an age of more than `low` and at most `high` days."""
    limits = [sql.SQL("open IS NOT NULL")]
    above, upto = sql.SQL("{} > {}"), sql.SQL("{} <= {}")
    spans = [above.format(days, sql.Literal(low))] if low is not None else []
    spans += [upto.format(days, sql.Literal(high))] if high is not None else []
    return sql.SQL("coalesce(sum(open) FILTER (WHERE {}), 0)").format(both([*limits, *spans]))


def _head(wanted: UnpaidFilter) -> sql.Composed:
    return standpoint_of(wanted, "unpaid_cursor")


def _items(wanted: UnpaidFilter) -> sql.SQL:
    return AS_OF if wanted.as_of else NOW


def _conditions(wanted: UnpaidFilter) -> list[sql.Composable]:
    states = {"open": [sql.SQL("open <> 0")], "settled": [sql.SQL("open = 0")], "all": []}
    return [*where(asked("", wanted), CONDITIONS), *states[wanted.state]]
