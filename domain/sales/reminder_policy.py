"""When a company reminds, and whom it does not: settings that events change (M43)."""

from itertools import pairwise
from typing import ClassVar

from msgspec import Struct

from domain.book.event import Decision, Event, Recorded
from domain.book.refusal import Refused, words
from domain.values import faults
from domain.values.text import tidy

POLICY_TAG = "reminder_policy"
LEVELS = 3
LONGEST = 365


class ReminderPolicy(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many days after its due date each level is due, and how many lie between two letters.

    `consumer_terms`: the company's terms with consumers provide an indemnity and interest; where
    they do not, none may be asked of them.
    """

    after_due: tuple[int, int, int] = (7, 18, 30)
    between: int = 7
    consumer_terms: bool = False


class ReminderPolicySet(Event, frozen=True, kw_only=True):
    """The company reminds by this policy from now on."""

    stored_as: ClassVar[str] = "reminder_policy.set.v1"

    policy: ReminderPolicy

    @property
    def tags(self) -> tuple[str, ...]:
        return (POLICY_TAG,)


class _OfCustomer(Event, frozen=True, kw_only=True):
    customer_id: str
    reason: str

    @property
    def tags(self) -> tuple[str, ...]:
        return (suspension_tag(self.customer_id),)


class RemindersSuspended(_OfCustomer, frozen=True, kw_only=True):
    """A customer is reminded of nothing from now on."""

    stored_as: ClassVar[str] = "reminders.suspended.v1"


class RemindersResumed(_OfCustomer, frozen=True, kw_only=True):
    """A customer may be reminded again."""

    stored_as: ClassVar[str] = "reminders.resumed.v1"


class Suspension(Struct, frozen=True, kw_only=True):
    """Since when, by which event, a customer is not reminded."""

    position: int
    reason: str


class PolicyIsWrong(Refused, frozen=True, kw_only=True):
    """The levels of a policy do not follow each other within a year."""

    code = "reminder_policy_wrong"
    rule = "M43"
    text = words(
        en="Three levels follow each other, each later than the one before, within 365 days.",
        fr="Les trois niveaux se suivent, chacun après le précédent, en 365 jours au plus.",
        nl="De drie niveaus volgen elkaar op, elk later dan het vorige, binnen 365 dagen.",
    )


class RemindersAreSuspended(Refused, frozen=True, kw_only=True):
    """The customer is excluded from reminders."""

    code = "reminders_suspended"
    rule = "M43"
    text = words(
        en="{customer} is not reminded: {reason}.",
        fr="{customer} n'est pas relancé : {reason}.",
        nl="{customer} wordt niet aangemaand: {reason}.",
    )

    customer: str
    reason: str


class RemindersAreNotSuspended(Refused, frozen=True, kw_only=True):
    """The customer is reminded as any other."""

    code = "reminders_not_suspended"
    rule = "M43"
    text = words(
        en="{customer} is reminded as any other customer.",
        fr="{customer} est relancé comme tout autre client.",
        nl="{customer} wordt aangemaand zoals elke andere klant.",
    )

    customer: str


def set_policy(before: ReminderPolicy, policy: ReminderPolicy) -> Decision:
    """Sets the policy; nothing when it stands so."""
    days = policy.after_due
    rising = all(earlier < later for earlier, later in pairwise(days))
    if not (days[0] >= 1 and rising and days[-1] <= LONGEST):
        return PolicyIsWrong(pointer="/after_due")
    if not 1 <= policy.between <= LONGEST:
        return PolicyIsWrong(pointer="/between")
    return [] if policy == before else [ReminderPolicySet(policy=policy)]


def policy_of(fact: Recorded | None) -> ReminderPolicy:
    """The policy that the newest event of its tag sets; the usual one before the first."""
    match fact:
        case Recorded(event=ReminderPolicySet(policy=policy)):
            return policy
    return ReminderPolicy()


def suspend(customer_id: str, name: str, known: Suspension | None, reason: str) -> Decision:
    """Excludes a customer from reminders, and says why."""
    reason = tidy(reason)
    if known is not None:
        return _suspended(name, known)
    refused = faults.unreadable(reason) or faults.missing(reason, "/reason")
    return refused or [RemindersSuspended(customer_id=customer_id, reason=reason)]


def resume(customer_id: str, name: str, known: Suspension | None, reason: str) -> Decision:
    """Lets a customer be reminded again."""
    reason = tidy(reason)
    if known is None:
        return RemindersAreNotSuspended(customer=name)
    refused = faults.unreadable(reason) or faults.missing(reason, "/reason")
    return refused or [RemindersResumed(customer_id=customer_id, reason=reason)]


def suspension_of(fact: Recorded | None) -> Suspension | None:
    """The suspension that the newest event of its tag leaves standing, if any."""
    match fact:
        case Recorded(event=RemindersSuspended(reason=reason), position=position):
            return Suspension(position=position, reason=reason)
    return None


def check_not_suspended(name: str, known: Suspension | None) -> RemindersAreSuspended | None:
    """Refuses to remind a customer who is excluded."""
    return None if known is None else _suspended(name, known)


def suspension_tag(customer_id: str) -> str:
    """The tag of what says whether a customer is reminded."""
    return f"reminders_for:{customer_id}"


def _suspended(name: str, known: Suspension) -> RemindersAreSuspended:
    return RemindersAreSuspended(customer=name, reason=known.reason, position=known.position)
