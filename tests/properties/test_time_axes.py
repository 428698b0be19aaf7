"""Every list and report on both time axes: a value date, and what was known at a moment.

The known side is asked through the door that answers `known_at`, which loads a book in one go. The
other side is a book that is fed event by event and never saw a later one.
"""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from msgspec import Struct, structs
from psycopg import Connection

from domain.book.event import Recorded
from domain.book.refusal import Refusals
from projections.registers import read_by
from services.demonstration.building_firm import BuildingYear
from services.demonstration.cast import FRENCH
from services.demonstration.year import LivedClock
from services.lists.provenance import provenance_of
from services.lists.reports import EXPORTS, ReportKind
from services.replay.as_of import Moment
from services.replay.batch import Batcher
from services.replay.engine import Engine
from services.replay.reading import Readers
from services.store.datastore import BookDatastore
from services.store.store import Store
from tests.databases import TestRun

SEED, MOMENTS, DAYS, ALL = 1871, 200, 5, 10_000
TODAY = date(2026, 11, 20)
TAKEN = {"as_of", "on", "country", "q"}
COUNTRIES, WORDS = ("FR", "BE", None, None), ("e", "a", None, None)
UNUSED = {"mandates", "oss", "remittances"}
"""What this company's year has nothing for: it sells at home, and is paid by transfer."""


class Question(Struct, frozen=True, kw_only=True):
    """Which list, drawn up as of which day, in which order."""

    name: str
    wanted: Any
    sort: str


class Known(Struct, frozen=True, kw_only=True):
    """What is asked as known at a moment, of the lists of one register."""

    moment: Moment
    position: int
    register: str
    asked: tuple[Question, ...]

    @property
    def registers(self) -> list[str]:
        """The registers that any of the questions reads."""
        return sorted(
            {name for each in self.asked for name in read_by([self.register], each.wanted)}
        )


class TwoServers:
    """A year of a company on a server, and a second book that is fed the same, little by little."""

    def __init__(self, url: str) -> None:
        clock = LivedClock()
        self.store = Store(BookDatastore(url), clock=clock)
        BuildingYear(self.store, clock, FRENCH, TODAY).live()
        clock.release()
        self.book, self.fresh, self.fed = FRENCH.book_id, str(uuid4()), 0
        self.facts: list[Recorded] = list(self.store.read(self.book))
        self.engine, self.readers = Engine(url), Readers(url)

    def feed(self, batcher: Batcher, upto: int) -> None:
        """Gives the fresh book the events up to a position and not one more."""
        facts = self.facts[self.fed : upto]
        if facts:
            with batcher.conn.transaction():
                standing = batcher.lock(UUID(self.fresh))
                batcher.take_in(UUID(self.fresh), list(standing), facts)
            self.fed = upto

    def answer(self, conn: Connection[Any], book: str, asked: Question) -> Any:
        """The whole answer: where it stands and all rows, or the refusals."""
        kind, wanted = EXPORTS[asked.name], asked.wanted
        try:
            if isinstance(kind, ReportKind):
                wanted = kind.completed(
                    conn, book, wanted, lambda at: provenance_of(self.store, self.book, at)
                )
            page = kind.read(conn, book, wanted, asked.sort, None, ALL)
        except Refusals as refused:
            return refused.refused
        return page.standpoint, tuple(map(kind.line, page.rows)), page.next

    def close(self) -> None:
        """Lets the database go."""
        self.readers.close()
        self.engine.stop()
        self.store.close()


@pytest.fixture(scope="module")
def servers(fresh_url: str) -> Iterator[TwoServers]:
    """Both, on one database."""
    made = TwoServers(fresh_url)
    yield made
    made.close()


@pytest.fixture(scope="module")
def fresh_url(server_url: Any, template_database: str) -> Iterator[str]:
    """A database of their own: the company of the demonstration has the same id everywhere."""
    with TestRun.joined().database(server_url, None, template_database) as url:
        yield url


def drawn_up(chance: random.Random, name: str, days: list[date]) -> Any:
    """A filter with random days wherever it takes a value date or needs a period, and at times a
    country or a word: cards change and parties are named anew, and answers follow."""
    kind = EXPORTS[name].filter
    fields = set(kind.__struct_fields__)
    one, other = sorted((chance.choice(days), chance.choice(days)))
    needed = {each.name for each in structs.fields(kind) if each.required}
    values: dict[str, Any] = {
        "as_of": chance.choice(days),
        "on": chance.choice(days),
        "date_from": one,
        "date_to": other,
        "period": f"{one:%Y-%m}",
        "country": chance.choice(COUNTRIES),
        "q": chance.choice(WORDS),
    }
    return kind(**{each: values[each] for each in fields & (TAKEN | needed)})


def random_questions(facts: list[Recorded]) -> list[Known]:
    """200 moments with five value dates each, every register as often as any other, sorted by what
    was known; the lists of one register share a moment, for it is loaded once for all of them."""
    chance = random.Random(SEED)
    lists: dict[str, list[str]] = {}
    for name in sorted(EXPORTS):
        lists.setdefault(EXPORTS[name].register.name, []).append(name)
    registers = sorted(lists)
    first, last = facts[0].recorded_at, facts[-1].recorded_at
    days = [first.date() + timedelta(days=n - 30) for n in range((last - first).days + 90)]
    found = []
    for nth in range(MOMENTS):
        position = chance.randrange(len(facts) + 1)
        moment: Moment = position
        if chance.random() < 0.5:
            moment = first + chance.random() * (last - first) * 1.05
            position = known_by(facts, moment)
        register = registers[nth % len(registers)]
        names = chance.sample(lists[register], len(lists[register]))
        asked = tuple(question(chance, names[each % len(names)], days) for each in range(DAYS))
        found.append(Known(moment=moment, position=position, register=register, asked=asked))
    return sorted(found, key=lambda known: known.position)


def question(chance: random.Random, name: str, days: list[date]) -> Question:
    """A list as of a random day, in a random order."""
    wanted = drawn_up(chance, name, days)
    return Question(name=name, wanted=wanted, sort=chance.choice(EXPORTS[name].orders))


def known_by(facts: list[Recorded], moment: datetime) -> int:
    """The position of the last event recorded by then."""
    return max((fact.position for fact in facts if fact.recorded_at <= moment), default=0)


@pytest.mark.feature("V28", "C4")
def test_known_at_is_what_a_server_says_that_was_fed_no_more(servers: TwoServers) -> None:
    """Goal: 1,000 random pairs of value date and moment, over every list and report, equal a fresh
    fold. Method: moments in the order of their positions; one fresh book, fed up to each."""
    told, silent = Counter[str](), Counter[str]()
    with servers.engine.batcher() as batcher:
        for known in random_questions(servers.facts):
            servers.feed(batcher, known.position)
            with (
                servers.engine.known_at(servers.book, known.moment, known.registers) as then,
                servers.readers.of(servers.fresh) as now,
            ):
                for each in known.asked:
                    answer = servers.answer(then, servers.book, each)
                    assert answer == servers.answer(now, servers.fresh, each), (known, each)
                    (told if rows_of(answer) else silent)[each.name] += 1
    assert told.total() + silent.total() == MOMENTS * DAYS
    assert told.total() > silent.total()
    assert set(EXPORTS) - set(told) <= UNUSED


def rows_of(answer: Any) -> Any:
    """The rows of an answer; none where it is a refusal."""
    return answer[1] if isinstance(answer, tuple) else ()
