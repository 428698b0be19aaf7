"""The signer: seals a book only when it extends what was sealed before, which it remembers itself.

Its memory is one file a book beside the key, outside the database: the last seal. It is on the
disk before the signature leaves, so that a restored backup or a rewritten database finds a signer
that knows better.
"""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from domain.book.merkle import Hash
from domain.book.note import NotANote, Note
from domain.book.refusal import Refusals
from domain.book.seal import Checkpoint, judge_extension, read_checkpoint
from services.audit.keys import Seal, SigningKey, read_signed, write_over

Prove = Callable[[int], list[Hash]]
"""The consistency proof from an older size to the size that is to be sealed."""


class MemoryLost(Exception):
    """What the signer remembered of a book cannot be read; it signs nothing until it can."""


class NotBroken(Exception):
    """The book extends what was sealed before: there is no break to declare."""


class Signer:
    """Signs seals with the key that `key` gives at that time; `folder` holds what it remembers."""

    def __init__(self, key: Callable[[], SigningKey], folder: Path) -> None:
        self._key = key
        self._folder = folder

    @property
    def key(self) -> SigningKey:
        """The key in use."""
        return self._key()

    def remembers(self, book_id: str) -> Checkpoint | None:
        """What it sealed last of a book; raises MemoryLost when its file is not whole."""
        file = self._file(book_id)
        if not file.exists():
            return None
        try:
            known = read_checkpoint(read_signed(file.read_text("utf-8")).text)
        except (NotANote, Refusals, UnicodeDecodeError) as error:
            raise MemoryLost(f"{file}: {error}") from error
        if known.book_id != book_id:
            raise MemoryLost(f"{file} is about book {known.book_id}")
        return known

    def seal(self, now: Checkpoint, prove: Prove, known: Checkpoint | None = None) -> Note:
        """Seals a book; raises Refusals when it is not what it was sealed as, and longer.

        `known` is a seal kept elsewhere, which counts where the signer remembers nothing.
        """
        with self._alone(now.book_id):
            before = self.remembers(now.book_id) or known
            if before is not None:
                refused = judge_extension(before, now, _path(before, now, prove))
                if refused is not None:
                    raise Refusals(refused)
            return self._sign(now)

    def declare_break(self, now: Checkpoint, prove: Prove) -> Note:
        """Seals a book that lost what was sealed before, and says so in the seal for ever.

        For after a disaster, by a person's decision only; raises NotBroken when nothing was lost.
        """
        with self._alone(now.book_id):
            before = self.remembers(now.book_id)
            if before is None or judge_extension(before, now, _path(before, now, prove)) is None:
                raise NotBroken(now.book_id)
            return self._sign(
                Checkpoint(book_id=now.book_id, size=now.size, root=now.root, broken=before.anchor)
            )

    def learn(self, seal: Seal) -> None:
        """Takes in a seal that was found elsewhere, its signature checked, when it is newer.

        After a restore the memory may be as old as the backup; the newest seal is not.
        """
        with self._alone(seal.checkpoint.book_id):
            before = self.remembers(seal.checkpoint.book_id)
            if before is None or before.size < seal.checkpoint.size:
                write_over(self._file(seal.checkpoint.book_id), seal.note.written())

    def _sign(self, checkpoint: Checkpoint) -> Note:
        text = checkpoint.text()
        note = Note(text, (self.key.sign(text),))
        write_over(self._file(checkpoint.book_id), note.written())
        return note

    def _file(self, book_id: str) -> Path:
        return self._folder / f"{book_id}.seal"

    @contextmanager
    def _alone(self, book_id: str) -> Iterator[None]:
        """No two processes sign the same book at once."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self._folder / f"{book_id}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def _path(before: Checkpoint, now: Checkpoint, prove: Prove) -> list[Hash]:
    return prove(before.size) if before.size < now.size else []
