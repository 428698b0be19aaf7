"""Beancount loads the very entries of a book, as text; we rebuild registers and replay an audit."""

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from uuid import UUID

from domain.book.event import Recorded
from domain.ledger.entry import EntryLine, EntryPosted
from projections.registers import REGISTERS
from services.audit.export import export_book
from services.audit.replay import LIVE, STRICT, Request, replay_bundle
from services.replay import schema
from services.replay.bulk import Loader
from services.replay.connection import Replaying, connect
from services.replay.engine import Engine
from services.replay.place import Place
from services.replay.rebuild import rebuild
from services.replay.source import Source
from services.store.store import Store
from tests.benchmarks.ground import Ground
from tests.benchmarks.long_books import Calendar, LongBook
from tests.benchmarks.measure import Figure, Sample, against, race, whole
from tests.benchmarks.peers.environment import Peer

LOADED = "beancount load, no cache"
PLACES = tuple(Place(register, f"{register.name}_peers") for register in REGISTERS)
REQUEST = Request(checks=tuple(name for name in STRICT if name not in LIVE))
ROOTS = {"1": "Equity", "2": "Assets", "4": "Assets", "5": "Assets", "6": "Expenses"}


def run(ground: Ground, peer: Peer) -> Iterator[Figure]:
    """Transactions a second of both, on one book of its own."""
    book, count, text = written(ground, ground.sized(100, 10_000))
    bundle = ground.home / "peers.zip"
    with ground.store() as store:
        export_book(store, str(book), bundle)
    engine = Engine(ground.url)
    engine.run_to_head(str(book))
    engine.stop()

    def theirs() -> Sample:
        seconds, found, errors = peer.ask("load", str(text))
        assert (found, errors) == (count, 0)
        return Sample(count / seconds)

    def audit() -> None:
        done = replay_bundle(bundle, REQUEST)
        assert done.first is None, done.first

    with connect(ground.url) as conn:
        sides = {
            f"fold {count:,} entries into every register": partial(replayed, conn, book, count),
            "the whole rebuild: keys, comparison, swap": partial(
                whole, count, partial(rebuild, ground.url, REGISTERS)
            ),
            "audit replay of the book, every check": partial(whole, count, audit),
        }
        samples = race({LOADED: theirs, **sides}, min(3, ground.rounds))
    for what in sides:
        ours = {"ours": samples[what], LOADED: samples[LOADED]}
        yield against(what, ours, LOADED, unit="entries/s")


def replayed(conn: Replaying, book: UUID, count: int) -> Sample:
    """Every register folded from the book and written to tables without keys."""
    with conn.transaction():
        for place in PLACES:
            schema.drop(conn, place.schema)
            schema.make_schema(conn, place.schema)
            schema.create_tables(conn, place)
    source = Source()
    size = source.heads(conn)[book]
    loading = Loader(conn, PLACES).load_books(source, {book: size})
    return whole(count, lambda: list(loading))


def written(ground: Ground, invoices: int) -> tuple[UUID, int, Path]:
    """A book alone in its database, the number of its entries, and the same entries as text."""
    calendar = Calendar()
    with ground.store(calendar) as store:
        book = LongBook(store, calendar)
        book.live(invoices, still_open=200)
        text = ground.home / "peers.beancount"
        count = write(text, entries(store, book.book_id))
    return UUID(book.book_id), count, text


def entries(store: Store, book_id: str) -> Iterator[Recorded]:
    """The entries of a book, in order."""
    return store.read(book_id, types=[EntryPosted.stored_as])


def write(file: Path, facts: Iterable[Recorded]) -> int:
    """Writes entries as a beancount file; gives how many."""
    opened, lines, count = set[str](), list[str](), 0
    for fact in facts:
        entry = fact.event
        assert isinstance(entry, EntryPosted)
        count += 1
        lines.append(f'{entry.date} * "{entry.journal}" "{entry.label}"')
        for line in entry.lines:
            account = account_of(line)
            opened.add(account)
            lines.append(f"  {account}  {(line.debit - line.credit) / 100:.2f} {entry.currency}")
        lines.append("")
    head = [f"2000-01-01 open {account}" for account in sorted(opened)]
    file.write_text("\n".join([*head, "", *lines]))
    return count


def account_of(line: EntryLine) -> str:
    """Beancount's name of an account; a third party has one of its own."""
    root = ROOTS.get(line.account[0], "Income")
    party = f":{line.party.replace('_', '-').capitalize()}" if line.party else ""
    return f"{root}:A{line.account}{party}"
