"""VAT on receipts within a command: what a lettering, or a smaller document, makes due."""

from datetime import date

from domain.book.event import Event
from domain.ledger import period
from domain.ledger.entry import EntryPosted, document_tag
from domain.ledger.period import PERIOD_TAG
from domain.parties.company import Company
from domain.treasury import receipts_vat, vat_due
from domain.treasury.lettering import EntriesLettered, LetteredPart, entry_tag
from domain.treasury.receipts_vat import Cash, Change, Traced, open_day
from services.loading import choose_journal, load_standing
from services.store.pen import Pen


def follow_lettering(
    pen: Pen,
    company: Company,
    lettering: EntriesLettered,
    entries: dict[int, EntryPosted],
    documents: dict[int, Event],
) -> None:
    """Makes due, or deductible, what the cash of a lettering brings, by document (F2, F3).

    `entries` are those of the lettering, `documents` what each of them books.
    """
    awaiting = {
        place: vat_due.debt_of(document)
        for place, document in documents.items()
        if vat_due.waits(document)
    }
    sides = [(pair.debit, pair.credit) for pair in lettering.pairs]
    settled = {
        (cash, lettering.parts[debt].entry) for pair in sides for cash, debt in (pair, pair[::-1])
    }
    for nth, part in enumerate(lettering.parts):
        if vat_due.is_debt(documents[part.entry]):
            continue
        cash = _cash(part, entries[part.entry])
        traced = pen.fold(receipts_vat.trace, Traced(entry=part.entry), entry_tag(part.entry))
        own = vat_due.debt_of(documents[part.entry])
        others = {
            place: debt
            for place, debt in awaiting.items()
            if debt != own and (nth, place) in settled
        }
        for change in receipts_vat.attribute(cash, traced, others, lettering):
            _follow(pen, company, change)


def follow_invoice(pen: Pen, company: Company, invoice_id: str, day: date) -> None:
    """Makes due, or no longer due, what follows from an invoice that became smaller on `day`."""
    follow_debt(pen, company, document_tag("invoice", invoice_id), day)


def follow_debt(pen: Pen, company: Company, debt: str, day: date) -> None:
    """The same for an invoice or a bill by its tag."""
    nothing = Cash(entry=0, line=0, date=day, amount=0)
    _follow(pen, company, Change(debt=debt, cash=nothing, paid=0, date=day))


def _follow(pen: Pen, company: Company, change: Change) -> None:
    awaiting = pen.fold(vat_due.evolve, None, change.debt)
    if awaiting is None:
        return
    lock = period.of_fact(pen.last(PERIOD_TAG))
    journal = choose_journal(company, "miscellaneous")
    standing = load_standing(pen, company, journal, open_day(lock, change.date))
    pen.append(receipts_vat.become_due(awaiting, change, standing))


def _cash(part: LetteredPart, entry: EntryPosted) -> Cash:
    """A payment counts from its own day, whenever it was assigned."""
    line = entry.lines[part.line]
    day = entry.document.issue_date if entry.document.kind == "payment" else entry.date
    return Cash(entry=part.entry, line=part.line, date=day, amount=abs(line.credit - line.debit))
