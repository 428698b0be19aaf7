"""A FEC opens a book: entries, contacts, letterings and balances as in the file; and taken back."""

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from msgspec.structs import replace

from domain.book.refusal import Refusals
from domain.imports.batch import ImportIsUndone, ImportIsUnknown
from domain.imports.fec import FecImportStarted, FecMode, MappedAccount
from domain.imports.fec_refusals import (
    FecExerciseDiffers,
    FecImportIsUnfinished,
    FecImportIsUsed,
    FecIsOfAnother,
    FecPeriodIsTaken,
)
from domain.imports.refusals import ImportIsRefused
from domain.ledger.entry import EntryLine, EntryPosted
from domain.ledger.miscellaneous import NewEntry
from domain.ledger.period import PeriodIsLocked
from domain.parties.contact import ContactCreated
from domain.parties.particulars import AccountingData
from domain.treasury.lettering import EntriesLettered, NewLettering
from domain.treasury.matching import PartToLetter
from domain.treasury.payment import NewPayment
from projections.unpaid_view import UnpaidFilter, list_items
from services import ledger, treasury
from services.audit.replay_check import Step
from services.audit.replay_registers import RegistersReplay, projections_agree
from services.fec.writing import FecIsFrench
from services.imports import fec_taking, fec_undoing
from services.imports.fec_parties import find
from services.imports.fec_report import Comparison, compare
from services.imports.fec_standing import get_fec_batch
from services.imports.fec_taking import FecImported, import_fec
from services.imports.fec_undoing import FecUndone, undo_fec
from services.replay.engine import Engine
from services.replay.reading import Readers
from services.store.rehearsal import Rehearsal
from tests.domain.steps import BELGIAN, CUSTOMER
from tests.services.imports.fec_samples import LINES, NAME, changed, fec
from tests.services.use_cases.auditing import findings
from tests.services.use_cases.conftest import Desk, desk

__all__ = ["desk"]

LETTERED = 3
"""The lines of third parties in the sample are in so many letterings."""


class Bureau:
    """A desk, and the registers of its book."""

    def __init__(self, desk: Desk, url: str) -> None:
        self.desk = desk
        self.url = url
        self.engine, self.readers = Engine(url), Readers(url)

    def take(self, content: bytes = fec(), mode: FecMode = "history", **more: Any) -> FecImported:
        """Takes a file in."""
        more.setdefault("command", self.desk.command())
        return import_fec(
            more.pop("store", self.desk.store), self.desk.book, BytesIO(content), mode=mode, **more
        )

    def refused(self, content: bytes = fec(), **more: Any) -> Any:
        """Why a file is refused; nothing is written."""
        size = self.desk.size
        with pytest.raises(Refusals) as error:
            self.take(content, **more)
        assert self.desk.size == size
        return error.value.refused

    def undo(self, imported: FecImported) -> FecUndone:
        """Takes an import back."""
        assert imported.batch is not None
        batch_id = imported.batch.started.batch_id
        return undo_fec(self.desk.store, self.desk.book, batch_id, self.desk.command())

    def not_undone(self, imported: FecImported) -> Any:
        """Why an import is not taken back; nothing is written."""
        size = self.desk.size
        with pytest.raises(Refusals) as error:
            self.undo(imported)
        assert self.desk.size == size
        return error.value.refused

    def compared(self, imported: FecImported) -> Comparison:
        """The file against the registers."""
        assert imported.batch is not None
        self.engine.run_to_head(self.desk.book)
        with self.readers.still(self.desk.book) as conn:
            return compare(conn, imported.batch, imported.survey, self.desk.book)

    def unpaid(self) -> list[tuple[str, str, int]]:
        """Side, document number and open cents of what is open."""
        self.engine.run_to_head(self.desk.book)
        with self.readers.still(self.desk.book) as conn:
            page = list_items(conn, self.desk.book, UnpaidFilter())
        return [(row.side, row.document_number, row.open) for row in page.rows]

    def events(self, kind: type) -> list[Any]:
        """The events of a type in the book."""
        return [
            fact.event
            for fact in self.desk.store.read(self.desk.book)
            if isinstance(fact.event, kind)
        ]

    def sound(self) -> None:
        """Audits find nothing."""
        assert findings(self.desk) == []
        check = RegistersReplay()
        for fact in self.desk.store.read(self.desk.book):
            check.take(Step(fact, ""))
        check.end()
        assert check.failures == []

    def rebuilt(self) -> None:
        """Registers made from zero are those that stand there."""
        self.engine.run_to_head(self.desk.book)
        facts = list(self.desk.store.read(self.desk.book))
        outcome = projections_agree(self.url, self.desk.book, len(facts), facts)
        assert (outcome.status, outcome.failures) == ("pass", ())


