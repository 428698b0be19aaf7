"""Use cases around reminders: the policy, who is spared, what is disputed, fees claimed."""

from collections.abc import Callable
from datetime import date
from functools import partial

from domain.book.event import Decision
from domain.book.refusal import Refusals, Refused
from domain.ledger.entry import document_tag
from domain.parties.company import COMPANY_TAG
from domain.parties.contact import contact_tag
from domain.reminders import dispute as disputes
from domain.reminders import dunning, late_cost, late_fees
from domain.reminders import policy as policies
from domain.reminders.dispute import Dispute
from domain.reminders.dunning import Circumstances, Instalment
from domain.reminders.late_fees import LateFee, LateFeeIsUnknown
from domain.reminders.policy import POLICY_TAG, ReminderPolicy, Suspension, suspension_tag
from domain.sales import losing
from domain.sales.invoice import InvoiceValidated
from services.directory import get_contact
from services.identity import make
from services.invoicing import find_invoice as find_drafted
from services.loading import choose_journal, load_company, load_standing, today_of
from services.reminders.loading import find_invoice, instalments_of, load_circumstances
from services.store.pen import Command, Pen, Reader
from services.store.store import Store, Written

DecideDispute = Callable[[InvoiceValidated, Dispute | None, str], Decision]
DecideSuspension = Callable[[str, str, Suspension | None, str], Decision]


def set_policy(
    store: Store, book_id: str, policy: ReminderPolicy, command: Command
) -> Written[ReminderPolicy]:
    """Sets when the company reminds."""

    def decide(pen: Pen) -> None:
        load_company(pen)
        pen.append(policies.set_policy(get_policy(pen), policy))

    return store.write(book_id, command, decide, get_policy)


def get_policy(reader: Reader) -> ReminderPolicy:
    """When the company reminds."""
    return policies.policy_of(reader.last(POLICY_TAG))


def suspend_reminders(
    store: Store, book_id: str, customer_id: str, reason: str, command: Command
) -> Written[Suspension | None]:
    """Excludes a customer from reminders."""
    return _suspend(store, book_id, customer_id, reason, command, decide_so=policies.suspend)


def resume_reminders(
    store: Store, book_id: str, customer_id: str, reason: str, command: Command
) -> Written[Suspension | None]:
    """Lets a customer be reminded again."""
    return _suspend(store, book_id, customer_id, reason, command, decide_so=policies.resume)


def find_suspension(reader: Reader, customer_id: str) -> Suspension | None:
    """Whether and why a customer is spared reminders; raises Refusals for an unknown one."""
    get_contact(reader, customer_id)
    return policies.suspension_of(reader.last(suspension_tag(customer_id)))


def dispute_invoice(
    store: Store, book_id: str, invoice_id: str, reason: str, command: Command
) -> Written[Dispute | None]:
    """Notes that the customer contests an invoice: it is reminded no more."""
    return _dispute(store, book_id, invoice_id, reason, command, decide_so=disputes.dispute)


def settle_dispute(
    store: Store, book_id: str, invoice_id: str, reason: str, command: Command
) -> Written[Dispute | None]:
    """Notes that a dispute is over."""
    return _dispute(store, book_id, invoice_id, reason, command, decide_so=disputes.settle)


def claim_late_fees(
    store: Store, book_id: str, invoice_id: str, until: date | None, command: Command
) -> Written[LateFee]:
    """Claims interest until a day (today) and the indemnity of a late invoice, with the entry.

    Only what was not claimed before is added; a rate that is not known refuses it.
    """

    def decide(pen: Pen, late_fee_id: str) -> None:
        company = load_company(pen)
        today = today_of(pen, company)
        standing = load_standing(pen, company, choose_journal(company, "miscellaneous"), today)
        invoice, instalments = _load_debt(pen, invoice_id)
        customer, day = get_contact(pen, invoice.customer_id), until or today
        known = load_circumstances(pen, company, customer, today=today, bank_until=None)
        refused = _check(instalments, day, known)
        if refused is not None:
            raise Refusals(refused)
        cost = late_cost.cost_of(instalments, day, known)
        claimed, tariff = find_invoice(pen, invoice_id).claimed, known.tariff
        decision = late_fees.claim(
            late_fee_id, invoice, cost, claimed, tariff, until=day, standing=standing
        )
        pen.append(decision)

    return make(
        store,
        book_id,
        command,
        "fee",
        tag=partial(document_tag, "late_fee"),
        decide=decide,
        find=get_late_fee,
        reads=[document_tag("invoice", invoice_id), COMPANY_TAG],
    )


def get_late_fee(reader: Reader, late_fee_id: str) -> LateFee:
    """A claim of late fees by its id; raises Refusals when there is none."""
    nothing: LateFee | None = None
    found = reader.fold(late_fees.of_fact, nothing, document_tag("late_fee", late_fee_id))
    if found is None:
        raise Refusals(LateFeeIsUnknown(late_fee_id=late_fee_id))
    return found


def _load_debt(reader: Reader, invoice_id: str) -> tuple[InvoiceValidated, list[Instalment]]:
    """A validated invoice and its instalments; raises Refusals when it is no debt."""
    debt = find_invoice(reader, invoice_id).debt
    if debt is None or debt.posted is None:
        raise Refusals(losing.why_not_a_debt(find_drafted(reader, invoice_id), invoice_id))
    return debt.document, list(instalments_of(reader, debt.entry, debt.posted).values())


def _check(instalments: list[Instalment], until: date, known: Circumstances) -> Refused | None:
    if not instalments:
        return None
    return dunning.check_not_lost(instalments[0]) or late_cost.check_free(instalments, until, known)


def _suspend(
    store: Store,
    book_id: str,
    customer_id: str,
    reason: str,
    command: Command,
    *,
    decide_so: DecideSuspension,
) -> Written[Suspension | None]:
    def decide(pen: Pen) -> None:
        customer = get_contact(pen, customer_id)
        known = policies.suspension_of(pen.last(suspension_tag(customer_id)))
        pen.append(decide_so(customer_id, customer.details.name, known, reason))

    reads = [contact_tag(customer_id)]
    return store.write(book_id, command, decide, lambda r: find_suspension(r, customer_id), reads)


def _dispute(
    store: Store,
    book_id: str,
    invoice_id: str,
    reason: str,
    command: Command,
    *,
    decide_so: DecideDispute,
) -> Written[Dispute | None]:
    def decide(pen: Pen) -> None:
        invoice, _ = _load_debt(pen, invoice_id)
        pen.append(decide_so(invoice, find_invoice(pen, invoice_id).dispute, reason))

    tag = document_tag("invoice", invoice_id)
    return store.write(
        book_id, command, decide, lambda r: find_invoice(r, invoice_id).dispute, [tag]
    )
