"""The witness: keeps the last seal of each client's book, and signs only what extends it.

For an accounting firm, on its own machine and in its own folder, without a database. A client who
rewrites a book must either stay away or hand over the evidence: two seals with its own signature
that cannot both be true.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from domain.book.note import COSIGNATURE, NotANote, Note, PublicKey, read_key, read_note
from domain.book.refusal import Refusals, Refused
from domain.book.seal import (
    BookForked,
    Checkpoint,
    SealUnreadable,
    judge_extension,
    read_checkpoint,
)
from domain.book.witnessing import (
    BookNotWitnessed,
    BreakDeclared,
    ProofFromElsewhere,
    SealOlderThanSeen,
    Submission,
)
from services.audit.keys import (
    Seal,
    key_file,
    read_seal,
    read_signed,
    write_once,
    write_over,
)
from services.audit.seal_rotation import check_statement

NAME = "witness"


class Seen(Struct, frozen=True, kw_only=True):
    """A seal that the witness cosigned, and whether it had seen it before."""

    book_id: str
    size: int
    cosigned: str
    line: str
    again: bool


class Fork(Exception):
    """Two seals of one book that cannot both be true; both are kept as evidence."""

    def __init__(self, refused: Refused, evidence: str, kept: Path) -> None:
        super().__init__(refused.explain())
        self.refused = refused
        self.evidence = evidence
        self.kept = kept


class Witness:
    """A witness in its folder; `name` is the name of its key when that is made."""

    def __init__(self, folder: Path, name: str = NAME) -> None:
        self._folder = folder
        self.key = key_file(folder / "witness.key", name, COSIGNATURE)

    def books(self) -> list[tuple[str, Checkpoint | None]]:
        """Each book that is witnessed, with its last seal."""
        folders = sorted((self._folder / "books").glob("*/keys"))
        return [(keys.parent.name, self._last(keys.parent.name)[0]) for keys in folders]

    def trust(self, book_id: str, key: PublicKey) -> None:
        """Takes a key as that of a client's book: the one decision a person makes."""
        place = self._place(book_id)
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        known = self._keys(book_id)
        if key not in known:
            write_over(place / "keys", "".join(f"{one.written()}\n" for one in [*known, key]))

    def trust_replacement(self, book_id: str, statement: str) -> PublicKey:
        """Takes the new key of a book that its newest one vouches for; raises Refusals."""
        keys = self._require_keys(book_id)
        new = check_statement(statement, book_id, keys[-1])
        self.trust(book_id, new)
        return new

    def check(self, sent: Submission, seconds: int, *, accept_break: bool = False) -> Seen:
        """Checks a seal against the last one, keeps it and cosigns it at that time (Unix seconds).

        Raises Fork with the evidence, or Refusals when it cannot be judged.
        """
        book_id = _book_of(sent)
        keys = self._require_keys(book_id)
        with self._alone(book_id):
            seal = read_seal(sent.note, keys)
            if self._seen_before(seal, accept_break=accept_break):
                return self._cosign(seal, seconds, again=True)
            self._require_extension(seal, sent, accept_break=accept_break)
            place = self._place(book_id)
            write_over(self._note_at(book_id, seal.checkpoint.size), seal.note.written())
            write_over(place / "last.note", seal.note.written())
            return self._cosign(seal, seconds, again=False)

    def _seen_before(self, seal: Seal, *, accept_break: bool) -> bool:
        """Whether this very seal is kept; another one of the same size is a fork."""
        now = seal.checkpoint
        kept = self._note_at(now.book_id, now.size)
        if not kept.exists():
            return False
        written = kept.read_text("utf-8")
        before = read_checkpoint(read_note(written).text)
        if before.anchor == now.anchor and before.broken == now.broken:
            return True
        self._shout(_break_or_fork(before, now), written, seal.note, accept_break=accept_break)
        return False

    def _require_extension(self, seal: Seal, sent: Submission, *, accept_break: bool) -> None:
        now = seal.checkpoint
        before, written = self._last(now.book_id)
        if now.broken is not None:
            refused: Refused | None = BreakDeclared(size=now.size, before=now.broken.size)
        elif before is None:
            return
        elif now.size < before.size:
            raise Refusals(SealOlderThanSeen(size=now.size, seen=before.size))
        elif sent.old != before.size:
            raise Refusals(ProofFromElsewhere(old=sent.old, seen=before.size))
        else:
            refused = judge_extension(before, now, sent.path)
        if refused is not None:
            self._shout(refused, written, seal.note, accept_break=accept_break)

    def _shout(self, refused: Refused, before: str, now: Note, *, accept_break: bool) -> None:
        """Keeps both notes and raises Fork; a break that a person accepts is only kept."""
        checkpoint = read_checkpoint(now.text)
        evidence = f"{refused.explain()}\n\n{before}\n{now.written()}"
        folder = self._folder / "evidence"
        folder.mkdir(exist_ok=True, mode=0o700)
        kept = folder / f"{checkpoint.book_id}-{checkpoint.size}-{checkpoint.root.hex()[:16]}.txt"
        write_once(kept, evidence)
        if not (accept_break and isinstance(refused, BreakDeclared)):
            raise Fork(refused, evidence, kept)

    def _cosign(self, seal: Seal, seconds: int, *, again: bool) -> Seen:
        line = self.key.cosign(seal.note.text, seconds).line
        return Seen(
            book_id=seal.checkpoint.book_id,
            size=seal.checkpoint.size,
            cosigned=seal.note.written() + line,
            line=line,
            again=again,
        )

    def _last(self, book_id: str) -> tuple[Checkpoint | None, str]:
        file = self._place(book_id) / "last.note"
        if not file.exists():
            return None, ""
        written = file.read_text("utf-8")
        return read_checkpoint(read_note(written).text), written

    def _keys(self, book_id: str) -> list[PublicKey]:
        file = self._place(book_id) / "keys"
        return [read_key(line) for line in file.read_text().splitlines()] if file.exists() else []

    def _require_keys(self, book_id: str) -> list[PublicKey]:
        keys = self._keys(book_id)
        if not keys:
            raise Refusals(BookNotWitnessed(book_id=book_id))
        return keys

    def _place(self, book_id: str) -> Path:
        return self._folder / "books" / book_id

    def _note_at(self, book_id: str, size: int) -> Path:
        return self._place(book_id) / f"{size}.note"

    @contextmanager
    def _alone(self, book_id: str) -> Iterator[None]:
        with (self._place(book_id) / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _book_of(sent: Submission) -> str:
    """The book that a submission says it is about; the signature is checked afterwards."""
    try:
        return read_checkpoint(read_signed(sent.note).text).book_id
    except NotANote as error:
        raise Refusals(SealUnreadable(why=str(error))) from error


def _break_or_fork(before: Checkpoint, now: Checkpoint) -> Refused:
    if now.broken is not None:
        return BreakDeclared(size=now.size, before=now.broken.size)
    return BookForked(size=now.size, before=before.root.hex(), after=now.root.hex())
