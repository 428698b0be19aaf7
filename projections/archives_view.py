"""Questions to the archives: documents by tab, their paid state, and who or what settled them."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, ClassVar, Literal, TypeVar, get_args

from msgspec import Struct
from psycopg import Connection, sql

from domain.ledger.entry import DocumentKind
from projections.archives_sql import (
    AS_OF,
    CONDITIONS,
    DOCUMENTS,
    EXPORTED_AS,
    EXPORTED_AT,
    LAID_OUT,
    OPEN,
    PAGE,
    PAID_STATE,
    RANKS,
    SETTLED_BY,
)
from projections.archives_tabs import LaidOut, in_tab, laid_out, name_of_tab
from projections.page import (
    Listing,
    Page,
    SortKey,
    Standpoint,
    asked,
    beyond,
    both,
    by_rank,
    order_by,
    read_all,
    read_page,
    standpoint_of,
    where,
)

PaidState = Literal["paid", "partly_paid", "unpaid", "none"]
SortColumn = Literal[
    "date",
    "entry_date",
    "due_date",
    "tab",
    "journal",
    "journal_kind",
    "series",
    "piece",
    "kind",
    "number",
    "party",
    "party_name",
    "label",
    "currency",
    "amount",
    "open",
    "paid",
    "state",
    "settled_how",
    "treated",
    "treated_by",
    "exported_at",
    "exported_as",
    "document_id",
    "entry",
]
SORT_COLUMNS: tuple[SortColumn, ...] = get_args(SortColumn)
"""The columns that documents are sorted by, behind a `-` descending."""
T = TypeVar("T")


class ArchiveFilter(Struct, frozen=True, kw_only=True):
    """Which documents: None means any. `paid` False: with something open, wholly or in part.

    `as_of` draws the list up as of a value date: no later entries, and no later letterings.
    `account`: with a line on it. `only` and `within` are what a list of some kinds is limited to.
    """

    only: ClassVar[tuple[DocumentKind, ...]] = ()
    within: ClassVar[str | None] = None

    tab: str | None = None
    journal: str | None = None
    kind: str | None = None
    state: PaidState | None = None
    document_id: str | None = None
    party: str | None = None
    country: str | None = None
    account: str | None = None
    currency: str | None = None
    date_from: date | None = None
    date_to: date | None = None
    entry_from: date | None = None
    entry_to: date | None = None
    due_from: date | None = None
    due_to: date | None = None
    amount_from: int | None = None
    amount_to: int | None = None
    paid: bool | None = None
    treated: bool | None = None
    exported: bool | None = None
    q: str | None = None
    as_of: date | None = None


class ReceivedFilter(ArchiveFilter, frozen=True, kw_only=True):
    """Which documents that suppliers sent."""

    only = ("bill", "bill_credit_note")
    within = "purchase"


class ArchivesAt(Standpoint, frozen=True):
    """Where an answer stands, and which event laid the tabs out as they stand there."""

    laid_at: int = 0


class ArchiveRow(Struct, frozen=True):
    """A document. `amount` as `ArchivedDocument` says; `open` has the sign of `amount`.

    `paid`: wholly lettered (C7); None without a third-party line, when `state` is `none`.
    `exported_at`: the newest export to the firm's software that had it, of the kind `exported_as`.
    `settled_by` has one object a lettering: its code, date, this document's share, and the
    documents on the other side. `settled_how`: bank, credit_note, entry, invoice, or mixed.
    `rank` is what the list is sorted by, never empty.
    """

    entry: int
    tab: str
    journal: str
    journal_kind: str
    series: str
    piece: int
    kind: str
    document_id: str
    number: str
    entry_date: date
    due_date: date | None
    date: date
    party: str
    party_name: str
    label: str
    currency: str
    amount: int
    open: int | None
    paid: bool | None
    state: str
    treated: bool
    treated_by: str
    treated_at: int | None
    exported_at: int | None
    exported_as: str
    accounts: list[str]
    files: list[str]
    settled_by: list[dict[str, Any]]
    rank: Any

    @property
    def settled_how(self) -> str | None:
        """What kind of document settled this one; None while nothing did."""
        kinds = {HOW.get(x["kind"], x["kind"]) for s in self.settled_by for x in s["documents"]}
        return None if not kinds else kinds.pop() if len(kinds) == 1 else "mixed"

    @property
    def channel(self) -> Literal["file", "typed"]:
        """How a supplier's document came: as a file, or typed in from paper."""
        return "file" if self.files else "typed"


