"""Taking a payment back: its reversing entry, on the day on which the money went back (M39)."""

from datetime import date

from msgspec import Struct

from domain.book.event import Decision
from domain.book.refusal import Refused
from domain.ledger.entering import Standing, enter
from domain.ledger.entry import DocumentReference, EntryLine, EntryPosted
from domain.ledger.period import check_open
from domain.treasury import payment
from domain.treasury.payment import DateIsInFuture, PaymentRecorded
from domain.treasury.reversal import (
    PaymentIsReversed,
    PaymentReversed,
    Reversal,
    ReversedBeforePaid,
    ReversedPart,
    entry_lines,
)
from domain.values import faults
from domain.values.text import tidy


class NewReversal(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a payment is taken back, and on which day: today, if it is not given."""

    reason: str
    returned_on: date | None = None


class Moved(Struct, frozen=True, kw_only=True):
    """A payment as its entries moved it: the bank's line, and those where its money stands now.

    `entry` is the position of the entry that has those lines, from its line 1 on: that of the
    payment, or of its assignment.
    """

    document: PaymentRecorded
    bank: str
    entry: int
    lines: tuple[EntryLine, ...]
    number: str


def reverse(
    moved: Moved | None, payment_id: str, known: Reversal | None, new: NewReversal, stand: Standing
) -> Decision:
    """Takes a payment back whole, with an entry on its journal; its letterings are undone before.

    `stand` is that of the payment's journal on the day of the reversal.
    """
    if moved is None:
        return payment.PaymentIsUnknown(payment_id=payment_id[:60])
    if known is not None:
        return PaymentIsReversed(payment_id=payment_id, position=known.position)
    reason = tidy(new.reason)
    paid, day = moved.document, new.returned_on or stand.today
    refused = (
        faults.unreadable(reason)
        or faults.missing(reason, "/reason")
        or _check_day(paid, day, stand)
    )
    if refused is not None:
        return refused
    reversed_ = PaymentReversed(
        payment_id=payment_id,
        journal=paid.journal,
        direction=paid.direction,
        currency=paid.currency,
        bank=moved.bank,
        parts=tuple(_part(line, paid) for line in moved.lines),
        paid_on=paid.date,
        date=day,
        label=payment.label(paid),
        reason=reason,
    )
    return [reversed_, _enter(reversed_, moved, stand)]


def _check_day(paid: PaymentRecorded, day: date, stand: Standing) -> Refused | None:
    if day < paid.date:
        return ReversedBeforePaid(day=day, paid_on=paid.date, pointer="/returned_on")
    if day > stand.today:
        return DateIsInFuture(day=day, today=stand.today, pointer="/returned_on")
    return check_open(stand.lock, day, "/returned_on")


def _part(line: EntryLine, paid: PaymentRecorded) -> ReversedPart:
    signed = line.credit - line.debit
    amount = signed if paid.direction == "received" else -signed
    return ReversedPart(account=line.account, amount=amount, party=line.party)


def _enter(reversed_: PaymentReversed, moved: Moved, stand: Standing) -> EntryPosted:
    document = DocumentReference(
        kind="payment_reversal",
        id=reversed_.payment_id,
        number=moved.number,
        issue_date=reversed_.date,
        party=moved.document.party,
        party_name=moved.document.party_name,
    )
    return enter(
        document,
        entry_lines(reversed_),
        stand,
        day=reversed_.date,
        currency=reversed_.currency,
        label=reversed_.label,
    )
