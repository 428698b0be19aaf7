"""The lock date: up to it nothing is posted any more."""

from datetime import date
from typing import ClassVar

from msgspec import Struct

from domain.book.event import Decision, Event, Recorded
from domain.book.refusal import Refused, words
from domain.values import faults
from domain.values.text import tidy

PERIOD_TAG = "period"


class PeriodLocked(Event, frozen=True, kw_only=True):
    """No entry dated `until` or before is posted from now on (V16)."""

    stored_as: ClassVar[str] = "period.locked.v1"

    until: date
    reason: str

    @property
    def tags(self) -> tuple[str, ...]:
        return (PERIOD_TAG,)


class PeriodReopened(Event, frozen=True, kw_only=True):
    """The lock date moves back to `until` (None: no lock), for a reason that is kept (V16)."""

    stored_as: ClassVar[str] = "period.reopened.v1"

    until: date | None
    reason: str

    @property
    def tags(self) -> tuple[str, ...]:
        return (PERIOD_TAG,)


class Lock(Struct, frozen=True, kw_only=True):
    """The lock as of now: the last locked day (None: nothing is) and the event that says so."""

    until: date | None
    position: int


class PeriodIsLocked(Refused, frozen=True, kw_only=True):
    """The day lies in a period that is locked."""

    code = "period_locked"
    rule = "V16"
    text = words(
        en="{day} lies in a period locked until {until}.",
        fr="Le {day} est dans une période verrouillée jusqu'au {until}.",
        nl="{day} valt in een periode die vergrendeld is tot {until}.",
    )

    day: date
    until: date


class LockDoesNotAdvance(Refused, frozen=True, kw_only=True):
    """A lock date only moves forward; to move it back is to reopen."""

    code = "lock_not_later"
    rule = "V16"
    text = words(
        en="The books are locked until {until}: only reopening moves that date back.",
        fr="Les comptes sont verrouillés jusqu'au {until} : seule une réouverture recule la date.",
        nl="De boeken zijn vergrendeld tot {until}: alleen heropenen zet die datum terug.",
    )

    until: date


class LockIsInFuture(Refused, frozen=True, kw_only=True):
    """A day that is not over cannot be locked: today's invoices carry its date."""

    code = "lock_in_future"
    rule = "V16"
    text = words(
        en="{until} is not over yet and cannot be locked.",
        fr="Le {until} n'est pas encore terminé et ne peut être verrouillé.",
        nl="{until} is nog niet voorbij en kan niet vergrendeld worden.",
    )

    until: date


class NothingToReopen(Refused, frozen=True, kw_only=True):
    """The books are not locked that far."""

    code = "nothing_to_reopen"
    rule = "V16"
    text = words(
        en="The books are not locked beyond that date.",
        fr="Les comptes ne sont pas verrouillés au-delà de cette date.",
        nl="De boeken zijn niet vergrendeld na die datum.",
    )


def lock(before: Lock | None, until: date, reason: str, *, today: date) -> Decision:
    """Locks every day up to `until`, which is over and later than what is locked already."""
    reason = tidy(reason)
    refused = faults.unreadable(reason)
    if refused is not None:
        return refused
    if until >= today:
        return LockIsInFuture(until=until, pointer="/until")
    if before is not None and before.until is not None and until <= before.until:
        return LockDoesNotAdvance(until=before.until, position=before.position, pointer="/until")
    return [PeriodLocked(until=until, reason=reason)]


def reopen(before: Lock | None, until: date | None, reason: str) -> Decision:
    """Moves the lock back to `until`, or takes it away; the reason is kept for ever."""
    reason = tidy(reason)
    refused = faults.missing(reason, "/reason") or faults.unreadable(reason)
    if refused is not None:
        return refused
    if before is None or before.until is None or (until is not None and until >= before.until):
        return NothingToReopen(position=before.position if before else None, pointer="/until")
    return [PeriodReopened(until=until, reason=reason)]


def check_open(current: Lock | None, day: date, pointer: str = "") -> PeriodIsLocked | None:
    """Refuses a day in a locked period, naming the event that locked it."""
    if current is None or current.until is None or day > current.until:
        return None
    return PeriodIsLocked(day=day, until=current.until, position=current.position, pointer=pointer)


def evolve(_before: Lock | None, fact: Recorded) -> Lock | None:
    """The lock after one more event of its tag: each says all there is."""
    return of_fact(fact)


def of_fact(fact: Recorded | None) -> Lock | None:
    """The lock that the newest event of its tag describes; None when it was never locked."""
    match fact:
        case Recorded(event=PeriodLocked(until=until) | PeriodReopened(until=until)):
            return Lock(until=until, position=fact.position)
    return None
