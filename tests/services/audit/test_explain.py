"""`audit explain`: a document by its number, id or position, with all that touches it."""

from collections.abc import Iterator

import pytest

from domain.ledger.entry import EntryPosted
from domain.sales.credit_note import CreditNoteIssued
from domain.sales.printing import DocumentPrinted
from services.audit.explain import NoSuchDocument, explain
from services.store.pen import Command
from services.technical import note
from tests.databases import TestRun, UrlOf
from tests.services.audit.lived import Lived, lived


@pytest.fixture(scope="module")
def year(
    server_url: UrlOf, template_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Lived]:
    with (
        TestRun.joined().database(server_url, None, template_database) as url,
        lived(url, tmp_path_factory.mktemp("year")) as company,
    ):
        yield company


def test_an_invoice_from_draft_to_lettering(year: Lived) -> None:
    found = explain(year.store, year.book, "FA-2026-00001")
    assert (found.kind, found.number) == ("invoice", "FA-2026-00001")
    types = [moment.type for moment in found.timeline]
    assert types[:3] == ["invoice.drafted.v1", "invoice.validated.v1", "entry.posted.v1"]
    (entry,) = found.entries
    assert sum(line.debit - line.credit for line in entry.lines) == 0
    assert all(proof.holds() and proof.size == found.size for proof in found.proofs)
    assert len(found.proofs) == 3


def test_the_same_document_by_id_position_and_entry_number(year: Lived) -> None:
    found = explain(year.store, year.book, "FA-2026-00002")
    entry, *due = found.entries  # VAT on receipts is due with each payment
    assert {each.lines[0].account for each in due} <= {"445740"}
    by_entry = f"{entry.series.removeprefix('entries:')}-{entry.number:05d}"
    for word in (found.id, str(entry.position), by_entry):
        assert explain(year.store, year.book, word) == found


def test_a_settled_document_says_with_what(year: Lived) -> None:
    payments = [
        explain(year.store, year.book, fact.event.document.id)
        for fact in year.store.read(year.book, types=("entry.posted.v1",))
        if isinstance(fact.event, EntryPosted) and fact.event.document.kind == "payment"
    ]
    assert payments
    for paid in payments:
        (lettering,) = paid.letterings
        (entry,) = paid.entries
        assert lettering.holds
        assert len(lettering.others) == 1
        (line,) = [line for line in entry.lines if line.party]
        assert line.lettered == line.debit - line.credit == lettering.amount


def test_a_credit_note_is_no_part_of_its_invoices_own_proof(year: Lived) -> None:
    notes = [
        fact.event
        for fact in year.store.read(year.book, types=("credit_note.issued.v1",))
        if isinstance(fact.event, CreditNoteIssued)
    ]
    note = notes[0]
    invoice = explain(year.store, year.book, note.invoice_number)
    assert "credit_note.issued.v1" in {moment.type for moment in invoice.timeline}
    assert len(invoice.proofs) == 3
    assert explain(year.store, year.book, note.document_number).id == note.credit_note_id


def test_its_prints_belong_to_a_document(year: Lived) -> None:
    found = explain(year.store, year.book, "FA-2026-00003")
    printed = DocumentPrinted(
        document_kind="invoice", document_id=found.id, number=found.number,
        issued_at=found.timeline[1].position, copy="original", language="fr",
        template="house", layout=1, files=("ab" * 32,),
    )  # fmt: skip
    note(year.store, year.book, printed, Command(id="print", actor="tester"))
    after = explain(year.store, year.book, "FA-2026-00003")
    assert after.timeline[-1].type == "document.printed.v1"
    assert len(after.proofs) == len(found.proofs) + 1
    assert all(proof.holds() for proof in after.proofs)


@pytest.mark.parametrize("word", ["FA-2026-99999", "nothing", "0", "99999999", "", "--1", "é-1"])
def test_what_is_not_there_is_said(year: Lived, word: str) -> None:
    with pytest.raises(NoSuchDocument):
        explain(year.store, year.book, word)
