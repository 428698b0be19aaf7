"""A payment on a bank or cash journal: money received from or sent to a third party."""

from datetime import date
from typing import ClassVar, Literal

from msgspec import Struct

from domain.book.event import Decision, Event, Recorded
from domain.book.refusal import Refused, judge, words
from domain.ledger.chart import Journal
from domain.ledger.entering import Standing, enter, entry_series
from domain.ledger.entry import DocumentReference, EntryLine, EntryPosted, document_tag
from domain.ledger.numbering import assign_next, write_number
from domain.ledger.period import check_open
from domain.ledger.posting import ThirdParty as Party
from domain.ledger.posting import of_money
from domain.parties.company import Company, JournalIsUnknown
from domain.parties.contact import Contact, ContactIsUnknown
from domain.sales.terms import PaymentMeans
from domain.values import faults
from domain.values.text import tidy

Direction = Literal["received", "sent"]
ThirdParty = Literal["customers", "suppliers", "suspense"]


class Counterparty(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who stands at the other end as the bank names him; empty where it does not say."""

    name: str = ""
    iban: str = ""


class PaymentRecorded(Event, frozen=True, kw_only=True):
    """Money moved on a bank account; `amount` is positive, in minor units.

    `role` says on which third-party account the other side stands; without a known party it is
    the suspense account. What a bank statement says of it: its line (from 1; 0 is none), the free
    `communication`, and the `structured` one as twelve digits (OGM) or RF….
    """

    stored_as: ClassVar[str] = "payment.recorded.v1"

    payment_id: str
    journal: str
    direction: Direction
    value_date: date | None = None
    date: date
    amount: int
    currency: str
    role: ThirdParty
    party: str
    party_name: str
    reference: str
    label: str
    means: PaymentMeans = "transfer"
    statement_id: str = ""
    statement_line: int = 0
    counterparty: Counterparty = Counterparty()
    communication: str = ""
    structured: str = ""

    @property
    def tags(self) -> tuple[str, ...]:
        return (document_tag("payment", self.payment_id),)


class NewPayment(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Money that moved, as a bank statement shows it; `amount` is positive, in minor units.

    Without a party it waits on the suspense account; an empty journal or currency is the
    company's own.
    """

    direction: Direction
    value_date: date | None = None
    date: date
    amount: int
    role: ThirdParty
    party: str = ""
    journal: str = ""
    currency: str = ""
    reference: str = ""
    label: str = ""
    means: PaymentMeans = "transfer"
    statement_id: str = ""
    statement_line: int = 0
    counterparty: Counterparty = Counterparty()
    communication: str = ""
    structured: str = ""


class Payment(Struct, frozen=True, kw_only=True):
    """A recorded payment and the event that recorded it."""

    position: int
    document: PaymentRecorded


class PartyIsMisplaced(Refused, frozen=True, kw_only=True):
    """Customers' and suppliers' money has a party, money on the suspense account has none."""

    code = "party_misplaced"
    rule = "C14"
    text = words(
        en="A payment of {role} must name its party, and one in suspense must not.",
        fr="Un paiement {role} doit nommer son tiers ; en attente, il n'en a pas.",
        nl="Een betaling van {role} moet haar derde noemen; in afwachting heeft ze er geen.",
    )

    role: str


class DateIsInFuture(Refused, frozen=True, kw_only=True):
    """Money cannot have moved on a day that has not come."""

    code = "date_in_future"
    rule = "M16"
    text = words(
        en="{day} has not come yet: today is {today}.",
        fr="Le {day} n'est pas encore arrivé : nous sommes le {today}.",
        nl="{day} is nog niet aangebroken: vandaag is {today}.",
    )

    day: date
    today: date


class PaymentIsUnknown(Refused, frozen=True, kw_only=True):
    """No payment has that id in this book."""

    code = "payment_unknown"
    rule = "C11"
    text = words(
        en="There is no payment {payment_id}.",
        fr="Il n'y a pas de paiement {payment_id}.",
        nl="Er is geen betaling {payment_id}.",
    )

    payment_id: str


def record(payment_id: str, new: NewPayment, party: Contact | None, standing: Standing) -> Decision:
    """Records money that moved, today or before, with its entry on the bank journal (C11)."""
    new = tidy(new)
    if new.party and party is None:
        return ContactIsUnknown(contact_id=new.party[:60], pointer="/party")
    refused = judge(PAYMENT_RULES, new, standing)
    if refused is not None:
        return refused
    recorded = PaymentRecorded(
        payment_id=payment_id,
        journal=standing.journal,
        direction=new.direction,
        date=new.date,
        amount=new.amount,
        currency=new.currency or standing.company.currency,
        role=new.role,
        party=new.party,
        party_name=party.details.name if party is not None else "",
        reference=new.reference,
        label=new.label,
        means=new.means,
        value_date=new.value_date,
        statement_id=new.statement_id,
        statement_line=new.statement_line,
        counterparty=new.counterparty,
        communication=new.communication,
        structured=new.structured,
    )
    return [recorded, _enter(recorded, standing)]


def entry_lines(payment: PaymentRecorded, company: Company) -> tuple[EntryLine, ...]:
    """The lines that book the payment, with the accounts the company has that day."""
    journal = _journal(company, payment.journal)
    bank = (journal.account if journal is not None else "") or company.accounts["bank"]
    if is_to_collect(payment):
        bank = company.accounts["cheques_to_collect"]
    return of_money(
        bank,
        company.accounts[payment.role],
        Party(contact_id=payment.party, label=label(payment)),
        payment.amount,
        received=payment.direction == "received",
    )


def is_to_collect(payment: PaymentRecorded) -> bool:
    """Whether it is a cheque in hand (5112): what a bank's own statement says is on the bank."""
    received = payment.direction == "received" and payment.means == "cheque"
    return received and not payment.statement_id


def find_journal(company: Company, code: str) -> Journal | JournalIsUnknown:
    """The bank or cash journal of that code; without a code, the first of the bank (C12).

    Cards that are paid out together have a bank journal of their own.
    """
    journal = _journal(company, code)
    return journal or JournalIsUnknown(kind="bank", journal=code, pointer="/journal")


def label(payment: PaymentRecorded) -> str:
    """What the entry of a payment says: its own words, or whose and which it is."""
    said = payment.party_name or payment.counterparty.name
    return payment.label or " ".join(filter(None, (said, payment.reference))) or "-"


def evolve(before: Payment | None, fact: Recorded) -> Payment | None:
    """The payment after one more event of its tag; its entry changes nothing."""
    if isinstance(fact.event, PaymentRecorded):
        return Payment(position=fact.position, document=fact.event)
    return before


def _journal(company: Company, code: str) -> Journal | None:
    till = company.journal("cash", code) if code else None
    return company.journal("bank", code) or till


def _readable(new: NewPayment, _: Standing) -> Refused | None:
    return faults.unreadable(new) or faults.out_of_years(new.value_date, "/value_date")


def _of_an_amount(new: NewPayment, _: Standing) -> Refused | None:
    unknown = faults.unknown_currency(new.currency) if new.currency else None
    return unknown or faults.out_of_bounds(new.amount, "/amount", least=1)


def _with_its_party(new: NewPayment, _: Standing) -> Refused | None:
    if (new.role == "suspense") == (new.party == ""):
        return None
    return PartyIsMisplaced(role=new.role, pointer="/party")


def _in_the_past(new: NewPayment, standing: Standing) -> Refused | None:
    if new.date <= standing.today:
        return faults.out_of_years(new.date, "/date")
    return DateIsInFuture(day=new.date, today=standing.today, pointer="/date")


def _in_an_open_period(new: NewPayment, standing: Standing) -> Refused | None:
    return check_open(standing.lock, new.date, "/date")


PAYMENT_RULES = (_readable, _of_an_amount, _with_its_party, _in_the_past, _in_an_open_period)


def _enter(payment: PaymentRecorded, standing: Standing) -> EntryPosted:
    """The entry; a payment without a reference of its own is known by its entry's number."""
    series = entry_series(standing.company, standing.journal, payment.date)
    piece = write_number(series.partition(":")[2], assign_next(standing.last_entry))
    document = DocumentReference(
        kind="payment",
        id=payment.payment_id,
        number=payment.reference or piece,
        issue_date=payment.date,
        party=payment.party,
        party_name=payment.party_name,
    )
    return enter(
        document,
        entry_lines(payment, standing.company),
        standing,
        day=payment.date,
        currency=payment.currency,
        label=label(payment),
    )
