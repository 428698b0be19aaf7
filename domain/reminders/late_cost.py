"""What being late costs on the instalments of an invoice: in business, and for a consumer."""

from collections.abc import Sequence
from datetime import date

from domain.countries.late_payment import ConsumerLaw
from domain.reminders.dunning import Circumstances, Instalment
from domain.reminders.late_fees import Cost, FirstReminderIsFree
from domain.reminders.late_interest import LateInterest, Settlement, reckon
from domain.reminders.reminder import ReminderSent, Sent

EURO = "EUR"


def cost_of(instalments: Sequence[Instalment], until: date, known: Circumstances) -> Cost:
    """What being late costs on the instalments of one invoice by a day, claimed or not."""
    if known.tariff.consumer is not None:
        return _of_consumer(instalments, until, known, known.tariff.consumer)
    late = [each for each in instalments if _was_late(each, until)]
    is_owed = bool(late) and late[0].debt.document.currency == EURO
    return Cost(
        interest={each.line: _interest(each, each.due_date, until, known) for each in late},
        indemnity=known.tariff.lump_sum if is_owed else 0,
    )


def announced(instalments: Sequence[Instalment], known: Circumstances) -> int:
    """The indemnity on an invoice that may follow a consumer's free reminder; else nothing."""
    consumer = known.tariff.consumer
    if consumer is None or not known.policy.consumer_terms:
        return 0
    return _indemnity(instalments, consumer)


def check_free(
    instalments: Sequence[Instalment], until: date, known: Circumstances
) -> FirstReminderIsFree | None:
    """Refuses costs to a consumer before the days of a free reminder are over (CDE XIX.2)."""
    consumer = known.tariff.consumer
    if consumer is None or any(_is_due(each, until, consumer) for each in instalments):
        return None
    return FirstReminderIsFree(number=instalments[0].number)


def _of_consumer(
    instalments: Sequence[Instalment], until: date, known: Circumstances, consumer: ConsumerLaw
) -> Cost:
    """Nothing before the free reminder's days are over, or without terms that provide it.

    Interest, at the civil rate, runs from the day after the reminder was sent (XIX.2, § 5).
    """
    owing = [each for each in instalments if _is_due(each, until, consumer)]
    if not owing or not known.policy.consumer_terms:
        return Cost(interest={}, indemnity=0)
    interest = {
        each.line: _interest(each, first.sent_on, until, known)
        for each in owing
        if (first := first_sent(each)) is not None
    }
    return Cost(interest=interest, indemnity=_indemnity(owing, consumer))


def first_sent(instalment: Instalment) -> ReminderSent | None:
    """When the first letter about an instalment left, if one did."""
    return next((each.sent for each in instalment.reminders if isinstance(each, Sent)), None)


def _is_due(instalment: Instalment, until: date, consumer: ConsumerLaw) -> bool:
    """Whether a consumer owes it still after the days that the free reminder left him."""
    first = first_sent(instalment)
    if first is None or instalment.open <= 0:
        return False
    return until > consumer.free_until(first.delivery.channel, first.sent_on)


def _indemnity(instalments: Sequence[Instalment], consumer: ConsumerLaw) -> int:
    """The indemnity that the law allows on what is left of an invoice, all instalments together."""
    principal = sum(each.open for each in instalments)
    in_euro = bool(instalments) and instalments[0].debt.document.currency == EURO
    return consumer.indemnity(principal) if in_euro and principal > 0 else 0


def _was_late(instalment: Instalment, until: date) -> bool:
    """Whether something of it was owed on a day after its due date."""
    due = instalment.due_date
    in_time = sum(each.amount for each in instalment.settlements if each.day <= due)
    return due < until and instalment.posted.debit > in_time


def _interest(
    instalment: Instalment, after: date, until: date, known: Circumstances
) -> LateInterest:
    settlements: tuple[Settlement, ...] = instalment.settlements
    if not known.tariff.rates:
        return LateInterest(until=until)
    return reckon(instalment.posted.debit, after, until, settlements, known.tariff)
