"""A selection of documents as one PDF: originals as kept or duplicates, in groups (M13)."""

import io
from collections.abc import Sequence
from itertools import groupby
from typing import Literal, NamedTuple

import msgspec
from msgspec import Struct, structs

from domain.book.refusal import Refusals
from domain.sales.pricing import Language
from domain.sales.printing import Copy, PrintedKind, SelectionIsWrong
from projections.sales_documents_view import states_of
from services.jobs.desk import Desk
from services.jobs.job import Job, Product, Work
from services.loading import load_company
from services.printing.originals import PDF, Printshop
from services.printing.papers import find_issue, load_paper
from services.printing.words import STATES
from services.printing.writing import Writing
from services.replay.reading import Readers
from services.store.pen import Command
from services.store.store import Store

PRINT = "print"
"""The kind of these jobs."""
MOST = 500
GroupBy = Literal["state", "number", "date"]


class Chosen(Struct, frozen=True):
    """A document of the selection."""

    kind: PrintedKind
    id: str


class NewPrint(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A selection as it is asked for. Drafts come as drafts; `language` is that of duplicates.

    An original is given as it is kept. A duplicate is rendered anew, and says that it is one.
    """

    documents: tuple[Chosen, ...]
    group_by: GroupBy = "number"
    copy: Copy = "original"
    language: Language | None = None


class Leaf(NamedTuple):
    """A document on its way into the selection: where it stands, what it is called, its PDF."""

    group: str
    order: tuple[str, ...]
    title: str
    pdf: bytes


def ask_print(
    store: Store, desk: Desk, book_id: str, new: NewPrint, command: Command, *, dry: bool = False
) -> tuple[Job, bool]:
    """Queues the printing of a selection, every document of which is there; raises Refusals.

    Says the job, and whether the same command asked for it before. `dry`: nothing is queued.
    """
    count = len(new.documents)
    if not 1 <= count <= MOST or len(set(new.documents)) < count:
        raise Refusals(SelectionIsWrong(count=count, pointer="/documents"))
    now = store.past(book_id)
    for index, document in enumerate(new.documents):
        try:
            if find_issue(now, document.kind, document.id) == 0:
                load_paper(now, document.kind, document.id)
        except Refusals as error:
            place = f"/documents/{index}/id"
            raise Refusals(structs.replace(error.refused, pointer=place)) from None
    asked = msgspec.to_builtins(new)
    if dry:
        return desk.rehearse(book_id, PRINT, asked, command), False
    return desk.ask(book_id, PRINT, asked, command)


class SelectionPrinter:
    """Does jobs of that kind."""

    def __init__(self, store: Store, shop: Printshop, readers: Readers) -> None:
        self._store = store
        self._shop = shop
        self._readers = readers

    def __call__(self, work: Work) -> Product:
        """Prints what was not printed yet, and puts all of it into one file."""
        asked = msgspec.convert(work.asked, NewPrint)
        leaves = []
        for done, document in enumerate(asked.documents):
            work.progress(done, len(asked.documents))
            leaves.append(self._leaf(work, asked, document))
        content = bind(sorted(leaves, key=lambda leaf: leaf.order))
        return Product(name="documents.pdf", media_type=PDF, content=[content])

    def _leaf(self, work: Work, asked: NewPrint, document: Chosen) -> Leaf:
        now = self._store.past(work.book_id)
        paper = load_paper(now, document.kind, document.id)
        company = load_company(now)
        write = Writing(asked.language or company.profile.language, company.country, "EUR")
        if asked.group_by == "state":
            state = self._state(work.book_id, document.id)
            group, first = STATES[state][write.language], state
        elif asked.group_by == "date" and paper.issue_date is not None:
            group, first = write.month(paper.issue_date), paper.issue_date.isoformat()
        else:
            group, first = "", ""
        title = f"{write.title(paper.kind)} {paper.number}".strip()
        pdf = self._pdf(work, asked, document)
        return Leaf(group, (first, paper.number, document.id), title, pdf)

    def _pdf(self, work: Work, asked: NewPrint, document: Chosen) -> bytes:
        book_id, kind = work.book_id, document.kind
        if find_issue(self._store.past(book_id), kind, document.id) == 0:
            return self._shop.preview(book_id, kind, document.id)
        if asked.copy == "original":
            return self._shop.original(book_id, kind, document.id).content
        command = work.command(f"{kind} {document.id}")
        printed = self._shop.duplicate(book_id, kind, document.id, command, language=asked.language)
        return printed.content

    def _state(self, book_id: str, document_id: str) -> str:
        with self._readers.of(book_id) as conn:
            return states_of(conn, book_id, [document_id]).get(document_id, "draft")


def bind(leaves: Sequence[Leaf]) -> bytes:
    """One PDF of many, with a bookmark for each document under that of its group."""
    # Imported here: every command line would carry its weight.
    from pypdf import PdfReader, PdfWriter  # noqa: PLC0415

    writer = PdfWriter()
    for group, of_group in groupby(leaves, key=lambda leaf: leaf.group):
        parent = None
        for leaf in of_group:
            first = len(writer.pages)
            writer.append(PdfReader(io.BytesIO(leaf.pdf)), import_outline=False)
            if group and parent is None:
                parent = writer.add_outline_item(title=group, page_number=first)
            writer.add_outline_item(title=leaf.title, page_number=first, parent=parent)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()