@pytest.fixture
def bureau(desk: Desk, database_url: str) -> Iterator[Bureau]:
    made = Bureau(desk, database_url)
    yield made
    made.readers.close()
    made.engine.stop()


@pytest.mark.feature("M53", "C14")
def test_every_entry_comes_in_with_its_lines_and_where_they_stood(bureau: Bureau) -> None:
    known = replace(CUSTOMER, accounting=AccountingData(auxiliary="C001"))
    contact = bureau.desk.contact(known)
    imported = bureau.take(name=NAME)
    batch = imported.batch
    assert batch is not None
    assert batch.completed is not None
    assert (batch.state, batch.completed.entries, batch.completed.letterings) == ("standing", 7, 3)
    assert (len(batch.completed.made), batch.completed.known) == (2, 1)
    entries = bureau.events(EntryPosted)
    first = entries[1]
    assert (first.journal, first.number, first.date) == ("VT", 1, date(2025, 1, 5))
    assert (first.document.kind, first.document.number) == ("entry", "F25-1")
    assert [line.party for line in first.lines] == [contact, "", ""]
    source = first.source
    assert source is not None
    assert (source.file, source.rows, source.number) == (batch.started.file, (5, 6, 7), "VT1")
    assert source.validated_on == date(2025, 1, 28)
    assert entries[0].piece_of(1) == ("F24-9", date(2025, 1, 1))
    letterings = bureau.events(EntriesLettered)
    assert [(x.code, x.complete, x.date, x.source.number, x.source.rows) for x in letterings] == [
        ("AAA", True, date(2025, 1, 15), "AA", (3, 9)),
        ("AAB", True, date(2025, 3, 20), "AB", (5, 17)),
        ("aac", False, date(2025, 3, 1), "ac", (10, 13)),
    ]
    kept = bureau.desk.store.file(bureau.desk.book, batch.started.files[0])
    assert kept is not None
    assert kept.content == fec()
    found = bureau.compared(imported)
    assert (found.difference, found.open_difference, found.accounts) == (0, 0, 7)
    assert sorted(bureau.unpaid()) == [("customers", "F25-2", 20_000), ("suppliers", "HA1", -6_000)]
    bureau.sound()


@pytest.mark.feature("M53")
def test_the_file_names_the_accounts_and_journals_that_go_on(bureau: Bureau) -> None:
    imported = bureau.take()
    assert imported.batch is not None
    mapped = MappedAccount(role="customers", before="411000", after="41100000")
    assert imported.batch.started.mapped == (mapped,)
    invoice = bureau.desk.invoiced()
    last = bureau.events(EntryPosted)[-1]
    assert (last.document.id, last.lines[0].account) == (invoice, "41100000")
    strange = find(bureau.desk.store.past(bureau.desk.book), "C+2")
    assert strange is not None
    assert (strange.details.external_id, strange.details.accounting.auxiliary) == ("fec:C+2", "")
    assert strange.details.roles == ("customer",)
    new = NewEntry(
        date=date(2025, 12, 31),
        label="Inventaire",
        journal="OD",
        lines=(EntryLine(account="606400", debit=5), EntryLine(account="512000", credit=5)),
    )
    ledger.post_entry(bureau.desk.store, bureau.desk.book, new, bureau.desk.command())
    bureau.sound()


@pytest.mark.feature("M53")
def test_nothing_is_written_when_anything_is_wrong_or_it_is_a_rehearsal(bureau: Bureau) -> None:
    refusal = bureau.refused(fec(changed(3, 11, "121,00")))
    assert isinstance(refusal, ImportIsRefused)
    assert [x.refused.code for x in refusal.findings] == ["fec_entry_unbalanced"]
    size = bureau.desk.size
    rehearsal = Rehearsal(bureau.desk.store)
    said = bureau.take(store=rehearsal)
    rehearsal.close()
    assert said.batch is not None
    assert said.batch.state == "standing"
    assert bureau.desk.size == size


@pytest.mark.feature("M53")
def test_a_rehearsal_of_a_long_file_reads_it_and_the_book_alone(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fec_taking, "LINES", 5)
    rehearsal = Rehearsal(bureau.desk.store)
    said = bureau.take(store=rehearsal)
    rehearsal.close()
    assert (said.batch, said.survey.entries, said.survey.lines) == (None, 7, 16)
    bureau.take()
    rehearsal = Rehearsal(bureau.desk.store)
    assert isinstance(bureau.refused(fec(LINES[:6]), store=rehearsal), FecPeriodIsTaken)
    rehearsal.close()


