"""What a check of the audit replay is: it takes the events of a book in, and says what is wrong."""

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any, ClassVar, Literal, NamedTuple, Protocol

from msgspec import Struct

from domain.book.event import Event, Recorded

Status = Literal["pass", "fail", "stopped", "skipped"]
SHOWN = 20
"""Failures that a check keeps in full."""
Files = Callable[[str], bytes | None]
"""Gives a kept file of the book by its digest, or None."""


class Failure(Struct, frozen=True, kw_only=True):
    """One thing that is wrong: the event, the document it is about, the field, and in words.

    `position` is 0 when it is about no single event; `upto` ends an interval.
    """

    position: int
    detail: str
    document: str = ""
    field: str = ""
    upto: int | None = None


class Outcome(Struct, frozen=True, kw_only=True):
    """What a check found: `checked` things looked at, `failed` of them wrong, the first in full.

    `stopped` looked at a part only; `skipped` did not look, and `why` says why.
    """

    name: str
    status: Status
    checked: int = 0
    failed: int = 0
    failures: tuple[Failure, ...] = ()
    why: str = ""

    def written(self) -> dict[str, Any]:
        """The outcome as the JSON of the command line has it."""
        first = self.failures[0] if self.failures else None
        return {
            "name": self.name,
            "status": self.status,
            "checked": self.checked,
            "failed": self.failed,
            "first_failure": None if first is None else _written(first),
            "failures": [_written(each) for each in self.failures],
            "why": self.why,
        }


def _written(failure: Failure) -> dict[str, Any]:
    return {name: getattr(failure, name) for name in failure.__struct_fields__}


class Step(NamedTuple):
    """An event of the book, and the chain value (hex) right after it."""

    fact: Recorded
    chain: str


class Reread(Protocol):
    """The book from its first event again, as far as the replay went."""

    def steps(self, upto: int) -> Iterator[Step]:
        """The first events, up to a position."""
        ...

    def roots(self, sizes: Collection[int]) -> dict[int, str]:
        """The root (hex) over so many events, of each size that the book reached."""
        ...

    def file(self, digest: str) -> bytes | None:
        """A kept file of the book by its digest, where the bundle or the database has it."""
        ...


class Check:
    """A named check over the events of a book in order; `events` are those it reads, () all."""

    name: ClassVar[str]
    events: ClassVar[tuple[type[Event], ...]] = ()

    def __init__(self) -> None:
        self.judged_from = 1
        self.checked = 0
        self.failed = 0
        self.failures: list[Failure] = []

    def take(self, step: Step) -> None:
        """Takes the next event in."""
        raise NotImplementedError(self.name, step.fact.position)

    def end(self) -> None:
        """Looks at what only the end of the book shows."""

    def reread(self, read: "Reread") -> None:
        """Looks at the book a second time, for what could not be known on the way."""

    def wrong(self, position: int, detail: str, *, document: str = "", field: str = "") -> None:
        """Notes a failure, unless it is at an event that is not to be judged."""
        if 0 < position < self.judged_from:
            return
        self.failed += 1
        if len(self.failures) < SHOWN:
            self.failures.append(
                Failure(position=position, detail=detail, document=document, field=field)
            )

    def outcome(self, *, stopped: str = "") -> Outcome:
        """What was found; `stopped` says why not all events came."""
        if self.failed:
            status: Status = "fail"
        else:
            status = "stopped" if stopped else "pass"
        return Outcome(
            name=self.name,
            status=status,
            checked=self.checked,
            failed=self.failed,
            failures=tuple(self.failures),
            why=stopped,
        )


def differing(expected: Struct, found: Struct) -> Iterable[tuple[str, Any, Any]]:
    """The fields in which two values of one type differ, with both values."""
    for name in expected.__struct_fields__:
        ours, theirs = getattr(expected, name), getattr(found, name)
        if ours != theirs:
            yield name, ours, theirs
