"""Bank transactions: each journal adds up to its account, each movement says where it stands."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from domain.book.event import Event, Recorded
from domain.ledger.entry import EntryPosted
from domain.treasury import assignment
from domain.treasury.assigning import NewAssignment, NewPart, assign
from domain.treasury.bank_statement import BankStatement, StatementLine
from domain.treasury.payment import Counterparty
from domain.treasury.statement import StatementImported
from projections.bank_diagnosis_view import diagnose
from projections.bank_transactions import BankTransactions
from projections.bank_transactions_view import (
    SORT_COLUMNS,
    TransactionFilter,
    TransactionRow,
    list_transactions,
    summarise,
)
from tests.books import make_book, recorded
from tests.domain.steps import contact, new_line, standing
from tests.paper import Paper
from tests.projections.scratch import asked_of
from tests.properties.test_settling import Hand, acts

ALL = 1_000
MONEY = {"512000": "BQ", "530000": "CA", "512100": "BQ1", "512200": "BQ2"}


def seen(
    url: str, facts: Sequence[Recorded], wanted: TransactionFilter, sort: str = "date"
) -> tuple[tuple[TransactionRow, ...], tuple[Any, ...]]:
    """The list and its totals."""
    with asked_of(url, BankTransactions(), facts) as (conn, book):
        page = list_transactions(conn, book, wanted, sort=sort, limit=ALL)
        return page.rows, summarise(conn, book, wanted)[1]


def moved(facts: Sequence[Recorded]) -> list[tuple[date, int, int, str, str, int]]:
    """Date, entry, line, journal, currency and amount of each line on a money account, plainly."""
    return sorted(
        (fact.event.date, fact.position, nth, MONEY[line.account], fact.event.currency, amount)
        for fact in facts
        if isinstance(fact.event, EntryPosted)
        for nth, line in enumerate(fact.event.lines)
        if line.account in MONEY
        for amount in [line.debit - line.credit]
    )


def check(url: str, facts: Sequence[Recorded]) -> tuple[TransactionRow, ...]:
    """Compares list, running balances and totals with the entries; gives the list."""
    rows, totals = seen(url, facts, TransactionFilter())
    balance: dict[Any, int] = defaultdict(int)
    expected = []
    for day, entry, line, journal, currency, amount in moved(facts):
        balance[journal, currency] += amount
        expected.append((day, entry, line, journal, amount, balance[journal, currency]))
    assert [
        (row.date, row.entry, row.line, row.journal, row.amount, row.balance) for row in rows
    ] == expected
    assert {(t.journal, t.currency): t.balance for t in totals} == balance
    assert all(total.amount == total.received - total.sent == total.balance for total in totals)
    return rows


@pytest.mark.feature("C11", "C4")
@settings(max_examples=10)
@given(acts)
def test_journals_add_up_to_their_accounts(database_url: str, steps: list[Any]) -> None:
    """Goal: every movement once, with its balance, and its state as its own lines have it. Method:
    random books of the use cases against their entries and what is open on paper."""
    hand = Hand()
    for what, *how in steps:
        hand.do(what, *how)
    for row in check(database_url, hand.book.facts):
        entry = hand.book.facts[row.entry - 1].event
        assert isinstance(entry, EntryPosted)
        whole = sum(abs(line.debit - line.credit) for line in entry.lines if line.party)
        assert row.settled <= whole
        if row.state in ("unlettered", "partly_lettered", "lettered"):
            states = {0: "unlettered", whole: "lettered"}
            assert row.state == states.get(row.settled, "partly_lettered")
        else:
            assert row.state == ("account" if not whole else "reversed")


@settings(max_examples=8)
@given(some.integers(0, 10**9))
def test_two_banks_and_two_currencies(database_url: str, seed: int) -> None:
    rows = check(database_url, recorded(make_book(seed, 200)))
    assert all((row.state == "suspense") == (not row.parties) for row in rows)


OURS = "FR7630001007941234567890185"


def imported(number: int, opening: int, *lines: StatementLine, **more: Any) -> StatementImported:
    """The statement of a month, named by it, with lines that lead to what it closes with."""
    said = BankStatement(
        source="coda",
        account=OURS,
        currency="EUR",
        number=number,
        opening=opening,
        closing=opening + sum(line.amount for line in lines),
        closed_on=date(2026, number, 28),
        lines=lines,
    )
    return StatementImported(
        statement_id=f"stm_{number}",
        journal="BQ",
        file="ab" * 32,
        fingerprint=said.fingerprint,
        statement=said,
        payments=(),
        **more,
    )


def assigned(book: Paper, payment: str, *parts: NewPart, day: date | None = None) -> None:
    """A payment that waited is assigned."""
    nothing: assignment.Assignable | None = None
    known = book.fold(assignment.evolve, nothing, f"payment:{payment}")
    people = {part.party: contact(book, part.party) for part in parts if part.party}
    found = {name: each for name, each in people.items() if each is not None}
    new = NewAssignment(parts=parts, assigned_on=day)
    on = day or date(2026, 3, 12)
    decision = assign(known, payment, new, found, standing(book, "OD", on, book.today))
    assert isinstance(decision, list), decision
    book.happened(*decision)


@pytest.fixture(scope="module")
def bank() -> Paper:
    """A statement of five lines and some money of other ways; each movement stands elsewhere."""
    book = Paper.opened(today=date(2026, 3, 20))
    book.happened(imported(1, 0), imported(2, 0, StatementLine(amount=170_00, date=book.today)))
    book.tick("invoice", book.sell(new_line("100")), means="card")
    line: Any = {"statement_id": "stm_2", "day": date(2026, 3, 12)}
    book.pay(50_00, statement_line=1, **line)
    partly = book.pay(90_00, statement_line=2, **line)
    book.match(book.sell(new_line("50")), partly)
    unknown: Any = {"role": "suspense", "party": "", "counterparty": Counterparty(name="Café Éric")}
    book.pay(30_00, statement_line=3, communication="loyer d'été", **unknown, **line)
    split = book.pay(20_00, statement_line=4, **unknown, **line)
    parts = (
        NewPart(role="customers", party="ctc_1", amount=15_00),
        NewPart(role="suppliers", party="ctc_2", amount=5_00),
    )
    assigned(book, split, *parts, day=book.today)
    charges = book.pay(10_00, statement_line=5, direction="sent", **unknown, **line)
    assigned(book, charges, NewPart(role="account", account="627000", amount=10_00))
    book.reverse(book.pay(5_00, journal="CA", means="cash"))
    book.pay(44_00, means="cheque")
    return book


@pytest.mark.feature("C4", "C11")
def test_each_movement_says_where_it_stands(database_url: str, bank: Paper) -> None:
    rows = check(database_url, bank.facts)
    assert [(row.amount, row.state, row.journal) for row in rows if row.journal == "BQ"] == [
        (50_00, "unlettered", "BQ"),
        (90_00, "partly_lettered", "BQ"),
        (30_00, "suspense", "BQ"),
        (20_00, "unlettered", "BQ"),
        (-10_00, "account", "BQ"),
        (120_00, "lettered", "BQ"),
    ]
    assert [(row.amount, row.state, row.document_kind) for row in rows if row.journal == "CA"] == [
        (5_00, "reversed", "payment"),
        (-5_00, "reversed", "payment_reversal"),
    ]
    split = next(row for row in rows if row.amount == 20_00)
    assert (split.parties, split.party_name) == (["ctc_1", "ctc_2"], "Café Éric, Papier & Cie")
    assert (split.statement_name, split.statement_line) == ("2026/002", 4)
    assert bank.facts[split.stands_at - 1].event.journal == "OD"  # type: ignore[attr-defined]


@pytest.mark.feature("C11")
@pytest.mark.parametrize(
    ("wanted", "amounts"),
    [
        ({"journal": "CA"}, [5_00, -5_00]),
        ({"account": "530000"}, [5_00, -5_00]),
        ({"state": "suspense"}, [30_00]),
        ({"state": "lettered"}, [120_00]),
        ({"state": "account"}, [-10_00]),
        ({"means": "card"}, [120_00]),
        ({"party": "ctc_2"}, [20_00]),
        ({"statement": "2026/002", "amount_to": 0}, [-10_00]),
        ({"statement": "stm_2", "amount_from": 60_00}, [90_00]),
        ({"statement": "2026/001"}, []),
        ({"q": "ETE"}, [30_00]),
        ({"q": "papier"}, [20_00]),
        ({"document_kind": "payment_reversal", "currency": "EUR"}, [-5_00]),
        ({"date_to": date(2026, 3, 1)}, []),
        ({"as_of": date(2026, 3, 12), "state": "suspense"}, [30_00, 20_00]),
        ({"as_of": date(2026, 3, 12), "state": "lettered"}, []),
        ({"as_of": date(2026, 3, 11)}, []),
    ],
)
def test_movements_are_filtered(
    database_url: str, bank: Paper, wanted: dict[str, Any], amounts: list[int]
) -> None:
    rows, totals = seen(database_url, bank.facts, TransactionFilter(**wanted))
    assert [row.amount for row in rows] == amounts
    assert sum(total.transactions for total in totals) == len(amounts)
    assert sum(total.amount for total in totals) == sum(amounts)


@pytest.mark.feature("C11", "M36")
def test_the_balance_is_the_journals_in_any_order_and_page(database_url: str, bank: Paper) -> None:
    expected = {row.id: row.balance for row in check(database_url, bank.facts)}
    with asked_of(database_url, BankTransactions(), bank.facts) as (conn, book):
        for column in SORT_COLUMNS:
            for sort in (column, f"-{column}"):
                rows: list[TransactionRow] = []
                after = None
                while len(rows) < len(expected):
                    page = list_transactions(
                        conn, book, TransactionFilter(), sort=sort, after=after, limit=3
                    )
                    rows, after = [*rows, *page.rows], page.next
                ranks = [row.rank for row in rows]
                assert ranks == sorted(ranks, reverse=sort.startswith("-"))
                assert {row.id: row.balance for row in rows} == expected
        with pytest.raises(ValueError, match="colour"):
            list_transactions(conn, book, TransactionFilter(), sort="colour")


def found(
    url: str, facts: Sequence[Recorded], on: date = date(2026, 3, 20), days: int = 30
) -> list[tuple[str, str, str, int, int]]:
    """The faults of the journals: journal, fault, statement, count, amount."""
    with asked_of(url, BankTransactions(), facts) as (conn, book):
        _, faults = diagnose(conn, book, days=days, on=on)
    return [(f.journal, f.fault, f.statement, f.count, f.amount) for f in faults]


@pytest.mark.feature("C12", "C4")
def test_journals_are_diagnosed(database_url: str, bank: Paper) -> None:
    waits = ("BQ", "suspense", "", 1, 30_00)
    assert found(database_url, bank.facts) == [waits]
    late = ("BQ", "not_booked", "", 20, 0)
    assert found(database_url, bank.facts, days=10) == [late, waits]


@pytest.mark.feature("C12", "C3")
@pytest.mark.parametrize(
    ("statements", "fault"),
    [
        ([], ("BQ", "no_statement", "", 0, 0)),
        ([imported(1, 0), imported(3, 0)], ("BQ", "statement_missing", "2026/003", 1, 0)),
        ([imported(2, 0), imported(3, 70)], ("BQ", "balance_gap", "2026/003", 0, 70)),
        ([imported(2, 50), imported(3, 50)], None),
    ],
)
def test_statements_out_of_order_are_found(
    database_url: str, statements: list[Event], fault: Any
) -> None:
    book = Paper.opened()
    book.pay(1_00)
    book.happened(*statements)
    assert found(database_url, book.facts) == ([] if fault is None else [fault])


def test_a_journal_that_nobody_ever_booked_in_is_late(database_url: str) -> None:
    faults = [fault for _, fault, *_ in found(database_url, Paper.opened().facts)]
    assert faults == ["no_statement", "not_booked"]


def test_money_between_two_accounts_counts_in_both_journals(database_url: str) -> None:
    """Goal: a line counts in the journal of its account, whatever journal its entry is in."""
    book = Paper.opened()
    payment = book.pay(30_00, journal="CA", means="cash", role="suspense", party="")
    assigned(book, payment, NewPart(role="account", account="512000", amount=30_00))
    rows = check(database_url, book.facts)
    assert [(row.journal, row.booked_in, row.amount) for row in rows] == [
        ("CA", "CA", 30_00),
        ("BQ", "OD", -30_00),
    ]
