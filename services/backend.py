"""The one place where things are wired: settings to server, database, store and registers."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
from psycopg import sql

from services.access import Keyring, Porter
from services.archive.follower import Archivist
from services.archive.newest import Gate
from services.audit.replay_exports import BESIDE, REPRODUCERS
from services.audit.seal_keeper import open_keeper
from services.audit.seal_keys import open_sealer
from services.closing_keeper import open_closing_keeper
from services.disk import DiskWatch
from services.document_links import LinkOffice
from services.embedded_postgres import EmbeddedServer, start
from services.exports.bundle import Bundler
from services.exports.export import Exporter
from services.exports.job import FILE, FileMaker
from services.exports.reproducing import SECOND_FILES
from services.exports.reproducing import reproducers as file_reproducers
from services.fec.job import FEC, FecMaker
from services.fec.reproducing import reproducers as fec_reproducers
from services.jobs.desk import Desk
from services.jobs.job import Kinds
from services.jobs.worker import Worker
from services.key_encryption import open_vault
from services.link_jobs import LINKS, LinkCounter
from services.lists.job import EXPORT, ListMaker
from services.lists.reproducing import reproducers
from services.mailing import open_mailer
from services.printing.originals import Printshop
from services.printing.press import Press
from services.printing.printer import Printer
from services.printing.selection import PRINT, SelectionPrinter
from services.reminders.jobs import LETTERS, MAIL, ReminderPrinter, ReminderSender
from services.reminders.post import Postman
from services.replay.engine import Engine
from services.replay.reading import Readers
from services.replicas import Replicas
from services.settings import Settings
from services.shelf import Shelf
from services.store.datastore import BookDatastore
from services.store.mapper import Mapper
from services.store.migrations import migrate
from services.store.store import Clock, Store
from services.technical import Attendance, Watch
from services.transport.opening import open_outbox, open_sharing

DATABASE = "paraphe"


class Backend:
    """What the doors work with: the store, the registers' engine and readers, shelf and keys.

    `url` is the application's login, `owner_url` that of the tables' owner (often the same).
    """

    def __init__(
        self, settings: Settings, url: str, owner_url: str, clock: Clock | None = None
    ) -> None:
        self.settings = settings
        self.url = url
        self.owner_url = owner_url
        self.datastore = BookDatastore(url)
        self.store = _open_store(settings, self.datastore, clock)
        self.engine = Engine(url, sharing=open_sharing(settings, url))
        self.outbox = open_outbox(settings, url)
        self.readers = Readers(url)
        self.replicas = Replicas(url, settings.replica_urls)
        self.shelf = Shelf(url)
        self.keyring = Keyring(owner_url)
        self.porter = Porter(self.datastore)
        self.attendance = Attendance(self.store)
        self.keeper = open_keeper(self.store, settings, url)
        self.closer = open_closing_keeper(self.store, settings, url) if settings.closings else None
        self.archivist = Archivist(self.store, url, settings.archive) if settings.archive else None
        self.press = Press()
        self.printshop = Printshop(self.store, self.press)
        self.printer = Printer(self.printshop, url)
        self.postman = Postman(self.store, self.printshop, open_mailer(settings))
        self.link_office = LinkOffice(
            self.store, self.printshop, self.porter.cursor_secret, settings.public_url
        )
        self.links = LinkCounter(self.store, self.link_office, self.postman)
        self.desk = Desk(self.store)
        self.exporter = Exporter(self.store, self.readers, self.engine)
        self.worker = Worker(url, self._kinds_of_work())
        REPRODUCERS.update(reproducers(url) | fec_reproducers(url) | file_reproducers(url))
        BESIDE.update(SECOND_FILES)
        self.disk = DiskWatch(data_folders(settings), settings.free_disk_mib)
        self.leaving = False
        """Whether this process was told to stop: it is not ready for anybody new."""
        self._gate = Gate(self.store, open_sealer(self.store, settings).signer, settings.archive)
        self.store.gate = self._may_write
        self.demo_company_id: str | None = None
        """The company that the page at / shows to everybody; none but in the demonstration."""

    def _kinds_of_work(self) -> Kinds:
        """Who does which jobs."""
        return {
            PRINT: SelectionPrinter(self.store, self.printshop, self.readers),
            EXPORT: ListMaker(self.store, self.readers, self.engine),
            MAIL: ReminderSender(self.postman),
            LETTERS: ReminderPrinter(self.store, self.postman),
            LINKS: self.links,
            FEC: FecMaker(self.store, self.readers, self.engine),
            FILE: FileMaker(
                self.exporter, Bundler(self.store, self.readers, self.engine, self.printshop)
            ),
        }

    def _may_write(self, book_id: str) -> None:
        """Raises unless there is room, and nobody knows of a newer edition of the book."""
        self.disk.require_room()
        self._gate(book_id)

    def demo_key(self) -> str:
        """The demonstration's API key: made once and kept in PARAPHE_HOME, for its owner only."""
        path = self.settings.home.expanduser() / "demonstration.key"
        if path.exists():
            secret = path.read_text().strip()
            if self.porter.admit(secret, None) is not None:
                return secret
        secret = self.keyring.issue("demonstration")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(f"{secret}\n")
        return secret

    def follow(self) -> None:
        """Begins to keep registers, seals and the archive up to date, to print, to do jobs, and to
        publish events."""
        self.engine.start()
        if self.outbox is not None:
            self.outbox.start()
        self.keeper.start()
        if self.closer is not None:
            self.closer.start()
        if self.settings.prints:
            self.printer.start()
        self.worker.start()
        if self.archivist is not None:
            self.archivist.start()

    def close(self) -> None:
        """Ends the work in hand and gives the connections back."""
        if self.outbox is not None:
            self.outbox.stop()
        self.worker.stop()
        self.printer.stop()
        self.press.close()
        if self.closer is not None:
            self.closer.stop()
        self.engine.stop()
        self.keeper.stop()
        if self.archivist is not None:
            self.archivist.stop()
        self.replicas.close()
        self.readers.close()
        self.store.close()


