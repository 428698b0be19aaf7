"""Printing as a use case: one original for ever, duplicates marked, whoever prints or is killed."""

import io
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest
from PIL import Image

from domain.book.refusal import Refusals
from domain.parties.company import Profile
from domain.parties.describing import Description
from domain.sales.credit_note import NewCreditNote
from domain.sales.invoice import InvoiceIsUnknown, Validated
from domain.sales.printing import DocumentIsNotIssued, DocumentPrinted
from domain.sales.template import NewTemplate, PictureIsWrong, TemplateIsUnknown, TemplateIsWrong
from services import companies, invoicing, templates
from services.printing.originals import Printshop, find_printed
from services.printing.press import Press, PressFailed
from services.printing.printer import Printer
from services.replay.engine import Engine
from services.store.pen import Command
from tests.domain.steps import PARIS, new_line
from tests.services.use_cases.conftest import Clock, Desk, desk

__all__ = ["desk"]
Read = Callable[[bytes], str]


@pytest.fixture
def shop(desk: Desk, press: Press) -> Printshop:
    """Prints from the desk's books."""
    return Printshop(desk.store, press)


def prints(desk: Desk) -> list[DocumentPrinted]:
    return [
        fact.event for fact in desk.store.read(desk.book) if isinstance(fact.event, DocumentPrinted)
    ]


def picture(width: int = 60, height: int = 20, kind: str = "PNG") -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (width, height), (120, 20, 20)).save(made, kind)
    return made.getvalue()


@pytest.mark.feature("M11")
def test_an_original_is_rendered_once_and_kept(desk: Desk, shop: Printshop, read: Read) -> None:
    invoice_id = desk.invoiced()
    original = shop.original(desk.book, "invoice", invoice_id)
    assert original.digest == sha256(original.content).hexdigest()
    assert original.name.endswith(".pdf")
    assert "FA-2026-00001" in read(original.content)
    assert "DUPLICATA" not in read(original.content)
    assert shop.original(desk.book, "invoice", invoice_id) == original
    [told] = prints(desk)
    assert (told.copy, told.template, told.number) == ("original", "house", "FA-2026-00001")
    assert told.files == (original.digest,)


