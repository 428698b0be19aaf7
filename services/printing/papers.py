"""Finds what there is to print of a document: as it was issued, or a draft as it stands now."""

from collections.abc import Callable

from domain.book.event import Recorded
from domain.book.refusal import Refusals
from domain.deposits import deposit as deposits
from domain.deposits.deposit import deposit_tag
from domain.deposits.depositing import DepositIsUnknown
from domain.quotes import quote as quotes
from domain.quotes.quote import quote_tag
from domain.quotes.quoting import QuoteIsUnknown
from domain.sales.content import DocumentLink
from domain.sales.document import (
    Totals,
    add_up,
    printed_seller,
)
from domain.sales.printing import DocumentIsNotIssued, PrintedKind, issued_by, issuing_tag
from domain.sales.write_off import InvoiceWrittenOff
from services.cheque_deposits import get_cheque_deposit
from services.invoicing import get_credit_note
from services.loading import load_company
from services.ordering import get_delivery, get_order
from services.printing.invoice_papers import customer_now, load_invoice
from services.printing.paper import Paper
from services.reminders.loading import get_reminder
from services.store.pen import Reader
from services.templates import resolve_template


def load_paper(reader: Reader, kind: PrintedKind, document_id: str) -> Paper:
    """A document of the book as of the reader's position; a draft has neither number nor date.

    Raises Refusals when there is no such document, or nothing of it to print.
    """
    return LOADERS[kind](reader, document_id)


def find_issue(reader: Reader, kind: PrintedKind, document_id: str) -> int:
    """The position of the event that last issued a document; 0 before it is issued."""

    def evolve(issued_at: int, fact: Recorded) -> int:
        return fact.position if issued_by(fact.event) == (kind, document_id) else issued_at

    return reader.fold(evolve, 0, issuing_tag(kind, document_id))


def find_remarks(reader: Reader, kind: PrintedKind, document_id: str) -> tuple[str, ...]:
    """What the law wants on a duplicate that is on no original: the loss of the debt (CGI 272)."""
    if kind != "invoice":
        return ()

    def evolve(said: tuple[str, ...], fact: Recorded) -> tuple[str, ...]:
        match fact.event:
            case InvoiceWrittenOff(invoice_id=lost, mentions=mentions) if lost == document_id:
                return (*said, *mentions)
        return said

    nothing: tuple[str, ...] = ()
    return reader.fold(evolve, nothing, issuing_tag(kind, document_id))


def _credit_note(reader: Reader, credit_note_id: str) -> Paper:
    """A credit note; where its kind has no template it looks like its invoice."""
    note = get_credit_note(reader, credit_note_id)
    issued = note.document
    has_own = resolve_template(reader, "", "credit_note") is not None
    credited = DocumentLink(
        kind="invoice",
        id=issued.invoice_id,
        number=issued.invoice_number,
        issue_date=issued.invoice_date,
    )
    return Paper(
        document_kind="credit_note",
        document_id=credit_note_id,
        kind="credit_note",
        number=issued.document_number,
        issue_date=issued.issue_date,
        seller=issued.seller,
        customer=issued.customer,
        customer_id=issued.customer_id,
        currency=issued.currency,
        language=issued.language,
        template="" if has_own else issued.template,
        lines=issued.lines,
        totals=issued.totals,
        links=(credited,),
        reason=issued.reason,
        mentions=issued.mentions,
    )


def _order(reader: Reader, order_id: str) -> Paper:
    order = get_order(reader, order_id)
    placed, said = order.document, order.document.content
    return Paper(
        document_kind="order",
        document_id=order_id,
        kind="order",
        number=placed.document_number,
        issue_date=placed.issue_date,
        supply_date=placed.delivery_date,
        seller=printed_seller(load_company(reader)),
        customer=placed.customer,
        customer_id=said.customer_id,
        currency=said.currency,
        language=said.language,
        template=said.template,
        lines=said.lines,
        totals=add_up(said.lines),
        links=placed.links,
        note=said.note,
        buyer_reference=said.buyer_reference,
    )


