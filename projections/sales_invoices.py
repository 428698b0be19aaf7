"""Invoices and credit notes in the register of sales documents, and what is open on them."""

from collections.abc import Iterable

from msgspec.structs import replace

from domain.book.event import Event, Recorded
from domain.ledger.entry import EntryPosted
from domain.sales.content import InvoiceContent
from domain.sales.credit_note import CreditNoteIssued
from domain.sales.document import add_up
from domain.sales.invoice import (
    InvoiceDiscarded,
    InvoiceDrafted,
    InvoiceRevised,
    InvoiceValidated,
)
from domain.sales.write_off import InvoiceWrittenOff
from domain.treasury.lettering import EntriesLettered, EntriesUnlettered
from domain.values.days import legal_day
from projections.rows import Need, Rows
from projections.sales_lines import sold_in
from projections.sales_orders import give_back as give_order_back
from projections.sales_orders import needs_of_order
from projections.sales_quotes import bill, needs_of_quote
from projections.sales_quotes import give_back as give_quote_back
from projections.sales_rows import (
    Fold,
    SalesBook,
    SalesDocument,
    SalesOpenLine,
    SalesParty,
    amounts_of,
    book_of,
    known,
)
from projections.searching import words_of

ISSUED_KINDS = ("invoice", "credit_note")
TAKEN = {"delivery": "issued"}
"""Kinds of documents that one draft takes whole, with the stage they are given back to."""


def needs_of_draft(event: InvoiceDrafted | InvoiceRevised) -> Iterable[Need]:
    """The book, the customer, the draft as it was, and the documents it takes."""
    yield SalesBook, ()
    yield SalesParty, event.content.customer_id
    yield SalesDocument, event.invoice_id
    for link in event.content.links:
        yield SalesDocument, link.id
        if link.kind == "quote":
            yield from needs_of_quote(link.id)


def draft(fact: Recorded, event: InvoiceDrafted | InvoiceRevised, rows: Rows) -> None:
    """A draft says all there is of it, each time; its day stays that of its beginning."""
    content, before = event.content, rows.get(SalesDocument, event.invoice_id)
    party = rows.get(SalesParty, content.customer_id)
    name = "" if party is None else party.name
    begun = legal_day(fact.recorded_at, book_of(rows).time_zone)
    rows.put(
        SalesDocument(
            id=event.invoice_id,
            position=fact.position if before is None else before.position,
            kind="invoice",
            type=content.kind,
            number="",
            stage="draft",
            date=begun if before is None else before.date,
            issue_date=None,
            due_date=content.due_date,
            valid_until=None,
            customer_id=content.customer_id,
            customer_name=name,
            currency=content.currency,
            **amounts_of(add_up(content.lines)),
            credited=0,
            written_off=False,
            external_id=content.external_id,
            quote_id=_quote(content),
            invoice_id="",
            words=words_of((name, content.external_id, content.buyer_reference, content.note)),
        )
    )
    for link in content.links:
        if link.kind == "quote":
            bill(rows, link.id, event.invoice_id, content)
        taken = rows.get(SalesDocument, link.id)
        if taken is not None and link.kind in TAKEN:
            rows.put(replace(taken, stage="invoiced", invoice_id=event.invoice_id))


def needs_of_discard(event: InvoiceDiscarded) -> Iterable[Need]:
    """The draft, and the documents it gives back."""
    yield SalesDocument, event.invoice_id
    for link in event.links:
        yield SalesDocument, link.id
        if link.kind == "order":
            yield from needs_of_order(link.id)
        elif link.kind == "quote":
            yield from needs_of_quote(link.id)


def discard(_: Recorded, event: InvoiceDiscarded, rows: Rows) -> None:
    """A draft is given up; what it took can be invoiced again."""
    rows.put(replace(known(rows, event.invoice_id), stage="discarded"))
    for link in event.links:
        if link.kind == "order":
            give_order_back(rows, link.id, event.invoice_id)
        elif link.kind == "quote":
            give_quote_back(rows, link.id, event.invoice_id)
        taken = rows.get(SalesDocument, link.id)
        if taken is not None and taken.invoice_id == event.invoice_id:
            rows.put(replace(taken, stage=TAKEN[link.kind], invoice_id=""))


