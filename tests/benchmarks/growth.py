"""Growth: what a command and a page cost in a short book and in long ones.

Each figure is the time in the longer book by that in the shortest, divided by the same growth of a
control: a plain INSERT into, or a page out of, a plain table with as many rows. About 400 items are
open in every book, so that only history grows.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from typing import Any
from uuid import uuid4

from psycopg import Connection

from projections import history_view, unpaid_view
from services.replay.engine import Engine
from services.replay.reading import Readers
from services.store.store import Store
from tests.benchmarks.append import closed
from tests.benchmarks.commands import validate
from tests.benchmarks.ground import Ground
from tests.benchmarks.long_books import Calendar, LongBook
from tests.benchmarks.measure import Figure, Sample, growth, load, race, timed
from tests.benchmarks.plain import PlainLog

OPEN_ITEMS = 400
FILL = """
INSERT INTO plain_event (book_id, position, recorded_at, type, leaf, chain, body)
SELECT %s, nth, now(), 'filler', sha256('a'), sha256('b'), convert_to(repeat('x', 700), 'UTF8')
FROM generate_series(1, %s) AS t (nth)
"""
PLAIN_PAGE = """
SELECT * FROM plain_event WHERE book_id = %s ORDER BY position LIMIT 100
"""


class Edition:
    """A book of some length with its registers, and a plain table's book with as many rows."""

    def __init__(self, ground: Ground, conn: Connection[Any], invoices: int) -> None:
        calendar = Calendar()
        with ground.store(calendar) as store:
            self.book = LongBook(store, calendar)
            self.book.live(invoices, still_open=OPEN_ITEMS)
            self.size = store.head(self.book.book_id).size
        self.plain_book = str(uuid4())
        self.log = PlainLog(conn, self.plain_book, self.size)
        conn.execute(FILL, (self.plain_book, self.size))
        self.drafts: list[str] = []


class Growing:
    """What is done to each edition, by name."""

    def __init__(self, store: Store, readers: Readers, conn: Connection[Any], each: int) -> None:
        self._store = store
        self._readers = readers
        self._conn = conn
        self._each = each

    def command(self, edition: Edition) -> Sample:
        """Validations."""
        drafts = edition.drafts[: self._each]
        del edition.drafts[: self._each]
        return timed(partial(validate, self._store, edition.book.book_id), drafts)

    def insert(self, edition: Edition) -> Sample:
        """Two events with their tags, as a validation writes."""
        numbers = count(edition.log.size)
        return timed(edition.log.insert_all, [closed(numbers, 2) for _ in range(self._each)])

    def unpaid_page(self, edition: Edition) -> Sample:
        """The first hundred open items by due date."""
        wanted = unpaid_view.UnpaidFilter()
        return self._pages(edition, partial(unpaid_view.list_items, wanted=wanted, limit=100))

    def unpaid_totals(self, edition: Edition) -> Sample:
        """What every third party owes by age: all open items."""
        today, wanted = datetime.now(UTC).date(), unpaid_view.UnpaidFilter()
        return self._pages(edition, partial(unpaid_view.age, wanted=wanted, on=today))

    def history_page(self, edition: Edition) -> Sample:
        """The first hundred lines of all third parties."""
        wanted = history_view.HistoryFilter()
        return self._pages(edition, partial(history_view.list_lines, wanted=wanted, limit=100))

    def late_history_page(self, edition: Edition) -> Sample:
        """A third party's lines since a late day, with the balance of all before."""
        wanted = history_view.HistoryFilter(
            party=edition.book.customer_ids[0],
            date_from=datetime.now(UTC).date() - timedelta(days=2),
        )
        return self._pages(edition, partial(history_view.list_lines, wanted=wanted, limit=100))

    def plain_page(self, edition: Edition) -> Sample:
        """A hundred rows by key."""

        def page(_: int) -> None:
            self._conn.execute(PLAIN_PAGE, (edition.plain_book,)).fetchall()

        return timed(page, range(self._each))

    def _pages(self, edition: Edition, page: Callable[..., Any]) -> Sample:
        def ask(_: int) -> None:
            with self._readers.of(edition.book.book_id) as conn:
                page(conn, edition.book.book_id)

        return timed(ask, range(self._each))


def run(ground: Ground) -> Iterator[Figure]:
    """Every length in turns, then each longer one against the shortest."""
    lengths = [400, 2_000] if ground.quick else [1_000, 10_000]
    lengths += [100_000] * ground.large
    each = ground.sized(20, 100)
    engine, readers = Engine(ground.url), Readers(ground.url)
    with ground.store() as store, ground.connection() as conn:
        editions = {length: Edition(ground, conn, length) for length in lengths}
        growing = Growing(store, readers, conn, each)
        for edition in editions.values():
            edition.drafts = edition.book.draft(each * ground.rounds, store)
            engine.run_to_head(edition.book.book_id)
        conn.execute("VACUUM ANALYZE")
        for ours, control, most in (
            (growing.command, growing.insert, 1.2),
            (growing.unpaid_page, growing.plain_page, 1.3),
            (growing.unpaid_totals, growing.plain_page, 1.2),
            (growing.history_page, growing.plain_page, 1.3),
            (growing.late_history_page, growing.plain_page, None),
        ):
            sides = {
                (side.__name__, length): partial(side, edition)
                for side in (ours, control)
                for length, edition in editions.items()
            }
            samples = race(sides, ground.rounds)
            for length in lengths[1:]:
                yield grown(samples, ours.__name__, control.__name__, (lengths[0], length), most)
    engine.stop()
    readers.close()


def grown(
    samples: Mapping[tuple[str, int], list[Sample]],
    ours: str,
    control: str,
    lengths: tuple[int, int],
    most: float | None,
) -> Figure:
    """How much longer it takes in the longer book, by how much longer the control takes."""
    short, long = lengths
    own = growth(samples[ours, long], samples[ours, short])
    other = growth(samples[control, long], samples[control, short])
    return Figure(
        what=f"{ours.replace('_', ' ')}: {short} to {long} invoices",
        ours=own,
        unit="times",
        reference=f"growth of {control.replace('_', ' ')}",
        theirs=other,
        ratio=own / other,
        most=most,
        rounds=len(samples[ours, long]),
        load=load(),
    )
