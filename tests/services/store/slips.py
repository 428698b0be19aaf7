"""Two small events for tests of the book: a slip takes a number, a note only says something."""

from collections.abc import Callable
from typing import Any, ClassVar

from domain.book.event import Event, Recorded
from services.store.mapper import Mapper
from services.store.pen import Pen, Reader

Decide = Callable[[Pen], None]


class SlipStamped(Event, frozen=True, kw_only=True):
    """A slip takes the next number of its series; `day` never goes back within it."""

    stored_as: ClassVar[str] = "slip.stamped.v1"

    series: str
    number: int
    day: int
    writer: str = ""

    @property
    def tags(self) -> tuple[str, ...]:
        return (f"series:{self.series}",)


class NoteTaken(Event, frozen=True, kw_only=True):
    """Something is said about things."""

    stored_as: ClassVar[str] = "note.taken.v1"

    text: str
    about: tuple[str, ...] = ()

    @property
    def tags(self) -> tuple[str, ...]:
        return self.about


MAPPER = Mapper({event.stored_as: event for event in (SlipStamped, NoteTaken)})


def stamp(series: str, writer: str = "") -> Decide:
    """Stamps the next slip of a series."""

    def decide(pen: Pen) -> None:
        last = pen.last(f"series:{series}")
        number = 1 if last is None else slip(last).number + 1
        day = pen.now.toordinal()
        pen.append([SlipStamped(series=series, number=number, day=day, writer=writer)])

    return decide


def note(text: str, *about: str) -> Decide:
    """Takes a note."""

    def decide(pen: Pen) -> None:
        pen.append([NoteTaken(text=text, about=about)])

    return decide


def slip(fact: Recorded) -> SlipStamped:
    """The slip of a fact that is one."""
    assert isinstance(fact.event, SlipStamped)
    return fact.event


def texts(reader: Reader, tag: str) -> list[str]:
    """The notes about a thing, in order."""

    def add(found: list[str], fact: Recorded) -> list[str]:
        assert isinstance(fact.event, NoteTaken)
        return [*found, fact.event.text]

    return reader.fold(add, [], tag)


def last_number(series: str) -> Callable[[Reader], int]:
    """An answer: the newest number of a series, 0 before the first."""

    def answer(reader: Reader) -> int:
        last = reader.last(f"series:{series}")
        return 0 if last is None else slip(last).number

    return answer


def nothing(reader: Reader) -> Any:
    """The answer of a command whose answer does not matter."""
    return None
