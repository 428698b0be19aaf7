"""`paraphe audit verify --since-seal`: only what came after a seal, or after a size and root."""

from typing import TYPE_CHECKING, Protocol

from api.cli._console import Exit, backend, say, stop
from api.cli._journal import note_findings
from api.cli._judging import judging

if TYPE_CHECKING:
    from domain.book.note import PublicKey
    from services.audit.findings import Report
    from services.audit.seal_rotation import KeyRing
    from services.audit.verify import Kept


class Anchors(Protocol):
    """What was kept outside, and the keys to trust."""

    keys: "list[PublicKey]"

    def about(self, ring: "KeyRing") -> "tuple[Kept, ...]":
        """The anchors of one book."""
        ...


def verify_newest(company: str, outside: Anchors, since: "Kept | None") -> "list[Report]":
    """Verifies what came after `since`, or after the newest seal of each book.

    Seals are checked with the keys given, or with this installation's own.
    """
    from services.audit.seal_keys import SealKeys
    from services.audit.seal_rotation import ring_of
    from services.audit.since import NoSealYet, newest_seal, verify_since

    reports = []
    with backend() as opened, judging():
        books = [opened.shelf.find(company)] if company else opened.shelf.books()
        if not books:
            say("there is no book yet")
        trusted = outside.keys or SealKeys(opened.settings).public
        for book in books:
            ring = ring_of(opened.store, book.book_id, trusted)
            try:
                begin = since or newest_seal(opened.store, ring)
            except NoSealYet as error:
                stop(str(error), Exit.UNDECIDABLE)
            reports.append(verify_since(opened.store, book.book_id, begin, outside.about(ring)))
        note_findings(opened.store, reports)
    return reports
