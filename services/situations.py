"""Use cases that invoice a quote: all at once, by situations; and copies of invoices (M25, M65)."""

from functools import partial
from typing import Literal

from msgspec import Struct

from domain.book.refusal import Refusals
from domain.deposits import depositing
from domain.deposits.settling import NewSettlement
from domain.ledger.entry import document_tag
from domain.parties.company import COMPANY_TAG
from domain.quotes import balance, situation
from domain.quotes.balance import InvoicingTerms
from domain.quotes.billing import Issued
from domain.quotes.quote import quote_tag
from domain.quotes.situation import NewSituation, SituationIsUnknown
from domain.sales import copying
from domain.sales.invoice import Invoice
from services.deposits import SettlementIds, settle
from services.identity import make, new_id
from services.invoicing import find_invoice, get_invoice
from services.quote_loading import is_unsettled, load_billing
from services.store.pen import Command, Pen, Reader
from services.store.store import Store, Written

DepositChoice = Literal["paid", "unpaid", "delete"]


class QuoteInvoicing(Struct, frozen=True, kw_only=True):
    """How to invoice a quote: its terms, and what becomes of the deposits that are not settled.

    `paid` settles each of them by `settlement`; `unpaid` leaves them until the invoice is
    validated; `delete` asks for them no longer (M26).
    """

    terms: InvoicingTerms = InvoicingTerms()
    deposit: DepositChoice | None = None
    settlement: NewSettlement | None = None


def invoice_quote(
    store: Store, book_id: str, quote_id: str, asked: QuoteInvoicing, command: Command
) -> Written[Invoice]:
    """Drafts the invoice of a whole quote, less the deposits that were paid (M25, M26, M62)."""
    drawn: dict[str, SettlementIds] = {}
    invoice_id = new_id("inv")

    def decide(pen: Pen) -> None:
        refused = balance.check_whole(load_billing(pen, quote_id))
        if refused is not None:
            raise Refusals(refused)
        _choose(pen, quote_id, asked, drawn)
        leave_open = asked.deposit == "unpaid"
        billing = load_billing(pen, quote_id)
        pen.append(balance.invoice_quote(billing, invoice_id, asked.terms, leave_open=leave_open))

    def answer(reader: Reader) -> Invoice:
        drafted = load_billing(reader, quote_id).whole
        return get_invoice(reader, invoice_id if drafted is None else drafted.invoice_id)

    reads = [quote_tag(quote_id), COMPANY_TAG]
    return store.write(book_id, command, decide, answer, reads)


def invoice_situation(
    store: Store, book_id: str, quote_id: str, new: NewSituation, command: Command
) -> Written[Invoice]:
    """Drafts the next situation of a quote (M65)."""

    def decide(pen: Pen, invoice_id: str) -> None:
        billing = load_billing(pen, quote_id)
        pen.append(situation.invoice_situation(billing, invoice_id, new))

    return make(
        store,
        book_id,
        command,
        "inv",
        tag=partial(document_tag, "invoice"),
        decide=decide,
        find=get_invoice,
        reads=[quote_tag(quote_id), COMPANY_TAG],
    )


def revise_situation(
    store: Store, book_id: str, invoice_id: str, new: NewSituation, command: Command
) -> Written[Invoice]:
    """Draws a situation that is still a draft anew."""

    def decide(pen: Pen) -> None:
        quote_id = copying.quote_behind(find_invoice(pen, invoice_id))
        if not quote_id:
            raise Refusals(SituationIsUnknown(invoice_id=invoice_id))
        billing = load_billing(pen, quote_id)
        pen.append(situation.revise_situation(billing, invoice_id, new))

    reads = [document_tag("invoice", invoice_id)]
    return store.write(book_id, command, decide, lambda r: get_invoice(r, invoice_id), reads)


def duplicate_invoice(
    store: Store, book_id: str, invoice_id: str, command: Command
) -> Written[Invoice]:
    """Begins a draft that says what an invoice says; of a situation, the next one (M67)."""

    def decide(pen: Pen, copy_id: str) -> None:
        source = find_invoice(pen, invoice_id)
        quote_id = copying.quote_behind(source)
        if source is not None and quote_id:
            billing = load_billing(pen, quote_id)
            pen.append(copying.duplicate_situation(billing, source, copy_id))
        else:
            pen.append(copying.duplicate(source, invoice_id, copy_id))

    reads = [document_tag("invoice", invoice_id), COMPANY_TAG]
    return make(
        store,
        book_id,
        command,
        "inv",
        tag=partial(document_tag, "invoice"),
        decide=decide,
        find=get_invoice,
        reads=reads,
    )


def unsettled_before(reader: Reader, invoice_id: str) -> list[str]:
    """The situations before one that are not paid: a warning, never a refusal (M68)."""
    before: list[Issued] = []
    quote_id = copying.quote_behind(find_invoice(reader, invoice_id))
    if not quote_id:
        return []
    for bill in load_billing(reader, quote_id).situations:
        if bill.invoice_id == invoice_id:
            break
        if isinstance(bill, Issued):
            before.append(bill)
    return [bill.invoice_id for bill in before if is_unsettled(reader, bill)]


def _choose(
    pen: Pen, quote_id: str, asked: QuoteInvoicing, drawn: dict[str, SettlementIds]
) -> None:
    """Does with each open deposit what was chosen; the ids of a settlement are drawn once."""
    for deposit in load_billing(pen, quote_id).open_deposits:
        deposit_id = deposit.deposit_id
        if asked.deposit == "delete":
            billing = load_billing(pen, quote_id)
            pen.append(depositing.delete_deposit(billing, deposit_id, ""))
        elif asked.deposit == "paid" and asked.settlement is not None:
            ids = drawn.setdefault(deposit_id, SettlementIds.draw())
            settle(pen, deposit_id, asked.settlement, ids)
