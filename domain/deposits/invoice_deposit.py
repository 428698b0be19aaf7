"""A deposit on a draft invoice, where the company allows it; by default from a quote only (M34)."""

from fractions import Fraction
from typing import ClassVar

from msgspec.structs import replace

from domain.book.event import Decision, Event, Recorded
from domain.book.refusal import Refused, judge, words
from domain.deposits.deducting import link_to, name_deduction
from domain.deposits.settling import NewSettlement, check_day
from domain.deposits.terms import Amount, ask, per_rate, share, take_off, write_lines
from domain.ledger.entering import Standing
from domain.ledger.entry import document_tag
from domain.parties.contact import Contact, ContactIsUnknown
from domain.parties.options import check_on
from domain.quotes.quote import DepositTerms
from domain.sales import taxing
from domain.sales.content import TOTAL_RULES, InvoiceContent, foreign
from domain.sales.document import add_up
from domain.sales.frozen import DepositComesTooLate
from domain.sales.invoice import (
    Draft,
    Invoice,
    InvoiceDrafted,
    InvoiceRevised,
    InvoiceValidated,
    not_a_draft,
)
from domain.sales.pricing import Language
from domain.sales.taxing import Sale


class InvoiceDepositSettled(Event, frozen=True, kw_only=True):
    """A deposit was paid on a draft invoice, which deducts it from now on (M34).

    `deposit_invoice_id` is the invoice of the deposit, `gross` in minor units.
    """

    stored_as: ClassVar[str] = "invoice.deposit_settled.v1"

    invoice_id: str
    deposit_invoice_id: str
    payment_id: str
    gross: int

    @property
    def tags(self) -> tuple[str, ...]:
        return (
            document_tag("invoice", self.invoice_id),
            document_tag("invoice", self.deposit_invoice_id),
        )


_WORDS: dict[Language, str] = {"fr": "Acompte", "nl": "Voorschot", "en": "Deposit"}


class NewInvoiceDeposit(NewSettlement, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A deposit that was paid on a draft invoice: a percentage of it or a gross amount."""

    percent: str = ""
    amount: int | None = None
    currency: str = ""


class DepositIsOfTheQuote(Refused, frozen=True, kw_only=True):
    """The deposits of a quote are settled on the quote, those of situations too."""

    code = "deposit_of_quote"
    rule = "A2.1"
    text = words(
        en="The draft comes from quote {number}: its deposits are those of the quote.",
        fr="Le brouillon provient du devis {number} : ses acomptes sont ceux du devis.",
        nl="Het ontwerp komt van offerte {number}: de voorschotten zijn die van de offerte.",
    )

    number: str


def draft_deposit(
    invoice: Invoice | None,
    invoice_id: str,
    deposit_invoice_id: str,
    new: NewInvoiceDeposit,
    *,
    customer: Contact | None,
    standing: Standing,
) -> Decision:
    """Drafts the invoice of a deposit paid on a draft, to be validated in the same command."""
    if not isinstance(invoice, Draft):
        return not_a_draft(invoice, invoice_id, DepositComesTooLate)
    if customer is None:
        return ContactIsUnknown(contact_id=invoice.content.customer_id)
    said = invoice.content
    refused = (
        check_on(standing.company, "invoice_deposits")
        or _check_origin(said)
        or foreign(new.currency, said.currency, "/amount")
        or check_day(new, standing.today)
    )
    if refused is not None:
        return refused
    content = _write(said, new, customer, standing)
    if isinstance(content, Refused):
        return content
    return [InvoiceDrafted(invoice_id=deposit_invoice_id, content=content)]


def deduct(draft: Draft, issued: InvoiceValidated, payment_id: str) -> Decision:
    """Takes the paid deposit off the draft, which becomes a balance invoice (M62)."""
    said = draft.content
    words_ = name_deduction(issued, said.language)
    off = tuple(
        take_off(line, Amount(line.net, line.tax or 0), issued.invoice_id, said.currency, words_)
        for line in issued.lines
    )
    content = replace(
        said, kind="balance", lines=(*said.lines, *off), links=(*said.links, link_to(issued))
    )
    refused = judge(TOTAL_RULES, add_up(content.lines))
    return refused or [
        InvoiceDepositSettled(
            invoice_id=draft.invoice_id,
            deposit_invoice_id=issued.invoice_id,
            payment_id=payment_id,
            gross=issued.totals.gross,
        ),
        InvoiceRevised(invoice_id=draft.invoice_id, content=content),
    ]


def deducted_by(before: str, fact: Recorded) -> str:
    """The invoice that was to deduct a deposit, from the events of the deposit invoice's tag."""
    match fact.event:
        case InvoiceDepositSettled(invoice_id=of):
            return of
    return before


def _write(
    said: InvoiceContent, new: NewInvoiceDeposit, customer: Contact, standing: Standing
) -> InvoiceContent | Refused:
    """The content of the deposit's invoice: per VAT rate a share of what the draft comes to."""
    left = per_rate(add_up(said.lines))
    most = sum(amount.gross for amount in left.values())
    terms = DepositTerms(percent=new.percent, amount=new.amount)
    gross = ask(terms, most, Fraction(0), 0, most)
    if isinstance(gross, Refused):
        return gross
    sale = Sale(
        company=standing.company,
        customer=customer.details,
        day=new.confirm_date,
        kind="deposit",
        language=said.language,
        paid=True,
    )
    items = taxing.complete([line for line in said.lines if line.kind != "deposit"], sale)
    return InvoiceContent(
        customer_id=said.customer_id,
        lines=write_lines(share(gross, left), items, said.currency, _WORDS[said.language]),
        currency=said.currency,
        buyer_reference=said.buyer_reference,
        language=said.language,
        kind="deposit",
        due_date=new.confirm_date,
        paid_on=new.day,
    )


def _check_origin(said: InvoiceContent) -> Refused | None:
    for link in said.links:
        if link.kind == "quote":
            return DepositIsOfTheQuote(number=link.number)
    return None
