"""Questions to the history register: the lines of third parties with a running balance (C14)."""

from datetime import date
from typing import Any, Literal

from msgspec import Struct
from psycopg import Connection, sql

from projections.page import (
    IN_PERIOD,
    Listing,
    Page,
    SortKey,
    Standpoint,
    asked,
    beyond,
    both,
    by_column,
    columns,
    in_country,
    order_by,
    read_all,
    read_page,
    standpoint_of,
    where,
)
from projections.party_names import name_in, named
from projections.running import running_page
from projections.searching import names, says

BY_PARTY = {"party": ("party", "account", "currency", "date", "entry", "line")}


class HistoryFilter(Struct, frozen=True, kw_only=True):
    """Which lines: None means any. `lettered`: only lines with, or without, a living code.

    The balance runs over the lines that the filter selects, whatever the dates: what lies before
    `date_from` is carried forward.
    """

    party: str | None = None
    country: str | None = None
    side: Literal["customers", "suppliers"] | None = None
    account: str | None = None
    currency: str | None = None
    lettered: bool | None = None
    date_from: date | None = None
    date_to: date | None = None
    as_of: date | None = None
    q: str | None = None


class HistoryRow(Struct, frozen=True):
    """A line; `balance` is that of its account, third party and currency after it, and `carried`
    the same before the earliest such line on the page (debit minus credit, in any order)."""

    entry: int
    line: int
    account: str
    side: str
    party: str
    party_name: str
    date: date
    journal: str
    series: str
    number: int
    document_kind: str
    document_id: str
    document_number: str
    label: str
    currency: str
    debit: int
    credit: int
    codes: list[str]
    files: list[str]
    carried: int
    balance: int


SORT_COLUMNS = tuple(
    each
    for each in HistoryRow.__struct_fields__
    if each not in {"codes", "files", "carried", "balance"}
)


class PartyBalance(Struct, frozen=True):
    """The balance of one third party on one account in one currency."""

    side: str
    account: str
    party: str
    party_name: str
    currency: str
    lines: int
    debit: int
    credit: int
    balance: int


SELECTING = {
    "party": "party = %(party)s",
    "country": in_country(),
    "side": "side = %(side)s",
    "account": "account = %(account)s",
    "currency": "currency = %(currency)s",
    "lettered": "(codes <> '{}') = %(lettered)s",
    "pattern": f"({says('document_number', 'label')} OR {names('history_party')})",
}
LINES = named("history_line", "history_party")


def list_lines(
    conn: Connection[Any],
    book_id: str,
    wanted: HistoryFilter,
    *,
    sort: str = "party",
    after: SortKey | None = None,
    limit: int = 50,
) -> Page[Standpoint, HistoryRow]:
    """A page of lines by one of SORT_COLUMNS: by third party, then account, currency and date.

    Raises ValueError for another column.
    """
    order = by_column(sort, SORT_COLUMNS, BY_PARTY, ("entry", "line"))
    given = asked(book_id, wanted)
    select = running_page(
        "history_line",
        ("party", "account", "currency"),
        lines=LINES,
        conditions=both([*where(given, {**SELECTING, **IN_PERIOD}), *beyond(order, after)]),
        order=order_by(order),
        selected=both(where(given, SELECTING)),
        columns=columns(HistoryRow),
    )
    listing = Listing(standpoint_of(wanted, "history_cursor"), Standpoint, select, HistoryRow)
    return read_page(conn, listing, order, given, after=after, limit=limit)


def balance_parties(
    conn: Connection[Any], book_id: str, wanted: HistoryFilter
) -> tuple[Standpoint, tuple[PartyBalance, ...]]:
    """The balance of every third party; with `date_from`, of the lines since then alone."""
    given = asked(book_id, wanted)
    select = sql.SQL(
        "SELECT side, account, party, {name} AS party_name, currency, lines, debit, credit, "
        "debit - credit AS balance FROM (SELECT side, account, party, currency, "
        "count(*) AS lines, sum(debit)::bigint AS debit, sum(credit)::bigint AS credit "
        "FROM history_line WHERE {conditions} GROUP BY side, account, party, currency) AS summed"
    ).format(
        name=name_in("history_party", "summed.party"),
        conditions=both(where(given, {**SELECTING, **IN_PERIOD})),
    )
    listing = Listing(standpoint_of(wanted, "history_cursor"), Standpoint, select, PartyBalance)
    order = tuple((each, False) for each in ("side", "account", "party_name", "party", "currency"))
    return read_all(conn, listing, order, given)
