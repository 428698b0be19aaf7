"""A store on the worker's database, with its registers moved by hand."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from domain.operations.exported import ReportExported
from services.lists.export import Asked, Format, export_list
from services.lists.kinds import ListKind
from services.lists.reproducing import reproducers
from services.replay.engine import Engine
from services.replay.reading import Readers
from services.store.datastore import BookDatastore
from services.store.migrations import migrate
from services.store.pen import Command
from services.store.store import Store


@pytest.fixture(scope="module")
def url(database_url: str) -> str:
    """The worker's database, with the right to make schemas."""
    migrate(database_url)
    return database_url


@pytest.fixture(scope="module")
def store(url: str) -> Iterator[Store]:
    """A store on it."""
    opened = Store(BookDatastore(url))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def readers(url: str) -> Iterator[Readers]:
    """Readers of its registers."""
    opened = Readers(url)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def engine(url: str) -> Iterator[Engine]:
    """An engine moved by hand."""
    made = Engine(url)
    yield made
    made.stop()


class Office:
    """Exports of any book, and the same made again from its events alone."""

    def __init__(self, store: Store, readers: Readers, engine: Engine, url: str) -> None:
        self.store = store
        self.readers = readers
        self.engine = engine
        self.url = url

    def export(self, book: str, asked: Asked) -> bytes:
        """The file of a list as it stands now."""
        self.engine.run_to_head(book)
        command = Command(id=str(uuid4()), actor="test")
        with export_list(self.store, book, self.readers.still(book), asked, command) as file:
            return file.path.read_bytes()

    def noted(self, book: str) -> ReportExported:
        """The newest export of a book."""
        event = list(self.store.read(book, types=[ReportExported.stored_as]))[-1].event
        assert isinstance(event, ReportExported)
        return event

    def again(self, book: str, exported: ReportExported) -> bytes:
        """What an audit makes of it."""
        make = reproducers(self.url)[exported.kind]
        return make(exported, lambda: self.store.read(book, upto=exported.position))


@pytest.fixture(scope="module")
def office(store: Store, readers: Readers, engine: Engine, url: str) -> Office:
    """Where lists are exported."""
    return Office(store, readers, engine, url)


def asked(kind: ListKind, form: Format, wanted: Any = None, **more: Any) -> Asked:
    """The whole list in its first order, in French."""
    wanted = kind.filter() if wanted is None else wanted
    said = {"sort": kind.orders[0], "language": "fr", "form": form, **more}
    return Asked(kind=kind, wanted=wanted, **said)