def test_a_second_printer_finds_the_first_ones_original(desk: Desk, press: Press) -> None:
    """Goal: however many print at once, there is one original and everybody gets it."""
    invoice_id = desk.invoiced()
    shops = [Printshop(desk.store, press) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        files = pool.map(lambda shop: shop.original(desk.book, "invoice", invoice_id), shops)
    assert len({file.digest for file in files}) == 1
    assert len(prints(desk)) == 1


@pytest.mark.feature("M11")
def test_later_prints_are_duplicates_perhaps_in_another_language(
    desk: Desk, shop: Printshop, read: Read
) -> None:
    invoice_id = desk.invoiced()
    command = Command(id="again", actor="test")
    copy = shop.duplicate(desk.book, "invoice", invoice_id, command, language="nl")
    text = read(copy.content)
    assert "DUPLICAAT" in text
    assert "Factuur" in text
    assert shop.duplicate(desk.book, "invoice", invoice_id, command) == copy
    assert [told.copy for told in prints(desk)] == ["original", "duplicate"]
    known = find_printed(desk.store.past(desk.book), "invoice", invoice_id)
    assert known is not None
    assert known.duplicates == 1


def test_a_draft_has_no_original_but_can_be_looked_at(
    desk: Desk, shop: Printshop, read: Read
) -> None:
    draft = desk.drafted()
    with pytest.raises(Refusals) as refusal:
        shop.original(desk.book, "invoice", draft)
    assert isinstance(refusal.value.refused, DocumentIsNotIssued)
    assert "PROJET" in read(shop.preview(desk.book, "invoice", draft))
    assert prints(desk) == []


def test_what_is_unknown_is_refused(desk: Desk, shop: Printshop) -> None:
    with pytest.raises(Refusals) as refusal:
        shop.original(desk.book, "invoice", "inv_nowhere")
    assert isinstance(refusal.value.refused, InvoiceIsUnknown)


def test_a_document_is_printed_as_it_was_issued(desk: Desk, shop: Printshop, read: Read) -> None:
    """Goal: what the company says of itself later is on no paper of before. Method: it moves."""
    invoice_id = desk.invoiced()
    moved = Description(
        name="Atelier déménagé SARL", address=PARIS, vat_number="FR25900000019",
        profile=Profile(phone="01 23 45 67 89"),
    )  # fmt: skip
    companies.describe_company(desk.store, desk.book, moved, desk.command())
    text = read(shop.original(desk.book, "invoice", invoice_id).content)
    assert "Atelier fictif SARL" in text
    assert "01 23 45 67 89" not in text
    assert "01 23 45 67 89" in read(shop.original(desk.book, "invoice", desk.invoiced()).content)


def test_a_credit_note_names_its_invoice(desk: Desk, shop: Printshop, read: Read) -> None:
    new = NewCreditNote(reason="Retour")
    note = invoicing.issue_credit_note(
        desk.store, desk.book, desk.invoiced(), new, desk.command()
    ).answer
    text = read(shop.original(desk.book, "credit_note", note.document.credit_note_id).content)
    assert all(words in text for words in ("Avoir", "FA-2026-00001", "16/03/2026", "Retour"))


@pytest.mark.feature("M11", "M18")
def test_the_version_of_the_template_is_pinned(desk: Desk, shop: Printshop, read: Read) -> None:
    """Goal: a template that changes afterwards changes nothing that was issued before."""
    store, book = desk.store, desk.book
    logo = templates.keep_logo(store, book, picture(), desk.command()).answer
    look = NewTemplate(name="Chantier", kinds=("invoice",), logo=logo, footer="Version une")
    made = templates.make_template(store, book, look, desk.command()).answer
    invoice_id = desk.invoiced()
    second = NewTemplate(name="Chantier", kinds=("invoice",), footer="Version deux")
    templates.revise_template(store, book, made.template_id, second, desk.command())
    assert "Version une" in read(shop.original(book, "invoice", invoice_id).content)
    assert prints(desk)[0].template == f"{made.template_id}@1"
    issued = invoicing.get_invoice(store.past(book), invoice_id)
    assert isinstance(issued, Validated)
    assert issued.document.template == f"{made.template_id}@1"
    later = shop.original(book, "invoice", desk.invoiced())
    assert "Version deux" in read(later.content)
    assert templates.get_template(store.past(book), made.template_id, 1).look == look
    assert [each.version for each in templates.list_templates(store.past(book))] == [2]


@pytest.mark.feature("M11")
def test_a_credit_note_has_the_template_of_its_kind_or_its_invoices(
    desk: Desk, shop: Printshop, read: Read
) -> None:
    def credited() -> str:
        new = NewCreditNote(reason="Retour")
        note = invoicing.issue_credit_note(
            desk.store, desk.book, desk.invoiced(), new, desk.command()
        ).answer
        credit_note_id = note.document.credit_note_id
        return read(shop.original(desk.book, "credit_note", credit_note_id).content)

    for kind, footer in (("invoice", "Factures"), ("credit_note", "Avoirs")):
        look = NewTemplate(name=kind, kinds=(kind,), footer=footer)
        templates.make_template(desk.store, desk.book, look, desk.command())
        assert footer in credited()


def test_templates_and_logos_that_are_not_there_are_refused(desk: Desk) -> None:
    store, book = desk.store, desk.book
    with pytest.raises(Refusals) as refusal:
        templates.make_template(store, book, NewTemplate(name="x", logo="ab" * 32), desk.command())
    assert isinstance(refusal.value.refused, TemplateIsWrong)
    with pytest.raises(Refusals) as refusal:
        templates.get_template(store.past(book), "tpl_nowhere")
    assert isinstance(refusal.value.refused, TemplateIsUnknown)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\x89PNG\r\n\x1a\n" + b"\0" * 40,
        picture(5000, 10),
        picture()[:-30],
        picture(kind="GIF"),
        b"%PDF-1.7",
    ],
)
def test_only_sound_pictures_of_a_sensible_size_are_kept(desk: Desk, content: bytes) -> None:
    size = desk.size
    with pytest.raises(Refusals) as refusal:
        templates.keep_logo(desk.store, desk.book, content, desk.command())
    assert isinstance(refusal.value.refused, PictureIsWrong)
    assert desk.size == size


