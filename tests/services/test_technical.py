"""The journal of technical events: noted once, in the same chain, by whoever has to know."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from domain.operations.technical import (
    TECHNICAL_TAG,
    BackupTaken,
    BookExported,
    BookRestored,
    ClockHeldBack,
    IntegrityFailed,
    KeyIssued,
    KeyRevoked,
    KeyUsed,
    SoftwareChanged,
    TechnicalEvent,
)
from services import technical
from services.access import Keyring
from services.audit.export import export_book
from services.audit.verify import Kept, verify_book
from services.closing import close_periods
from services.store.datastore import BookDatastore
from services.store.mapper import SOFTWARE
from services.store.store import Store
from services.technical import Attendance, Watch, read_journal
from tests.services.use_cases.conftest import Clock, Desk


@pytest.fixture
def clock() -> Clock:
    """The time of commands."""
    return Clock()


@pytest.fixture
def store(database_url: str, clock: Clock) -> Iterator[Store]:
    """A store that is watched, as the backend's is."""
    opened = Store(BookDatastore(database_url), clock=clock, watch=Watch())
    yield opened
    opened.close()


@pytest.fixture
def desk(store: Store, clock: Clock) -> Desk:
    """A company's book."""
    return Desk(store, clock)


def noted(desk: Desk) -> list[TechnicalEvent]:
    """The technical events of the book."""
    found = [fact.event for fact in read_journal(desk.store, desk.book)]
    return [event for event in found if isinstance(event, TechnicalEvent)]


def test_a_new_book_has_nothing_to_tell(desk: Desk) -> None:
    desk.invoiced()
    assert noted(desk) == []


def test_the_first_write_after_an_upgrade_says_so_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, database_url: str, clock: Clock
) -> None:
    desk.invoiced()
    for module in ("services.store.mapper", "services.store.pen", "services.technical"):
        monkeypatch.setattr(f"{module}.SOFTWARE", "paraphe/9.0.0")
    newer = Store(BookDatastore(database_url), clock=clock, watch=Watch())
    other = Desk.__new__(Desk)
    other.__dict__ |= desk.__dict__ | {"store": newer}
    other.invoiced()
    other.invoiced()
    newer.close()
    assert noted(desk) == [SoftwareChanged(before=SOFTWARE, after="paraphe/9.0.0")]
    facts = list(desk.store.read(desk.book))
    place = next(fact for fact in facts if isinstance(fact.event, SoftwareChanged))
    assert place.actor == technical.WATCH
    # With the very command that came first, and no event was written between.
    assert {fact.software for fact in facts[: place.position - 2]} == {SOFTWARE}
    assert verify_book(desk.store, desk.book).findings == ()


def test_a_clock_that_is_held_back_is_noted_once_a_stop(desk: Desk) -> None:
    desk.clock.now -= timedelta(hours=2)
    desk.invoiced()
    desk.invoiced()
    (first,) = noted(desk)
    assert isinstance(first, ClockHeldBack)
    assert 7_190_000 < first.behind <= 7_200_000
    desk.clock.now += timedelta(hours=3)
    desk.invoiced()
    desk.clock.now -= timedelta(minutes=1)
    desk.invoiced()
    assert [type(event) for event in noted(desk)] == [ClockHeldBack, ClockHeldBack]
    assert verify_book(desk.store, desk.book).findings == ()