@pytest.mark.feature("M53")
def test_the_same_file_again_is_nothing_and_another_would_double(bureau: Bureau) -> None:
    command = bureau.desk.command()
    first = bureau.take(command=command)
    size = bureau.desk.size
    again = bureau.take()
    assert (again.already, again.batch, bureau.desk.size) == (True, first.batch, size)
    repeated = bureau.take(command=command)
    assert (repeated.already, repeated.replayed, repeated.batch) == (False, True, first.batch)
    other = bureau.refused(fec(LINES[:6]))
    assert isinstance(other, FecPeriodIsTaken)
    assert isinstance(bureau.refused(mode="opening"), FecPeriodIsTaken)


@pytest.mark.feature("M53")
def test_a_book_with_entries_of_the_exercise_is_refused(bureau: Bureau) -> None:
    new = NewEntry(
        date=date(2025, 6, 30),
        label="Déjà là",
        lines=(EntryLine(account="512000", debit=5), EntryLine(account="101000", credit=5)),
    )
    ledger.post_entry(bureau.desk.store, bureau.desk.book, new, bureau.desk.command())
    assert bureau.refused() == FecPeriodIsTaken(exercise=2025, position=bureau.desk.size)


@pytest.mark.feature("M53")
def test_another_companys_file_or_exercise_is_refused(bureau: Bureau) -> None:
    other = bureau.refused(name="732829320FEC20251231.txt")
    assert isinstance(other, FecIsOfAnother)
    wrong = bureau.refused(name="900000019FEC20250930.txt")
    assert wrong == FecExerciseDiffers(
        closing=date(2025, 9, 30), until=date(2025, 12, 31), pointer="/file"
    )
    before = bureau.refused(name="900000019FEC20241231.txt")
    assert {x.refused.code for x in before.findings} == {"fec_day_outside"}
    ledger.lock_period(
        bureau.desk.store, bureau.desk.book, date(2025, 6, 30), "", bureau.desk.command()
    )
    assert isinstance(bureau.refused(), PeriodIsLocked)
    belgian = Bureau(Desk(bureau.desk.store, bureau.desk.clock, BELGIAN), bureau.url)
    assert isinstance(belgian.refused(), FecIsFrench)


@pytest.mark.feature("M53", "V26")
def test_only_the_balances_open_the_next_exercise_with_each_open_item(bureau: Bureau) -> None:
    told: list[tuple[int, int]] = []
    imported = bureau.take(mode="opening", name=NAME, progress=lambda *each: told.append(each))
    assert told == [(9, 12)]  # three third parties, six balances of the seven there are
    (entry,) = bureau.events(EntryPosted)
    assert (entry.journal, entry.date, entry.document.number) == ("AN", date(2026, 1, 1), "AN")
    lines = {
        (line.account, entry.piece_of(nth)[0]): line.debit - line.credit
        for nth, line in enumerate(entry.lines)
    }
    assert lines == {
        ("101000", "AN"): -100_000,
        ("120000", "AN"): -28_000,
        ("401000", "HA1"): -6_000,
        ("41100000", "F25-2"): 20_000,
        ("445710", "AN"): -2_000,
        ("512000", "AN"): 116_000,
    }
    assert entry.source.rows == (0, 0, 14, 10, 0, 0)
    found = bureau.compared(imported)
    assert (found.difference, found.open_difference, found.open_items) == (0, 0, 2)
    assert sorted(bureau.unpaid()) == [("customers", "F25-2", 20_000), ("suppliers", "HA1", -6_000)]
    bureau.sound()
    undone = bureau.undo(imported)
    assert undone.batch.state == "undone"
    assert bureau.unpaid() == []
    bureau.sound()


def pay(bureau: Bureau, entry: int, line: int) -> str:
    """A payment of a customer that settles an imported line; the id of the lettering."""
    desk, party = bureau.desk, find(bureau.desk.store.past(bureau.desk.book), "C+2")
    assert party is not None
    new = NewPayment(
        direction="received",
        date=date(2026, 3, 16),
        amount=20_000,
        role="customers",
        party=party.contact_id,
    )
    paid = treasury.record_payment(desk.store, desk.book, new, desk.command())
    parts = (PartToLetter(entry=entry, line=line), PartToLetter(entry=paid.position, line=1))
    lettered = treasury.letter_entries(
        desk.store, desk.book, NewLettering(parts=parts), desk.command()
    )
    return lettered.answer.lettering.lettering_id


