"""Use cases of deposits: ask for them, request their payment, settle them in one command."""

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from domain.book.event import Recorded
from domain.book.refusal import Refusals, Refused
from domain.deposits import depositing, invoice_deposit, settling
from domain.deposits.deposit import Deposit, deposit_tag
from domain.deposits.depositing import NewDeposit
from domain.deposits.invoice_deposit import NewInvoiceDeposit
from domain.deposits.settling import NewSettlement
from domain.ledger.entering import Standing
from domain.ledger.entry import EntryPosted, document_tag, series_tag
from domain.ledger.numbering import check_not_behind
from domain.parties.company import COMPANY_TAG, Company
from domain.quotes.quote import quote_tag
from domain.sales import validation
from domain.sales.frozen import DepositComesTooLate
from domain.sales.invoice import Draft, Invoice, InvoiceValidated, Validated, not_a_draft
from domain.treasury.lettering import NewLettering
from domain.treasury.matching import PartToLetter
from services import templates
from services.identity import make, new_id
from services.invoicing import find_invoice, get_invoice
from services.lettering import letter
from services.loading import (
    choose_journal,
    load_company,
    load_contact,
    load_standing,
    today_of,
)
from services.quote_loading import find_billing, get_deposit, load_billing
from services.store.pen import Command, Pen
from services.store.store import Store, Written
from services.treasury import get_payment, record

S = TypeVar("S", bound=NewSettlement)


class SettlementIds(Struct, frozen=True):
    """The ids of what a settlement makes, drawn once for a command."""

    invoice_id: str
    payment_id: str
    lettering_id: str

    @classmethod
    def draw(cls) -> "SettlementIds":
        """New ids."""
        return cls(new_id("inv"), new_id("pay"), new_id("let"))


def open_deposit(
    store: Store, book_id: str, quote_id: str, new: NewDeposit, command: Command
) -> Written[Deposit]:
    """Asks for one more deposit of an accepted quote (M56)."""

    def decide(pen: Pen, deposit_id: str) -> None:
        today = today_of(pen, load_company(pen))
        pen.append(depositing.open_deposit(load_billing(pen, quote_id), deposit_id, new, today))

    return make(
        store,
        book_id,
        command,
        "dep",
        tag=deposit_tag,
        decide=decide,
        find=get_deposit,
        reads=[quote_tag(quote_id), COMPANY_TAG],
    )


def change_deposit(
    store: Store, book_id: str, deposit_id: str, new: NewDeposit, command: Command
) -> Written[Deposit]:
    """Asks for another amount, or on another day (M56)."""

    def decide(pen: Pen) -> None:
        pen.append(depositing.change_deposit(find_billing(pen, deposit_id), deposit_id, new))

    return _write(store, book_id, deposit_id, decide, command)


def delete_deposit(
    store: Store, book_id: str, deposit_id: str, reason: str, command: Command
) -> Written[Deposit]:
    """Asks for a deposit no longer (M56, M61)."""

    def decide(pen: Pen) -> None:
        billing = find_billing(pen, deposit_id)
        pen.append(depositing.delete_deposit(billing, deposit_id, reason))

    return _write(store, book_id, deposit_id, decide, command)


def request_deposit(
    store: Store, book_id: str, deposit_id: str, command: Command
) -> Written[Deposit]:
    """Writes a payment request under the next number of its own series (M58)."""

    def decide(pen: Pen) -> None:
        company, billing = load_company(pen), find_billing(pen, deposit_id)
        today = today_of(pen, company)
        pen.append(
            depositing.request_deposit(
                billing,
                deposit_id,
                company=company,
                customer=load_contact(pen, billing.quote.content.customer_id),
                last=pen.last(series_tag(depositing.series_on(company, today))),
                today=today,
            )
        )

    return _write(store, book_id, deposit_id, decide, command)


def settle_deposit(
    store: Store, book_id: str, deposit_id: str, new: NewSettlement, command: Command
) -> Written[Deposit]:
    """Issues the deposit's invoice, records its payment and letters both, at once (M59)."""
    ids = SettlementIds.draw()

    def decide(pen: Pen) -> None:
        settle(pen, deposit_id, new, ids)

    return _write(store, book_id, deposit_id, decide, command)


def settle(pen: Pen, deposit_id: str, new: NewSettlement, ids: SettlementIds) -> None:
    """All that settling a deposit writes, within a command; raises Refusals."""
    new = _dated(pen, new)
    billing = find_billing(pen, deposit_id)
    waiting = depositing.find_open(billing, deposit_id)
    if isinstance(waiting, Refused):
        raise Refusals(waiting)
    customer_id = billing.quote.content.customer_id
    company = load_company(pen)
    pen.append(
        settling.draft_deposit_invoice(
            billing,
            deposit_id,
            ids.invoice_id,
            new,
            customer=load_contact(pen, customer_id),
            standing=_standing(pen, company, new.confirm_date),
        )
    )
    issued = _issue_and_pay(pen, company, new, ids)
    pen.append(settling.conclude(waiting, issued, new.payment_id or ids.payment_id))
    pen.append(settling.deduct_from_draft(find_billing(pen, deposit_id)))


