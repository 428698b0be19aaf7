"""Assigning a payment: whose it was is known later, so it leaves the suspense account (C4, M45)."""

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from domain.book.event import Decision
from domain.book.refusal import Refused, judge, words
from domain.ledger.chart import is_account
from domain.ledger.entering import Standing, enter
from domain.ledger.entry import DocumentReference, EntryPosted
from domain.ledger.period import check_open
from domain.parties.company import Company
from domain.parties.contact import Contact, ContactIsUnknown
from domain.treasury import payment
from domain.treasury.assignment import (
    Assignable,
    AssignedPart,
    AssignedRole,
    PaymentAssigned,
    Waiting,
    entry_lines,
)
from domain.treasury.payment import DateIsInFuture, PaymentRecorded
from domain.values import faults
from domain.values.text import tidy

MOST_PARTS = 200


class NewPart(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a part belongs: customers or suppliers with a party, or an account without.

    A third party's part may name its account, for a company that has had several.
    """

    role: AssignedRole
    amount: int
    party: str = ""
    account: str = ""


class NewAssignment(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What becomes of a payment in suspense; without a date, on the day of the payment.

    `currency` is that of the amounts where it is said: it must be the payment's.
    """

    parts: tuple[NewPart, ...]
    assigned_on: date | None = None
    reason: str = ""
    currency: str = ""


class PaymentIsNotWaiting(Refused, frozen=True, kw_only=True):
    """Only what stands on the suspense account is assigned; anything else is lettered."""

    code = "payment_not_waiting"
    rule = "C4"
    text = words(
        en="Payment {payment_id} does not wait on the suspense account.",
        fr="Le paiement {payment_id} n'est pas en compte d'attente.",
        nl="Betaling {payment_id} staat niet op de wachtrekening.",
    )

    payment_id: str


class AssignmentIsUnbalanced(Refused, frozen=True, kw_only=True):
    """The parts do not add up to the payment, or there are none, or one is nothing."""

    code = "assignment_unbalanced"
    rule = "M45"
    text = words(
        en="The parts make {parts}, the payment is {amount}.",
        fr="Les parts font {parts}, le paiement est de {amount}.",
        nl="De delen maken {parts}, de betaling is {amount}.",
    )

    parts: int
    amount: int


class AssignedInOtherCurrency(Refused, frozen=True, kw_only=True):
    """The parts are in another currency than the payment."""

    code = "assigned_currency"
    rule = "M45"
    text = words(
        en="The payment is in {paid}, the parts are in {currency}.",
        fr="Le paiement est en {paid}, les parts en {currency}.",
        nl="De betaling is in {paid}, de delen in {currency}.",
    )

    paid: str
    currency: str


class AssignedAccountIsWrong(Refused, frozen=True, kw_only=True):
    """A part has a third party on a third party's account, or an account of another kind alone."""

    code = "assigned_account_wrong"
    rule = "C14"
    text = words(
        en="{account} cannot take this part of the payment.",
        fr="{account} ne peut recevoir cette part du paiement.",
        nl="{account} kan dit deel van de betaling niet krijgen.",
    )

    account: str


class AssignmentIsTooEarly(Refused, frozen=True, kw_only=True):
    """Money is not moved on before the day on which it came."""

    code = "assignment_too_early"
    rule = "C4"
    text = words(
        en="{day} is before {paid_on}, the day of the payment.",
        fr="Le {day} précède le {paid_on}, jour du paiement.",
        nl="{day} ligt voor {paid_on}, de dag van de betaling.",
    )

    day: date
    paid_on: date


def assign(
    known: Assignable | None,
    payment_id: str,
    new: NewAssignment,
    contacts: Mapping[str, Contact],
    standing: Standing,
) -> Decision:
    """Moves a payment from suspense to its parts, with a miscellaneous entry (C4).

    `standing` is that of the miscellaneous journal on the day of the assignment.
    """
    if known is None:
        return payment.PaymentIsUnknown(payment_id=payment_id[:60])
    if not isinstance(known, Waiting):
        return PaymentIsNotWaiting(payment_id=payment_id, position=known.position)
    new = tidy(new)
    asked = _Asked(new, known.document, contacts)
    refused = judge(ASSIGNMENT_RULES, asked, standing)
    if refused is not None:
        return refused
    paid = known.document
    assigned = PaymentAssigned(
        payment_id=payment_id,
        direction=paid.direction,
        currency=paid.currency,
        suspense=known.suspense,
        paid_on=paid.date,
        date=asked.day,
        label=payment.label(paid),
        parts=tuple(_part(part, contacts, standing.company) for part in new.parts),
        reason=new.reason,
        counterparty=paid.counterparty.iban,
    )
    return [assigned, _enter(assigned, known, standing)]


class _Asked(Struct, frozen=True):
    """An assignment with what it is about."""

    new: NewAssignment
    paid: PaymentRecorded
    contacts: Mapping[str, Contact]

    @property
    def day(self) -> date:
        """The day on which the payment is moved."""
        return self.new.assigned_on or self.paid.date


def _readable(asked: _Asked, _: Standing) -> Refused | None:
    return faults.unreadable(asked.new) or faults.out_of_years(
        asked.new.assigned_on, "/assigned_on"
    )


def _balanced(asked: _Asked, _: Standing) -> Refused | None:
    parts, amount, paid = asked.new.parts, asked.paid.amount, asked.paid.currency
    if asked.new.currency not in ("", paid):
        currency = asked.new.currency[:10]
        return AssignedInOtherCurrency(paid=paid, currency=currency, pointer="/parts")
    total = sum(part.amount for part in parts)
    if total == amount and all(part.amount for part in parts) and len(parts) <= MOST_PARTS:
        return None
    return AssignmentIsUnbalanced(parts=total, amount=amount, pointer="/parts")


def _well_placed(asked: _Asked, standing: Standing) -> Refused | None:
    company = standing.company
    for nth, part in enumerate(asked.new.parts):
        if part.party and part.party not in asked.contacts:
            return ContactIsUnknown(contact_id=part.party[:60], pointer=f"/parts/{nth}/party")
        account = _account(part, company)
        of_party = part.role != "account"
        sound = (
            is_account(account)
            and (account in company.third_party) == of_party == (part.party != "")
            and account != company.accounts["suspense"]
        )
        if not sound:
            return AssignedAccountIsWrong(account=account[:20], pointer=f"/parts/{nth}/account")
    return None


def _timely(asked: _Asked, standing: Standing) -> Refused | None:
    if asked.day < asked.paid.date:
        return AssignmentIsTooEarly(day=asked.day, paid_on=asked.paid.date, pointer="/assigned_on")
    if asked.day > standing.today:
        return DateIsInFuture(day=asked.day, today=standing.today, pointer="/assigned_on")
    return check_open(standing.lock, asked.day, "/assigned_on")


ASSIGNMENT_RULES = (_readable, _balanced, _well_placed, _timely)


def _account(part: NewPart, company: Company) -> str:
    return part.account or (company.accounts[part.role] if part.role != "account" else "")


def _part(part: NewPart, contacts: Mapping[str, Contact], company: Company) -> AssignedPart:
    contact = contacts.get(part.party)
    return AssignedPart(
        account=_account(part, company),
        amount=part.amount,
        role=part.role,
        party=part.party,
        party_name=contact.details.name if contact is not None else "",
    )


def _enter(assigned: PaymentAssigned, waiting: Waiting, standing: Standing) -> EntryPosted:
    first = assigned.parts[0]
    document = DocumentReference(
        kind="payment",
        id=assigned.payment_id,
        number=waiting.number,
        issue_date=assigned.paid_on,
        party=first.party,
        party_name=first.party_name,
    )
    return enter(
        document,
        entry_lines(assigned),
        standing,
        day=assigned.date,
        currency=assigned.currency,
        label=assigned.label,
    )
