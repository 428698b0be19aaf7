"""A payment that is taken back: unticked, returned by the bank, or never made (A2.3, M39)."""

from datetime import date
from typing import ClassVar

from msgspec import Struct

from domain.book.event import Event, Recorded
from domain.book.refusal import Refused, words
from domain.ledger.entry import EntryLine, document_tag
from domain.ledger.posting import Share, of_assignment
from domain.treasury.payment import Direction, PaymentRecorded


class ReversedPart(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of the payment as it stood: its account, third party or "", and amount."""

    account: str
    amount: int
    party: str = ""


class PaymentReversed(Event, frozen=True, kw_only=True):
    """A payment is taken back whole, on the day `date`, for a reason that is kept.

    `direction` is that of the payment, `bank` the account it moved on, `parts` where it stood when
    it was taken back, in its own direction; `paid_on` is its day.
    """

    stored_as: ClassVar[str] = "payment.reversed.v1"

    payment_id: str
    journal: str
    direction: Direction
    currency: str
    bank: str
    parts: tuple[ReversedPart, ...]
    paid_on: date
    date: date
    label: str
    reason: str

    @property
    def tags(self) -> tuple[str, ...]:
        return (document_tag("payment", self.payment_id),)


class Reversal(Struct, frozen=True, kw_only=True):
    """A reversal of the book; `entry` is the position of its entry."""

    position: int
    document: PaymentReversed
    entry: int = 0


class PaymentIsReversed(Refused, frozen=True, kw_only=True):
    """The payment was taken back before."""

    code = "payment_reversed"
    rule = "M39"
    text = words(
        en="Payment {payment_id} was taken back already.",
        fr="Le paiement {payment_id} a déjà été annulé.",
        nl="Betaling {payment_id} is al teruggenomen.",
    )

    payment_id: str


class ReversedBeforePaid(Refused, frozen=True, kw_only=True):
    """Money does not come back before the day on which it went."""

    code = "reversed_before_paid"
    rule = "M39"
    text = words(
        en="{day} is before {paid_on}, the day of the payment.",
        fr="Le {day} précède le {paid_on}, jour du paiement.",
        nl="{day} ligt voor {paid_on}, de dag van de betaling.",
    )

    day: date
    paid_on: date


class ReversalStands(Refused, frozen=True, kw_only=True):
    """A payment that was taken back stays lettered with its reversal: the money is gone."""

    code = "reversal_stands"
    rule = "M39"
    text = words(
        en="Lettering {letters} joins a payment with its reversal: record the payment anew.",
        fr="Le lettrage {letters} joint un paiement à son annulation : saisissez-le à nouveau.",
        nl="Afpunting {letters} verbindt een betaling met haar terugname: boek ze opnieuw.",
    )

    letters: str


def entry_lines(reversal: PaymentReversed) -> tuple[EntryLine, ...]:
    """The lines that undo the payment: the bank, then each part in the order given."""
    shares = [Share(part.account, part.party, part.amount) for part in reversal.parts]
    received = reversal.direction == "received"
    return of_assignment(reversal.bank, shares, reversal.label, received=not received)


def evolve(before: Reversal | None, fact: Recorded) -> Reversal | None:
    """The reversal of a payment after one more event of the payment's tag."""
    match fact.event:
        case PaymentRecorded():
            return None
        case PaymentReversed() as document:
            return Reversal(position=fact.position, document=document, entry=fact.position + 1)
    return before
