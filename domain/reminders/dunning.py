"""Whether an instalment may be reminded at a level today: the rules, one after the other (M43)."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from msgspec import Struct

from domain.book.event import Recorded
from domain.book.refusal import Refused, judge
from domain.countries.atlas import RULES
from domain.countries.late_payment import Channel, Tariff
from domain.ledger.entry import EntryLine
from domain.parties.company import Company
from domain.parties.contact import Contact
from domain.reminders.dispute import Dispute, InvoiceIsDisputed
from domain.reminders.late_fees import Claimed
from domain.reminders.late_interest import Settlement
from domain.reminders.policy import (
    LEVELS,
    ReminderPolicy,
    Suspension,
    check_not_suspended,
)
from domain.reminders.refusals import (
    BankIsNotBooked,
    InstalmentIsNotDue,
    InstalmentIsSettled,
    LevelIsIssued,
    LevelIsOutOfOrder,
    ReminderIsTooEarly,
    ReminderIsUnsent,
)
from domain.reminders.reminder import Failed, Issued, Reminder, ReminderIssued, Sent
from domain.sales.debt import Receivable
from domain.sales.write_off import InvoiceIsWrittenOff
from domain.treasury.lettering import EntriesLettered, EntriesUnlettered


class Instalment(Struct, frozen=True, kw_only=True):
    """A line of an invoice's entry as a debt: what settled it, and which letters named it.

    `reminders` are those that name it and have not failed for good, in the order of their issue.
    """

    entry: int
    line: int
    posted: EntryLine
    debt: Receivable
    settlements: tuple[Settlement, ...] = ()
    dispute: Dispute | None = None
    reminders: tuple[Issued | Sent, ...] = ()
    claimed: Claimed = Claimed()

    @property
    def number(self) -> str:
        """The number of its invoice."""
        return self.debt.document.document_number

    @property
    def due_date(self) -> date:
        """When it falls due."""
        return self.posted.due_date or self.debt.document.due_date

    @property
    def open(self) -> int:
        """What is left of it, in minor units."""
        return self.posted.debit - sum(each.amount for each in self.settlements)

    @property
    def level(self) -> int:
        """The level that it was last reminded at; 0 is none."""
        return max((each.document.level for each in self.reminders), default=0)


class Circumstances(Struct, frozen=True, kw_only=True):
    """What is known about the customer and the books beside the instalment.

    `bank_until` is up to when the bank journal furthest back is booked, `credits` what of the
    customer's money and credit notes is not lettered, in minor units.
    """

    today: date
    company: Company
    customer: Contact
    policy: ReminderPolicy
    suspension: Suspension | None
    bank_until: date | None
    credits: int = 0

    @property
    def tariff(self) -> Tariff:
        """What the customer owes when he is late: by law, or by contract within the law."""
        nature = self.customer.details.nature
        law = RULES[self.company.country].late_payment.of(nature)
        return law.agreed(self.policy.rate_for(nature))


def check_due(instalment: Instalment, level: int, known: Circumstances) -> Refused | None:
    """Why the instalment is not reminded at that level today; None where it is."""
    return judge(DUE_RULES, instalment, level, known)


def next_level(instalment: Instalment) -> int:
    """The level that is next for an instalment; past the last it stays the last."""
    return min(instalment.level + 1, LEVELS)


def earliest_next(level: int, channel: Channel, sent_on: date, known: Circumstances) -> date:
    """The first day on which the next level may follow a letter that leaves on `sent_on`.

    A consumer has the days of the law to pay after his free first reminder.
    """
    agreed = sent_on + timedelta(days=known.policy.between)
    consumer = known.tariff.consumer
    if level > 1 or consumer is None or sent_on < consumer.valid_from:
        return agreed
    return max(agreed, consumer.free_until(channel, sent_on) + timedelta(days=1))


def check_not_lost(instalment: Instalment) -> InvoiceIsWrittenOff | None:
    """Refuses what was written off."""
    debt = instalment.debt
    if debt.loss is None:
        return None
    return InvoiceIsWrittenOff(
        number=instalment.number,
        write_off=debt.loss.document_number,
        position=debt.loss_position,
    )


def _standing(instalment: Instalment, _: int, __: Circumstances) -> Refused | None:
    lost = check_not_lost(instalment)
    if lost is not None or instalment.open > 0:
        return lost
    return InstalmentIsSettled(number=instalment.number, due=instalment.due_date)


def _overdue(instalment: Instalment, _: int, known: Circumstances) -> Refused | None:
    if instalment.due_date < known.today:
        return None
    return InstalmentIsNotDue(number=instalment.number, due=instalment.due_date)


def _undisputed(instalment: Instalment, _: int, __: Circumstances) -> Refused | None:
    dispute = instalment.dispute
    if dispute is None:
        return None
    return InvoiceIsDisputed(number=instalment.number, position=dispute.position)


def _of_a_reminded_customer(_: Instalment, __: int, known: Circumstances) -> Refused | None:
    return check_not_suspended(known.customer.details.name, known.suspension)


def _with_the_bank_booked(instalment: Instalment, _: int, known: Circumstances) -> Refused | None:
    """Booked past the due date, and past the letter before, which he may have paid upon."""
    sent = (each.sent.sent_on for each in instalment.reminders if isinstance(each, Sent))
    needed = max([instalment.due_date, *sent])
    if known.bank_until is not None and known.bank_until > needed:
        return None
    return BankIsNotBooked(number=instalment.number, needed=needed)


def _once_and_in_order(instalment: Instalment, level: int, _: Circumstances) -> Refused | None:
    for reminder in instalment.reminders:
        if reminder.document.level == level:
            return LevelIsIssued(
                level=level,
                number=instalment.number,
                reminder=reminder.document.document_number,
                position=reminder.position,
            )
        if isinstance(reminder, Issued):
            return ReminderIsUnsent(
                reminder=reminder.document.document_number,
                number=instalment.number,
                position=reminder.position,
            )
    if level == instalment.level + 1 <= LEVELS:
        return None
    return LevelIsOutOfOrder(
        level=level, number=instalment.number, expected=next_level(instalment), pointer="/level"
    )


def _late_enough(instalment: Instalment, level: int, known: Circumstances) -> Refused | None:
    sent = (each.sent.earliest_next for each in instalment.reminders if isinstance(each, Sent))
    days = known.policy.after_due[level - 1]
    earliest = max([instalment.due_date + timedelta(days=days), *sent])
    if known.today >= earliest:
        return None
    return ReminderIsTooEarly(level=level, number=instalment.number, earliest=earliest)


DUE_RULES = (
    _standing,
    _overdue,
    _undisputed,
    _of_a_reminded_customer,
    _once_and_in_order,
    _late_enough,
    _with_the_bank_booked,
)


def still_owed(instalment: Instalment, open_: int) -> bool:
    """Whether an instalment is owed as a letter says that was issued before."""
    lost = instalment.debt.loss is not None or instalment.dispute is not None
    return instalment.open == open_ and not lost


def naming(reminders: Mapping[str, Reminder], line: int, entry: int) -> Iterator[Issued | Sent]:
    """Of a customer's reminders, those that name an instalment and count."""
    for reminder in reminders.values():
        places = [(item.entry, item.line) for item in reminder.document.items]
        if not isinstance(reminder, Failed) and (entry, line) in places:
            yield reminder


def issued_ids(before: tuple[str, ...], fact: Recorded) -> tuple[str, ...]:
    """The reminders that name an entry, after one more event of its tag."""
    if isinstance(fact.event, ReminderIssued):
        return (*before, fact.event.reminder_id)
    return before


def standing_letterings(
    before: Mapping[str, EntriesLettered], fact: Recorded
) -> Mapping[str, EntriesLettered]:
    """The letterings of an entry's lines that hold, after one more event of its tag."""
    match fact.event:
        case EntriesLettered() as lettered:
            return {**before, lettered.lettering_id: lettered}
        case EntriesUnlettered(lettering_id=undone):
            return {key: each for key, each in before.items() if key != undone}
    return before
