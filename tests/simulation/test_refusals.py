"""After the year, what must not be done is tried: each refusal is given, and nothing is written."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from itertools import count
from typing import Any

import pytest
from msgspec.structs import replace

from domain.articles import article, assortment, composing
from domain.articles.article import ArticleCreated, ArticleDetails, Component
from domain.book.event import Event
from domain.book.refusal import Refusals, Refused
from domain.deposits import depositing, invoice_deposit, reversing, settling
from domain.deposits import terms as deposit_terms
from domain.deposits.deposit import DepositInstalmentDeleted, DepositSettled
from domain.deposits.depositing import NewDeposit
from domain.deposits.invoice_deposit import NewInvoiceDeposit
from domain.deposits.settling import NewSettlement
from domain.orders import delivery, fulfilment, order, quote_order, taking
from domain.orders.delivery import DeliveryIssued
from domain.orders.fulfilment import NewDelivery
from domain.orders.order import NewOrder, OrderCancelled, OrderConfirmed
from domain.orders.taking import Taken
from domain.quotes import answering, balance, progress, quoting, situation
from domain.quotes.progress import Progress
from domain.quotes.quote import DepositTerms, NewQuote, QuoteAccepted, QuoteInvoiced, QuoteRefused
from domain.quotes.situation import NewSituation
from domain.sales import (
    content,
    copying,
    credit_note,
    crediting,
    frozen,
    instalments,
    invoice,
    mentions,
    pricing,
    template,
    write_off,
)
from domain.sales.content import NewInvoice
from domain.sales.credit_note import CreditNoteIssued, NewCreditNote
from domain.sales.crediting import CreditedLine
from domain.sales.document import NewLine
from domain.sales.instalments import NewInstalment
from domain.sales.invoice import InvoiceDiscarded, InvoiceValidated
from domain.sales.pricing import Discount, Shipping
from domain.sales.template import NewTemplate
from domain.sales.write_off import InvoiceWrittenOff
from services import (
    articles,
    companies,
    deposits,
    invoicing,
    losses,
    ordering,
    situations,
    templates,
)
from services import (
    quoting as quotes,
)
from services.demonstration import FRENCH
from services.situations import QuoteInvoicing
from services.store.pen import Command
from tests.simulation.conftest import OF_SALES, TODAY, Lived

NOWHERE = "xxx_00000000000000000000000000"
NUMBERS = count(1)
"""Of all attempts on the same book: a command is never another one repeated."""


@dataclass
class Counter:
    """The desk on the morning after: the book, and what is found in it."""

    lived: Lived

    def __post_init__(self) -> None:
        self.store, self.book = self.lived.store, FRENCH.book_id
        self.lived.clock.set(TODAY, 9)
        self.facts = list(self.store.read(self.book))
        self.customer = self.first(InvoiceValidated).customer_id

    def all(self, event: type[Event], **said: Any) -> list[Any]:
        """The events of a kind that say so, oldest first."""
        events = [fact.event for fact in self.facts if isinstance(fact.event, event)]
        return [e for e in events if all(getattr(e, name) == value for name, value in said.items())]

    def first(self, event: type[Event], **said: Any) -> Any:
        """The oldest of them."""
        return self.all(event, **said)[0]

    def do(self, use_case: Callable[..., Any], *args: Any, **more: Any) -> Any:
        """Sends a command."""
        command = Command(id=f"attempt-{next(NUMBERS)}", actor="test")
        return use_case(self.store, self.book, *args, command, **more)

    def article(self, code: str) -> str:
        """The id of an article by its code."""
        return str(next(e.article_id for e in self.all(ArticleCreated) if e.details.code == code))

    def line(self, **said: str) -> NewLine:
        """A line of 100.00 at 20 %."""
        return NewLine(**{"description": "Pose", "unit_price": "100", "vat_rate": "20", **said})  # type: ignore[arg-type]

    def new(self, *lines: NewLine, **said: Any) -> NewInvoice:
        """An invoice of these lines."""
        return NewInvoice(customer_id=self.customer, lines=lines or (self.line(),), **said)

    def draft(self, *lines: NewLine, **said: Any) -> str:
        """A new draft's id."""
        return str(self.do(invoicing.draft_invoice, self.new(*lines, **said)).answer.invoice_id)

    def validate(self, *lines: NewLine, **said: Any) -> str:
        """A new draft, then its validation."""
        invoice_id = self.draft(*lines, **said)
        self.do(invoicing.validate_invoice, invoice_id)
        return invoice_id

    def accepted(self, deposit: DepositTerms | None = None) -> str:
        """A new quote that the customer agreed to."""
        new = NewQuote(customer_id=self.customer, lines=(self.line(),), deposit=deposit)
        quote_id = str(self.do(quotes.draft_quote, new).answer.quote.quote_id)
        self.do(quotes.send_quote, quote_id)
        self.do(quotes.accept_quote, quote_id)
        return quote_id