def _open_store(settings: Settings, datastore: BookDatastore, clock: Clock | None) -> Store:
    """The store, with the vault for personal data and what watches each transaction."""
    mapper, watch = Mapper(vault=open_vault(settings)), Watch()
    if clock is None:
        return Store(datastore, mapper=mapper, watch=watch)
    return Store(datastore, mapper=mapper, watch=watch, clock=clock)


def data_folders(settings: Settings) -> list[Path]:
    """The folders of the embedded server that fill; a server elsewhere watches its own disks."""
    data = settings.home.expanduser() / "postgres"
    return [data, data / "pg_wal"] if settings.embedded else []


@contextmanager
def open_backend(settings: Settings, *, clock: Clock | None = None) -> Iterator[Backend]:
    """The backend on the database that the settings name, its schema brought up to date.

    `clock` changes the time of commands; only the demonstration and tests pass one.
    """
    with database(settings) as url:
        owner = settings.migration_url
        owner_url = owner.get_secret_value() if owner else url
        migrate(owner_url)
        backend = Backend(settings, url, owner_url, clock)
        try:
            yield backend
        finally:
            backend.close()


@contextmanager
def database(settings: Settings) -> Iterator[str]:
    """The URL of the database; without one in the settings the embedded server is started."""
    if settings.database_url is not None:
        yield settings.database_url.get_secret_value()
        return
    with start(settings.home) as server:
        make_database(server)
        yield server.url(DATABASE)


def make_database(server: EmbeddedServer) -> None:
    """Creates our database on the embedded server the first time."""
    with psycopg.connect(server.url("postgres"), autocommit=True) as conn:
        found = conn.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,))
        if found.fetchone() is None:
            first = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE))
            with suppress(psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
                conn.execute(first)