def _delivery(reader: Reader, delivery_id: str) -> Paper:
    delivery = get_delivery(reader, delivery_id)
    handed = delivery.document
    return Paper(
        document_kind="delivery",
        document_id=delivery_id,
        kind="delivery",
        number=handed.document_number,
        issue_date=handed.issue_date,
        seller=printed_seller(load_company(reader)),
        customer=handed.customer,
        customer_id=handed.customer_id,
        delivered_to=handed.address,
        currency=handed.currency,
        language=handed.language,
        lines=handed.lines,
        links=tuple(filter(None, [handed.order])),
        note=handed.note,
    )


def _quote(reader: Reader, quote_id: str) -> Paper:
    proposal = reader.fold(quotes.evolve, None, quote_tag(quote_id))
    if proposal is None:
        raise Refusals(QuoteIsUnknown(quote_id=quote_id))
    drafted, said = proposal.document, proposal.content
    return Paper(
        document_kind="quote",
        document_id=quote_id,
        kind="quote",
        number=drafted.document_number,
        issue_date=drafted.issue_date,
        valid_until=said.valid_until,
        seller=printed_seller(load_company(reader)),
        customer=customer_now(reader, said.customer_id),
        customer_id=said.customer_id,
        currency=said.currency,
        language=said.language,
        template=said.template,
        lines=said.lines,
        totals=add_up(said.lines),
        links=drafted.links,
        note=said.note,
        buyer_reference=said.buyer_reference,
    )


def _deposit_request(reader: Reader, deposit_id: str) -> Paper:
    quote_id = deposits.quote_of(reader.last(deposit_tag(deposit_id)))
    none: deposits.Deposits = {}
    known = reader.fold(deposits.evolve, none, quote_tag(quote_id)) if quote_id else none
    if deposit_id not in known:
        raise Refusals(DepositIsUnknown(deposit_id=deposit_id))
    asked = known[deposit_id].request
    if asked is None:
        raise Refusals(DocumentIsNotIssued(document=deposit_id))
    return Paper(
        document_kind="deposit_request",
        document_id=deposit_id,
        kind="deposit_request",
        number=asked.document_number,
        issue_date=asked.issue_date,
        due_date=asked.due_date,
        seller=asked.seller,
        customer=asked.customer,
        customer_id=asked.customer_id,
        currency=asked.currency,
        language=asked.language,
        totals=Totals(net=asked.gross, tax=0, gross=asked.gross, vat=()),
        links=(asked.quote,),
        percent=asked.percent,
        payment_reference=asked.payment_reference,
    )


def _reminder(reader: Reader, reminder_id: str) -> Paper:
    """A letter, as it was frozen; several invoices are paid under its own number."""
    issued = get_reminder(reader, reminder_id).document
    return Paper(
        document_kind="reminder",
        document_id=reminder_id,
        kind="reminder",
        number=issued.document_number,
        issue_date=issued.issue_date,
        seller=issued.seller,
        customer=issued.customer,
        customer_id=issued.customer_id,
        currency=issued.currency,
        language=issued.language,
        template=issued.template,
        totals=Totals(net=issued.due, tax=0, gross=issued.due, vat=()),
        payment_reference=issued.payment_reference or issued.document_number,
        mentions=issued.mentions,
        reminder=issued,
    )


def _cheque_deposit(reader: Reader, deposit_id: str) -> Paper:
    """A slip, for the company's own bank: it looks like the company's invoices."""
    deposit = get_cheque_deposit(reader, deposit_id).document
    company = load_company(reader)
    return Paper(
        document_kind="cheque_deposit",
        document_id=deposit_id,
        kind="invoice",
        number=deposit.document_number,
        issue_date=deposit.issue_date,
        seller=printed_seller(company),
        customer=printed_seller(company),
        currency=deposit.currency,
        language=company.profile.language,
        deposit=deposit,
    )


LOADERS: dict[PrintedKind, Callable[[Reader, str], Paper]] = {
    "invoice": load_invoice,
    "credit_note": _credit_note,
    "quote": _quote,
    "order": _order,
    "deposit_request": _deposit_request,
    "delivery": _delivery,
    "reminder": _reminder,
    "cheque_deposit": _cheque_deposit,
}
