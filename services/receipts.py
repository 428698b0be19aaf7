"""VAT on receipts within a command: what a lettering, or a smaller invoice, makes due."""

from datetime import date

from domain.book.event import Event
from domain.ledger import period
from domain.ledger.entry import EntryPosted, document_tag
from domain.ledger.period import PERIOD_TAG
from domain.parties.company import Company
from domain.sales.debt import invoice_of
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
    """Makes due what the cash of a lettering brings, invoice by invoice (F2, F3).

    `entries` are those of the lettering, `documents` what each of them books.
    """
    awaiting = {
        place: invoice_of(document)
        for place, document in documents.items()
        if vat_due.waits(document)
    }
    paid = {(pair.credit, lettering.parts[pair.debit].entry) for pair in lettering.pairs}
    for nth, part in enumerate(lettering.parts):
        if part.amount < 0:
            cash = _cash(part, entries[part.entry])
            traced = pen.fold(receipts_vat.trace, Traced(entry=part.entry), entry_tag(part.entry))
            own = invoice_of(documents[part.entry])
            others = {
                place: invoice
                for place, invoice in awaiting.items()
                if invoice != own and (nth, place) in paid
            }
            for change in receipts_vat.attribute(cash, traced, others, lettering):
                _follow(pen, company, change)


def follow_invoice(pen: Pen, company: Company, invoice_id: str, day: date) -> None:
    """Makes due, or no longer due, what follows from an invoice that became smaller on `day`."""
    nothing = Cash(entry=0, line=0, date=day, amount=0)
    _follow(pen, company, Change(invoice_id=invoice_id, cash=nothing, paid=0, date=day))


def _follow(pen: Pen, company: Company, change: Change) -> None:
    awaiting = pen.fold(vat_due.evolve, None, document_tag("invoice", change.invoice_id))
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
    return Cash(entry=part.entry, line=part.line, date=day, amount=line.credit - line.debit)
