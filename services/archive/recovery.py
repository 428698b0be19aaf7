"""After a disaster: put books back, compare them with the newest seal known, only then open them.

With an archive, what the database lacks is taken from there, the whole book or a lost tail; without
one, the database that PostgreSQL's own backup brought back is judged as it is.
"""

from collections.abc import Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from domain.book.note import PublicKey
from domain.book.refusal import Refusals
from services.archive.newest import (
    BookNotAsSealed,
    Known,
    judge,
    of_signer,
    require_length,
    ring_of_archive,
    shown,
)
from services.archive.reading import MISSING, ArchivedBook
from services.archive.restoring import restore_book
from services.audit.findings import Finding, Report
from services.audit.seal_rotation import KeyRing, ring_of
from services.audit.seals import Sealer, last_seal
from services.audit.signer import NotBroken
from services.audit.verify import verify_book
from services.erasure import ErasureList, reapply_erasures
from services.store.store import Store

SHOWN = "the seal that was shown"


class NotSound(Exception):
    """The archive, or the book that was put back, has findings; it is not opened."""

    def __init__(self, where: str, findings: Sequence[Finding]) -> None:
        words = [f"{one.check} {one.position}: {one.detail}" for one in findings[:5]]
        super().__init__(f"{where}: {len(findings)} findings: {'; '.join(words)}")
        self.findings = findings


class Recovered(Struct, frozen=True, kw_only=True):
    """A book that may be written again: how many events came from the archive, how it verified."""

    book_id: str
    added: int
    erased_again: int
    broken: bool
    missing: tuple[str, ...]
    """Originals that events name and the archive never had."""
    report: Report


class Recovery:
    """Puts the books of one installation back.

    `trusted` are keys to check seals with; with none, seals count whoever signed them.
    """

    def __init__(
        self,
        store: Store,
        owner_url: str,
        sealer: Sealer,
        erasures: ErasureList,
        trusted: Sequence[PublicKey] = (),
    ) -> None:
        self._store = store
        self._owner_url = owner_url
        self._sealer = sealer
        self._erasures = erasures
        self._trusted = trusted

    def from_archive(
        self, archive: Path, book_id: str, notes: Sequence[str] = (), *, declare_break: bool = False
    ) -> Recovered:
        """Puts a book back from its archive. Raises Refusals while a newer seal is known.

        Raises Unarchived, NotSound or NotThisBook, and has then written nothing.
        """
        book = ArchivedBook(archive, book_id)
        ring = ring_of_archive(book, self._trusted)
        known = shown(book_id, notes, ring, SHOWN)
        own = [seal.note for seal in book.seals()[-1:]]
        known += shown(book_id, own, KeyRing(book_id, ()), "the archive's own seal")
        self._learn(ring, known)
        known += of_signer(self._sealer.signer, book_id)
        report = book.verify(one.kept for one in known)
        _require_sound(f"the archive of book {book_id}", report, known, lenient=declare_break)
        added = restore_book(self._owner_url, book)
        opened = self._opened(book_id, known, added, declare_break=declare_break)
        missing = tuple(found.detail for found in report.findings if _is_missing_file(found))
        return msgspec.structs.replace(opened, missing=missing)

    def in_place(
        self, book_id: str, notes: Sequence[str] = (), *, declare_break: bool = False
    ) -> Recovered:
        """Judges a book that is in the database already; raises Refusals or NotSound."""
        ring = ring_of(self._store, book_id, self._trusted)
        known = shown(book_id, notes, ring, SHOWN)
        self._learn(ring, known)
        known += of_signer(self._sealer.signer, book_id)
        if own := last_seal(self._store, book_id):
            known += shown(book_id, [own.note], KeyRing(book_id, ()), "its own seal")
        return self._opened(book_id, known, 0, declare_break=declare_break)

    def _learn(self, ring: KeyRing, known: Sequence[Known]) -> None:
        """The signer takes the newest seal in, so that it refuses an older book from now on."""
        for one in known:
            if one.note and not ring.is_empty:
                self._sealer.signer.learn(ring.open(one.note))

    def _opened(
        self, book_id: str, known: Sequence[Known], added: int, *, declare_break: bool
    ) -> Recovered:
        erased_again = reapply_erasures(self._store, book_id, self._erasures)
        report = verify_book(self._store, book_id, [one.kept for one in known])
        where = f"book {book_id}"
        _require_sound(where, report, known, lenient=declare_break)
        broken = declare_break and self._declare_break(book_id)
        if report.findings and not broken:
            raise NotSound(f"{where}, and no key to check that seal with", report.findings)
        judge(self._store, book_id, of_signer(self._sealer.signer, book_id))
        return Recovered(
            book_id=book_id,
            added=added,
            erased_again=erased_again,
            broken=broken,
            missing=(),
            report=report,
        )

    def _declare_break(self, book_id: str) -> bool:
        try:
            self._sealer.declare_break(book_id)
        except NotBroken:
            return False
        return True


def _require_sound(where: str, report: Report, known: Sequence[Known], *, lenient: bool) -> None:
    """Raises for findings; those that seals make are named by range, or pass when declared."""
    about_seals = [found for found in report.findings if found.check == "kept-root"]
    others = [found for found in report.findings if found.check != "kept-root"]
    others = [found for found in others if not _is_missing_file(found)]
    if others:
        raise NotSound(where, others)
    if not about_seals or lenient:
        return
    for one in sorted(known, key=lambda one: -one.size):
        require_length(one, report.size)
    wrong = {found.upto for found in about_seals}
    for one in known:
        if one.size in wrong:
            raise Refusals(
                BookNotAsSealed(size=one.size, source=one.source, known=one.root, here="another")
            )
    raise NotSound(where, about_seals)


def _is_missing_file(found: Finding) -> bool:
    """An original that was never there is told, and keeps nobody from the records."""
    return found.check == MISSING
