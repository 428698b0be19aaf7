"""The audit replay of a bundle against the bare fold of the same book, and against reading it.

Ours verifies the bundle with the verifier that it carries, replays every register, derives each
entry, VAT and number again, and follows every closing. `--large` is a book of a million events.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from uuid import UUID

from projections.registers import REGISTERS
from services.audit.replay import LIVE, STRICT, Request, replay_bundle
from services.audit.replay_proof import verify_bundle
from services.replay import schema
from services.replay.connection import connect
from services.replay.place import live
from tests.benchmarks.bare_fold import BareLoader, plain
from tests.benchmarks.ground import Ground
from tests.benchmarks.measure import Figure, Sample, against, load, race, whole
from tests.benchmarks.one_book import Apart, one_book
from tests.benchmarks.verify import READ_LINES, read_lines

BARE = "bare fold"
REQUEST = Request(checks=tuple(name for name in STRICT if name not in LIVE))


def run(ground: Ground) -> Iterator[Figure]:
    """The whole replay, and the verifier inside the bundle alone; each in its own process."""
    rounds = 1 if ground.large else min(3, ground.rounds)
    made = one_book(ground)
    size, file, url = made.size, made.bundle, made.ground.url
    with connect(url) as conn:
        for register in REGISTERS:
            schema.create(conn, live(register))
    ours, rest = Apart(), Apart()
    sides = {
        "ours": lambda: ours(partial(whole, size, partial(replay, file))),
        "verify.py": lambda: rest(partial(whole, size, partial(verify_bundle, file))),
        BARE: lambda: rest(partial(folded, url, made.book, size)),
        READ_LINES: lambda: rest(partial(whole, size, partial(read_lines, file))),
    }
    samples = race(sides, rounds)
    what = f"audit replay of a bundle of {size:,} events"
    yield against(what, samples, BARE, unit="events/s")
    yield against("  the same", samples, READ_LINES, unit="events/s")
    only = {"ours": samples["verify.py"], READ_LINES: samples[READ_LINES]}
    yield against("  of it, the bundle's own verify.py", only, READ_LINES, unit="events/s")
    yield Figure(
        what="  its memory, the program included",
        ours=ours.peak / 2**20,
        unit="MB",
        reference="the same of " + BARE,
        theirs=rest.peak / 2**20,
        ratio=ours.peak / rest.peak,
        rounds=rounds,
        load=load(),
    )


def folded(url: str, book: UUID, size: int) -> Sample:
    """The bare fold, on a connection of its own."""
    with plain(url) as conn:
        bare = BareLoader(conn)
        bare.empty()
        return whole(size, partial(bare.load, book, size))


def replay(file: Path) -> None:
    """The replay, with every check that needs no database; any finding would be a fault."""
    done = replay_bundle(file, REQUEST)
    failed = [check for check in done.checks if check.failed]
    assert not failed, failed
