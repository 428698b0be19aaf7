"""Steps of quotes, deposits and situations: load from a story what each decision needs."""

from datetime import date

from domain.book.event import Decision, Event
from domain.book.refusal import Refused
from domain.deposits import deposit, depositing, settling
from domain.deposits.deposit import DepositSettled, Open
from domain.deposits.depositing import NewDeposit
from domain.deposits.settling import NewSettlement
from domain.ledger.entry import EntryPosted, document_tag, series_tag
from domain.quotes import answering, balance, billing, quote, quoting, situation
from domain.quotes.balance import InvoicingTerms
from domain.quotes.billing import Billing
from domain.quotes.quote import NewQuote, Quote, QuoteAccepted, QuoteDrafted, quote_tag
from domain.quotes.situation import NewSituation, OfQuote
from domain.sales import validation
from domain.sales.content import InvoiceContent
from domain.sales.invoice import Draft, InvoiceDrafted, InvoiceRevised, InvoiceValidated
from domain.treasury.matching import PartToLetter
from domain.treasury.payment import PaymentRecorded
from tests.domain import steps
from tests.domain.spec import Story
from tests.domain.steps import DAY, company, contact, opened

QUOTE = "qte_1"


def new_quote(*lines: object, **others: object) -> NewQuote:
    fields = {"customer_id": "ctc_1", "lines": lines or (steps.new_line(),), **others}
    return NewQuote(**fields)  # type: ignore[arg-type]


def draft_quote(story: Story, new: NewQuote, quote_id: str = QUOTE, today: date = DAY) -> Decision:
    ours = company(story)
    return quoting.draft(
        quote_id,
        new,
        company=ours,
        customer=contact(story, new.customer_id),
        last=story.last(series_tag(quoting.series_on(ours, today))),
        today=today,
    )


def quote_of(story: Story, quote_id: str = QUOTE) -> Quote | None:
    nothing: Quote | None = None
    return story.fold(quote.evolve, nothing, quote_tag(quote_id))


def revise_quote(story: Story, new: NewQuote, today: date = DAY) -> Decision:
    customer = contact(story, new.customer_id)
    return quoting.revise(
        quote_of(story), QUOTE, new, company=company(story), customer=customer, today=today
    )


def duplicate_quote(story: Story, quote_id: str = "qte_2", today: date = DAY) -> Decision:
    ours = company(story)
    return quoting.duplicate(
        quote_of(story),
        QUOTE,
        quote_id,
        company=ours,
        last=story.last(series_tag(quoting.series_on(ours, today))),
        today=today,
    )


def send_quote(story: Story) -> Decision:
    return answering.send(quote_of(story), QUOTE, company(story))


def accept_quote(story: Story, today: date = DAY) -> Decision:
    known = quote_of(story)
    decision = answering.accept(known, QUOTE, company(story), today)
    if isinstance(decision, Refused):
        return decision
    return [*decision, *depositing.open_agreed(known, "dep_1", today)]


def refuse_quote(story: Story, reason: str = "Trop cher") -> Decision:
    return answering.refuse(quote_of(story), QUOTE, reason)


def restore_quote(story: Story) -> Decision:
    return answering.restore(quote_of(story), QUOTE, company(story))


def set_probability(story: Story, probability: int) -> Decision:
    return answering.set_probability(quote_of(story), QUOTE, probability, company(story))


def billing_of(story: Story) -> Billing:
    known = balance.check_accepted(quote_of(story), QUOTE)
    assert not isinstance(known, Refused), known
    deposits: deposit.Deposits = {}
    bills: billing.Bills = {}
    return Billing(
        quote=known,
        deposits=story.fold(deposit.evolve, deposits, quote_tag(QUOTE)),
        bills=story.fold(billing.evolve, bills, quote_tag(QUOTE)),
    )


def open_deposit(
    story: Story, new: NewDeposit, deposit_id: str = "dep_2", today: date = DAY
) -> Decision:
    return depositing.open_deposit(billing_of(story), deposit_id, new, today)


def change_deposit(story: Story, new: NewDeposit, deposit_id: str = "dep_1") -> Decision:
    return depositing.change_deposit(billing_of(story), deposit_id, new)


def delete_deposit(story: Story, deposit_id: str = "dep_1") -> Decision:
    return depositing.delete_deposit(billing_of(story), deposit_id, "Comptant")


def request_deposit(story: Story, deposit_id: str = "dep_1", today: date = DAY) -> Decision:
    ours = company(story)
    return depositing.request_deposit(
        billing_of(story),
        deposit_id,
        company=ours,
        customer=contact(story, "ctc_1"),
        last=story.last(series_tag(depositing.series_on(ours, today))),
        today=today,
    )


