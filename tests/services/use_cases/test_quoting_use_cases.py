"""Quotes, deposits and situations through the store, up to the invoice and back."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from domain.book.event import Event
from domain.book.refusal import Refusals, Refused
from domain.deposits.deposit import DepositRequested, DepositSettled, Open, Settled
from domain.deposits.depositing import DepositIsUnknown, NewDeposit
from domain.deposits.invoice_deposit import DepositIsOfTheQuote, NewInvoiceDeposit
from domain.deposits.reversing import DepositIsDeducted, ReversalNeedsCreditNote
from domain.deposits.settling import NewSettlement
from domain.ledger.entry import EntryPosted, document_tag
from domain.ledger.numbering import DateIsBehindSeries
from domain.parties.company import OptionSet
from domain.parties.options import FeatureIsOff
from domain.quotes.balance import DepositChoiceIsRequired, DepositComesFirst, QuoteIsInvoiced
from domain.quotes.billing import Issued
from domain.quotes.progress import Progress
from domain.quotes.quote import Accepted, DepositTerms, NewQuote, QuoteInvoiced
from domain.quotes.quoting import QuoteIsUnknown
from domain.quotes.situation import NewSituation, SituationIsUnknown
from domain.sales.copying import DepositIsNotCopied
from domain.sales.credit_note import NewCreditNote
from domain.sales.document import NewLine, add_up
from domain.sales.frozen import DepositComesTooLate
from domain.sales.invoice import Draft, InvoiceDrafted, InvoiceValidated, Validated
from domain.treasury.lettering import EntriesLettered, entry_tag, settle
from domain.treasury.lettering import Settled as Nothing
from domain.treasury.matching import LetteringIsUnbalanced
from domain.treasury.payment import PaymentRecorded
from services import companies, deposits, invoicing, quoting, situations, treasury
from services.quote_loading import get_deposit, get_quote, is_unsettled, load_billing
from services.situations import QuoteInvoicing
from services.store.store import Written
from tests.domain.steps import DAY, new_line
from tests.services.use_cases.conftest import Desk

HALF = DepositTerms(percent="50")
TODAY = NewSettlement(confirm_date=DAY)


def refusal_of(step: Callable[..., Any], *args: Any) -> Refused:
    """Why a use case refuses."""
    with pytest.raises(Refusals) as refusal:
        step(*args)
    return refusal.value.refused


def run(desk: Desk, step: Callable[..., Written[Any]], *args: Any) -> Any:
    """The answer of a use case."""
    return step(desk.store, desk.book, *args, desk.command()).answer


def refused(desk: Desk, step: Callable[..., Any], *args: Any) -> Refused:
    """Why a use case refuses, nothing being written."""
    before = desk.size
    refusal = refusal_of(step, desk.store, desk.book, *args, desk.command())
    assert desk.size == before
    return refusal


def quoted(desk: Desk, *lines: NewLine, **others: Any) -> str:
    """A draft quote's id."""
    new = NewQuote(customer_id=desk.customer, lines=lines or (new_line(),), **others)
    known = run(desk, quoting.draft_quote, new)
    return str(known.quote.quote_id)


def accepted(desk: Desk, *lines: NewLine, **others: Any) -> str:
    """An accepted quote's id."""
    quote_id = quoted(desk, *lines, **others)
    assert isinstance(run(desk, quoting.accept_quote, quote_id).quote, Accepted)
    return quote_id


def deposit_of(desk: Desk, quote_id: str) -> str:
    """The id of the first deposit of a quote."""
    return next(iter(get_quote(desk.store.past(desk.book), quote_id).deposits))


def types_of(written: Written[Any]) -> list[type[Event]]:
    """The types of the events that a command wrote."""
    return [type(fact.event) for fact in written.events]


@pytest.mark.feature("M14", "M15", "M23", "M24")
def test_a_quote_from_draft_to_a_second_chance(desk: Desk):
    quote_id = quoted(desk)
    other = NewQuote(customer_id=desk.customer, lines=(new_line("70"),))
    run(desk, quoting.revise_quote, quote_id, other)
    run(desk, quoting.set_probability, quote_id, 60)
    run(desk, quoting.send_quote, quote_id)
    run(desk, quoting.refuse_quote, quote_id, "Trop cher")
    known = run(desk, quoting.restore_quote, quote_id)
    assert (known.quote.number, known.quote.probability) == ("DE-2026-00001", 60)
    copy = run(desk, quoting.duplicate_quote, quote_id)
    assert copy.quote.number == "DE-2026-00002"
    assert copy.quote.document.links[0].id == quote_id


