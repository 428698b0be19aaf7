"""Properties of the archives over a random book: tabs, sums, orders and days past."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.archives.tabs import ArchiveTabsSet, Tab, TabRule
from domain.archives.treated import DocumentsMarkedTreated, DocumentsMarkedUntreated
from projections import archives_view, sales_documents_view, unpaid_view
from projections.archives import ArchivedDocument
from projections.archives_view import SORT_COLUMNS, ArchiveFilter, ArchiveRow, ReceivedFilter
from projections.registers import REGISTERS
from projections.sales_documents_view import SalesFilter
from projections.unpaid_view import UnpaidFilter
from services.replay.engine import Engine
from services.replay.reading import Readers
from services.store.datastore import BookDatastore
from services.store.migrations import migrate
from services.store.store import Store
from tests.books import FIRST_DAY, make_book, write_book
from tests.registers import in_memory, stored

SEED, SIZE, ALL = 23, 260, 1_000
WHOLE = ArchiveFilter()
LAST = date(2099, 12, 31)


class Archive:
    """A book whose archives are asked; `lay_out` and `mark` write on into it."""

    def __init__(self, url: str) -> None:
        migrate(url)
        self.url = url
        self.store = Store(BookDatastore(url))
        self.engine = Engine(url, REGISTERS)
        self.readers = Readers(url)
        self.book = write_book(self.store, make_book(SEED, SIZE))
        self.engine.run_to_head(self.book)
        rows = in_memory(list(self.store.read(self.book)))["archive_document"].values()
        self.documents = [row for row in rows if isinstance(row, ArchivedDocument)]

    def tell(self, *events: Any) -> None:
        """Writes events, and brings the registers on."""
        write_book(self.store, list(events), self.book)
        self.engine.run_to_head(self.book)

    def rows(
        self, wanted: ArchiveFilter, sort: str = "-date", limit: int = ALL
    ) -> list[ArchiveRow]:
        """The documents of a filter, page by page."""
        found, after = list[ArchiveRow](), None
        with self.readers.of(self.book) as conn:
            while True:
                page = archives_view.list_documents(
                    conn, self.book, wanted, sort=sort, after=after, limit=limit
                )
                found += page.rows
                if (after := page.next) is None:
                    return found

    def totals(self, wanted: ArchiveFilter) -> tuple[archives_view.ArchiveTotal, ...]:
        """The totals of the same."""
        with self.readers.of(self.book) as conn:
            return archives_view.summarise(conn, self.book, wanted)[1]

    def close(self) -> None:
        """Lets the database go."""
        self.readers.close()
        self.engine.stop()
        self.store.close()


@pytest.fixture(scope="module")
def archive(database_url: str) -> Iterator[Archive]:
    """One book for all of these tests."""
    made = Archive(database_url)
    marked = [row.entry for row in made.documents][::3]
    made.tell(
        DocumentsMarkedTreated(entries=tuple(marked)),
        DocumentsMarkedUntreated(entries=tuple(marked[::2])),
    )
    yield made
    made.close()


def some(*values: str) -> st.SearchStrategy[Any]:
    """A few of these."""
    return st.lists(st.sampled_from(values), max_size=2, unique=True).map(tuple)


rules = st.builds(
    TabRule,
    journals=some("VE", "HA", "BQ1", "OD"),
    journal_kinds=some("sale", "purchase", "bank", "miscellaneous"),
    kinds=some("invoice", "bill", "credit_note", "payment"),
    accounts=some("4", "41", "411000", "6", "607", "512200"),
).filter(lambda rule: rule != TabRule())
layouts = st.lists(st.lists(rules, min_size=1, max_size=3), min_size=3, max_size=3)


def meets(document: ArchivedDocument, rule: TabRule) -> bool:
    """Whether a rule takes a document, in plain Python."""
    accounts = rule.accounts
    return (
        (not rule.journals or document.journal in rule.journals)
        and (not rule.journal_kinds or document.journal_kind in rule.journal_kinds)
        and (not rule.kinds or document.kind in rule.kinds)
        and (not accounts or any(each.startswith(accounts) for each in document.accounts))
    )


@pytest.mark.feature("C5")
@settings(max_examples=10)
@given(layouts)
def test_every_document_is_in_exactly_one_tab_whatever_the_layout(
    archive: Archive, laid: list[list[TabRule]]
) -> None:
    """Goal: rules that overlap or leave gaps lose and double nothing. Method: each tab's list, the
    tab of each row and the totals against the first rule that fits, in plain Python."""
    tabs = [Tab(name=f"tab{n}", label=f"{n}", rules=tuple(each)) for n, each in enumerate(laid)]
    tabs.append(Tab(name="rest", label="Reste"))
    archive.tell(ArchiveTabsSet(tabs=tuple(tabs)))
    expected = {
        document.entry: next(
            (tab.name for tab in tabs if any(meets(document, rule) for rule in tab.rules)), "rest"
        )
        for document in archive.documents
    }
    assert {row.entry: row.tab for row in archive.rows(WHOLE)} == expected
    listed = [
        (row.entry, tab.name) for tab in tabs for row in archive.rows(ArchiveFilter(tab=tab.name))
    ]
    assert sorted(listed) == sorted(expected.items())
    counted = Counter[str]()
    for total in archive.totals(WHOLE):
        counted[total.tab] += total.documents
    assert counted == Counter(expected.values())


days = st.integers(0, 300).map(lambda n: FIRST_DAY + timedelta(days=n))
maybe = st.none()
filters = st.builds(
    ArchiveFilter,
    journal=maybe | st.sampled_from(["VE", "BQ1"]),
    kind=maybe | st.sampled_from(["invoice", "bill", "payment", "entry"]),
    state=maybe | st.sampled_from(["paid", "partly_paid", "unpaid", "none"]),
    party=maybe | st.sampled_from(["con_0000", "con_0001"]),
    account=maybe | st.sampled_from(["411000", "512100"]),
    currency=maybe | st.sampled_from(["EUR", "USD"]),
    entry_from=maybe | days,
    entry_to=maybe | days,
    amount_from=maybe | st.integers(-50_000, 50_000),
    amount_to=maybe | st.integers(-50_000, 200_000),
    paid=maybe | st.booleans(),
    treated=maybe | st.booleans(),
    q=maybe | st.sampled_from(["INV", "facture", "0001"]),
    as_of=maybe | days,
)


def keeps(wanted: ArchiveFilter, row: ArchiveRow) -> bool:
    """Whether a filter keeps a row, in plain Python; `as_of` shows in the rows already."""
    said = {name: getattr(wanted, name) for name in ("journal", "kind", "state", "party")}
    said |= {name: getattr(wanted, name) for name in ("currency", "paid", "treated")}
    texts = f"{row.number}\n{row.label}\n{row.party_name}".lower()
    return (
        all(value is None or getattr(row, name) == value for name, value in said.items())
        and (wanted.account is None or wanted.account in row.accounts)
        and (wanted.entry_from is None or row.entry_date >= wanted.entry_from)
        and (wanted.entry_to is None or row.entry_date <= wanted.entry_to)
        and (wanted.amount_from is None or row.amount >= wanted.amount_from)
        and (wanted.amount_to is None or row.amount <= wanted.amount_to)
        and (wanted.q is None or wanted.q.lower() in texts)
    )


@pytest.mark.feature("V28", "C9")
@settings(max_examples=25)
@given(filters)
def test_lists_are_filtered_and_totals_are_the_sum_of_their_lines(
    archive: Archive, wanted: ArchiveFilter
) -> None:
    rows = archive.rows(wanted)
    everything = archive.rows(ArchiveFilter(as_of=wanted.as_of))
    assert [row.entry for row in rows] == [row.entry for row in everything if keeps(wanted, row)]
    sums: dict[Any, list[int]] = {}
    for row in rows:
        total = sums.setdefault((row.tab, row.journal_kind, row.currency), [0] * 5)
        more = 1, row.amount, row.open or 0, int(bool(row.open)), int(row.treated)
        total[:] = [a + b for a, b in zip(total, more, strict=True)]
    assert sums == {
        (each.tab, each.journal_kind, each.currency): [
            each.documents,
            each.amount,
            each.open,
            each.unpaid,
            each.treated,
        ]
        for each in archive.totals(wanted)
    }


@pytest.mark.feature("M36", "V28")
@pytest.mark.parametrize("column", SORT_COLUMNS)
def test_any_column_sorts_and_pages_are_the_whole(archive: Archive, column: str) -> None:
    rising = archive.rows(WHOLE, column)
    assert len(rising) == len(archive.documents)
    assert [row.entry for row in archive.rows(WHOLE, f"-{column}")] == [
        row.entry for row in reversed(rising)
    ]
    assert [row.entry for row in archive.rows(WHOLE, column, 97)] == [row.entry for row in rising]
    ranks = [row.rank for row in rising]
    assert ranks == sorted(ranks)
    values = [getattr(row, column) for row in rising]
    given_ones = [value for value in values if value is not None]
    assert column in {"paid", "open"} or given_ones == sorted(given_ones)


@pytest.mark.feature("C4", "C7")
@settings(max_examples=10)
@given(days)
def test_what_was_paid_as_of_a_day_is_what_the_unpaid_list_says(
    archive: Archive, day: date
) -> None:
    """Σ of what was open, document by document, and only entries of that day and before."""
    rows = archive.rows(ArchiveFilter(as_of=day))
    assert {row.entry for row in rows} == {
        each.entry for each in archive.documents if each.entry_date <= day
    }
    wanted = UnpaidFilter(as_of=day, state="all")
    with archive.readers.of(archive.book) as conn:
        items = unpaid_view.list_items(conn, archive.book, wanted, limit=ALL * 2).rows
    opened = Counter[int]()
    for item in items:
        opened[item.entry] += abs(item.open)
    for row in rows:
        assert abs(row.open or 0) == opened[row.entry]
        assert row.paid == (None if row.open is None else row.open == 0)
        assert all(settled["date"] <= day.isoformat() for settled in row.settled_by)
        if row.state == "unpaid" and row.open:
            assert row.settled_by == []


@pytest.mark.feature("C4", "M27")
@settings(max_examples=10)
@given(days)
def test_sales_documents_as_of_a_day_are_open_as_the_unpaid_list_says(
    archive: Archive, day: date
) -> None:
    """Each document, and the totals of them all; today's list is that of a day without end."""
    wanted = SalesFilter(as_of=day)
    kinds = ("invoice", "credit_note")
    with archive.readers.of(archive.book) as conn:
        listed = sales_documents_view.list_documents(conn, archive.book, wanted, limit=ALL).rows
        _, totals = sales_documents_view.summarise(conn, archive.book, wanted)
        items = unpaid_view.list_items(
            conn, archive.book, UnpaidFilter(as_of=day, state="all"), limit=ALL * 2
        ).rows
    opened = Counter[str]()
    for item in items:
        if item.document_kind in kinds:
            opened[item.document_id] += item.open
    found = {each.id: each for each in listed if each.kind in kinds and each.number}
    assert found.keys() >= opened.keys()  # what was settled by then is not in that list
    for document in found.values():
        sign = -1 if document.kind == "credit_note" else 1
        assert document.date <= day
        assert document.open == sign * opened[document.id]
        if document.open == 0 and document.credited < document.gross:
            assert document.state == "settled"
    assert sum(total.open for total in totals) == sum(each.open for each in listed)
    assert sum(total.documents for total in totals) == len(listed)


