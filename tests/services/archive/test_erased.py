"""What was erased leaves the archive, and an older copy of the archive does not bring it back."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.parties.contact import ContactDetails
from services import directory
from services.archive.reading import ArchivedBook
from services.archive.recovery import Recovery
from services.archive.writing import archive_book
from services.audit.seals import Sealer
from services.erasure import ErasureList, erase_contact
from services.key_encryption import open_vault
from services.settings import Settings
from services.store.datastore import BookDatastore
from services.store.mapper import Mapper
from services.store.pen import Command
from services.store.store import Store
from tests.books import HERE, make_book, write_book

PERSON = ContactDetails(
    name="Marie Curie", roles=("customer",), address=HERE, email="m.curie@example.org"
)


def opened(url: str) -> Store:
    """A store that can read personal data."""
    return Store(BookDatastore(url), mapper=Mapper(vault=open_vault(Settings())))


@pytest.fixture
def store(fresh_database_url: str) -> Iterator[Store]:
    """Where the book is written."""
    store = opened(fresh_database_url)
    yield store
    store.close()


@pytest.fixture
def elsewhere(database_url: str) -> Iterator[Store]:
    """Where it is put back."""
    store = opened(database_url)
    yield store
    store.close()


def test_erased_keys_leave_the_archive_and_do_not_come_back_with_an_older_copy(
    store: Store, elsewhere: Store, archive: Path, sealer: Sealer, tmp_path: Path
) -> None:
    kept = ErasureList(tmp_path / "erased.list")
    book = write_book(store, make_book(seed=2, size=20))
    made = directory.create_contact(store, book, PERSON, Command(id="make", actor="t"))
    contact = made.answer.contact_id
    archive_book(store, book, archive)
    (key,) = ArchivedBook(archive, book).personal_keys()
    assert (key.subject, key.field) == (contact, "email")
    older = shutil.copytree(archive, tmp_path / "older")

    erase_contact(store, book, contact, Command(id="erase", actor="t"), kept=kept)
    archive_book(store, book, archive)
    assert ArchivedBook(archive, book).personal_keys() == []
    assert b"m.curie" not in b"".join(path.read_bytes() for path in older.rglob("*.*"))

    recovery = Recovery(elsewhere, elsewhere.datastore.url, sealer, kept)
    done = recovery.from_archive(older, book)
    assert done.erased_again == 1
    again = directory.get_contact(elsewhere.past(book), contact)
    assert (again.details.name, again.details.email) == ("Marie Curie", "")