@pytest.mark.feature("M59")
def test_a_deposit_is_settled_by_one_command_and_repeating_it_makes_nothing(desk: Desk):
    deposit_id = deposit_of(desk, accepted(desk, deposit=HALF))
    assert isinstance(run(desk, deposits.request_deposit, deposit_id).request, DepositRequested)
    command = desk.command()
    written = deposits.settle_deposit(desk.store, desk.book, deposit_id, TODAY, command)
    assert types_of(written) == [
        InvoiceDrafted,
        InvoiceValidated,
        EntryPosted,
        PaymentRecorded,
        EntryPosted,
        EntriesLettered,
        DepositSettled,
    ]
    assert isinstance(written.answer, Settled)
    again = deposits.settle_deposit(desk.store, desk.book, deposit_id, TODAY, command)
    assert (again.answer, again.replayed) == (written.answer, True)
    lettered = written.events[5].event
    assert isinstance(lettered, EntriesLettered)
    assert lettered.complete


@pytest.mark.feature("A2.2")
def test_a_deposit_invoice_never_goes_behind_the_numbers_of_a_new_year(desk: Desk):
    deposit_id = deposit_of(desk, accepted(desk, deposit=HALF))
    desk.clock.now += timedelta(days=300)  # 10 January 2027
    desk.invoiced()
    december = NewSettlement(confirm_date=date(2026, 12, 31))
    assert isinstance(
        refused(desk, deposits.settle_deposit, deposit_id, december), DateIsBehindSeries
    )
    run(desk, deposits.settle_deposit, deposit_id, NewSettlement(confirm_date=date(2027, 1, 10)))


@pytest.mark.feature("A2.2")
def test_a_deposit_invoice_may_be_of_the_year_before_while_the_new_has_none(desk: Desk):
    deposit_id = deposit_of(desk, accepted(desk, deposit=HALF))
    desk.clock.now += timedelta(days=300)
    december = NewSettlement(confirm_date=date(2026, 12, 31))
    settled = run(desk, deposits.settle_deposit, deposit_id, december)
    assert settled.settlement.invoice_number == "FA-2026-00001"


@pytest.mark.feature("M26")
@pytest.mark.parametrize(("choice", "gross"), [("paid", 6000), ("delete", 12000)])
def test_the_choice_at_invoicing_is_done_in_the_same_command(desk: Desk, choice: Any, gross: int):
    quote_id = accepted(desk, deposit=HALF)
    asked = QuoteInvoicing(deposit=choice, settlement=TODAY)
    command = desk.command()
    written = situations.invoice_quote(desk.store, desk.book, quote_id, asked, command)
    assert isinstance(written.answer, Draft)
    assert add_up(written.answer.content.lines).gross == gross
    again = situations.invoice_quote(desk.store, desk.book, quote_id, asked, command)
    assert again.answer == written.answer
    assert types_of(written)[-1] is QuoteInvoiced
    run(desk, invoicing.validate_invoice, written.answer.invoice_id)
    assert get_quote(desk.store.past(desk.book), quote_id).is_invoiced


@pytest.mark.feature("M26", "M35", "M61")
def test_an_unpaid_deposit_holds_the_invoice_back(desk: Desk):
    quote_id = accepted(desk, deposit=HALF)
    nothing = QuoteInvoicing()
    assert isinstance(
        refused(desk, situations.invoice_quote, quote_id, nothing), DepositChoiceIsRequired
    )
    unsaid = QuoteInvoicing(deposit="paid")
    assert isinstance(
        refused(desk, situations.invoice_quote, quote_id, unsaid), DepositChoiceIsRequired
    )
    drafted = run(desk, situations.invoice_quote, quote_id, QuoteInvoicing(deposit="unpaid"))
    assert isinstance(
        refused(desk, invoicing.validate_invoice, drafted.invoice_id), DepositComesFirst
    )
    deposit_id = deposit_of(desk, quote_id)
    assert isinstance(get_deposit(desk.store.past(desk.book), deposit_id), Open)
    run(desk, deposits.settle_deposit, deposit_id, TODAY)
    issued = run(desk, invoicing.validate_invoice, drafted.invoice_id)
    assert (issued.document.kind, issued.document.totals.gross) == ("balance", 6000)
    assert isinstance(
        refused(desk, deposits.open_deposit, quote_id, NewDeposit(percent="10")), QuoteIsInvoiced
    )