def test_the_sales_list_of_the_last_day_is_todays(archive: Archive) -> None:
    with archive.readers.of(archive.book) as conn:
        now, then = (
            sales_documents_view.list_documents(
                conn, archive.book, SalesFilter(on=LAST, as_of=as_of), sort="open", limit=ALL
            ).rows
            for as_of in (None, LAST)
        )
    assert now == then


@pytest.mark.feature("V18")
def test_documents_received_are_the_bills_with_their_originals(archive: Archive) -> None:
    rows = archive.rows(ReceivedFilter())
    assert {row.kind for row in rows} == {"bill", "bill_credit_note"}
    assert len(rows) == sum(each.kind.startswith("bill") for each in archive.documents)
    assert all(row.channel == ("file" if row.files else "typed") for row in rows)


@pytest.mark.feature("C5", "C8")
def test_rebuilt_and_live_archives_are_the_same(archive: Archive) -> None:
    """Marks set, set again and taken off in random batches, layouts one after the other."""
    chance = random.Random(7)
    entries = [each.entry for each in archive.documents]
    for _ in range(12):
        chosen = tuple(chance.sample(entries, 5))
        kind = chance.choice([DocumentsMarkedTreated, DocumentsMarkedUntreated])
        archive.tell(kind(entries=chosen))
    live, folded = (
        stored(archive.url, archive.book),
        in_memory(list(archive.store.read(archive.book))),
    )
    for table in ("archive_document", "archive_settlement", "archive_layout", "archive_book"):
        assert live[table] == folded[table]
    marks = {row.entry: row.treated for row in archive.rows(WHOLE)}
    assert set(marks.values()) == {True, False}
