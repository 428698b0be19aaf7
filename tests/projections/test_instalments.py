"""Instalments: what falls due when, what settled it, and a side panel that is the sum of the list.

Books are written on paper by the use cases themselves; the expectation is reckoned from their
entries and letterings alone.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from domain.book.event import Recorded
from domain.ledger.entry import EntryPosted
from domain.parties.company import AccountMapped
from domain.purchases.bill import BillRecorded
from domain.sales.instalments import NewInstalment
from domain.sales.invoice import InvoiceDrafted, InvoiceValidated
from domain.treasury.lettering import EntriesLettered, EntriesUnlettered
from domain.treasury.matching import PartToLetter
from projections.instalments import Instalments
from projections.instalments_view import (
    SORT_COLUMNS,
    InstalmentFilter,
    InstalmentRow,
    InstalmentTotal,
    list_instalments,
    summarise,
)
from projections.page import JudgedOn
from tests.books import make_book, recorded
from tests.domain import steps
from tests.domain.steps import new_line
from tests.paper import Paper
from tests.projections.scratch import asked_of
from tests.properties.test_settling import Hand, acts

ALL = 1_000


def seen(
    url: str, facts: Sequence[Recorded], wanted: InstalmentFilter, **how: Any
) -> tuple[JudgedOn, tuple[InstalmentRow, ...], tuple[InstalmentTotal, ...]]:
    """The list and its side panel."""
    with asked_of(url, Instalments(), facts) as (conn, book):
        page = list_instalments(conn, book, wanted, limit=ALL, **how)
        return page.standpoint, page.rows, summarise(conn, book, wanted)[1]


def reckoned(facts: Sequence[Recorded], upto: date) -> dict[tuple[int, int], tuple[int, int]]:
    """Amount and what is open on a day of each line of invoices and bills, plainly."""
    lines: dict[tuple[int, int], tuple[int, int]] = {}
    for fact in facts:
        match fact.event:
            case EntryPosted(document=document) as entry if document.kind in ("invoice", "bill"):
                sign = 1 if document.kind == "invoice" else -1
                for nth, line in enumerate(entry.lines):
                    if line.party and entry.date <= upto:
                        amount = sign * (line.debit - line.credit)
                        lines[fact.position, nth] = amount, amount
            case EntriesLettered() | EntriesUnlettered() as event if event.date <= upto:
                back = -1 if isinstance(event, EntriesUnlettered) else 1
                for part in event.parts:
                    if (key := (part.entry, part.line)) in lines:
                        amount, left = lines[key]
                        sign = 1 if event.account.startswith("411") else -1
                        lines[key] = amount, left - back * sign * part.amount
    return lines


@pytest.mark.feature("M37", "M40", "M45")
@settings(max_examples=12)
@given(acts, some.integers(-60, 60))
def test_the_side_panel_is_the_sum_of_the_lines(
    database_url: str, steps_: list[Any], days: int
) -> None:
    """Goal: on any day, each line is what the entries and letterings make it, and the totals add up
    to the lines. Method: random books of every kind of settlement."""
    hand = Hand()
    for what, *how in steps_:
        hand.do(what, *how)
    day = hand.book.today + timedelta(days=days)
    standpoint, rows, totals = seen(database_url, hand.book.facts, InstalmentFilter(as_of=day))
    assert standpoint.on == day
    assert {(r.entry, r.line): (r.amount, r.open) for r in rows} == reckoned(hand.book.facts, day)
    for row in rows:
        assert row.paid == row.amount - row.open == sum(row.settled_by.values())
        assert row.state == _state(row, day)
        assert (row.settled_on is None) == (row.open != 0)
    check_totals(rows, totals)


def _state(row: InstalmentRow, day: date) -> str:
    if row.open == 0:
        return "settled"
    return "overdue" if row.due_date < day else "due_today" if row.due_date == day else "not_due"


def check_totals(rows: Sequence[InstalmentRow], totals: Sequence[InstalmentTotal]) -> None:
    """Compares the side panel with the lines, figure by figure."""
    sums: dict[Any, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    means: dict[Any, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        key = row.side, row.currency
        sums[key]["instalments"] += 1
        for name in ("amount", "paid", "open"):
            sums[key][name] += getattr(row, name)
        if row.state != "settled":
            sums[key][row.state] += row.open
        for how, amount in row.settled_by.items():
            means[key][how] += amount
    assert {(t.side, t.currency) for t in totals} == sums.keys()
    for total in totals:
        key = total.side, total.currency
        assert total.settled_by == means[key]
        assert total.paid == sum(total.settled_by.values())
        assert total.open == total.not_due + total.due_today + total.overdue
        assert total.amount == total.paid + total.open
        for name, amount in sums[key].items():
            assert getattr(total, name) == amount, name


@settings(max_examples=8)
@given(some.integers(0, 10**9))
def test_sales_and_purchases_in_several_currencies(database_url: str, seed: int) -> None:
    facts = recorded(make_book(seed, 200))
    _, rows, totals = seen(database_url, facts, InstalmentFilter())
    found = {(row.entry, row.line): (row.amount, row.open) for row in rows}
    assert found == reckoned(facts, date.max)
    check_totals(rows, totals)


@pytest.fixture(scope="module")
def paid() -> Paper:
    """A book in which each invoice is settled in another way, one in part and one not at all."""
    book = Paper.opened()
    for means in ("cheque", "card", "transfer"):
        book.tick("invoice", book.sell(new_line("100")), means=means)
    credited = book.sell(new_line("50"))
    note = book.credit(credited)
    book.letter(
        PartToLetter(entry=book.entry("invoice", credited), line=0),
        PartToLetter(entry=book.entry("credit_note", note), line=0),
    )
    book.write_off(book.sell(new_line("30")))
    book.tick("invoice", book.sell(new_line("200")), amount=100_00, means="direct_debit")
    book.sell(new_line("10"))
    book.when(steps.record_bill, steps.new_bill()).then(BillRecorded, EntryPosted)
    return book


@pytest.mark.feature("M40", "M44", "M45")
def test_what_settles_an_instalment_has_a_name(database_url: str, paid: Paper) -> None:
    _, rows, (customers, suppliers) = seen(database_url, paid.facts, InstalmentFilter())
    assert customers.settled_by == {
        "cheque": 120_00,
        "card": 120_00,
        "transfer": 120_00,
        "credit_note": 60_00,
        "write_off": 36_00,
        "direct_debit": 100_00,
    }
    assert (customers.open, suppliers.paid) == (152_00, 0)
    lost = [row for row in rows if row.kind == "written_off"]
    assert [(row.settled_how, row.state) for row in lost] == [("write_off", "settled")]


@pytest.mark.feature("M37")
@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        ({"side": "suppliers"}, 1),
        ({"document_kind": "invoice"}, 7),
        ({"state": "settled"}, 5),
        ({"means": "card"}, 1),
        ({"kind": "written_off"}, 1),
        ({"kind": "instalment", "state": "settled"}, 4),
        ({"settled_from": date(2026, 1, 1)}, 5),
        ({"settled_to": date(2026, 1, 1)}, 0),
        ({"party": "ctc_1", "account": "411000", "journal": "VE", "currency": "EUR"}, 7),
        ({"party": "nobody"}, 0),
        ({"state": "overdue", "on": date(2030, 1, 1)}, 3),
        ({"state": "overdue", "on": date(2020, 1, 1)}, 0),
        ({"state": "not_due", "on": date(2020, 1, 1)}, 3),
        ({"due_to": date(2020, 1, 1)}, 0),
        ({"q": "FA-2026-00001"}, 1),
        ({"q": "%"}, 0),
    ],
)
def test_instalments_are_filtered(
    database_url: str, paid: Paper, wanted: dict[str, Any], count: int
) -> None:
    _, rows, totals = seen(database_url, paid.facts, InstalmentFilter(**wanted))
    assert len(rows) == count == sum(total.instalments for total in totals)
    check_totals(rows, totals)


@pytest.mark.feature("M36", "M37")
def test_every_column_sorts_both_ways_in_pages(database_url: str, paid: Paper) -> None:
    with asked_of(database_url, Instalments(), paid.facts) as (conn, book):
        for column in SORT_COLUMNS:
            for sort in (column, f"-{column}"):
                whole = list_instalments(conn, book, InstalmentFilter(), sort=sort, limit=ALL).rows
                paged: list[InstalmentRow] = []
                after = None
                while len(paged) < len(whole):
                    page = list_instalments(
                        conn, book, InstalmentFilter(), sort=sort, after=after, limit=3
                    )
                    paged, after = [*paged, *page.rows], page.next
                assert tuple(paged) == whole
                ranks = [row.rank for row in whole]
                assert ranks == sorted(ranks, reverse=sort.startswith("-"))
        with pytest.raises(ValueError, match="colour"):
            list_instalments(conn, book, InstalmentFilter(), sort="colour")


@pytest.mark.feature("M37", "M38", "M39")
def test_an_instalment_ticked_and_unticked(database_url: str) -> None:
    """Goal: each instalment is a line; the day of its settlement goes when the tick does."""
    book = Paper.opened()
    agreed = (
        NewInstalment(amount=60_00, due_date=book.today),
        NewInstalment(amount=60_00, due_date=book.today + timedelta(days=30)),
    )
    asked = steps.new_invoice(new_line("100"), instalments=agreed)
    book.when(steps.draft, asked, "inv_1").then(InvoiceDrafted)
    book.when(steps.validate, "inv_1", book.today).then(InvoiceValidated, EntryPosted)
    payment = book.tick("invoice", "inv_1", instalment=0)
    _, (second, first), _ = seen(database_url, book.facts, InstalmentFilter(on=book.today))
    assert (first.nth, first.parts, first.state, first.settled_on) == (1, 2, "settled", book.today)
    assert (second.nth, second.state, second.open) == (2, "not_due", 60_00)
    book.reverse(payment)
    _, (second, first), _ = seen(database_url, book.facts, InstalmentFilter(on=book.today))
    assert (first.state, first.settled_by, first.settled_on) == ("due_today", {}, None)


def test_an_account_that_has_other_roles_later_keeps_its_side(database_url: str) -> None:
    facts = recorded([*make_book(3, 60), AccountMapped(role="customers", account="411900")])
    _, rows, _ = seen(database_url, facts, InstalmentFilter(side="customers"))
    assert rows
