"""The lock date: up to it nothing is posted any more."""

from datetime import date
from typing import ClassVar

from domain.book.event import Event

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