def _revise(counter: Counter, *lines: NewLine, **said: Any) -> Any:
    """Revises a validated invoice of one usual line."""
    invoice_id = counter.validate()
    new = replace(counter.new(*(lines or (counter.line(unit_price="7"),))), **said)
    return counter.do(invoicing.revise_invoice, invoice_id, new)


def _template_of_quotes(counter: Counter) -> str:
    new = NewTemplate(name="Devis", kinds=("quote",))
    return str(counter.do(templates.make_template, new).answer.template_id)


def _quote(counter: Counter, **said: Any) -> NewQuote:
    return NewQuote(customer_id=counter.customer, lines=(counter.line(),), **said)


def _situation(counter: Counter, *made: Progress) -> Any:
    new = NewSituation(progress=made)
    return counter.do(situations.invoice_situation, counter.accepted(), new)


def _ordered(counter: Counter) -> str:
    quote_id = counter.accepted()
    counter.do(ordering.order_quote, quote_id)
    return quote_id


def _twice(counter: Counter) -> None:
    quote_id, half = counter.accepted(), NewSituation(progress=(Progress(line=0, percent="50"),))
    for _ in range(2):
        counter.do(situations.invoice_situation, quote_id, half)


def _deposit_on_a_draft_of_a_quote(counter: Counter) -> None:
    counter.do(partial(companies.set_option, on=True), "invoice_deposits")
    drafted = counter.do(situations.invoice_quote, counter.accepted(), QuoteInvoicing())
    new = NewInvoiceDeposit(confirm_date=TODAY, percent="30")
    counter.do(deposits.deposit_on_invoice, drafted.answer.invoice_id, new)


def _open_deposit(counter: Counter) -> str:
    return str(
        counter.do(
            deposits.open_deposit, counter.accepted(), NewDeposit(percent="30")
        ).answer.deposit_id
    )


def _deducted(counter: Counter) -> str:
    """The invoice of a deposit that a balance invoice has deducted."""
    (line, *_) = [
        line
        for invoice in counter.all(InvoiceValidated, kind="balance")
        for line in invoice.lines
        if line.deducts
    ]
    return str(line.deducts)