def deposit_on_invoice(
    store: Store, book_id: str, invoice_id: str, new: NewInvoiceDeposit, command: Command
) -> Written[Invoice]:
    """Settles a deposit on a draft invoice, which deducts it from now on (M34, A2.1)."""
    ids = SettlementIds.draw()

    def decide(pen: Pen) -> None:
        company, known = load_company(pen), find_invoice(pen, invoice_id)
        if not isinstance(known, Draft):
            raise Refusals(not_a_draft(known, invoice_id, DepositComesTooLate))
        asked = _dated(pen, new)
        pen.append(
            invoice_deposit.draft_deposit(
                known,
                invoice_id,
                ids.invoice_id,
                asked,
                customer=load_contact(pen, known.content.customer_id),
                standing=_standing(pen, company, asked.confirm_date),
            )
        )
        issued = _issue_and_pay(pen, company, asked, ids)
        pen.append(invoice_deposit.deduct(known, issued, asked.payment_id or ids.payment_id))

    return store.write(book_id, command, decide, lambda r: get_invoice(r, invoice_id))


def _issue_and_pay(
    pen: Pen, company: Company, new: NewSettlement, ids: SettlementIds
) -> InvoiceValidated:
    """Validates a drafted deposit invoice on its confirmed day, records its payment, letters."""
    owed = _issue(pen, company, new.confirm_date, ids.invoice_id)
    issued = find_invoice(pen, ids.invoice_id)
    if not isinstance(issued, Validated):
        raise TypeError(f"deposit invoice {ids.invoice_id} was not validated")
    document = issued.document
    if not new.payment_id:
        _pay(pen, company, new, document, ids.payment_id)
    paid = _entry_of(pen, document_tag("payment", new.payment_id or ids.payment_id))
    parts = _parts(owed, paid, document.totals.gross)
    letter(pen, company, ids.lettering_id, NewLettering(parts=parts))
    return document


def _pay(
    pen: Pen, company: Company, new: NewSettlement, invoice: InvoiceValidated, payment_id: str
) -> None:
    money = new.payment(invoice.customer_id, invoice.totals.gross, invoice.currency)
    record(pen, company, payment_id, money)


def _dated(pen: Pen, new: S) -> S:
    """The settlement with the day of the payment that was recorded before, if it names one."""
    if not new.payment_id:
        return new
    return replace(new, paid_on=get_payment(pen, new.payment_id).document.date)


def _issue(pen: Pen, company: Company, day: date, invoice_id: str) -> Recorded:
    """Validates the draft on that day and gives its entry.

    The newest number of today's series may not be later than that day, even where the day is in
    the fiscal year before (A2.2).
    """
    standing = _standing(pen, company, day)
    today = validation.series_on(company, standing.today)
    refused = check_not_behind(today, pen.last(series_tag(today)), day)
    if refused is not None:
        raise Refusals(refused)
    known = find_invoice(pen, invoice_id)
    customer = None
    if isinstance(known, Draft):
        customer = load_contact(pen, known.content.customer_id)
        known = templates.pin(pen, known)
    dated = replace(standing, today=day)
    _, entry = pen.append(validation.validate(known, invoice_id, customer, dated))
    return entry


def _parts(owed: Recorded, paid: Recorded, gross: int) -> tuple[PartToLetter, ...]:
    """The whole invoice, and what is open of a payment."""
    return tuple(
        PartToLetter(entry=fact.position, line=index, amount=gross if fact is owed else None)
        for fact in (owed, paid)
        if isinstance(fact.event, EntryPosted)
        for index, line in enumerate(fact.event.lines)
        if line.party
    )


def _entry_of(pen: Pen, tag: str) -> Recorded:
    """The entry that books a document; raises LookupError without one."""
    none: tuple[Recorded, ...] = ()
    facts = pen.fold(lambda found, fact: (*found, fact), none, tag)
    return next(fact for fact in facts if isinstance(fact.event, EntryPosted))


def _standing(pen: Pen, company: Company, day: date) -> Standing:
    """How the book stands for a sales document of that day."""
    journal = choose_journal(company, "sale")
    return load_standing(pen, company, journal, day, validation.series_on(company, day))


def _write(
    store: Store, book_id: str, deposit_id: str, decide: Callable[[Pen], None], command: Command
) -> Written[Deposit]:
    reads = [deposit_tag(deposit_id), COMPANY_TAG]
    return store.write(book_id, command, decide, lambda r: get_deposit(r, deposit_id), reads)
