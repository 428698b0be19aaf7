"""Use cases of lost debts: write an invoice off, take its VAT back, see it paid after all."""

from collections.abc import Mapping
from functools import partial
from typing import Literal

from msgspec import Struct

from domain.book.event import Recorded
from domain.book.refusal import Refusals
from domain.ledger.entry import EntryPosted, document_tag
from domain.parties.company import COMPANY_TAG
from domain.sales import debt as debts
from domain.sales import losing
from domain.sales.debt import Receivable, WriteOff
from domain.sales.losing import Open
from domain.sales.write_off import WriteOffIsUnknown
from domain.treasury.lettering import NewLettering
from services.identity import make, new_id
from services.invoicing import find_invoice
from services.lettering import letter
from services.loading import choose_journal, load_company, load_standing, today_of
from services.open_lines import entries_of, load_settled, open_parts
from services.receipts import follow_invoice
from services.store.pen import Command, Pen, Reader
from services.store.store import Store, Written

Status = Literal["validated", "partly_paid", "settled", "cancelled", "written_off"]


class Standing(Struct, frozen=True, kw_only=True):
    """How a validated invoice stands as a debt: what became of it, its credit notes, its loss."""

    status: Status
    credit_notes: tuple[str, ...]
    write_off_id: str = ""


def write_off_invoice(
    store: Store, book_id: str, invoice_id: str, reason: str, command: Command
) -> Written[WriteOff]:
    """Books what is open of an invoice as lost, and letters the loss with it (M44)."""
    lettering_id = new_id("let")

    def decide(pen: Pen, write_off_id: str) -> None:
        write_off(pen, write_off_id, invoice_id, reason, lettering_id)

    return make(
        store,
        book_id,
        command,
        "wof",
        tag=partial(document_tag, "write_off"),
        decide=decide,
        find=get_write_off,
        reads=[document_tag("invoice", invoice_id), COMPANY_TAG],
    )


def write_off(pen: Pen, write_off_id: str, invoice_id: str, reason: str, lettering_id: str) -> None:
    """All that writing an invoice off writes, within a command; raises Refusals."""
    debt = find_debt(pen, invoice_id)
    if debt is None:
        known = find_invoice(pen, invoice_id)
        raise Refusals(losing.why_not_a_debt(known, invoice_id))
    company = load_company(pen)
    today = today_of(pen, company)
    journal = choose_journal(company, "miscellaneous")
    standing = load_standing(pen, company, journal, today, losing.series_on(company, today))
    open_ = open_of(pen, debt)
    pen.append(losing.write_off(write_off_id, debt, open_, reason, standing))
    _letter_loss(pen, lettering_id, debt, write_off_id)
    follow_invoice(pen, company, invoice_id, today)


def reclaim_vat(
    store: Store, book_id: str, write_off_id: str, evidence: str, command: Command
) -> Written[WriteOff]:
    """Takes the VAT of a debt back that is lost for good, with its entry (M44)."""
    lettering_id = new_id("let")

    def decide(pen: Pen) -> None:
        company = load_company(pen)
        journal = choose_journal(company, "miscellaneous")
        standing = load_standing(pen, company, journal, today_of(pen, company))
        known = find_write_off(pen, write_off_id)
        pen.append(losing.reclaim_vat(known, write_off_id, evidence, standing))
        _letter_claim(pen, lettering_id, write_off_id)

    reads = [document_tag("write_off", write_off_id), COMPANY_TAG]
    return store.write(book_id, command, decide, lambda r: get_write_off(r, write_off_id), reads)


def recover_debt(
    store: Store, book_id: str, write_off_id: str, amount: int, command: Command
) -> Written[WriteOff]:
    """A customer pays a lost debt after all: he owes it again, VAT included (M29)."""
    lettering_id = new_id("let")

    def decide(pen: Pen) -> None:
        company = load_company(pen)
        journal = choose_journal(company, "miscellaneous")
        standing = load_standing(pen, company, journal, today_of(pen, company))
        known = find_write_off(pen, write_off_id)
        pen.append(losing.recover(known, write_off_id, amount, standing))
        _letter_claim(pen, lettering_id, write_off_id)

    reads = [document_tag("write_off", write_off_id), COMPANY_TAG]
    return store.write(book_id, command, decide, lambda r: get_write_off(r, write_off_id), reads)