def validate(fact: Recorded, issued: InvoiceValidated, rows: Rows) -> None:
    """A draft becomes an invoice with a number; its lines are sold."""
    for line in sold_in(fact.position, issued):
        rows.add(line)
    before = known(rows, issued.invoice_id)
    said = issued.document_number, issued.customer.name, before.external_id, issued.buyer_reference
    rows.put(
        replace(
            before,
            number=issued.document_number,
            stage="validated",
            date=issued.issue_date,
            issue_date=issued.issue_date,
            due_date=issued.due_date,
            customer_id=issued.customer_id,
            customer_name=issued.customer.name,
            currency=issued.currency,
            **amounts_of(issued.totals),
            words=words_of((*said, issued.note)),
        )
    )


def credit(fact: Recorded, note: CreditNoteIssued, rows: Rows) -> None:
    """A credit note stands in the list itself, and takes back a part of its invoice."""
    for line in sold_in(fact.position, note):
        rows.add(line)
    invoice = rows.get(SalesDocument, note.invoice_id)
    if invoice is not None:
        rows.put(replace(invoice, credited=invoice.credited + note.totals.gross))
    said = note.document_number, note.customer.name, note.invoice_number, note.reason
    rows.add(
        SalesDocument(
            id=note.credit_note_id,
            position=fact.position,
            kind="credit_note",
            type="",
            number=note.document_number,
            stage="validated",
            date=note.issue_date,
            issue_date=note.issue_date,
            due_date=None,
            valid_until=None,
            customer_id=note.customer_id,
            customer_name=note.customer.name,
            currency=note.currency,
            **amounts_of(note.totals),
            credited=0,
            written_off=False,
            external_id="",
            quote_id="" if invoice is None else invoice.quote_id,
            invoice_id=note.invoice_id,
            words=words_of(said),
        )
    )


def write_off(_: Recorded, event: InvoiceWrittenOff, rows: Rows) -> None:
    """What is open of an invoice is lost; it stays an invoice that was written off (M44)."""
    rows.put(replace(known(rows, event.invoice_id), written_off=True))


def post(fact: Recorded, entry: EntryPosted, rows: Rows) -> None:
    """Each line of an issued document on a customers' account is open from now on."""
    accounts = book_of(rows).accounts if entry.document.kind in ISSUED_KINDS else ()
    for nth, line in enumerate(entry.lines):
        if line.account in accounts:
            amount = line.debit - line.credit
            rows.add(SalesOpenLine(fact.position, nth, entry.document.id, amount, amount))


def settle(_: Recorded, lettering: EntriesLettered | EntriesUnlettered, rows: Rows) -> None:
    """What a lettering takes off a line; unlettering gives it back."""
    sign = +1 if isinstance(lettering, EntriesLettered) else -1
    for part in lettering.parts:
        line = rows.get(SalesOpenLine, (part.entry, part.line))
        if line is not None:
            rows.put(replace(line, open=line.open - sign * part.amount))


def _lines_of(lettering: EntriesLettered | EntriesUnlettered) -> Iterable[Need]:
    return [(SalesOpenLine, (part.entry, part.line)) for part in lettering.parts]


def _invoice_of(event: InvoiceValidated | CreditNoteIssued | InvoiceWrittenOff) -> Iterable[Need]:
    return ((SalesDocument, event.invoice_id),)


def _quote(content: InvoiceContent) -> str:
    return next((link.id for link in content.links if link.kind == "quote"), "")


FOLDS: dict[type[Event], Fold] = {
    InvoiceDrafted: Fold(needs_of_draft, draft),
    InvoiceRevised: Fold(needs_of_draft, draft),
    InvoiceDiscarded: Fold(needs_of_discard, discard),
    InvoiceValidated: Fold(_invoice_of, validate),
    CreditNoteIssued: Fold(_invoice_of, credit),
    InvoiceWrittenOff: Fold(_invoice_of, write_off),
    EntryPosted: Fold(lambda _: ((SalesBook, ()),), post),
    EntriesLettered: Fold(_lines_of, settle),
    EntriesUnlettered: Fold(_lines_of, settle),
}
