"""The mapper: one way to write an event, no leniency in reading it, old versions made new."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, ClassVar

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.book.event import Event
from services.store.mapper import Mapper, NotNormalised, UnknownEvent, Unreadable
from tests.services.store.slips import MAPPER, NoteTaken, SlipStamped

NOON = datetime(2025, 3, 31, 12, tzinfo=UTC)
SLIP = SlipStamped(series="S", number=1, day=7, writer="w")
Member = dict[str, Any]


def recorded(body: bytes, type_: str = SLIP.stored_as, position: int = 9) -> Event:
    return MAPPER.recorded("book", position, NOON, type_, body).event


def changed(change: Callable[[Member], Any]) -> bytes:
    """The body of a slip after a change of its members."""
    members = msgspec.json.decode(MAPPER.body(SLIP, actor="u", command="c"))
    change(members)
    encoded: bytes = msgspec.json.encode(members)
    return encoded


def test_a_body_is_canonical_json() -> None:
    body = MAPPER.body(SLIP, actor="u", command="c", cause="why", request="digest")
    assert body.decode() == (
        '{"actor":"u","cause":"why","command":"c",'
        '"data":{"day":7,"number":1,"series":"S","writer":"w"},'
        '"request":"digest","software":"paraphe/0.1.0","tags":["series:S"],'
        '"type":"slip.stamped.v1"}'
    )


def test_a_body_says_who_and_why() -> None:
    body = MAPPER.body(SLIP, actor="u", command="c", cause="why")
    fact = MAPPER.recorded("book", 9, NOON, SLIP.stored_as, body)
    assert (fact.actor, fact.command, fact.cause) == ("u", "c", "why")
    assert (fact.book_id, fact.position, fact.recorded_at) == ("book", 9, NOON)
    assert (fact.event, fact.tags, fact.software) == (SLIP, ("series:S",), "paraphe/0.1.0")


def test_a_tag_given_twice_is_written_once() -> None:
    body = MAPPER.body(NoteTaken(text="", about=("b", "a", "b")))
    assert MAPPER.open(1, NoteTaken.stored_as, body).tags == ("b", "a")


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_text_is_kept_as_it_is_or_refused(text: str) -> None:
    import unicodedata

    if unicodedata.is_normalized("NFC", text):
        body = MAPPER.body(NoteTaken(text=text))
        assert recorded(body, NoteTaken.stored_as) == NoteTaken(text=text)
    else:
        with pytest.raises(NotNormalised):
            MAPPER.body(NoteTaken(text=text))


@pytest.mark.parametrize("where", ["text", "about", "actor"])
def test_decomposed_text_is_refused_wherever_it_stands(where: str) -> None:
    e_acute = "e\u0301"
    event = NoteTaken(
        text=e_acute if where == "text" else "", about=(e_acute,) if where == "about" else ()
    )
    with pytest.raises(NotNormalised):
        MAPPER.body(event, actor=e_acute if where == "actor" else "")


LENIENT = {
    "an unknown member of the body": lambda body: body.update(extra=1),
    "an unknown field of the event": lambda body: body["data"].update(extra=1),
    "a missing member of the body": lambda body: body.pop("cause"),
    "a missing field of the event": lambda body: body["data"].pop("number"),
    "text for an integer": lambda body: body["data"].update(number="1"),
    "a float for an integer": lambda body: body["data"].update(number=1.5),
    "a whole float for an integer": lambda body: body["data"].update(number=1.0),
    "true for an integer": lambda body: body["data"].update(number=True),
    "null for an integer": lambda body: body["data"].update(number=None),
    "an integer for text": lambda body: body["data"].update(series=1),
    "a tag that is no text": lambda body: body.update(tags=[1]),
    "an event that is no object": lambda body: body.update(data=[]),
    "the name of another type inside": lambda body: body.update(type="note.taken.v1"),
    "the name of no type inside": lambda body: body.update(type=""),
}


@pytest.mark.parametrize("change", LENIENT.values(), ids=LENIENT.keys())
def test_reading_forgives_nothing(change: Callable[[Member], Any]) -> None:
    with pytest.raises(Unreadable, match=re.escape("event 9: ")) as caught:
        recorded(changed(change))
    assert caught.value.position == 9


@pytest.mark.parametrize(
    "body", [b"", b"{", b"null", b"\xff", b'{"type":"\xff"}', b"[]", b"NaN", b"{}{}"]
)
def test_what_is_no_body_is_refused_with_its_position(body: bytes) -> None:
    with pytest.raises(Unreadable) as caught:
        recorded(body)
    assert caught.value.position == 9


@pytest.mark.parametrize("type_", ["slip.stamped.v2", "", "domain.book.event.Event"])
def test_an_unknown_type_is_refused_with_its_position(type_: str) -> None:
    with pytest.raises(UnknownEvent) as caught:
        recorded(MAPPER.body(SLIP), type_)
    assert caught.value.position == 9


class WeightV1(Event, frozen=True, kw_only=True):
    """A weight in whole kilograms."""

    stored_as: ClassVar[str] = "weight.taken.v1"
    kilograms: int

    @property
    def tags(self) -> tuple[str, ...]:
        return ("weights",)


class WeightV2(Event, frozen=True, kw_only=True):
    """A weight in grams."""

    stored_as: ClassVar[str] = "weight.taken.v2"
    grams: int

    @property
    def tags(self) -> tuple[str, ...]:
        return ("weights",)


class WeightV3(Event, frozen=True, kw_only=True):
    """A weight in grams, and of what: unknown before."""

    stored_as: ClassVar[str] = "weight.taken.v3"
    grams: int
    of: str

    @property
    def tags(self) -> tuple[str, ...]:
        return ("weights", f"weight:{self.of}")


# What version 1 wrote, as it stands in old books.
OLD = (
    b'{"actor":"u","cause":"","command":"c","data":{"kilograms":2},"request":"",'
    b'"software":"paraphe/0.0.1","tags":["weights"],"type":"weight.taken.v1"}'
)


@pytest.fixture
def weights() -> Mapper:
    versions = (WeightV1, WeightV2, WeightV3)
    return Mapper(
        {event.stored_as: event for event in versions},
        {
            WeightV1: lambda old: WeightV2(grams=old.kilograms * 1000),
            WeightV2: lambda old: WeightV3(grams=old.grams, of=""),
        },
    )


def test_an_old_version_is_read_as_today_s(weights: Mapper) -> None:
    fact = weights.recorded("book", 1, NOON, WeightV1.stored_as, OLD)
    assert fact.event == WeightV3(grams=2000, of="")
    assert fact.tags == ("weights",), "tags are those that were recorded"
    assert fact.software == "paraphe/0.0.1"


def test_an_old_version_is_kept_as_it_was_written(weights: Mapper) -> None:
    opened = weights.open(1, WeightV1.stored_as, OLD)
    assert opened.data == WeightV1(kilograms=2)
    assert msgspec.json.encode(opened, order="sorted") == OLD


def test_an_old_version_is_read_as_strictly_as_today_s(weights: Mapper) -> None:
    with pytest.raises(Unreadable):
        weights.recorded("book", 1, NOON, WeightV1.stored_as, OLD.replace(b"kilograms", b"grams"))
    with pytest.raises(Unreadable):
        weights.recorded("book", 1, NOON, WeightV2.stored_as, OLD)
