"""Use cases of the journal of technical events: each notes one thing in the books it concerns."""

import hashlib
import logging
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from domain.book.event import Event, Recorded
from domain.book.rotation import KEYS_TAG
from domain.ledger.closing import CLOSING_TAG
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
    LoginRefused,
    SoftwareChanged,
)
from domain.privacy.erasing import ERASURES_TAG
from services.access import SHOWN, Key, Keyring
from services.audit.bundle.contents import Manifest
from services.audit.findings import Report
from services.store.head import UnknownBook
from services.store.mapper import SOFTWARE
from services.store.pen import Command, Pen
from services.store.store import Store

WATCH = "paraphe"
"""Who notes what nobody asked for."""
CLOCK_ALARM = timedelta(seconds=5)
log = logging.getLogger(__name__)
JOURNAL_TAGS = (TECHNICAL_TAG, CLOSING_TAG, KEYS_TAG, ERASURES_TAG)


class Watch:
    """Looks at each transaction before it is committed: the clock, and the software that writes.

    What it notes is committed with the commands, or not at all.
    """

    def __init__(self) -> None:
        self._current: set[str] = set()

    def __call__(self, pen: Pen, held_back: timedelta) -> None:
        """Notes a clock that was held back, and the first write after an upgrade."""
        if pen.book_id not in self._current:
            self._note_software(pen)
        if held_back > CLOCK_ALARM and not _noted_then(pen):
            _append(pen, ClockHeldBack(behind=held_back // timedelta(milliseconds=1)))

    def _note_software(self, pen: Pen) -> None:
        before = pen.at([pen.next_position - len(pen.buffer) - 1])
        if before and before[0].software != SOFTWARE:
            _append(pen, SoftwareChanged(before=before[0].software, after=SOFTWARE))
        else:
            self._current.add(pen.book_id)


class Attendance:
    """Notes each key's first use of a day in each book; the day is that of UTC."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._seen: dict[tuple[str, str], date] = {}
        self._refused: dict[str, date] = {}

    def is_noted(self, book_id: str, key_id: str) -> bool:
        """Whether this process knows that today's first use is in the book."""
        return self._seen.get((book_id, key_id)) == datetime.now(UTC).date()

    def note(self, book_id: str, key_id: str) -> None:
        """Notes a use; what cannot be noted now is noted with the next one."""
        today = datetime.now(UTC).date()
        try:
            use_key(self._store, book_id, key_id, today)
        except Exception as error:  # noqa: BLE001  a request is not refused for want of a note
            log.warning("first use of %s in book %s is not noted: %s", key_id, book_id, error)
            return
        self._seen[book_id, key_id] = today

    def note_refusal(self, book_id: str) -> None:
        """Notes that a key was refused, once a day in each book; nothing of what was shown.

        A stranger costs a book one event a day, and nothing is remembered of books that are none.
        """
        today = datetime.now(UTC).date()
        if self._refused.get(book_id) == today:
            return
        try:
            self._store.head(book_id)
            once = f"login refused {today.isoformat()}"
            note(self._store, book_id, LoginRefused(day=today), Command(id="", actor=WATCH), once)
        except UnknownBook:
            return
        except Exception as error:  # noqa: BLE001  the answer is 401 in any case
            log.warning("a refused key in book %s is not noted: %s", book_id, error)
            return
        self._refused[book_id] = today


def issue_key(
    keyring: Keyring, store: Store, reached: Sequence[str], command: Command, **asked: Any
) -> str:
    """Makes a key (see `Keyring.issue`) and notes it in the books it reaches; gives its secret."""
    secret = keyring.issue(**asked)
    key = [key for key in keyring.issued() if key.prefix == secret[:SHOWN]][-1]
    for book_id in reached:
        note(store, book_id, _issued(key), command, f"key issued {key.key_id}")
    return secret


def revoke_key(
    keyring: Keyring, store: Store, reached: Sequence[str], command: Command, key_id: str
) -> bool:
    """Makes a key useless and notes it in the books that it reached; False when it was no key."""
    if not keyring.revoke(key_id):
        return False
    for book_id in reached:
        note(store, book_id, KeyRevoked(key_id=key_id), command, f"key revoked {key_id}")
    return True


def use_key(store: Store, book_id: str, key_id: str, day: date) -> None:
    """Notes the first use of a key in a book that day; the same again changes nothing."""
    command = Command(id="", actor=key_id)
    event = KeyUsed(key_id=key_id, day=day)
    note(store, book_id, event, command, f"key used {key_id} {day.isoformat()}")


def note_export(
    store: Store, book_id: str, file: Path, manifest: Manifest, command: Command
) -> None:
    """Notes that the book left as a file, with the digest of that file."""
    with file.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    exported = BookExported(
        format=manifest.format, size=manifest.size, root=manifest.root, digest=digest
    )
    note(store, book_id, exported, command)


def note_backup(store: Store, books: Iterable[str], backup: BackupTaken, command: Command) -> None:
    """Notes in each book that it was backed up."""
    for book_id in books:
        note(store, book_id, backup, command)


def note_restore(store: Store, book_id: str, restored: BookRestored, command: Command) -> None:
    """Notes that the book was put back from a backup."""
    note(store, book_id, restored, command)


def note_findings(store: Store, report: Report, actor: str) -> None:
    """Notes what a verification found in a book; the same findings are noted once."""
    if not report.findings:
        return
    what = sorted((found.check, found.position, found.upto or 0) for found in report.findings)
    digest = hashlib.sha256(msgspec.json.encode(what)).hexdigest()
    event = IntegrityFailed(
        checks=tuple(sorted({found.check for found in report.findings})),
        findings=len(report.findings),
        first_position=min(found.position for found in report.findings),
        size=report.size,
        root=report.root,
        digest=digest,
    )
    note(store, report.book_id, event, Command(id="", actor=actor), f"integrity {digest}")


def note(store: Store, book_id: str, event: Event, command: Command, once: str = "") -> None:
    """Writes one event under `command`, or under the id `once`, which is written only once."""
    own = msgspec.structs.replace(command, id=once) if once else command

    def decide(pen: Pen) -> None:
        pen.append([event])

    store.write(book_id, own, decide, lambda _: None)


def read_journal(store: Store, book_id: str) -> list[Recorded]:
    """The journal of a book in order: technical events, closings, erasures, seal keys replaced."""
    past = store.past(book_id)
    found: list[Recorded] = []
    for tag in JOURNAL_TAGS:
        found = past.fold(_collect, found, tag)
    return sorted(found, key=lambda fact: fact.position)


def _collect(facts: list[Recorded], fact: Recorded) -> list[Recorded]:
    facts.append(fact)
    return facts


def _issued(key: Key) -> KeyIssued:
    return KeyIssued(
        key_id=key.key_id,
        prefix=key.prefix,
        scopes=tuple(key.scopes),
        every_book=key.every_book,
        expires_at=key.expires_at,
    )


def _noted_then(pen: Pen) -> bool:
    """Whether the same stop of the clock is noted: while it is held, the time does not move."""
    last = pen.last(TECHNICAL_TAG)
    return (
        last is not None and isinstance(last.event, ClockHeldBack) and last.recorded_at == pen.now
    )


def _append(pen: Pen, event: Event) -> None:
    pen.begin(Command(id=f"{WATCH} {pen.next_position}", actor=WATCH))
    pen.append([event])
