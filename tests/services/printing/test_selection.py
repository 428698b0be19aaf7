"""A selection as one PDF: its order, its bookmarks, and what cannot be selected."""

import io
from typing import Any
from uuid import uuid4

import pytest
from pypdf import PdfReader

from domain.book.refusal import Refusals
from domain.sales.invoice import InvoiceIsUnknown
from domain.sales.printing import SelectionIsWrong
from services.jobs.desk import Desk as Jobs
from services.printing.originals import Printshop
from services.printing.press import Press
from services.printing.selection import (
    Chosen,
    Leaf,
    NewPrint,
    SelectionPrinter,
    ask_print,
    bind,
)
from services.replay.engine import Engine
from services.replay.reading import Readers
from services.store.pen import Command
from tests.services.use_cases.conftest import Desk, desk

__all__ = ["desk"]


class Sheets:
    """Work in hand, without a worker."""

    def __init__(self, book_id: str, asked: dict[str, Any]) -> None:
        self.book_id = book_id
        self.asked = asked
        self.told: list[tuple[int, int]] = []
        self._id = uuid4()

    def command(self, what: str) -> Command:
        return Command(id=f"{self._id}:{what}", actor="test", cause="job")

    def progress(self, done: int, total: int) -> None:
        self.told.append((done, total))


def titles(outline: Any) -> list[Any]:
    """The bookmarks of a PDF: titles, and those beneath them."""
    return [titles(each) if isinstance(each, list) else each.title for each in outline]


def printed(desk: Desk, press: Press, **asked: Any) -> list[Any]:
    """The bookmarks of a selection."""
    engine, readers = Engine(desk.store.datastore.url), Readers(desk.store.datastore.url)
    engine.run_to_head(desk.book)
    work = Sheets(desk.book, asked)
    product = SelectionPrinter(desk.store, Printshop(desk.store, press), readers)(work)
    content = b"".join(product.content)
    count = len(asked["documents"])
    assert work.told == [(done, count) for done in range(count)]
    readers.close()
    engine.stop()
    return titles(PdfReader(io.BytesIO(content)).outline)


def chosen(*ids: str) -> list[dict[str, str]]:
    return [{"kind": "invoice", "id": each} for each in ids]


@pytest.mark.feature("M13")
def test_by_number(desk: Desk, press: Press) -> None:
    first, second = desk.invoiced(), desk.invoiced()
    found = printed(desk, press, documents=chosen(second, first), group_by="number")
    assert found == ["Facture FA-2026-00001", "Facture FA-2026-00002"]


@pytest.mark.feature("M13")
def test_by_state(desk: Desk, press: Press) -> None:
    draft, first = desk.drafted(), desk.invoiced()
    found = printed(desk, press, documents=chosen(first, draft), group_by="state")
    assert found == [
        "Brouillons",
        ["Facture"],
        "En attente de règlement",
        ["Facture FA-2026-00001"],
    ]


@pytest.mark.feature("M13")
def test_by_date(desk: Desk, press: Press) -> None:
    first = desk.invoiced()
    desk.clock.now = desk.clock.now.replace(month=4)
    second = desk.invoiced()
    found = printed(desk, press, documents=chosen(second, first), group_by="date")
    assert found == [
        "mars 2026",
        ["Facture FA-2026-00001"],
        "avril 2026",
        ["Facture FA-2026-00002"],
    ]


def test_a_selection_is_checked_before_it_is_queued(desk: Desk) -> None:
    invoice = Chosen("invoice", desk.drafted())
    nowhere = Chosen("invoice", "inv_nowhere")
    for documents, refusal in (
        ((), SelectionIsWrong),
        ((invoice, invoice), SelectionIsWrong),
        ((nowhere,), InvoiceIsUnknown),
    ):
        new = NewPrint(documents=documents)
        with pytest.raises(Refusals) as refused:
            ask_print(desk.store, Jobs(desk.store), desk.book, new, desk.command())
        assert isinstance(refused.value.refused, refusal)
        assert refused.value.refused.pointer.startswith("/documents")


def test_the_same_documents_bind_to_the_same_bytes(press: Press) -> None:
    pdf = press.print("<html lang=fr><title>x</title><p>x")
    leaves = [Leaf("a", ("1",), "one", pdf), Leaf("b", ("2",), "two", pdf)]
    assert bind(leaves) == bind(leaves)
