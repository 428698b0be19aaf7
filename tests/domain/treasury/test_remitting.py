"""What goes into a file for the bank: rules of days, amounts, accounts; no line in two files."""

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.book.refusal import Refused
from domain.ledger.entry import EntryPosted, series_tag
from domain.parties.company import Company
from domain.treasury import collecting, lettering, mandate, remittance, remitting, transfer_order
from domain.treasury.collecting import NewCollection, Payer
from domain.treasury.collection import CollectionCreated
from domain.treasury.lettering import Settled, entry_tag
from domain.treasury.mandate import MandateSigned
from domain.treasury.remittance import (
    Remittance,
    RemittanceLineReturned,
    RemittanceSettled,
    remittance_tag,
)
from domain.treasury.remittance_refusals import (
    LineIsNotRemittable,
    LineIsRemitted,
    NothingToRemit,
    RemittanceAccountIsMissing,
    RemittanceDayIsWrong,
)
from domain.treasury.remitting import Books, Chosen, NewLine, NewReturn, Outset
from services.remitting import held_lines
from tests.domain.spec import Story
from tests.domain.steps import DAY, company, invoiced, new_line, opened
from tests.domain.treasury.test_mandates import known, sign

DUE = date(2026, 4, 20)
IBAN = "FR7630006000011234567890189"


def books(story: Story) -> Books:
    """What the books say of every entry of a story."""
    entries = {
        fact.position: fact.event for fact in story.facts if isinstance(fact.event, EntryPosted)
    }
    settled = {
        place: story.fold(lettering.settle, Settled(entry=place), entry_tag(place))
        for place in entries
    }
    return Books(entries=entries, settled=settled, held=held_lines(story, entries))


def outset(story: Story, today: date = DAY) -> Outset:
    series = remitting.series_on(company(story), "PR", today)
    last = story.last(series_tag(series))
    return Outset(today=today, journal="BQ", iban=IBAN, series=series, last=last)


def collect(
    story: Story, asked: list[NewLine], remittance_id: str = "col_1", day: date = DUE
) -> list | Refused:
    """Decides a collection of these lines, all by one mandate."""
    chosen = remitting.choose(asked, "invoice", books(story))
    if isinstance(chosen, Refused):
        return chosen
    found = known(story)
    payer = None if found is None else Payer(mandate=found, has_collected=False)
    new = NewCollection(execution_date=day, lines=tuple(asked))
    start = outset(story)
    lines = collecting.plan(new, chosen, {"ctc_1": payer}, "FR72ZZZ123456", start)
    if isinstance(lines, Refused):
        return lines
    return collecting.create(
        remittance_id, new, lines, creditor_id="FR72ZZZ123456", file="ab" * 32, outset=start
    )


def a_book(count: int = 1) -> Story:
    """A customer with a mandate and so many invoices of 120.00, 240.00…"""
    story = opened().when(sign).then(MandateSigned)
    for nth in range(1, count + 1):
        invoiced(story, new_line(f"{100 * nth}.00"), invoice_id=f"inv_{nth}")
    return story


def lines_of(story: Story) -> list[NewLine]:
    return [NewLine(entry=place, line=0) for place in books(story).entries]


@pytest.mark.feature("M42")
def test_banks_execute_from_tomorrow_on_and_collect_nothing_before_it_is_due():
    story = a_book()
    asked = lines_of(story)
    story.when(collect, asked, day=DAY).refused(RemittanceDayIsWrong, pointer="/execution_date")
    early = DUE - timedelta(days=30)
    refused = story.when(collect, asked, day=early).refused(RemittanceDayIsWrong, day=early)
    assert refused.pointer == "/lines/0"
    story.when(collect, asked).then(CollectionCreated)


@pytest.mark.feature("M42")
def test_only_what_is_open_of_an_invoice_is_collected():
    story = a_book()
    (line,) = lines_of(story)
    for wrong in (
        NewLine(entry=line.entry, line=1),
        NewLine(entry=line.entry, line=9),
        NewLine(entry=1, line=0),
        NewLine(entry=line.entry, line=0, amount=12_001),
        NewLine(entry=line.entry, line=0, amount=0),
    ):
        story.when(collect, [wrong]).refused(LineIsNotRemittable)
    story.when(collect, []).refused(NothingToRemit)
    part = NewLine(entry=line.entry, line=0, amount=5_000)
    story.when(collect, [part]).then(CollectionCreated)
    assert story.newest(CollectionCreated).total == 5_000
    story.when(collect, [line]).refused(LineIsRemitted, number="PR-2026-00001")


