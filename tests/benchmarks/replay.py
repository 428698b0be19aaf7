"""The audit replay of a bundle against the bare fold of the same book, and against reading it.

Ours verifies the bundle with the verifier that it carries, replays every register, derives each
entry, VAT and number again, and follows every closing. `--large` is a book of a million events.
"""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from projections.registers import REGISTERS
from services.audit.export import export_book
from services.audit.replay import LIVE, STRICT, Request, replay_bundle
from services.audit.replay_proof import verify_bundle
from services.replay import schema
from services.replay.connection import connect
from services.replay.place import live
from tests.benchmarks.bare_fold import BareLoader, plain
from tests.benchmarks.engine import written
from tests.benchmarks.ground import Ground
from tests.benchmarks.measure import Figure, Sample, against, race, whole
from tests.benchmarks.verify import MILLION, READ_LINES, read_lines

BARE = "bare fold"
REQUEST = Request(checks=tuple(name for name in STRICT if name not in LIVE))


def run(ground: Ground) -> Iterator[Figure]:
    """The whole replay, and the verifier inside the bundle alone."""
    invoices = MILLION if ground.large else ground.sized(300, 6_000)
    rounds = 1 if ground.large else min(3, ground.rounds)
    [(book, size)] = written(ground, 1, invoices).items()
    file = ground.home / "replayed.zip"
    with ground.store() as store:
        export_book(store, str(book), file)
    with connect(ground.url) as conn, plain(ground.url) as other:
        for register in REGISTERS:
            schema.create(conn, live(register))
        bare = BareLoader(other)

        def folded() -> Sample:
            bare.empty()
            return whole(size, partial(bare.load, book, size))

        sides = {
            "ours": lambda: whole(size, partial(replay, file)),
            "verify.py": lambda: whole(size, partial(verify_bundle, file)),
            BARE: folded,
            READ_LINES: lambda: whole(size, partial(read_lines, file)),
        }
        samples = race(sides, rounds)
    what = f"audit replay of a bundle of {size:,} events"
    yield against(what, samples, BARE, unit="events/s")
    yield against("  the same", samples, READ_LINES, unit="events/s")
    only = {"ours": samples["verify.py"], READ_LINES: samples[READ_LINES]}
    yield against("  of it, the bundle's own verify.py", only, READ_LINES, unit="events/s")


def replay(file: Path) -> None:
    """The replay, with every check that needs no database; any finding would be a fault."""
    done = replay_bundle(file, REQUEST)
    failed = [check for check in done.checks if check.failed]
    assert not failed, failed