@pytest.mark.feature("M56")
def test_deposits_are_added_changed_and_deleted(desk: Desk):
    quote_id = accepted(desk)
    deposit = run(desk, deposits.open_deposit, quote_id, NewDeposit(percent="30"))
    deposit_id = deposit.deposit_id
    changed = run(desk, deposits.change_deposit, deposit_id, NewDeposit(amount=2000))
    assert (changed.gross, changed.percent) == (2000, "")
    gone = run(desk, deposits.delete_deposit, deposit_id, "Comptant")
    assert gone.reason == "Comptant"
    assert isinstance(refused(desk, deposits.request_deposit, "dep_9"), DepositIsUnknown)
    assert isinstance(
        refused(desk, deposits.open_deposit, "qte_9", NewDeposit(percent="1")), QuoteIsUnknown
    )


@pytest.mark.feature("A2.3")
def test_a_settled_deposit_is_undone_by_a_credit_note_only(desk: Desk):
    quote_id = accepted(desk, deposit=HALF)
    deposit_id = deposit_of(desk, quote_id)
    written = deposits.settle_deposit(desk.store, desk.book, deposit_id, TODAY, desk.command())
    lettered = written.events[5].event
    assert isinstance(lettered, EntriesLettered)
    assert isinstance(written.answer, Settled)
    invoice_id = written.answer.settlement.invoice_id
    unletter = treasury.unletter_entries
    assert isinstance(
        refused(desk, unletter, lettered.lettering_id, "impayé"), ReversalNeedsCreditNote
    )
    drafted = run(desk, situations.invoice_quote, quote_id, QuoteInvoicing())
    note = NewCreditNote(reason="Annulation")
    assert isinstance(
        refused(desk, invoicing.issue_credit_note, invoice_id, note), DepositIsDeducted
    )
    run(desk, invoicing.discard_invoice, drafted.invoice_id, "")
    run(desk, invoicing.issue_credit_note, invoice_id, note)
    run(desk, unletter, lettered.lettering_id, "impayé")
    drafted = run(desk, situations.invoice_quote, quote_id, QuoteInvoicing())
    assert drafted.content.kind == "invoice"


@pytest.mark.feature("M65", "M67", "M68")
def test_situations_warn_and_go_on_from_a_copy(desk: Desk):
    quote_id = accepted(desk, new_line("160"), new_line("182.45"))
    half = NewSituation(progress=(Progress(line=0, percent="50", label="Béton"),))
    first = run(desk, situations.invoice_situation, quote_id, half)
    run(desk, invoicing.validate_invoice, first.invoice_id)
    copy = run(desk, situations.duplicate_invoice, first.invoice_id)
    assert copy.content.lines[0].description == "Béton"
    assert [line.net for line in copy.content.lines] == [0, 0]
    assert [link.kind for link in copy.content.links] == ["quote", "copy"]
    past = desk.store.past(desk.book)
    assert situations.unsettled_before(past, copy.invoice_id) == [first.invoice_id]
    assert situations.unsettled_before(past, first.invoice_id) == []
    whole = NewSituation(
        progress=(Progress(line=0, percent="100"), Progress(line=1, percent="100"))
    )
    revised = run(desk, situations.revise_situation, copy.invoice_id, whole)
    assert [line.net for line in revised.content.lines] == [8000, 18245]
    assert not get_quote(past, quote_id).is_invoiced
    run(desk, invoicing.validate_invoice, copy.invoice_id)
    assert get_quote(desk.store.past(desk.book), quote_id).is_invoiced
    paid = treasury.record_payment(
        desk.store,
        desk.book,
        NewSettlement(confirm_date=DAY).payment(desk.customer, 9600, "EUR"),
        desk.command(),
    )
    assert paid.position
    assert isinstance(
        refused(desk, situations.revise_situation, desk.drafted(), whole), SituationIsUnknown
    )


@pytest.mark.feature("M67")
def test_any_invoice_but_a_deposit_is_duplicated(desk: Desk):
    invoice_id = desk.invoiced(new_line("70"))
    copy = run(desk, situations.duplicate_invoice, invoice_id)
    assert isinstance(copy, Draft)
    assert copy.content.links[0].number == "FA-2026-00001"
    run(desk, invoicing.validate_invoice, copy.invoice_id)
    deposit_id = deposit_of(desk, accepted(desk, deposit=HALF))
    settled = run(desk, deposits.settle_deposit, deposit_id, TODAY)
    assert isinstance(
        refused(desk, situations.duplicate_invoice, settled.settlement.invoice_id),
        DepositIsNotCopied,
    )