def test_keys_are_noted_where_they_open(desk: Desk, database_url: str) -> None:
    keyring = Keyring(database_url)
    other = Desk(desk.store, desk.clock)
    secret = technical.issue_key(
        keyring,
        desk.store,
        [desk.book],
        desk.command(),
        name="Marie",
        books=[desk.book],
        scopes=["invoices:read"],
        expires_at=datetime(2027, 1, 1, tzinfo=UTC),
    )
    assert secret.startswith("pk_live_")
    (issued,) = noted(desk)
    assert isinstance(issued, KeyIssued)
    assert issued.scopes == ("invoices:read",)
    assert not issued.every_book
    assert noted(other) == []
    technical.use_key(desk.store, desk.book, issued.key_id, date(2026, 3, 16))
    technical.use_key(desk.store, desk.book, issued.key_id, date(2026, 3, 16))
    technical.use_key(desk.store, desk.book, issued.key_id, date(2026, 3, 17))
    again = [desk.store, [desk.book], desk.command(), issued.key_id]
    assert technical.revoke_key(keyring, *again)  # type: ignore[arg-type]
    assert not technical.revoke_key(keyring, *again)  # type: ignore[arg-type]
    assert [type(event) for event in noted(desk)] == [KeyIssued, KeyUsed, KeyUsed, KeyRevoked]
    assert b"Marie" not in b"".join(bodies(desk))


def bodies(desk: Desk) -> Iterator[bytes]:
    """The bodies of all events, as they stand in the book."""
    with desk.store.entered(desk.book) as conn:
        for (body,) in conn.execute("SELECT body FROM event WHERE book_id = %s", [desk.book]):
            yield bytes(body)


def test_an_export_a_backup_and_a_restore_are_noted(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "book.zip"
    manifest = export_book(desk.store, desk.book, file)
    technical.note_export(desk.store, desk.book, file, manifest, desk.command())
    backup = BackupTaken(kind="pg_basebackup", digest="ab" * 32)
    technical.note_backup(desk.store, [desk.book], backup, desk.command())
    restored = BookRestored(source="pg_basebackup", size=3, root="cd" * 32, sealed=4)
    technical.note_restore(desk.store, desk.book, restored, desk.command())
    exported, *others = noted(desk)
    assert isinstance(exported, BookExported)
    assert (exported.size, exported.root) == (manifest.size, manifest.root)
    assert len(exported.digest) == 64
    assert others == [backup, restored]


def test_findings_are_noted_once(desk: Desk) -> None:
    sound = verify_book(desk.store, desk.book)
    technical.note_findings(desk.store, sound, "operator")
    assert noted(desk) == []
    wrong = [Kept(size=2, root="00" * 32)]
    for _ in range(2):
        report = verify_book(desk.store, desk.book, wrong)
        technical.note_findings(desk.store, report, "operator")
    (failed,) = noted(desk)
    assert isinstance(failed, IntegrityFailed)
    assert (failed.checks, failed.findings, failed.size) == (("kept-root",), 1, sound.size)


def test_the_journal_tells_closings_too_in_the_order_of_the_book(desk: Desk) -> None:
    backup = BackupTaken(kind="pg_dump", digest="ab" * 32)
    technical.note_backup(desk.store, [desk.book], backup, desk.command())
    desk.clock.now += timedelta(days=1)
    close_periods(desk.store, desk.book, None, desk.command())
    technical.note_backup(desk.store, [desk.book], backup, desk.command())
    journal = read_journal(desk.store, desk.book)
    assert [fact.event.stored_as for fact in journal] == [
        "backup.taken.v1",
        "period.closed.v1",
        "backup.taken.v1",
    ]
    assert [fact.position for fact in journal] == sorted(fact.position for fact in journal)
    assert TECHNICAL_TAG in journal[0].tags


def test_attendance_is_taken_once_a_day_and_never_stops_a_request(desk: Desk) -> None:
    attendance = Attendance(desk.store)
    assert not attendance.is_noted(desk.book, "key_1")
    attendance.note(desk.book, "key_1")
    assert attendance.is_noted(desk.book, "key_1")
    Attendance(desk.store).note(desk.book, "key_1")  # another process
    assert [type(event) for event in noted(desk)] == [KeyUsed]
    nowhere = "00000000-0000-0000-0000-00000000dead"
    attendance.note(nowhere, "key_1")
    assert not attendance.is_noted(nowhere, "key_1")