def test_a_logo_is_kept_once(desk: Desk) -> None:
    for kind in ("PNG", "PNG", "JPEG"):
        templates.keep_logo(desk.store, desk.book, picture(kind=kind), desk.command())
    assert len(list(desk.store.read(desk.book, types=["logo.kept.v1"]))) == 2


@pytest.fixture
def alone(fresh_database_url: str) -> Iterator[Desk]:
    """A desk in a database of its own: a printer prints whatever there is in a database."""
    from services.key_encryption import open_vault
    from services.settings import Settings
    from services.store.datastore import BookDatastore
    from services.store.mapper import Mapper
    from services.store.store import Store

    clock = Clock()
    vault = open_vault(Settings())
    store = Store(BookDatastore(fresh_database_url), clock=clock, mapper=Mapper(vault=vault))
    yield Desk(store, clock)
    store.close()


def engine_of(desk: Desk) -> Engine:
    engine = Engine(desk.store.datastore.url)
    engine.run_to_head(desk.book)
    return engine


@pytest.mark.feature("M58")
def test_the_printer_prints_what_lacks_its_original(alone: Desk, press: Press) -> None:
    """Goal: each issued document once, by what the register says is not printed."""
    invoices = [alone.invoiced() for _ in range(3)]
    alone.drafted()
    engine = engine_of(alone)
    printer = Printer(Printshop(alone.store, press), alone.store.datastore.url)
    assert printer.run_due() == 3
    engine.run_to_head(alone.book)
    assert printer.run_due() == 0
    assert sorted(told.document_id for told in prints(alone)) == sorted(invoices)
    engine.stop()


def test_a_document_that_cannot_be_printed_does_not_hold_up_the_others(
    alone: Desk, press: Press
) -> None:
    class Choosy(Press):
        """Refuses the page of one invoice."""

        def print(self, html: str) -> bytes:
            if "FA-2026-00001" in html:
                raise PressFailed("no")
            return press.print(html)

    alone.invoiced(new_line("1.00"))
    alone.invoiced(new_line("2.00"))
    engine = engine_of(alone)
    printer = Printer(Printshop(alone.store, Choosy()), alone.store.datastore.url)
    assert printer.run_due() == 1
    engine.run_to_head(alone.book)
    assert printer.run_due() == 0  # it is tried again after a while, not at once
    assert list(printer.refused.values()) == ["no"]
    engine.stop()


def test_a_printer_killed_at_any_moment_leaves_one_original(
    alone: Desk, press: Press, checkout: Path
) -> None:
    """Goal: kill -9 loses nothing and doubles nothing. Method: a process killed at once after its
    first original, then another printer."""
    invoices = [alone.invoiced() for _ in range(4)]
    engine = engine_of(alone)
    url = alone.store.datastore.url
    command = [sys.executable, "-m", "tests.services.printing.printing_process", url]
    with subprocess.Popen(command, cwd=checkout, stdout=subprocess.PIPE) as victim:
        assert victim.stdout is not None
        assert victim.stdout.readline() == b"printed\n"
        victim.kill()
    engine.run_to_head(alone.book)
    heir = Printer(Printshop(alone.store, press), url)
    heir.run_due()
    engine.run_to_head(alone.book)
    assert heir.run_due() == 0
    assert sorted(told.document_id for told in prints(alone)) == sorted(invoices)
    engine.stop()
