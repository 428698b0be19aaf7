"""A reminder: one letter to one customer at one level, its amounts frozen; sent once, or failed."""

from datetime import date
from typing import Any, ClassVar, Literal, Self

from msgspec import Struct
from msgspec.structs import replace

from domain.book.event import Decision, Event, Recorded
from domain.countries.late_payment import Channel
from domain.ledger.entry import document_tag, series_tag
from domain.parties.particulars import PartyNature
from domain.privacy.personal import PersonalEvent, Sealed, SealedFields
from domain.reminders.refusals import ReminderHasFailed, ReminderIsSent
from domain.sales.document import PrintedParty
from domain.values.language import Language

REMINDERS = "RA"
"""The series of reminders: rappels."""

FailureReason = Literal["refused", "unreachable", "stale"]


class ReminderItem(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An overdue instalment as the letter asks for it; amounts in minor units.

    `open` is what is left of `amount`; `subject` what was supplied. `interest`, to the day
    `interest_until`, and `indemnity` are what being late has cost so far, less what was claimed;
    `announced` is the indemnity that may follow a consumer's free reminder. An invoice has one
    indemnity: the first of its items bears it.
    """

    entry: int
    line: int
    invoice_id: str
    invoice_number: str
    issue_date: date
    due_date: date
    subject: str
    amount: int
    open: int
    interest: int = 0
    interest_until: date | None = None
    indemnity: int = 0
    announced: int = 0


class ReminderIssued(Event, frozen=True, kw_only=True):
    """A customer is to be reminded at a level: what the letter says is frozen (M43).

    `nature` is the customer's, which decides what may be asked; `credits` what he has paid or been
    credited that is not lettered yet. `mentions` are what the law wants on the letter.
    """

    stored_as: ClassVar[str] = "reminder.issued.v1"

    reminder_id: str
    series: str
    number: int
    document_number: str
    issue_date: date
    customer_id: str
    seller: PrintedParty
    customer: PrintedParty
    nature: PartyNature
    level: int
    channel: Channel
    language: Language
    template: str
    currency: str
    items: tuple[ReminderItem, ...]
    credits: int
    earliest_next: date
    payment_reference: str
    text: str
    mentions: tuple[str, ...]

    @property
    def tags(self) -> tuple[str, ...]:
        entries = dict.fromkeys(item.entry for item in self.items)
        own = reminder_tag(self.reminder_id)
        return (own, series_tag(self.series), *map(reminded_tag, entries))

    @property
    def principal(self) -> int:
        """What is open of the instalments."""
        return sum(item.open for item in self.items)

    @property
    def due(self) -> int:
        """What the letter asks for: what is open less credits, with interest and indemnities."""
        fees = sum(item.interest + item.indemnity for item in self.items)
        return max(self.principal - self.credits, 0) + fees


class Delivery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a letter left: by post, or as the mail of that id to that address."""

    channel: Channel
    message_id: str = ""
    email: str = ""


class ReminderSent(PersonalEvent, frozen=True, kw_only=True):
    """A letter left on that day: from `earliest_next` on, the next level may follow.

    The address is stored sealed, under the key of the contact's own.
    """

    stored_as: ClassVar[str] = "reminder.sent.v1"

    reminder_id: str
    customer_id: str
    sent_on: date
    earliest_next: date
    delivery: Delivery

    @property
    def tags(self) -> tuple[str, ...]:
        return (reminder_tag(self.reminder_id),)

    @property
    def subject(self) -> str:
        """The customer's id."""
        return self.customer_id

    def in_clear(self) -> dict[str, Any]:
        """The mail address, where there is one."""
        return {"email": self.delivery.email} if self.delivery.email else {}

    def with_sealed(self, sealed: dict[str, Sealed]) -> Self:
        """The event without it, and it sealed beside."""
        return replace(self, delivery=replace(self.delivery, email=""), sealed=sealed)


class ReminderFailed(Event, frozen=True, kw_only=True):
    """A letter did not leave: `code` is the mail server's answer, 0 without one.

    Where it is `final` the letter never leaves, and its level may be issued anew; else it is tried
    again.
    """

    stored_as: ClassVar[str] = "reminder.failed.v1"

    reminder_id: str
    reason: FailureReason
    code: int
    final: bool

    @property
    def tags(self) -> tuple[str, ...]:
        return (reminder_tag(self.reminder_id),)


class Issued(Struct, frozen=True, kw_only=True):
    """A letter that is to leave; `failed` is the newest attempt that came to nothing."""

    position: int
    document: ReminderIssued
    failed: ReminderFailed | None = None


class Sent(Struct, frozen=True, kw_only=True):
    """A letter that left; the address is empty in `sent` until it is opened."""

    position: int
    document: ReminderIssued
    sent: ReminderSent

    @property
    def sealed(self) -> SealedFields:
        """Its sealed fields."""
        return self.sent.sealed


class Failed(Struct, frozen=True, kw_only=True):
    """A letter that never leaves: it counts as no reminder."""

    position: int
    document: ReminderIssued
    failed: ReminderFailed


Reminder = Issued | Sent | Failed


def check_unsent(reminder: Reminder) -> ReminderIsSent | ReminderHasFailed | None:
    """Refuses to send what left already, or never will."""
    number = reminder.document.document_number
    match reminder:
        case Sent(position=position):
            return ReminderIsSent(number=number, position=position)
        case Failed(position=position):
            return ReminderHasFailed(number=number, position=position)
    return None


def note_sent(
    reminder: Reminder, delivery: Delivery, *, sent_on: date, earliest_next: date
) -> Decision:
    """Notes that a letter left; nothing when that is known, so that it leaves once in effect."""
    if isinstance(reminder, Sent):
        return []
    return [
        ReminderSent(
            reminder_id=reminder.document.reminder_id,
            customer_id=reminder.document.customer_id,
            sent_on=sent_on,
            earliest_next=earliest_next,
            delivery=delivery,
        )
    ]


def note_failed(
    reminder: Reminder, reason: FailureReason, *, code: int = 0, final: bool
) -> Decision:
    """Notes that a letter did not leave; the same again, and what is decided, change nothing."""
    if not isinstance(reminder, Issued):
        return []
    failed = ReminderFailed(
        reminder_id=reminder.document.reminder_id, reason=reason, code=code, final=final
    )
    return [] if failed == reminder.failed else [failed]


def evolve(reminder: Reminder | None, fact: Recorded) -> Reminder | None:
    """The reminder after one more event of its tag."""
    match fact.event:
        case ReminderIssued() as document:
            return Issued(position=fact.position, document=document)
        case ReminderSent() as sent if reminder is not None:
            return Sent(position=fact.position, document=reminder.document, sent=sent)
        case ReminderFailed(final=True) as failed if isinstance(reminder, Issued):
            return Failed(position=fact.position, document=reminder.document, failed=failed)
        case ReminderFailed() as failed if isinstance(reminder, Issued):
            return replace(reminder, position=fact.position, failed=failed)
    return reminder


def reminder_tag(reminder_id: str) -> str:
    """The tag of a reminder's own events."""
    return document_tag("reminder", reminder_id)


def reminded_tag(entry: int) -> str:
    """The tag of the reminders that name instalments of the entry at that position."""
    return f"reminded_at:{entry}"