def find_standing(reader: Reader, invoice_id: str) -> Standing | None:
    """How a validated invoice stands (M29); None before it is validated."""
    debt = find_debt(reader, invoice_id)
    if debt is None:
        return None
    return Standing(
        status=_status(debt, open_of(reader, debt)),
        credit_notes=tuple(note.credit_note_id for note in debt.notes),
        write_off_id=debt.loss.write_off_id if debt.loss is not None else "",
    )


def _status(debt: Receivable, open_: Open) -> Status:
    gross = debt.document.totals.gross
    if debt.loss is not None:
        return "written_off"
    if gross and sum(note.totals.gross for note in debt.notes) >= gross:
        return "cancelled"
    if open_.amount == 0:
        return "settled"
    return "validated" if open_.amount == gross else "partly_paid"


def find_debt(reader: Reader, invoice_id: str) -> Receivable | None:
    """An invoice as a debt; None before it is validated."""
    return reader.fold(debts.evolve, None, document_tag("invoice", invoice_id))


def find_write_off(reader: Reader, write_off_id: str) -> WriteOff | None:
    """A write-off by its id."""
    return reader.fold(debts.evolve_write_off, None, document_tag("write_off", write_off_id))


def get_write_off(reader: Reader, write_off_id: str) -> WriteOff:
    """A write-off by its id; raises Refusals when there is none."""
    found = find_write_off(reader, write_off_id)
    if found is None:
        raise Refusals(WriteOffIsUnknown(write_off_id=write_off_id))
    return found


def open_of(reader: Reader, debt: Receivable) -> Open:
    """What the letterings leave open of an invoice, and of each credit note on it."""
    notes = {
        note.document_number: -_open_of_note(reader, note.credit_note_id) for note in debt.notes
    }
    amount = 0 if debt.posted is None else _open(reader, debt.entry, debt.posted)
    return Open(amount=amount, notes=notes)


def _open_of_note(reader: Reader, credit_note_id: str) -> int:
    nothing: Recorded | None = None
    fact = reader.fold(_newest_entry, nothing, document_tag("credit_note", credit_note_id))
    if fact is None or not isinstance(fact.event, EntryPosted):
        return 0
    return _open(reader, fact.position, fact.event)


def _newest_entry(before: Recorded | None, fact: Recorded) -> Recorded | None:
    return fact if isinstance(fact.event, EntryPosted) else before


def _open(reader: Reader, position: int, entry: EntryPosted) -> int:
    """What is open of the customer's lines of an entry: positive is a debit."""
    settled = load_settled(reader, [position])[position]
    return sum(
        line.debit - line.credit - settled.amounts.get(index, 0)
        for index, line in enumerate(entry.lines)
        if line.party
    )


def _letter_loss(pen: Pen, lettering_id: str, debt: Receivable, write_off_id: str) -> None:
    """Letters the loss with the lines of the invoice that were open."""
    entries = entries_of(pen, document_tag("write_off", write_off_id))
    if debt.posted is not None:
        account = debt.posted.lines[0].account
        _letter(pen, lettering_id, account, {debt.entry: debt.posted, **entries})


def _letter_claim(pen: Pen, lettering_id: str, write_off_id: str) -> None:
    """Letters the VAT that was a claim with what was taken back or paid of it."""
    entries = entries_of(pen, document_tag("write_off", write_off_id))
    loss = next(iter(entries.values()))
    claims = [line.account for line in loss.lines if line.party and line.debit]
    if claims:
        _letter(pen, lettering_id, claims[0], entries)


def _letter(pen: Pen, lettering_id: str, account: str, entries: Mapping[int, EntryPosted]) -> None:
    """Letters what is open of the customer's lines on an account, where both sides are."""
    parts = open_parts(entries, load_settled(pen, entries), account)
    sides = {entries[part.entry].lines[part.line].debit > 0 for part in parts}
    if len(sides) == 2:
        letter(pen, load_company(pen), lettering_id, NewLettering(parts=tuple(parts)))
