"""Appending: events through the store against the same rows by plain psycopg.

Ours takes the lock, looks for the command, encodes, hashes leaf, chain and tree, and writes; theirs
is given encoded bytes and writes.
"""

from collections.abc import Iterator
from datetime import date
from functools import partial
from itertools import count, islice
from uuid import uuid4

from domain.ledger.entry import DocumentReference, EntryLine, EntryPosted
from services.store.appending import NewEvent
from services.store.mapper import Mapper
from services.store.pen import Command, Pen
from services.store.store import Store
from tests.benchmarks.ground import Ground
from tests.benchmarks.measure import Figure, Sample, Side, against, race, timed
from tests.benchmarks.plain import PlainLog

DAY = date(2026, 3, 2)
SAME, SINGLE = "same rows, plain INSERT", "one plain INSERT"
GOALS = {(1, SINGLE): 0.45, (10, SAME): 0.55, (100, SAME): 0.55}


def entry(number: int) -> EntryPosted:
    """An entry of three lines, about 700 bytes in the book."""
    document = DocumentReference(
        kind="invoice", id=f"inv_{number:026d}", number=f"FA-2026-{number}", issue_date=DAY,
        party="ctc_00000000000000000000000001", party_name="Boulangerie Pineau",
    )  # fmt: skip
    lines = (
        EntryLine(account="411000", debit=12000, party=document.party, label="FA-2026 Pineau"),
        EntryLine(account="706000", credit=10000),
        EntryLine(account="445710", credit=2000),
    )
    return EntryPosted(
        journal="VE", series="entries:VE-2026", number=number, date=DAY, label="Vente",
        currency="EUR", document=document, lines=lines,
    )  # fmt: skip


def closed(numbers: Iterator[int], size: int) -> list[NewEvent]:
    """Events as rows, encoded beforehand."""
    mapper, command = Mapper(), str(uuid4())
    return [
        NewEvent(
            type=event.stored_as,
            body=mapper.body(event, actor="benchmark", command=command),
            tags=event.tags,
            series=event.series,
            number=event.number,
            command_id=command,
            ordinal=ordinal,
        )
        for ordinal, event in enumerate(map(entry, islice(numbers, size)))
    ]


class Ours:
    """The store, appending to one book."""

    def __init__(self, store: Store, book_id: str) -> None:
        self._store = store
        self._book_id = book_id

    def append(self, size: int) -> None:
        """One command that appends so many entries."""

        def decide(pen: Pen) -> None:
            pen.append([entry(pen.next_position + nth) for nth in range(size)])

        command = Command(id=str(uuid4()), actor="benchmark")
        self._store.write(self._book_id, command, decide, lambda _: None)


def run(ground: Ground) -> Iterator[Figure]:
    """Commits of 1, 10 and 100 events."""
    with ground.store() as store, ground.connection() as conn:
        ours = Ours(store, ground.book(store))
        log, numbers = PlainLog(conn, str(uuid4())), count(1)
        for size in (1, 10, 100):
            commits = ground.sized(60, 1200) // max(1, size // 4)
            sides: dict[str, Side] = {
                "ours": partial(timed, ours.append, [size] * commits),
                SAME: partial(insert_batches, log, numbers, size, commits),
            }
            if size == 1:
                sides[SINGLE] = partial(insert_singles, log, numbers, commits)
            samples = race(sides, ground.rounds)
            for reference in list(sides)[1:]:
                least = GOALS.get((size, reference))
                what = f"append, {size} a commit"
                yield against(what, samples, reference, unit="commits/s", least=least)


def insert_batches(log: PlainLog, numbers: Iterator[int], size: int, commits: int) -> Sample:
    """Events with their tags, so many in each transaction."""
    return timed(log.insert_all, [closed(numbers, size) for _ in range(commits)])


def insert_singles(log: PlainLog, numbers: Iterator[int], commits: int) -> Sample:
    """Events without their tags, each with one INSERT that commits."""
    return timed(log.insert, closed(numbers, commits))