HOW = {"payment": "bank", "bill_credit_note": "credit_note", "bill": "invoice"}


class ArchiveTotal(Struct, frozen=True):
    """The documents of one tab, kind of journal and currency."""

    tab: str
    journal_kind: str
    currency: str
    documents: int
    amount: int
    open: int
    unpaid: int
    treated: int


def list_documents(
    conn: Connection[Any],
    book_id: str,
    wanted: ArchiveFilter,
    *,
    sort: str = "-date",
    after: SortKey | None = None,
    limit: int = 50,
) -> Page[ArchivesAt, ArchiveRow]:
    """A page of documents by a column of SORT_COLUMNS; those that are equal there by entry.

    Raises Refusals for a tab that the archives do not have.
    """
    column, rank, order = by_rank(sort, SORT_COLUMNS, RANKS, ("entry",))
    parameters = _parameters(book_id, wanted)

    def read(laid: LaidOut) -> Page[ArchivesAt, ArchiveRow]:
        tab = name_of_tab(laid.tabs)
        select = PAGE.format(
            tab=tab,
            open=OPEN,
            state=PAID_STATE,
            settled_by=SETTLED_BY,
            exported_at=EXPORTED_AT,
            exported_as=EXPORTED_AS,
            rank=tab if column == "tab" else rank,
            documents=_documents(wanted),
            conditions=both([*_conditions(wanted, laid), *beyond(order, after)]),
            order=order_by(order),
        )
        listing = Listing(_head(wanted), ArchivesAt, select, ArchiveRow)
        return read_page(conn, listing, order, parameters, after=after, limit=limit)

    return _as_laid_out(conn, book_id, read, lambda page: page.standpoint)


def summarise(
    conn: Connection[Any], book_id: str, wanted: ArchiveFilter
) -> tuple[ArchivesAt, tuple[ArchiveTotal, ...]]:
    """The totals of the same documents, by tab, kind of journal and currency."""
    parameters = _parameters(book_id, wanted)
    order = (("tab", False), ("journal_kind", False), ("currency", False))

    def read(laid: LaidOut) -> tuple[ArchivesAt, tuple[ArchiveTotal, ...]]:
        select = sql.SQL(
            "SELECT {tab} AS tab, journal_kind, currency, count(*) AS documents, "
            "sum(amount)::bigint AS amount, coalesce(sum({open}), 0)::bigint AS open, "
            "count(*) FILTER (WHERE unsettled > 0) AS unpaid, count(treated_at) AS treated "
            "FROM {documents} WHERE {conditions} GROUP BY 1, 2, 3"
        ).format(
            tab=name_of_tab(laid.tabs),
            open=OPEN,
            documents=_documents(wanted),
            conditions=both(_conditions(wanted, laid)),
        )
        return read_all(
            conn, Listing(_head(wanted), ArchivesAt, select, ArchiveTotal), order, parameters
        )

    return _as_laid_out(conn, book_id, read, lambda totals: totals[0])


def _as_laid_out(
    conn: Connection[Any],
    book_id: str,
    read: Callable[[LaidOut], T],
    standpoint: Callable[[T], ArchivesAt],
) -> T:
    """An answer by the tabs that hold where it stands: asked again if they moved in between."""
    while True:
        laid = laid_out(conn, book_id)
        answer = read(laid)
        if standpoint(answer).laid_at == laid.position:
            return answer


def _head(wanted: ArchiveFilter) -> sql.Composed:
    return LAID_OUT.format(standpoint_of(wanted, "archives_cursor"))


def _documents(wanted: ArchiveFilter) -> sql.Composable:
    return DOCUMENTS if wanted.as_of is None else AS_OF


def _conditions(wanted: ArchiveFilter, laid: LaidOut) -> list[sql.Composable]:
    given = where(_parameters("", wanted), CONDITIONS)
    return given if wanted.tab is None else [*given, in_tab(laid.tabs, wanted.tab)]


def _parameters(book_id: str, wanted: ArchiveFilter) -> Mapping[str, Any]:
    return {
        **asked(book_id, wanted),
        "only": list(wanted.only) or None,
        "within": wanted.within,
    }
