"""A payment that waited in suspense and whose it turned out to be (C4, M45)."""

from datetime import date
from typing import ClassVar, Literal

from msgspec import Struct

from domain.book.event import Event, Recorded
from domain.ledger.entry import EntryLine, EntryPosted, document_tag
from domain.ledger.posting import Share, of_assignment
from domain.treasury.payment import Direction, PaymentRecorded
from domain.treasury.reversal import PaymentReversed

AssignedRole = Literal["customers", "suppliers", "account"]


class AssignedPart(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a payment: on a third party's account, or on an account of its own.

    `amount` is in the payment's own direction; negative parts are what was kept back (charges).
    """

    account: str
    amount: int
    role: AssignedRole = "account"
    party: str = ""
    party_name: str = ""


class PaymentAssigned(Event, frozen=True, kw_only=True):
    """A payment leaves the suspense account for those whose it is; Σ parts = its amount.

    `suspense` is the account it waited on, `paid_on` the day of the payment, `date` that of the
    miscellaneous entry which moves it. `reason` says why, in the words of the proposal accepted;
    `counterparty` is the bank account it came from or went to.
    """

    stored_as: ClassVar[str] = "payment.assigned.v1"

    payment_id: str
    direction: Direction
    currency: str
    suspense: str
    paid_on: date
    date: date
    label: str
    parts: tuple[AssignedPart, ...]
    reason: str = ""
    counterparty: str = ""

    @property
    def tags(self) -> tuple[str, ...]:
        return (document_tag("payment", self.payment_id),)


class Waiting(Struct, frozen=True, kw_only=True):
    """A payment that waits on the suspense account, with the account and number of its entry."""

    position: int
    document: PaymentRecorded
    suspense: str = ""
    number: str = ""


class Assigned(Struct, frozen=True, kw_only=True):
    """A payment that has left it; `entry` is the position of the entry that moved it."""

    position: int
    document: PaymentRecorded
    assigned: PaymentAssigned
    entry: int = 0


class Elsewhere(Struct, frozen=True, kw_only=True):
    """A payment that never waited, or was reversed."""

    position: int
    document: PaymentRecorded


Assignable = Waiting | Assigned | Elsewhere


def entry_lines(assigned: PaymentAssigned) -> tuple[EntryLine, ...]:
    """The lines that move the payment: out of suspense, then each part in the order given."""
    shares = [Share(part.account, part.party, part.amount) for part in assigned.parts]
    received = assigned.direction == "received"
    return of_assignment(assigned.suspense, shares, assigned.label, received=received)


def evolve(known: Assignable | None, fact: Recorded) -> Assignable | None:
    """Where a payment stands after one more event of its tag."""
    match fact.event, known:
        case PaymentRecorded() as recorded, _:
            kind = Waiting if recorded.role == "suspense" else Elsewhere
            return kind(position=fact.position, document=recorded)
        case EntryPosted() as entry, Waiting(suspense="") as waiting:
            return Waiting(
                position=waiting.position,
                document=waiting.document,
                suspense=entry.lines[1].account,
                number=entry.document.number,
            )
        case PaymentReversed(), _ if known is not None:
            return Elsewhere(position=fact.position, document=known.document)
        case PaymentAssigned() as assigned, Waiting() as waiting:
            return Assigned(position=waiting.position, document=waiting.document, assigned=assigned)
        case EntryPosted(), Assigned(entry=0) as moved:
            return Assigned(
                position=moved.position,
                document=moved.document,
                assigned=moved.assigned,
                entry=fact.position,
            )
    return known
