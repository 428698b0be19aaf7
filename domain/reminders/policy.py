"""When a company reminds, and whom it does not: settings that events change (M43)."""

import re
from fractions import Fraction
from itertools import pairwise
from typing import ClassVar

from msgspec import Struct

from domain.book.event import Decision, Event, Recorded
from domain.book.refusal import Refused, words
from domain.values import faults
from domain.values.text import tidy

POLICY_TAG = "reminder_policy"
LEVELS = 3
_RATE = re.compile(r"[0-9]{1,3}(\.[0-9]{1,2})?", re.ASCII)
LONGEST = 365


class ReminderPolicy(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many days after its due date each level is due, and how many lie between two letters.

    `consumer_terms`: the company's terms with consumers provide an indemnity and interest; where
    they do not, none may be asked of them. The rates (percent a year, a decimal string) are those
    of the company's contracts, empty where they say none: the law bounds them.
    """

    after_due: tuple[int, int, int] = (7, 18, 30)
    between: int = 7
    consumer_terms: bool = False
    business_rate: str = ""
    consumer_rate: str = ""

    def rate_for(self, nature: str) -> str:
        """The rate that contracts with customers of that nature say; empty: that of the law."""
        if nature == "company":
            return self.business_rate
        return self.consumer_rate if nature == "private" and self.consumer_terms else ""


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


class ContractRateIsWrong(Refused, frozen=True, kw_only=True):
    """A rate of contracts is no percentage above zero, or one for consumers lacks their terms."""

    code = "contract_rate_wrong"
    rule = "L441-10"
    text = words(
        en="{rate} is no rate of contracts: up to 100 percent, and for consumers only with terms.",
        fr="{rate} n'est pas un taux de contrat : 100 % au plus, et pour les consommateurs "
        "seulement avec des conditions.",
        nl="{rate} is geen contractuele rentevoet: hoogstens 100 procent, en voor consumenten "
        "alleen met voorwaarden.",
    )

    rate: str


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
    refused = _check_rates(policy)
    if refused is not None:
        return refused
    return [] if policy == before else [ReminderPolicySet(policy=policy)]


def _check_rates(policy: ReminderPolicy) -> ContractRateIsWrong | None:
    for name, rate in (
        ("business_rate", policy.business_rate),
        ("consumer_rate", policy.consumer_rate),
    ):
        known = _RATE.fullmatch(rate) is not None and 0 < Fraction(rate) <= 100
        meant = name == "business_rate" or policy.consumer_terms
        if rate and not (known and meant):
            return ContractRateIsWrong(rate=rate[:20], pointer=f"/{name}")
    return None


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
