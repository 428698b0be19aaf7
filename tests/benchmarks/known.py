"""`known_at`: the registers of a book of 10 000 events as they stood, against the bare fold."""

from collections.abc import Iterator

from projections.registers import REGISTERS as EVERY
from projections.unpaid_view import UnpaidFilter, list_items
from services.replay import schema
from services.replay.connection import connect
from services.replay.engine import Engine
from services.replay.place import live
from tests.benchmarks.bare_fold import REGISTERS, BareLoader, plain
from tests.benchmarks.engine import BARE, written
from tests.benchmarks.ground import Ground
from tests.benchmarks.measure import Figure, growth, load, percentile, race, timed

UNPAID = ("open_item", "open_item_settlement", "unpaid_party", "unpaid_book", "bank_journal")


def run(ground: Ground) -> Iterator[Figure]:
    """All registers, then one; the goal is how much longer than the bare fold of all it takes."""
    [(book, size)] = written(ground, 1, ground.sized(200, 2_900)).items()
    engine = Engine(ground.url)
    with connect(ground.url) as conn, plain(ground.url) as other:
        for register in EVERY:
            schema.create(conn, live(register))
        bare = BareLoader(other)

        def ask(names: tuple[str, ...]) -> None:
            with engine.known_at(str(book), size, names) as scratch:
                list_items(scratch, str(book), UnpaidFilter(), limit=100)

        def fold(wanted: tuple[str, ...]) -> None:
            bare.load(book, size, wanted)

        for what, names, wanted, most in (
            ("four registers", tuple(each.name for each in REGISTERS), (), 2.0),
            ("unpaid alone", ("unpaid",), UNPAID, 1.2),
        ):
            bare.empty()
            sides = {
                "ours": lambda names=names: timed(ask, [names] * 3),
                BARE: lambda wanted=wanted: timed(fold, [wanted] * 3),
            }
            samples = race(sides, ground.rounds)
            took = {name: percentile(sample, 0.5) for name, sample in samples.items()}
            yield Figure(
                what=f"known_at, {size} events, {what}",
                ours=took["ours"],
                unit="ms",
                reference=f"{BARE}, its tables",
                theirs=took[BARE],
                ratio=growth(samples["ours"], samples[BARE]),
                most=most,
                rounds=ground.rounds,
                load=load(),
            )
    engine.stop()
