"""Given events, when a decision, then events or a refusal: a book in memory for domain tests."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from domain.book.event import Decision, Event, Recorded
from domain.book.refusal import Refused

S = TypeVar("S")
E = TypeVar("E", bound=Event)
BOOK = "0190f2c0-0000-7000-8000-000000000001"
START = datetime(2026, 1, 2, 8, 0, tzinfo=UTC)


class Story:
    """A book that grows by decisions; reads it as the pen does."""

    def __init__(self, events: Sequence[Event] = ()) -> None:
        self.facts: list[Recorded] = []
        self.happened(*events)

    def happened(self, *events: Event) -> "Story":
        """The events are in the book now."""
        for event in events:
            position = len(self.facts) + 1
            self.facts.append(
                Recorded(
                    book_id=BOOK,
                    position=position,
                    recorded_at=START + timedelta(minutes=position),
                    event=event,
                    tags=tuple(dict.fromkeys(event.tags)),
                )
            )
        return self

    def fold(self, evolve: Callable[[S, Recorded], S], initial: S, tag: str) -> S:
        """The state that the events of a tag lead to."""
        for fact in self.facts:
            if tag in fact.tags:
                initial = evolve(initial, fact)
        return initial

    def last(self, tag: str) -> Recorded | None:
        """The newest event of a tag."""
        return next((fact for fact in reversed(self.facts) if tag in fact.tags), None)

    def at(self, positions: Sequence[int]) -> list[Recorded]:
        """The events at these positions."""
        return [fact for fact in self.facts if fact.position in positions]

    def all(self, kind: type[E]) -> list[E]:
        """Every event of a type, in order."""
        return [fact.event for fact in self.facts if isinstance(fact.event, kind)]

    def newest(self, kind: type[E]) -> E:
        """The newest event of a type."""
        return self.all(kind)[-1]

    def place(self, kind: type[Event]) -> int:
        """The position of the newest event of a type."""
        return [fact.position for fact in self.facts if isinstance(fact.event, kind)][-1]

    def when(self, step: Callable[..., Decision], *args: Any, **kwargs: Any) -> "Outcome":
        """What a step decides on this book."""
        return Outcome(self, step(self, *args, **kwargs))


class Outcome:
    """What was decided: events that can be taken into the book, or a refusal."""

    def __init__(self, story: Story, decision: Decision) -> None:
        self.story = story
        self.decision = decision

    def then(self, *kinds: type[Event]) -> Story:
        """Exactly events of these types were decided; the book goes on with them."""
        assert not isinstance(self.decision, Refused), self.decision.explain()
        assert tuple(type(event) for event in self.decision) == kinds
        return self.story.happened(*self.decision)

    def refused(self, kind: type[Refused], **fields: Any) -> Refused:
        """It was refused for this reason, with these fields, in three languages."""
        assert isinstance(self.decision, kind), self.decision
        for name, value in fields.items():
            assert getattr(self.decision, name) == value, name
        assert all(self.decision.explain(language) for language in ("en", "fr", "nl"))
        return self.decision


def given(*events: Event) -> Story:
    """A book in which these events happened."""
    return Story(events)