@pytest.mark.feature("M42")
def test_a_file_goes_to_the_bank_of_its_journal():
    ours: Company = company(opened())
    none = remitting.own_account(ours, {}, "BQ")
    assert isinstance(none, RemittanceAccountIsMissing)
    assert remitting.own_account(ours, {IBAN: "BQ"}, "BQ") == IBAN
    assert isinstance(remitting.own_account(ours, {IBAN: "BQ"}, "B2"), RemittanceAccountIsMissing)


@pytest.mark.feature("M42")
def test_a_bill_that_names_another_account_than_the_suppliers_is_not_paid():
    own, other = "BE68539007547034", IBAN
    assert transfer_order.account_of([own], []) == own
    assert transfer_order.account_of([own], [other]) is None
    assert transfer_order.account_of([own], [other, own]) == own
    assert transfer_order.account_of([], [other]) == other
    assert transfer_order.account_of([], []) is None


MOVES = st.lists(
    st.tuples(st.sampled_from(["collect", "cancel", "return", "settle"]), st.integers(0, 63)),
    max_size=12,
)


@pytest.mark.feature("M42")
@settings(max_examples=60)
@given(moves=MOVES)
def test_no_instalment_is_in_two_live_collections_and_totals_are_sums(moves):
    """Goal: whatever is tried, a line waits in one file at most, and a total is Σ its lines.
    Method: random collections of subsets, cancelled, refused by line, or settled."""
    story = a_book(3)
    asked = lines_of(story)
    made: list[str] = []
    for move, number in moves:
        if move == "collect":
            subset = [line for nth, line in enumerate(asked) if number >> nth & 1]
            decision = collect(story, subset, f"col_{len(made)}")
            held = books(story).held
            free = all((line.entry, line.line) not in held for line in subset)
            assert isinstance(decision, list) == bool(subset and free)
            if isinstance(decision, list):
                made.append(f"col_{len(made)}")
                story.happened(*decision)
        elif made:
            own = made[number % len(made)]
            story.happened(*moved(story, move, own, number))
        check(story, made)


def moved(story: Story, move: str, own: str, number: int) -> list:
    """What a move does to a collection, or nothing where it is refused."""
    found = remittance_of(story, own)
    nth = number % len(found.document.remitted)
    new = NewReturn(nth=nth, returned_on=DAY, reason="AM04")
    if move == "cancel":
        decision = remitting.cancel(found, own, "x")
        return decision if isinstance(decision, list) else []
    if move == "return" and remitting.check_returned(found, own, new, DAY) is None:
        amount = found.document.remitted[nth].amount
        return [
            RemittanceLineReturned(
                remittance_id=own, nth=nth, amount=amount, date=DAY, reason="AM04"
            )
        ]
    if move == "settle" and remitting.check_settled(found, own, DAY, DAY) is None:
        return [RemittanceSettled(remittance_id=own, date=DAY, lines=())]
    return []


def check(story: Story, made: list[str]) -> None:
    found = [remittance_of(story, own) for own in made]
    live = Counter(
        (line.entry, line.line)
        for each in found
        for line in each.document.remitted
        if each.holds(line.entry, line.line)
    )
    assert all(count == 1 for count in live.values())
    assert live.keys() == books(story).held.keys()
    for each in found:
        lines = each.document.remitted
        assert each.document.total == sum(line.amount for line in lines)
        gone = sum(lines[nth].amount for nth in each.returned)
        assert each.expected == each.document.total - gone
    numbers = [each.document.number for each in found]
    assert numbers == list(range(1, len(made) + 1))


def remittance_of(story: Story, own: str) -> Remittance:
    found = story.fold(remittance.evolve, None, remittance_tag(own))
    assert found is not None
    return found


def test_chosen_lines_say_what_every_remitted_line_says():
    story = a_book()
    chosen = remitting.choose(lines_of(story), "invoice", books(story))
    assert isinstance(chosen, list)
    assert isinstance(chosen[0], Chosen)
    assert chosen[0].as_line("PR-2026-00001-1")["amount"] == 12_000
    assert mandate.reference_of("mdt_1") == "MDT-1"