@pytest.mark.feature("M53")
def test_an_import_is_undone_whole_unless_something_stands_on_it(bureau: Bureau) -> None:
    desk = bureau.desk
    imported = bureau.take()
    positions = [f.position for f in desk.store.read(desk.book) if isinstance(f.event, EntryPosted)]
    lettering = pay(bureau, positions[3], 0)
    used = bureau.not_undone(imported)
    assert isinstance(used, FecImportIsUsed)
    assert used.letters == "AAA"  # the first of 2026
    treasury.unletter_entries(desk.store, desk.book, lettering, "erreur", desk.command())
    ledger.lock_period(desk.store, desk.book, date(2025, 1, 31), "", desk.command())
    assert isinstance(bureau.not_undone(imported), PeriodIsLocked)
    ledger.reopen_period(desk.store, desk.book, None, "reprise", desk.command())

    undone = bureau.undo(imported).batch.undone
    assert undone is not None
    assert (undone.entries, undone.letterings, len(undone.archived)) == (7, 3, 2)
    (kept,) = undone.kept
    assert kept.why == "used"  # he has paid
    found = bureau.compared(imported)
    assert {each.book for each in found.differences} == {0}
    assert bureau.unpaid() == [("customers", "BQ-2026-00001", -20_000)]
    assert undone.mapped == ()  # the payment stands on the newer account
    bureau.sound()
    bureau.rebuilt()
    with pytest.raises(Refusals) as error:
        bureau.undo(imported)
    assert isinstance(error.value.refused, ImportIsUndone)
    with pytest.raises(Refusals) as error:
        get_fec_batch(desk.store.past(desk.book), "imp_none")
    assert isinstance(error.value.refused, ImportIsUnknown)


@pytest.mark.feature("M53")
def test_after_an_undoing_the_file_comes_in_again(bureau: Bureau) -> None:
    first = bureau.take()
    undone = bureau.undo(first).batch.undone
    assert undone is not None
    assert [each.after for each in undone.mapped] == ["411000"]
    again = bureau.take()
    assert not again.already
    assert again.batch is not None
    assert again.batch.completed is not None
    assert (again.batch.completed.made, again.batch.completed.known) == ((), 3)
    assert len(bureau.events(ContactCreated)) == 2 + 3
    assert sorted(bureau.unpaid()) == [("customers", "F25-2", 20_000), ("suppliers", "HA1", -6_000)]
    bureau.sound()


class Stopped(Exception):
    """The machine goes off."""


def stop_after(store: Any, commands: int) -> Any:
    """Lets so many commands be written, then none."""
    write, left = store.write, [commands]

    def stopping(*args: Any, **more: Any) -> Any:
        if not left[0]:
            raise Stopped
        left[0] -= 1
        return write(*args, **more)

    store.write = stopping
    return write


@pytest.mark.feature("M53")
@pytest.mark.parametrize("commands", [1, 4])
def test_a_long_import_goes_on_where_it_was_stopped(
    bureau: Bureau, commands: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fec_taking, "LINES", 5)
    monkeypatch.setattr(fec_taking, "CODES", 2)
    monkeypatch.setattr(fec_undoing, "ENTRIES", 2)
    desk = bureau.desk
    write = stop_after(desk.store, commands)
    with pytest.raises(Stopped):
        bureau.take()
    desk.store.write = write  # type: ignore[method-assign]
    unfinished = bureau.refused(fec(LINES[:6]))
    assert isinstance(unfinished, FecImportIsUnfinished)
    imported = bureau.take()
    assert imported.batch is not None
    assert imported.batch.state == "standing"
    assert unfinished.batch_id == imported.batch.started.batch_id
    assert len(bureau.events(FecImportStarted)) == 1
    assert bureau.compared(imported).is_equal
    assert len(bureau.events(EntriesLettered)) == LETTERED
    bureau.sound()
    write = stop_after(desk.store, commands)
    with pytest.raises(Stopped):
        bureau.undo(imported)
    desk.store.write = write  # type: ignore[method-assign]
    assert bureau.undo(imported).batch.state == "undone"
    assert bureau.unpaid() == []
    bureau.sound()


@pytest.mark.feature("M53")
def test_an_import_that_was_stopped_is_undone(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fec_taking, "LINES", 5)
    write = stop_after(bureau.desk.store, 3)
    with pytest.raises(Stopped):
        bureau.take()
    bureau.desk.store.write = write  # type: ignore[method-assign]
    (started,) = bureau.events(FecImportStarted)
    command = bureau.desk.command()
    undone = undo_fec(bureau.desk.store, bureau.desk.book, started.batch_id, command)
    assert undone.batch.state == "undone"
    assert undone.batch.undone is not None
    assert len(undone.batch.undone.archived) == len(bureau.events(ContactCreated)) - 2
    again = undo_fec(bureau.desk.store, bureau.desk.book, started.batch_id, command)
    assert (again.replayed, again.batch, again.position) == (True, undone.batch, undone.position)
    assert bureau.unpaid() == []
    bureau.sound()
