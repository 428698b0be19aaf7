"""Settling a deposit: its invoice, its payment and their lettering in one command (M59, M60)."""

from datetime import date

from msgspec import Struct

from domain.book.event import Decision
from domain.book.refusal import Refused, words
from domain.deposits.deposit import DepositSettled, Open
from domain.deposits.depositing import check_not_issued, find_open
from domain.deposits.terms import DepositTermsAreWrong, share, write_lines
from domain.ledger.entering import Standing
from domain.parties.contact import Contact, ContactIsUnknown
from domain.quotes.balance import carried, deduct_again, without
from domain.quotes.billing import Billing
from domain.quotes.progress import Progress
from domain.quotes.situation import NewSituation, revise_situation
from domain.sales import taxing
from domain.sales.content import DocumentLink, InvoiceContent
from domain.sales.invoice import InvoiceDrafted, InvoiceValidated
from domain.sales.pricing import Language
from domain.sales.taxing import Sale
from domain.treasury.payment import NewPayment

_WORDS: dict[Language, str] = {
    "fr": "Acompte n° {ordinal} sur devis {number}",
    "nl": "Voorschot nr. {ordinal} op offerte {number}",
    "en": "Deposit no. {ordinal} on quote {number}",
}


class NewSettlement(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a deposit was paid. `confirm_date` is the day of its invoice, which cannot change (M60).

    `paid_on` is when the money came, the same day if it is not given; an empty journal is the
    company's first bank journal. `payment_id` is a payment that was recorded before, with what of
    it is open: then no other is recorded, and its day is the day of the payment.
    """

    confirm_date: date
    paid_on: date | None = None
    journal: str = ""
    reference: str = ""
    payment_id: str = ""

    @property
    def day(self) -> date:
        """The day of the payment."""
        return self.paid_on or self.confirm_date

    def payment(self, customer_id: str, gross: int, currency: str) -> NewPayment:
        """The payment itself."""
        return NewPayment(
            direction="received",
            date=self.day,
            amount=gross,
            role="customers",
            party=customer_id,
            journal=self.journal,
            currency=currency,
            reference=self.reference,
        )


class DepositDateIsAhead(Refused, frozen=True, kw_only=True):
    """A deposit invoice is dated between the newest number of its series and today."""

    code = "deposit_date_ahead"
    rule = "M60"
    text = words(
        en="{day} has not come yet: the deposit invoice is dated today, {today}, or before.",
        fr="Le {day} n'est pas encore arrivé : la facture d'acompte est datée au plus du {today}.",
        nl="{day} is nog niet aangebroken: de voorschotfactuur draagt ten laatste {today}.",
    )

    day: date
    today: date


def draft_deposit_invoice(
    billing: Billing,
    deposit_id: str,
    invoice_id: str,
    new: NewSettlement,
    *,
    customer: Contact | None,
    standing: Standing,
) -> Decision:
    """Drafts the invoice of a deposit, to be validated in the same command (M59, F5, F6).

    Its amounts are a share of what is left of each VAT rate of the quote, the gross being the
    truth; the VAT of deposits on goods is that of the country and the day (M64).
    """
    deposit = find_open(billing, deposit_id)
    if isinstance(deposit, Refused):
        return deposit
    if customer is None:
        return ContactIsUnknown(contact_id=billing.quote.content.customer_id)
    refused = check_day(new, standing.today) or check_not_issued(billing)
    if refused is not None:
        return refused
    content = _write(billing, deposit, new, customer, standing)
    if isinstance(content, Refused):
        return content
    return [InvoiceDrafted(invoice_id=invoice_id, content=content)]


def check_day(new: NewSettlement, today: date) -> Refused | None:
    """Refuses a deposit invoice of a day that has not come (A2.2, M60)."""
    if new.confirm_date <= today:
        return None
    return DepositDateIsAhead(day=new.confirm_date, today=today, pointer="/confirm_date")


def conclude(deposit: Open, invoice: InvoiceValidated, payment_id: str) -> Decision:
    """Says by which invoice and which payment the deposit is settled (M59)."""
    return [
        DepositSettled(
            deposit_id=deposit.deposit_id,
            quote_id=deposit.quote_id,
            invoice_id=invoice.invoice_id,
            invoice_number=invoice.document_number,
            issue_date=invoice.issue_date,
            payment_id=payment_id,
            gross=deposit.gross,
        )
    ]


def deduct_from_draft(billing: Billing) -> Decision:
    """Takes the deposits paid by now off the draft that waits for validation, if there is one."""
    draft = billing.pending
    if draft is None:
        return []
    situation = draft.content.situation
    if situation is None:
        return deduct_again(billing, draft)
    moved = zip(situation.lines, billing.quote.content.lines, draft.content.lines, strict=False)
    progress = tuple(
        Progress(line=index, cumulated=done.cumulative, label=named.description)
        for index, (done, line, named) in enumerate(moved)
        if line.kind == "item"
    )
    new = NewSituation(
        progress=progress,
        due_date=draft.content.due_date,
        supply_date=draft.content.supply_date,
    )
    return revise_situation(billing, draft.invoice_id, new)


def _write(
    billing: Billing,
    deposit: Open,
    new: NewSettlement,
    customer: Contact,
    standing: Standing,
) -> InvoiceContent | Refused:
    quote, draft = billing.quote, billing.pending
    left = (without(billing, draft) if draft is not None else billing).left
    most = sum(amount.gross for amount in left.values())
    if deposit.gross > most:
        return DepositTermsAreWrong(most=most, position=deposit.position)
    said = quote.content
    sale = Sale(
        company=standing.company,
        customer=customer.details,
        day=new.confirm_date,
        kind="deposit",
        language=said.language,
        paid=True,
    )
    words_ = _WORDS[said.language].format(ordinal=deposit.opened.ordinal, number=quote.number)
    like = taxing.complete(said.lines, sale)
    lines = write_lines(share(deposit.gross, left), like, said.currency, words_)
    return InvoiceContent(
        **{**carried(quote), "lines": lines, "discount": None, "shipping": None},
        kind="deposit",
        due_date=new.confirm_date,
        links=(quote.link, *_requested(deposit)),
        paid_on=new.day,
    )


def _requested(deposit: Open) -> tuple[DocumentLink, ...]:
    """The link to the payment request, if one was written."""
    request = deposit.request
    if request is None:
        return ()
    return (
        DocumentLink(
            kind="deposit_request",
            id=deposit.deposit_id,
            number=request.document_number,
            issue_date=request.issue_date,
        ),
    )
