"""The key-encryption key is replaced: what was sealed opens by the new key, and by it alone."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from msgspec.structs import replace
from pydantic import SecretStr

from domain.operations.technical import PersonalKeysRewrapped
from services import directory
from services.audit.keys import UnusableKey
from services.erasure import ErasureList, check_personal_data, erase_contact
from services.key_encryption import KeyFiles, key_encryption_key, open_vault
from services.rewrapping import replace_key
from services.settings import Settings
from services.store.datastore import BookDatastore
from services.store.mapper import Mapper
from services.store.store import Store
from services.store.vault import Unsealable, Vault, WrongKeyEncryptionKey
from services.technical import read_journal
from tests.services.privacy.test_erasure import PERSON
from tests.services.use_cases.conftest import Clock, Desk


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.delenv("PARAPHE_KEY_ENCRYPTION_KEY", raising=False)
    return Settings(home=tmp_path / "home")


@pytest.fixture
def desk(fresh_database_url: str, settings: Settings) -> Iterator[Desk]:
    """A desk whose key is a file of its own."""
    clock = Clock()
    store = Store(
        BookDatastore(fresh_database_url), clock=clock, mapper=Mapper(vault=open_vault(settings))
    )
    yield Desk(store, clock)
    store.close()


def rewrap(desk: Desk, settings: Settings, given: Path | None = None) -> dict[str, int]:
    url = desk.store.datastore.url
    return dict(replace_key(desk.store, url, KeyFiles(settings, given), desk.command()))


def test_everything_opens_by_the_new_key_and_by_it_alone(
    desk: Desk, settings: Settings, tmp_path: Path
) -> None:
    contact, gone = (
        desk.contact(PERSON),
        desk.contact(replace(PERSON, name="Other", email="x@example.org")),
    )
    kept = ErasureList(tmp_path / "erased.list")
    erase_contact(desk.store, desk.book, gone, desk.command(), kept=kept)
    first = key_encryption_key(settings)
    old = Vault(lambda: first)
    assert rewrap(desk, settings) == {desk.book: 2}
    found = check_personal_data(desk.store, desk.book)
    assert (found.readable, found.erased, found.unopened, found.findings) == (2, 2, 0, ())
    directory.change_contact(
        desk.store, desk.book, contact, replace(PERSON, email="new@example.org"), desk.command()
    )
    stale = Store(desk.store.datastore, mapper=Mapper(vault=old))
    assert check_personal_data(stale, desk.book).unopened == 4
    noted = [fact.event for fact in read_journal(desk.store, desk.book)]
    (event,) = [one for one in noted if isinstance(one, PersonalKeysRewrapped)]
    assert (event.before, event.keys) == (old.fingerprint, 2)
    assert event.after == desk.store.mapper.vault.fingerprint != event.before


def test_a_process_that_holds_the_old_key_asks_again(
    desk: Desk, settings: Settings, fresh_database_url: str
) -> None:
    """Its file has the new one; one that was given another key is refused, by the database too."""
    desk.contact(PERSON)
    server = Store(BookDatastore(fresh_database_url), mapper=Mapper(vault=open_vault(settings)))
    assert check_personal_data(server, desk.book).unopened == 0
    rewrap(desk, settings)
    assert check_personal_data(server, desk.book).unopened == 0
    directory.create_contact(server, desk.book, PERSON, desk.command())
    stranger = Vault(lambda: b"s" * 32)
    other = Store(BookDatastore(fresh_database_url), mapper=Mapper(vault=stranger))
    with pytest.raises(WrongKeyEncryptionKey):
        directory.create_contact(other, desk.book, PERSON, desk.command())
    key = stranger.make_key(desk.book, "ctc_1", "email")
    with (
        psycopg.connect(fresh_database_url) as conn,
        pytest.raises(psycopg.errors.RestrictViolation),
    ):
        conn.execute(
            "INSERT INTO personal_key (book_id, key_id, subject, field, wrapped, wrapped_by) "
            "VALUES (%s, %s, %s, %s, %s, %s)",
            (key.book_id, key.key_id, key.subject, key.field, key.wrapped, key.wrapped_by),
        )
    for store in (server, other):
        store.close()


def test_a_run_that_was_stopped_is_finished_by_the_next(
    desk: Desk, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database has taken the new key, and the file was not yet put in its place."""
    desk.contact(PERSON)
    with monkeypatch.context() as patched:
        patched.setattr(KeyFiles, "promote", stopped)
        with pytest.raises(KeyboardInterrupt):
            rewrap(desk, settings)
    assert check_personal_data(desk.store, desk.book).unopened == 2
    assert rewrap(desk, settings) == {desk.book: 2}
    assert check_personal_data(desk.store, desk.book).unopened == 0
    keys = sorted(path.name for path in (settings.home / "keys").iterdir())
    assert len(keys) == 2  # the key in use, and the old one for old backups
    assert "personal.key" in keys


def stopped(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_changed_key_stops_it_and_nothing_is_done(
    desk: Desk, settings: Settings, fresh_database_url: str
) -> None:
    desk.contact(PERSON)
    before = rows(fresh_database_url)
    with psycopg.connect(fresh_database_url) as conn:
        conn.execute("UPDATE personal_key SET subject = 'ctc_other' WHERE field = 'email'")
    with pytest.raises(Unsealable):
        rewrap(desk, settings)
    assert {one[1] for one in rows(fresh_database_url)} == {one[1] for one in before}
    assert desk.store.mapper.vault.fingerprint == before[0][1]


def rows(url: str) -> list[tuple[str, str]]:
    with psycopg.connect(url) as conn:
        return conn.execute("SELECT key_id, wrapped_by FROM personal_key ORDER BY 1").fetchall()


def test_a_key_of_the_environment_is_followed_by_one_of_a_file(
    desk: Desk, settings: Settings, tmp_path: Path
) -> None:
    desk.contact(PERSON)
    word = (settings.home / "keys" / "personal.key").read_text().strip()
    given = Settings(home=settings.home, key_encryption_key=SecretStr(word))
    with pytest.raises(UnusableKey):
        rewrap(desk, given)
    new = tmp_path / "new.key"
    new.write_text("bmV3IGtleSBvZiB0aGlydHktdHdvIGJ5dGVzIGhlcmU=")
    assert rewrap(desk, given, new) == {desk.book: 2}
    after = Store(desk.store.datastore, mapper=Mapper(vault=Vault(KeyFiles(given, new).next)))
    assert check_personal_data(after, desk.book).unopened == 0