ATTEMPTS: dict[type[Refused], Callable[[Counter], object]] = {
    answering.ProbabilityIsWrong: lambda c: c.do(
        quotes.set_probability, c.do(quotes.draft_quote, _quote(c)).answer.quote.quote_id, 101
    ),
    answering.QuoteIsAnswered: lambda c: c.do(
        quotes.refuse_quote, c.first(QuoteAccepted).quote_id, "non"
    ),
    answering.QuoteIsNotRefused: lambda c: c.do(
        quotes.restore_quote, c.first(QuoteAccepted).quote_id
    ),
    article.ArticleIsUnknown: lambda c: c.draft(c.line(article_id=NOWHERE)),
    assortment.ArticleIsIncomplete: lambda c: c.do(
        articles.create_article, ArticleDetails(code="X", label="x", unit_price="one")
    ),
    assortment.CodeIsTaken: lambda c: c.do(
        articles.create_article, ArticleDetails(code="PARQUET", label="x", vat_rate="20")
    ),
    balance.DepositChoiceIsRequired: lambda c: c.do(
        situations.invoice_quote, c.accepted(DepositTerms(percent="30")), QuoteInvoicing()
    ),
    balance.DepositComesFirst: lambda c: c.do(
        invoicing.validate_invoice,
        c.do(
            situations.invoice_quote,
            c.accepted(DepositTerms(percent="30")),
            QuoteInvoicing(deposit="unpaid"),
        ).answer.invoice_id,
    ),
    balance.QuoteIsInvoiced: lambda c: c.do(
        situations.invoice_quote, c.first(QuoteInvoiced).quote_id, QuoteInvoicing()
    ),
    balance.QuoteIsNotAccepted: lambda c: c.do(
        situations.invoice_quote, c.first(QuoteRefused).quote_id, QuoteInvoicing()
    ),
    composing.CompositionIsCyclic: lambda c: c.do(
        articles.compose_article,
        c.article("SALLE"),
        (Component(article_id=c.article("SALLE"), quantity="1"),),
    ),
    content.AccountIsThirdParty: lambda c: c.draft(c.line(account="411000")),
    content.CurrencyIsForeign: lambda c: c.draft(currency="USD"),
    content.LinesAreWrong: lambda c: c.do(
        invoicing.draft_invoice, NewInvoice(customer_id=c.customer, lines=())
    ),
    content.TotalIsNegative: lambda c: c.draft(c.line(quantity="-1")),
    copying.DepositIsNotCopied: lambda c: c.do(
        situations.duplicate_invoice, c.first(InvoiceValidated, kind="deposit").invoice_id
    ),
    credit_note.CreditNoteIsUnknown: lambda c: invoicing.get_credit_note(
        c.store.past(c.book), NOWHERE
    ),
    crediting.CreditExceedsInvoice: lambda c: c.do(
        invoicing.issue_credit_note,
        c.validate(),
        NewCreditNote(reason="x", lines=(CreditedLine(line=0, net=20_000),)),
    ),
    crediting.CreditedLineIsUnknown: lambda c: c.do(
        invoicing.issue_credit_note,
        c.validate(),
        NewCreditNote(reason="x", lines=(CreditedLine(line=7),)),
    ),
    crediting.InvoiceIsNotValidated: lambda c: c.do(
        invoicing.issue_credit_note, c.draft(), NewCreditNote(reason="x")
    ),
    crediting.NothingToCredit: lambda c: c.do(
        invoicing.issue_credit_note, c.first(CreditNoteIssued).invoice_id, NewCreditNote(reason="x")
    ),
    delivery.DeliveryIsClosed: lambda c: c.do(
        ordering.cancel_delivery, c.first(DeliveryIssued).delivery_id, "x"
    ),
    delivery.DeliveryIsUnknown: lambda c: c.do(ordering.cancel_delivery, NOWHERE, "x"),
    deposit_terms.DepositTermsAreWrong: lambda c: c.do(
        deposits.open_deposit, c.accepted(), NewDeposit(percent="150")
    ),
    depositing.DepositIsDeleted: lambda c: c.do(
        deposits.delete_deposit, c.first(DepositInstalmentDeleted).deposit_id, "x"
    ),
    depositing.DepositIsSettled: lambda c: c.do(
        deposits.delete_deposit, c.first(DepositSettled).deposit_id, "x"
    ),
    depositing.DepositIsUnknown: lambda c: c.do(deposits.delete_deposit, NOWHERE, "x"),
    fulfilment.DeliveriesDiffer: lambda c: c.do(ordering.invoice_deliveries, []),
    fulfilment.DeliveryIsTwofold: lambda c: c.do(ordering.issue_delivery, NewDelivery()),
    instalments.DueBeforeIssue: lambda c: c.validate(due_date=TODAY - timedelta(days=1)),
    instalments.InstalmentsAreWrong: lambda c: c.validate(
        instalments=(NewInstalment(days=30, amount=1),)
    ),
    invoice.InvoiceIsUnknown: lambda c: c.do(invoicing.validate_invoice, NOWHERE),
    frozen.NumberIsFrozen: lambda c: c.do(
        invoicing.validate_invoice, c.first(InvoiceValidated).invoice_id
    ),
    frozen.IssuedIsNotDeleted: lambda c: c.do(
        invoicing.discard_invoice, c.first(InvoiceValidated).invoice_id, "x"
    ),
    frozen.DepositComesTooLate: lambda c: c.do(
        deposits.deposit_on_invoice,
        c.first(InvoiceValidated).invoice_id,
        NewInvoiceDeposit(percent="10", confirm_date=TODAY),
    ),
    frozen.CustomerIsFrozen: lambda c: _revise(c, customer_id=NOWHERE),
    frozen.LinesAreFrozen: _revise,
    frozen.DateIsFrozen: lambda c: _revise(c, c.line(), supply_date=TODAY),
    frozen.WordsAreFrozen: lambda c: _revise(c, c.line(), note="x"),
    invoice.NotADraft: lambda c: c.do(
        invoicing.validate_invoice, c.first(InvoiceDiscarded).invoice_id
    ),
    invoice_deposit.DepositIsOfTheQuote: _deposit_on_a_draft_of_a_quote,
    mentions.CustomerVatIsMissing: lambda c: c.validate(c.line(vat_category="AE", vat_rate="0")),
    mentions.ExemptionIsUnexplained: lambda c: c.validate(c.line(vat_category="E", vat_rate="0")),
    mentions.PlaceIsWrong: lambda c: c.validate(c.line(vat_category="G", vat_rate="0")),
    mentions.RateIsNotInForce: lambda c: c.validate(c.line(vat_rate="19.6")),
    mentions.VatCodeIsWrong: lambda c: c.validate(c.line(vat_code="NO-SUCH")),
    order.OrderIsCancelled: lambda c: c.do(
        ordering.issue_delivery, NewDelivery(order_id=c.first(OrderCancelled).order_id)
    ),
    order.OrderIsUnknown: lambda c: c.do(ordering.cancel_order, NOWHERE, "x"),
    order.OrderedQuantityIsWrong: lambda c: c.do(
        ordering.confirm_order,
        NewOrder(customer_id=c.customer, lines=(c.line(), c.line(quantity="-1"))),
    ),
    pricing.DiscountIsWrong: lambda c: c.draft(discount=Discount(amount=20_000)),
    pricing.ShippingIsWrong: lambda c: c.draft(shipping=Shipping(amount=-1)),
    progress.ProgressIsOutOfBounds: lambda c: _situation(c, Progress(line=0, cumulated=20_000)),
    progress.ProgressLineIsUnknown: lambda c: _situation(c, Progress(line=7, percent="50")),
    balance.QuoteIsOrdered: lambda c: c.do(situations.invoice_quote, _ordered(c), QuoteInvoicing()),
    quote_order.QuoteHasDeposits: lambda c: c.do(
        ordering.order_quote, c.accepted(DepositTerms(percent="30"))
    ),
    quoting.QuoteDateIsNotToday: lambda c: c.do(
        quotes.draft_quote, _quote(c, issue_date=TODAY - timedelta(days=1))
    ),
    quoting.QuoteIsNotADraft: lambda c: c.do(
        quotes.revise_quote, c.first(QuoteAccepted).quote_id, _quote(c)
    ),
    quoting.QuoteIsUnknown: lambda c: c.do(quotes.send_quote, NOWHERE),
    quoting.ValidityIsPast: lambda c: c.do(
        quotes.draft_quote, _quote(c, valid_until=date(2026, 1, 1))
    ),
    reversing.DepositIsDeducted: lambda c: c.do(
        invoicing.issue_credit_note, _deducted(c), NewCreditNote(reason="x")
    ),
    settling.DepositDateIsAhead: lambda c: c.do(
        deposits.settle_deposit,
        _open_deposit(c),
        NewSettlement(confirm_date=date(2126, 1, 1)),
    ),
    situation.DeductionIsOutOfBounds: lambda c: c.do(
        situations.invoice_situation,
        c.accepted(),
        NewSituation(progress=(Progress(line=0, percent="50"),), deduct=10**9),
    ),
    situation.DraftIsPending: _twice,
    situation.SituationIsEmpty: lambda c: c.do(
        invoicing.validate_invoice,
        _situation(c, Progress(line=0, percent="0")).answer.invoice_id,
    ),
    situation.SituationIsUnknown: lambda c: c.do(
        situations.revise_situation, c.draft(), NewSituation()
    ),
    taking.NothingIsLeft: lambda c: c.do(
        ordering.issue_delivery, NewDelivery(order_id=c.first(OrderConfirmed).order_id)
    ),
    taking.OrderLineIsUnknown: lambda c: c.do(
        ordering.invoice_order, c.first(OrderConfirmed).order_id, (Taken(line=7, quantity="1"),)
    ),
    taking.QuantityExceedsRemainder: lambda c: c.do(
        ordering.invoice_order, c.first(OrderConfirmed).order_id, (Taken(line=0, quantity="999"),)
    ),
    template.TemplateIsUnknown: lambda c: templates.get_template(c.store.past(c.book), NOWHERE),
    template.TemplateIsOfAnotherKind: lambda c: c.draft(template=_template_of_quotes(c)),
    write_off.InvoiceIsWrittenOff: lambda c: c.do(
        losses.write_off_invoice, c.first(InvoiceWrittenOff).invoice_id, "x"
    ),
    write_off.NothingIsOpen: lambda c: c.do(
        losses.write_off_invoice, c.first(CreditNoteIssued).invoice_id, "x"
    ),
    write_off.NothingToReclaim: lambda c: c.do(
        losses.reclaim_vat, c.first(InvoiceWrittenOff).write_off_id, "x"
    ),
    write_off.RecoveryExceedsLoss: lambda c: c.do(
        losses.recover_debt, c.first(InvoiceWrittenOff).write_off_id, 10**9
    ),
    write_off.WriteOffIsUnknown: lambda c: c.do(losses.reclaim_vat, NOWHERE, "x"),
}