def settle_deposit(
    story: Story,
    deposit_id: str = "dep_1",
    confirm_date: date = DAY,
    today: date = DAY,
) -> Decision:
    """The whole command, on a copy of the story: its events in order, or the first refusal."""
    book = Story()
    book.facts = list(story.facts)
    invoice_id = f"inv_{deposit_id}"
    new = NewSettlement(confirm_date=confirm_date)
    ours = company(book)
    stands = steps.standing(book, steps.sales_journal(book), today, today)
    first = settling.draft_deposit_invoice(
        billing_of(book),
        deposit_id,
        invoice_id,
        new,
        customer=contact(book, "ctc_1"),
        standing=stands,
    )
    waiting = depositing.find_open(billing_of(book), deposit_id)
    if isinstance(first, Refused) or not isinstance(waiting, Open):
        return first
    book.happened(*first)
    issued = steps.validate(book, invoice_id, confirm_date)
    if isinstance(issued, Refused):
        return issued
    book.happened(*issued)
    owed = book.place(EntryPosted)
    money = new.payment("ctc_1", waiting.gross, waiting.opened.currency)
    paid = steps.pay(book, money, f"pay_{deposit_id}", today)
    if isinstance(paid, Refused):
        return paid
    book.happened(*paid)
    parts = (PartToLetter(entry=owed, line=0), PartToLetter(entry=book.place(EntryPosted), line=1))
    lettered = steps.letter(book, *parts, lettering_id=f"let_{deposit_id}")
    assert not isinstance(lettered, Refused), lettered
    book.happened(*lettered)
    document = book.newest(InvoiceValidated)
    assert company(book) == ours
    concluded = settling.conclude(waiting, document, f"pay_{deposit_id}")
    assert not isinstance(concluded, Refused)
    book.happened(*concluded)
    again = settling.deduct_from_draft(billing_of(book))
    if isinstance(again, Refused):
        return again
    book.happened(*again)
    return [fact.event for fact in book.facts[len(story.facts) :]]


def invoice_quote(
    story: Story,
    invoice_id: str = "inv_1",
    *,
    leave_open: bool = False,
    terms: InvoicingTerms | None = None,
) -> Decision:
    return balance.invoice_quote(
        billing_of(story), invoice_id, terms or InvoicingTerms(), leave_open=leave_open
    )


def invoice_situation(story: Story, new: NewSituation, invoice_id: str = "inv_1") -> Decision:
    return situation.invoice_situation(billing_of(story), invoice_id, new)


def revise_situation(story: Story, new: NewSituation, invoice_id: str = "inv_1") -> Decision:
    return situation.revise_situation(billing_of(story), invoice_id, new)


def validate_of_quote(story: Story, invoice_id: str = "inv_1", today: date = DAY) -> Decision:
    """Validation, with what the quote says of it."""
    known = steps.invoice_of(story, invoice_id)
    assert isinstance(known, Draft)
    series = validation.series_on(company(story), today)
    stands = steps.standing(story, steps.sales_journal(story), today, today, series)
    customer = contact(story, known.content.customer_id)
    origins = (OfQuote(billing=billing_of(story)),)
    return validation.validate(known, invoice_id, customer, stands, origins)


def quoted(*lines: object, story: Story | None = None, **others: object) -> Story:
    """A book with a draft quote."""
    story = story or opened()
    return story.when(draft_quote, new_quote(*lines, **others)).then(QuoteDrafted)


def accepted(*lines: object, story: Story | None = None, **others: object) -> Story:
    """A book with an accepted quote, its deposit opened where it asks for one."""
    story = quoted(*lines, story=story, **others)
    outcome = story.when(accept_quote)
    kinds: list[type[Event]] = [QuoteAccepted]
    if others.get("deposit") is not None:
        kinds.append(deposit.DepositInstalmentOpened)
    return outcome.then(*kinds)


SETTLED = (
    InvoiceDrafted,
    InvoiceValidated,
    EntryPosted,
    PaymentRecorded,
    EntryPosted,
    steps.lettering.EntriesLettered,
    DepositSettled,
)
RESETTLED = (*SETTLED, InvoiceRevised)


def content_of(story: Story, invoice_id: str = "inv_1") -> InvoiceContent:
    """What a draft says now."""
    known = steps.invoice_of(story, invoice_id)
    assert isinstance(known, Draft)
    return known.content


def entry_of(story: Story, invoice_id: str) -> list[tuple[str, int]]:
    """The newest entry of an invoice: (account, debit minus credit)."""
    fact = [
        fact.event
        for fact in story.facts
        if isinstance(fact.event, EntryPosted) and document_tag("invoice", invoice_id) in fact.tags
    ][-1]
    return [(line.account, line.debit - line.credit) for line in fact.lines]
