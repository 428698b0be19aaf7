"""The archive: it continues only what it knows, survives crashes, and every change is found."""

from pathlib import Path

import psycopg
import pytest

from services.archive import place, writing
from services.archive.follower import Archivist, alone
from services.archive.place import BookFolder, Unarchived
from services.archive.reading import ArchivedBook
from services.archive.writing import NotTheArchivedBook, archive_book
from services.audit.seals import Sealer
from services.audit.verify import verify_book
from services.store.store import Store
from tests.services.audit.conftest import write_entries


@pytest.fixture(autouse=True)
def _short_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seven records a segment, so that a small book has several."""
    for module in (place, writing):
        monkeypatch.setattr(module, "SEGMENT", 7)
    monkeypatch.setattr("services.archive.reading.SEGMENT", 7)


def test_the_archive_follows_a_book_and_verifies_like_it(
    store: Store, book: str, archive: Path, sealer: Sealer
) -> None:
    sealer.seal(book)
    archive_book(store, book, archive)
    for nth in range(10, 14):
        write_entries(store, book, nth)
        index = archive_book(store, book, archive)
    archived, stored = ArchivedBook(archive, book).verify(), verify_book(store, book)
    assert archived.findings == ()
    assert (archived.size, archived.root) == (stored.size, stored.root) == (28, index.root)
    names = [segment.name for segment in BookFolder(archive, book).segments()]
    assert [name[:25] for name in names] == [
        f"{first:012}-{first + 6:012}" for first in (1, 8, 15, 22)
    ]
    assert len(ArchivedBook(archive, book).seals()) == 1
    assert archive_book(store, book, archive) == index


def test_a_segment_that_is_full_is_never_written_again(
    store: Store, book: str, archive: Path
) -> None:
    archive_book(store, book, archive)
    folder = BookFolder(archive, book)
    before = {one.name: (folder.path / "segments" / one.name).stat() for one in folder.segments()}
    write_entries(store, book, 10)
    archive_book(store, book, archive)
    after = {one.name: (folder.path / "segments" / one.name).stat() for one in folder.segments()}
    full = [name for name, _ in list(before.items())[:2]]
    assert [before[name].st_ino for name in full] == [after[name].st_ino for name in full]


def test_a_crash_before_the_index_is_written_costs_nothing(
    store: Store, book: str, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Method: the write of each file in turn fails, until the archive gets through."""
    archive_book(store, book, archive)
    for nth in range(10, 15):
        write_entries(store, book, nth)
    write, attempts = place.write_whole, 0

    def failing(path: Path, content: bytes) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            raise OSError("crash")
        write(path, content)

    monkeypatch.setattr(place, "write_whole", failing)
    while True:
        left = attempts
        attempts += 1
        try:
            archive_book(store, book, archive)
            break
        except OSError:
            assert ArchivedBook(archive, book).verify().findings == ()
            assert ArchivedBook(archive, book).index.size == 20
    assert attempts > 3
    assert ArchivedBook(archive, book).verify().size == 30


def test_every_change_of_a_byte_of_the_archive_is_found(
    store: Store, book: str, archive: Path
) -> None:
    archive_book(store, book, archive)
    folder = archive / book
    for path in sorted((*folder.glob("segments/*"), *folder.glob("files/*"))):
        if path.suffix == ".json":
            continue
        whole = path.read_bytes()
        for at in range(0, len(whole), max(1, len(whole) // 10)):
            changed = bytearray(whole)
            changed[at] ^= 1
            path.write_bytes(changed)
            assert ArchivedBook(archive, book).verify().findings
        path.unlink()
        assert ArchivedBook(archive, book).verify().findings
        path.write_bytes(whole)
    assert not ArchivedBook(archive, book).verify().findings


def test_a_database_that_does_not_continue_the_archive_leaves_it_alone(
    store: Store, book: str, archive: Path, fresh_database_url: str
) -> None:
    archive_book(store, book, archive)
    before = {path: path.read_bytes() for path in archive.rglob("*") if path.is_file()}
    with psycopg.connect(fresh_database_url) as conn:
        conn.execute("ALTER TABLE event DISABLE TRIGGER ALL; ALTER TABLE book DISABLE TRIGGER ALL")
        conn.execute("UPDATE event SET chain = sha256('x') WHERE position = 20")
    with pytest.raises(NotTheArchivedBook, match="another chain"):
        archive_book(store, book, archive)
    with psycopg.connect(fresh_database_url) as conn:
        conn.execute("DELETE FROM event WHERE position > 15")
        conn.execute("UPDATE book SET size = 15")
    with pytest.raises(NotTheArchivedBook, match="events 16 to 20 are missing here"):
        archive_book(store, book, archive)
    assert {path: path.read_bytes() for path in archive.rglob("*") if path.is_file()} == before


def test_an_archive_that_lost_its_index_is_not_begun_anew(
    store: Store, book: str, archive: Path
) -> None:
    archive_book(store, book, archive)
    (archive / book / "index.json").unlink()
    with pytest.raises(Unarchived, match="put it back"):
        archive_book(store, book, archive)


def test_the_follower_archives_what_changed_and_keeps_on_with_the_others(
    store: Store, book: str, archive: Path, fresh_database_url: str, sealer: Sealer
) -> None:
    archivist = Archivist(store, fresh_database_url, archive, seconds=0.05)
    assert archivist.round() == 1
    assert archivist.round() == 0
    sealer.seal(book)
    assert archivist.round() == 1
    with alone(archive, wait=False) as mine:
        assert mine
        write_entries(store, book, 10)
        assert archivist.round() == 0, "another process keeps the archive"
    archivist.start()
    write_entries(store, book, 11)
    archivist.stop()
    assert ArchivedBook(archive, book).index.size == store.head(book).size == 24
    (archive / book / "index.json").write_text("{}")
    write_entries(store, book, 12)
    archivist.round()
    assert list(archivist.refused) == [book]