@pytest.mark.parametrize("refusal", ATTEMPTS, ids=lambda refusal: refusal.__name__)
def test_what_must_not_be_done_is_refused_and_leaves_no_trace(
    lived: Lived, refusal: type[Refused]
) -> None:
    """Method: the last command of an attempt is the one refused; what prepared it stays."""
    counter = Counter(lived)
    with pytest.raises(Refusals) as raised:
        ATTEMPTS[refusal](counter)
    refused = raised.value.refused
    assert isinstance(refused, refusal), refused.explain()
    assert all(refused.explain(language) for language in ("en", "fr", "nl"))
    lived.clock.release()


REFUSED_ELSEWHERE = {
    "another company's affair": {"FranchiseChargesNoVat"},
    "of who is named, in tests/domain/sales/test_named_parties.py": {
        "BuyerEnterpriseNumberIsMissing",
        "BuyerSirenIsMissing",
        "CapitalIsMissing",
        "CustomerCityIsMissing",
        "CustomerStreetIsMissing",
        "RegistryIsMissing",
    },
    "a matter of the clock": {"QuoteIsExpired"},
    "of printing and pictures": {
        "DocumentIsNotIssued",
        "PictureIsWrong",
        "SelectionIsWrong",
        "TemplateIsWrong",
    },
    "of archived and enormous articles": {
        "ArticleIsArchived",
        "CompositionIsTooLarge",
        "NoSuchLine",
    },
    "of undoing": {"ReversalNeedsCreditNote", "CreditNoteIsOpen", "QuoteIsInSituations"},
    "of revising a bound draft": {"CustomerIsBound", "SituationHasItsOwnRevision"},
    "of money": {"DiscountIsMisplaced"},
    "of mailed links, in tests/services/printing/test_document_links.py": {
        "PublicAddressIsNotSetUp",
        "RecipientIsMissing",
    },
    "of reminders, disputes and late fees, in tests/services/reminders": {
        "BankIsNotBooked",
        "ChannelIsWrong",
        "ContractRateIsWrong",
        "CreditCoversDebt",
        "FirstReminderIsFree",
        "InstalmentIsMisplaced",
        "InstalmentIsNotDue",
        "InstalmentIsSettled",
        "InvoiceIsDisputed",
        "InvoiceIsNotDisputed",
        "LateFeeIsUnknown",
        "LateRateIsUnknown",
        "LevelIsIssued",
        "LevelIsOutOfOrder",
        "MailAddressIsMissing",
        "MailIsNotSetUp",
        "NothingToClaim",
        "PolicyIsWrong",
        "ReminderHasFailed",
        "ReminderIsSent",
        "ReminderIsStale",
        "ReminderIsTooEarly",
        "ReminderIsUnknown",
        "ReminderIsUnsent",
        "RemindersAreNotSuspended",
        "RemindersAreSuspended",
    },
}
"""Refusals of sales that a year of trade does not meet; each has its own test in tests/domain."""


def test_every_refusal_of_sales_is_met_here_or_named() -> None:
    def families(kind: type[Refused]) -> Any:
        for each in kind.__subclasses__():
            yield each
            yield from families(each)

    sales = {x.__name__ for x in families(Refused) if x.__module__.startswith(OF_SALES)}
    met = {each.__name__ for each in ATTEMPTS}
    assert sales - met == {name for names in REFUSED_ELSEWHERE.values() for name in names}
