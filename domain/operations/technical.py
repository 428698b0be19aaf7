"""The journal of technical events (JET): what happened to the system that keeps the book.

Each is an event of the book it concerns, in the same chain as the invoices. Registers ignore them.
No names of people: a key is named by its id, whose holder the table of keys knows.
"""

from datetime import date, datetime
from typing import ClassVar

from domain.book.event import Event

TECHNICAL_TAG = "technical"


class TechnicalEvent(Event, frozen=True, kw_only=True):
    """Something that happened to the system, not to the company."""

    @property
    def tags(self) -> tuple[str, ...]:
        return (TECHNICAL_TAG,)


class SoftwareChanged(TechnicalEvent, frozen=True, kw_only=True):
    """Another version of the software writes the book from now on."""

    stored_as: ClassVar[str] = "software.changed.v1"

    before: str
    after: str


class KeyIssued(TechnicalEvent, frozen=True, kw_only=True):
    """Somebody was given a key to this book; `every_book`: and to all others."""

    stored_as: ClassVar[str] = "key.issued.v1"

    key_id: str
    prefix: str
    scopes: tuple[str, ...]
    every_book: bool
    expires_at: datetime | None = None


class KeyRevoked(TechnicalEvent, frozen=True, kw_only=True):
    """A key opens this book no more."""

    stored_as: ClassVar[str] = "key.revoked.v1"

    key_id: str


class KeyUsed(TechnicalEvent, frozen=True, kw_only=True):
    """A key was used in this book, for the first time that day."""

    stored_as: ClassVar[str] = "key.used.v1"

    key_id: str
    day: date


class BookExported(TechnicalEvent, frozen=True, kw_only=True):
    """The book left the system as a file: how much of it, and the SHA-256 (hex) of the file."""

    stored_as: ClassVar[str] = "book.exported.v1"

    format: str
    size: int
    root: str
    digest: str


class BackupTaken(TechnicalEvent, frozen=True, kw_only=True):
    """The database was backed up; `digest` is the SHA-256 (hex) of the backup or its manifest."""

    stored_as: ClassVar[str] = "backup.taken.v1"

    kind: str
    digest: str


class BookRestored(TechnicalEvent, frozen=True, kw_only=True):
    """The book was put back from a backup that held `size` events; `sealed` were sealed before."""

    stored_as: ClassVar[str] = "book.restored.v1"

    source: str
    size: int
    root: str
    sealed: int


class ClockHeldBack(TechnicalEvent, frozen=True, kw_only=True):
    """The clock was behind the newest event and was not followed; `behind` in milliseconds."""

    stored_as: ClassVar[str] = "clock.held_back.v1"

    behind: int


class IntegrityFailed(TechnicalEvent, frozen=True, kw_only=True):
    """A verification had findings: which checks, how many, and the first event concerned.

    `digest` is the SHA-256 (hex) of the findings: the same ones are noted once.
    """

    stored_as: ClassVar[str] = "integrity.failed.v1"

    checks: tuple[str, ...]
    findings: int
    first_position: int
    size: int
    root: str
    digest: str


class AuditPerformed(TechnicalEvent, frozen=True, kw_only=True):
    """The book was replayed and its figures derived again; `size` and `root` are what was read.

    `report` is the SHA-256 (hex) of the report as JSON, `failed` the checks that found something.
    """

    stored_as: ClassVar[str] = "audit.performed.v1"

    verdict: str
    checks: tuple[str, ...]
    failed: tuple[str, ...]
    size: int
    root: str
    report: str


class LoginRefused(TechnicalEvent, frozen=True, kw_only=True):
    """Somebody without a valid key asked for this book, for the first time that day (UTC).

    Nothing of what was shown is kept, and once a day: strangers must not be able to fill a book.
    """

    stored_as: ClassVar[str] = "login.refused.v1"

    day: date


class PersonalKeysRewrapped(TechnicalEvent, frozen=True, kw_only=True):
    """The key that wraps the keys of personal data was replaced; both by their fingerprints."""

    stored_as: ClassVar[str] = "personal_keys.rewrapped.v1"

    before: str
    after: str
    keys: int


TECHNICAL_EVENTS: tuple[type[Event], ...] = (
    SoftwareChanged,
    KeyIssued,
    KeyRevoked,
    KeyUsed,
    BookExported,
    BackupTaken,
    BookRestored,
    ClockHeldBack,
    IntegrityFailed,
    AuditPerformed,
    LoginRefused,
    PersonalKeysRewrapped,
)
