"""Use cases of printing: the original, once, its bytes kept and named in an event; and copies.

Rendering holds no pen. The event comes after it, and only if no other original came first.
"""

from hashlib import sha256

from msgspec.structs import replace

from domain.book.refusal import Refusals
from domain.sales import printing
from domain.sales.pricing import Language
from domain.sales.printing import (
    Copy,
    DocumentIsNotIssued,
    DocumentPrinted,
    Printed,
    PrintedKind,
    printed_tag,
)
from services.printing.paper import Paper
from services.printing.papers import find_issue, find_remarks, load_paper
from services.printing.press import Press
from services.printing.rendering import LAYOUT, Rendered, render
from services.store.pen import Command, KeptFile, Pen, Reader
from services.store.store import Store

PRINTER = "paraphe"
"""Who prints originals: nobody asked for them."""
PDF = "application/pdf"


class Printshop:
    """Prints documents of any book. Its methods raise Refusals, and PressFailed."""

    def __init__(self, store: Store, press: Press) -> None:
        self._store = store
        self._press = press

    def original(self, book_id: str, kind: PrintedKind, document_id: str) -> KeptFile:
        """The original of an issued document: what is kept, or rendered now and kept (M11, M58)."""
        now = self._store.past(book_id)
        issued_at = require_issue(now, kind, document_id)
        known = find_printed(now, kind, document_id)
        if known is not None and known.issued_at >= issued_at:
            return kept(self._store, book_id, known.original)
        issuing = self._store.past(book_id, issued_at)
        paper = load_paper(issuing, kind, document_id)
        rendered = render(self._store, self._press, issuing, paper)
        command = Command(id=f"print {kind} {document_id} {issued_at}", actor=PRINTER)
        told = _told(paper, issued_at, "original", rendered)
        return self._keep(book_id, told, rendered, command)

    def duplicate(
        self,
        book_id: str,
        kind: PrintedKind,
        document_id: str,
        command: Command,
        *,
        language: Language | None = None,
    ) -> KeptFile:
        """Another print, marked as a duplicate, perhaps in another language.

        The same command gives the same file.
        """
        for fact in self._store.written_by(book_id, command.id):
            if isinstance(fact.event, DocumentPrinted):
                return kept(self._store, book_id, fact.event.files[0])
        self.original(book_id, kind, document_id)
        now = self._store.past(book_id)
        issued_at = require_issue(now, kind, document_id)
        issuing = self._store.past(book_id, issued_at)
        paper = load_paper(issuing, kind, document_id)
        remarks = find_remarks(now, kind, document_id)
        paper = replace(
            paper, language=language or paper.language, mentions=(*remarks, *paper.mentions)
        )
        rendered = render(self._store, self._press, issuing, paper, "duplicate")
        told = _told(paper, issued_at, "duplicate", rendered)
        return self._keep(book_id, told, rendered, command)

    def preview(self, book_id: str, kind: PrintedKind, document_id: str) -> bytes:
        """A draft as it would look today, marked as one; nothing is kept."""
        now = self._store.past(book_id)
        paper = load_paper(now, kind, document_id)
        return render(self._store, self._press, now, paper, "draft").pdf

    def _keep(
        self, book_id: str, told: DocumentPrinted, rendered: Rendered, command: Command
    ) -> KeptFile:
        """Keeps the bytes with the event that names them, or finds the original that came first."""

        def decide(pen: Pen) -> None:
            known = find_printed(pen, told.document_kind, told.document_id)
            decision = printing.note(known, told)
            if decision:
                pen.keep(rendered.pdf, PDF, f"{told.number}.pdf")
            pen.append(decision)

        def answer(reader: Reader) -> str:
            known = find_printed(reader, told.document_kind, told.document_id)
            original = "" if known is None else known.original
            return told.files[0] if told.copy == "duplicate" else original

        tag = printed_tag(told.document_kind, told.document_id)
        written = self._store.write(book_id, command, decide, answer, [tag])
        return kept(self._store, book_id, written.answer)


def require_issue(reader: Reader, kind: PrintedKind, document_id: str) -> int:
    """The position that issued a document; raises Refusals for a draft and an unknown one."""
    issued_at = find_issue(reader, kind, document_id)
    if issued_at == 0:
        load_paper(reader, kind, document_id)  # refuses what is unknown
        raise Refusals(DocumentIsNotIssued(document=document_id))
    return issued_at


def find_printed(reader: Reader, kind: PrintedKind, document_id: str) -> Printed | None:
    """The prints of a document, None before the first."""
    return reader.fold(printing.evolve, None, printed_tag(kind, document_id))


def kept(store: Store, book_id: str, digest: str) -> KeptFile:
    """A file that an event names; raises LookupError when the book has lost it."""
    file = store.file(book_id, digest)
    if file is None:
        raise LookupError(f"book {book_id} has lost file {digest}")
    return file


def _told(paper: Paper, issued_at: int, copy: Copy, rendered: Rendered) -> DocumentPrinted:
    return DocumentPrinted(
        document_kind=paper.document_kind,
        document_id=paper.document_id,
        number=paper.number,
        issued_at=issued_at,
        copy=copy,
        language=paper.language,
        template=rendered.template,
        layout=LAYOUT,
        files=(sha256(rendered.pdf).hexdigest(),),
    )
