"""A company that lived through a year of real commands, closed and sealed, in a database."""

import base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from services.audit.export import export_book
from services.audit.seals import Sealer
from services.audit.signer import Signer
from services.closing import close_periods
from services.demonstration.building_firm import BuildingYear
from services.demonstration.cast import FRENCH
from services.demonstration.year import LivedClock
from services.replay.engine import Engine
from services.store.datastore import BookDatastore
from services.store.pen import Command
from services.store.store import Store
from tests.services.audit.bundles import (
    KEY,
    Json,
    lines_of,
    members_of,
    packed,
    rehashed,
    sealed,
    with_lines,
)

TODAY = date(2026, 10, 28)
CLOSED = date(2026, 3, 5)


@dataclass
class Lived:
    """The company: its store, its book, and the bundle of the book as it ended."""

    store: Store
    url: str
    book: str
    bundle: Path

    def forged(self, path: Path, change: Callable[[list[Json]], None]) -> Path:
        """The bundle as somebody forges it who holds the key: all hashes and seals made again."""
        members = members_of(self.bundle)
        lines = lines_of(members)
        change(lines)
        for position, line in enumerate(lines, 1):
            line["position"] = position
        lines, leaves = rehashed(self.book, lines)
        kept = {name: c for name, c in members.items() if not name.startswith("seals/")}
        note = sealed(self.book, len(lines), leaves)
        forged = with_lines(kept, lines) | {"seals/00000001.note": note.encode()}
        root = root_of(note)
        said: dict[str, Any] = {"size": len(lines), "root": root, "chain": lines[-1]["chain"]}
        return packed(path, forged, **said)


@contextmanager
def lived(url: str, folder: Path) -> Iterator[Lived]:
    """Lets the demonstration's French company live, be closed for two months, and sealed."""
    clock = LivedClock()
    store = Store(BookDatastore(url), clock=clock)
    BuildingYear(store, clock, FRENCH, TODAY).live()
    clock.set(TODAY, 8)
    book = FRENCH.book_id
    close_periods(store, book, CLOSED, Command(id="close", actor="test"))
    Sealer(store, Signer(lambda: KEY, folder / "signed")).seal(book)
    bundle = folder / "lived.zip"
    export_book(store, book, bundle, keys=[KEY.public])
    engine = Engine(url)
    engine.run_to_head(book)
    engine.stop()
    yield Lived(store, url, book, bundle)
    store.close()


def root_of(note: str) -> str:
    """The root (hex) that a seal gives."""
    return base64.b64decode(note.split("\n")[2]).hex()


def body_of(line: Json, kind: str) -> bool:
    """Whether a record is of an event of that stored name."""
    return f'"type":"{kind}"' in line["body"]