@pytest.mark.feature("M34", "A2.1")
def test_a_deposit_on_an_invoice_only_where_the_company_allows_it(desk: Desk):
    invoice_id = desk.drafted(new_line("100"))
    new = NewInvoiceDeposit(percent="30", confirm_date=DAY)
    step = deposits.deposit_on_invoice
    assert isinstance(refused(desk, step, invoice_id, new), FeatureIsOff)
    companies.set_option(desk.store, desk.book, "invoice_deposits", desk.command(), on=True)
    balance = run(desk, step, invoice_id, new)
    assert balance.content.kind == "balance"
    assert add_up(balance.content.lines).gross == 8400
    second = run(desk, step, invoice_id, NewInvoiceDeposit(amount=8400, confirm_date=DAY))
    assert add_up(second.content.lines).gross == 0
    deposit_invoice = second.content.links[0].id
    note = NewCreditNote(reason="Erreur")
    assert isinstance(
        refused(desk, invoicing.issue_credit_note, deposit_invoice, note), DepositIsDeducted
    )
    issued = run(desk, invoicing.validate_invoice, invoice_id)
    assert isinstance(issued, Validated)
    assert len([line for line in issued.document.lines if line.kind == "deposit"]) == 2
    assert isinstance(refused(desk, step, invoice_id, new), DepositComesTooLate)
    quote_draft = run(desk, situations.invoice_quote, accepted(desk), QuoteInvoicing())
    assert isinstance(refused(desk, step, quote_draft.invoice_id, new), DepositIsOfTheQuote)


@pytest.mark.feature("M10")
def test_quotes_switched_off_stay_readable(desk: Desk):
    quote_id = quoted(desk)
    companies.set_option(desk.store, desk.book, "quotes", desk.command(), on=False)
    assert isinstance(refused(desk, quoting.send_quote, quote_id), FeatureIsOff)
    assert get_quote(desk.store.past(desk.book), quote_id).quote.number == "DE-2026-00001"
    assert OptionSet(option="quotes", on=False).tags == ("company",)


@pytest.mark.feature("M62")
def test_a_revised_balance_keeps_its_deposits(desk: Desk):
    quote_id = accepted(desk, deposit=HALF)
    run(desk, deposits.settle_deposit, deposit_of(desk, quote_id), TODAY)
    drafted = run(desk, situations.invoice_quote, quote_id, QuoteInvoicing())
    more = desk.asked(new_line("100"), new_line("20"))
    revised = run(desk, invoicing.revise_invoice, drafted.invoice_id, more)
    assert add_up(revised.content.lines).gross == 14400 - 6000
    assert revised.content.links == drafted.content.links
    other = desk.store.past(desk.book).last(document_tag("invoice", drafted.invoice_id))
    assert other is not None


@pytest.mark.feature("A2.8")
def test_crediting_what_is_settled_leaves_money_to_give_back(desk: Desk):
    quote_id = accepted(desk, deposit=HALF)
    settled = run(desk, deposits.settle_deposit, deposit_of(desk, quote_id), TODAY)
    invoice_id = settled.settlement.invoice_id
    note = NewCreditNote(reason="Annulation")
    written = invoicing.issue_credit_note(desk.store, desk.book, invoice_id, note, desk.command())
    past = desk.store.past(desk.book)
    (paid,) = load_billing(past, quote_id).bills.values()
    assert isinstance(paid, Issued)
    assert paid.is_undone
    assert not is_unsettled(past, paid)  # its payment settles it still
    entry = written.events[-1]
    assert isinstance(entry.event, EntryPosted)
    open_lines = past.fold(settle, Nothing(entry=entry.position), entry_tag(entry.position))
    assert (entry.event.lines[0].credit, open_lines.amounts) == (6000, {})


@pytest.mark.feature("M59")
def test_money_that_came_before_settles_a_deposit(desk: Desk):
    deposit_id = deposit_of(desk, accepted(desk, deposit=HALF))
    early = NewSettlement(confirm_date=DAY - timedelta(days=3))
    paid = run(desk, treasury.record_payment, early.payment(desk.customer, 7000, "EUR"))
    payment_id = paid.document.payment_id
    new = NewSettlement(confirm_date=DAY, payment_id=payment_id)
    settled = run(desk, deposits.settle_deposit, deposit_id, new)
    assert settled.settlement.payment_id == payment_id
    invoice = run_invoice(desk, settled.settlement.invoice_id)
    assert invoice.document.paid_on == early.confirm_date
    other = deposit_of(desk, accepted(desk, deposit=HALF))
    assert isinstance(refused(desk, deposits.settle_deposit, other, new), LetteringIsUnbalanced)


def run_invoice(desk: Desk, invoice_id: str) -> Validated:
    """A validated invoice."""
    known = invoicing.get_invoice(desk.store.past(desk.book), invoice_id)
    assert isinstance(known, Validated)
    return known
