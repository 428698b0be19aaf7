"""What a job is: asked for in one book, of a kind, in a state, and at its end perhaps a file."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal, Protocol

from msgspec import Struct

from domain.book.refusal import Refused, words
from services.store.pen import Command

State = Literal["queued", "running", "done", "failed"]

# Crockford's digits, as in every id.
_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"

WORKER_FAILED = words(
    en="The work failed several times; the operator's log says why.",
    fr="Le travail a échoué plusieurs fois ; le journal de l'exploitant dit pourquoi.",
    nl="Het werk is meermaals mislukt; het logboek van de beheerder zegt waarom.",
)


class JobFile(Struct, frozen=True, kw_only=True):
    """The file that a job made: SHA-256 in hex, size in bytes."""

    digest: str
    size: int
    media_type: str
    name: str


class Failure(Struct, frozen=True, kw_only=True):
    """Why a job failed for good: a stable code, the rule that refused, if any, and words."""

    code: str
    rule: str
    words: dict[str, str]


class Job(Struct, frozen=True, kw_only=True):
    """A job as it stands. `done` of `total` parts are done; 0 of 0 means that nobody knows yet."""

    book_id: str
    job_id: str
    kind: str
    actor: str
    asked: dict[str, Any]
    state: State
    done: int
    total: int
    attempts: int
    failure: Failure | None
    asked_at: datetime
    ended_at: datetime | None
    expires_at: datetime | None
    file: JobFile | None


class Product(Struct, frozen=True, kw_only=True):
    """What came of a job: a file, given piece by piece, of any sizes."""

    name: str
    media_type: str
    content: Iterable[bytes]


class Work(Protocol):
    """A job in a worker's hands."""

    @property
    def book_id(self) -> str:
        """The book it was asked for in."""
        ...

    @property
    def asked(self) -> dict[str, Any]:
        """What was asked for, in the words of its kind."""
        ...

    def command(self, what: str) -> Command:
        """A command of this job: the same `what` is the same command in every attempt."""
        ...

    def progress(self, done: int, total: int) -> None:
        """Says how far the work is; raises when this worker must drop it."""
        ...


Run = Callable[[Work], Product]
"""Does the work of one kind. It may run again from the beginning after a crash: what it writes, it
writes by commands of the job."""

Kinds = Mapping[str, Run]


def name_job(book_id: str, command_id: str) -> str:
    """The id of the job that a command asks for: a repeat finds the same one."""
    number = int.from_bytes(sha256(f"job\n{book_id}\n{command_id}".encode()).digest()[:16])
    number = number & ~(0xF << 76) | 8 << 76
    number = number & ~(0x3 << 62) | 2 << 62
    return "job_" + "".join(_DIGITS[number >> shift & 31] for shift in range(125, -1, -5))


def refused(refusal: Refused) -> Failure:
    """The failure of a job whose command was refused."""
    languages = ("en", "fr", "nl")
    said = {language: refusal.explain(language) for language in languages}
    return Failure(code=refusal.code, rule=refusal.rule, words=said)


def broken() -> Failure:
    """The failure of a job that nobody could bring to its end."""
    return Failure(code="job_failed", rule="", words=WORKER_FAILED)
