"""What an event is: an immutable fact with a stored name, and the tags under which it is found."""

from datetime import datetime
from typing import ClassVar

from msgspec import Struct

from domain.book.refusal import Refused


class Event(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A fact of one book, in the past tense of the business.

    `stored_as` is its name in the log (`noun.verb_past.vN`), for ever. An event whose data has the
    members `series` and `number` takes that number in that series; the store refuses a second one.
    """

    stored_as: ClassVar[str] = ""

    @property
    def tags(self) -> tuple[str, ...]:
        """The tags that find this event again: as few as its readers need, for each costs a row."""
        raise NotImplementedError(type(self).__name__)


class Recorded(Struct, frozen=True, kw_only=True):
    """An event as it stands in its book: where, when, by whom, by which command."""

    book_id: str
    position: int
    recorded_at: datetime
    event: Event
    tags: tuple[str, ...] = ()
    actor: str = ""
    command: str = ""
    cause: str = ""
    software: str = ""


Decision = list[Event] | Refused
"""What a decision gives: new events, or the refusal of the command."""


def numbered(event: Event) -> tuple[str, int] | None:
    """The (series, number) an event takes, or None for an event without a number."""
    series = getattr(event, "series", None)
    return None if series is None else (series, event.number)  # type: ignore[attr-defined]
