"""A credit note on an invoice: the only way to undo what was validated (M31)."""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from msgspec import Struct
from msgspec.structs import replace

from domain.book.event import Decision, Event, Recorded
from domain.book.refusal import Refused, words
from domain.countries.atlas import RULES
from domain.countries.notes import Occasion, notes_for
from domain.ledger.entering import Standing, enter
from domain.ledger.entry import (
    DocumentReference,
    EntryLine,
    EntryPosted,
    document_tag,
    series_tag,
)
from domain.ledger.numbering import CREDIT_NOTES, assign_next, name_series, write_number
from domain.ledger.posting import ThirdParty, of_sale_credited
from domain.parties.company import Company
from domain.sales import crediting
from domain.sales import invoice as invoices
from domain.sales.content import DocumentLink, InvoiceKind
from domain.sales.crediting import Credit, CreditedLine, InvoiceIsNotValidated
from domain.sales.document import Line, PrintedParty, Totals, printed_seller
from domain.sales.invoice import (
    Discarded,
    Draft,
    InvoiceIsUnknown,
    InvoiceValidated,
    link_tags,
)
from domain.sales.validation import charges, check_issuable
from domain.sales.write_off import InvoiceIsWrittenOff, InvoiceWrittenOff
from domain.values import faults
from domain.values.language import Language
from domain.values.text import tidy
from domain.values.vat import VatShare, undivided


class CreditNoteIssued(Event, frozen=True, kw_only=True):
    """An invoice is credited, wholly or in part; amounts are positive (M29, M31).

    `invoice_lines` says for each line which line of the invoice (from 0) it takes back; its rate
    and the moment its VAT is due are the invoice's. `invoice_date` keeps the year of origin, which
    the Belgian listing of customers wants. `links` are those of the invoice.
    """

    stored_as: ClassVar[str] = "credit_note.issued.v1"

    credit_note_id: str
    invoice_id: str
    invoice_number: str
    invoice_date: date
    series: str
    number: int
    document_number: str
    issue_date: date
    customer_id: str
    seller: PrintedParty
    customer: PrintedParty
    currency: str
    lines: tuple[Line, ...]
    totals: Totals
    reason: str
    invoice_lines: tuple[int, ...] = ()
    invoice_kind: InvoiceKind = "invoice"
    vat_shares: tuple[VatShare, ...] = ()
    mentions: tuple[str, ...] = ()
    links: tuple[DocumentLink, ...] = ()
    language: Language = "fr"
    template: str = ""

    @property
    def tags(self) -> tuple[str, ...]:
        return (
            document_tag("credit_note", self.credit_note_id),
            document_tag("invoice", self.invoice_id),
            series_tag(self.series),
            *link_tags(self.links),
        )

    @property
    def shares(self) -> tuple[VatShare, ...]:
        """The VAT beneath its rates; where it says none, each rate is due with the document."""
        return self.vat_shares or undivided(self.totals.vat)


class NewCreditNote(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to credit of an invoice, and why; without lines, all that is left of it."""

    reason: str
    lines: tuple[CreditedLine, ...] = ()


class Credited(Struct, frozen=True, kw_only=True):
    """A validated invoice and what of it has been credited, line by line (net, minor units)."""

    position: int
    document: InvoiceValidated
    nets: tuple[int, ...]
    credit_notes: tuple[str, ...] = ()
    written_off: Recorded | None = None


Creditable = Draft | Discarded | Credited


class CreditNote(Struct, frozen=True, kw_only=True):
    """An issued credit note and the event that issued it."""

    position: int
    document: CreditNoteIssued


class CreditNoteIsUnknown(Refused, frozen=True, kw_only=True):
    """No credit note has that id in this book."""

    code = "credit_note_unknown"
    rule = "M31"
    text = words(
        en="There is no credit note {credit_note_id}.",
        fr="Il n'y a pas d'avoir {credit_note_id}.",
        nl="Er is geen creditnota {credit_note_id}.",
    )

    credit_note_id: str


def issue(
    credit_note_id: str,
    invoice: Creditable | None,
    invoice_id: str,
    new: NewCreditNote,
    standing: Standing,
) -> Decision:
    """Credits a validated invoice today, at its own rates, never beyond it (M31)."""
    if invoice is None:
        return InvoiceIsUnknown(invoice_id=invoice_id)
    if not isinstance(invoice, Credited):
        return InvoiceIsNotValidated(invoice_id=invoice_id, position=invoice.position)
    new = tidy(new)
    refused = (
        _check_not_lost(invoice)
        or faults.unreadable(new)
        or faults.missing(new.reason, "/reason")
        or check_issuable(series_on(standing.company, standing.today), standing)
    )
    if refused is not None:
        return refused
    credit = crediting.take_back(invoice.document, invoice.nets, new.lines)
    if isinstance(credit, Refused):
        return credit
    issued = _issue(credit_note_id, invoice.document, credit, new.reason, standing)
    return [issued, _enter(issued, standing)]


def series_on(company: Company, day: date) -> str:
    """The series that a credit note of that day takes its number in."""
    return name_series(CREDIT_NOTES, day, company.fiscal_year_start_month)


def entry_lines(note: CreditNoteIssued, company: Company) -> tuple[EntryLine, ...]:
    """The lines that book the credit note, with the accounts the company has that day."""
    party = ThirdParty(
        contact_id=note.customer_id, label=f"{note.document_number} {note.customer.name}"
    )
    charged = charges(note.lines, note.invoice_kind)
    return of_sale_credited(company.accounts, party, charged, note.shares)


def evolve(invoice: Creditable | None, fact: Recorded) -> Creditable | None:
    """What can be credited of an invoice after one more event of the invoice's tag."""
    match fact.event:
        case InvoiceValidated() as document:
            nothing = (0,) * len(document.lines)
            return Credited(position=fact.position, document=document, nets=nothing)
        case CreditNoteIssued() as note if isinstance(invoice, Credited):
            return replace(
                invoice,
                nets=_added(invoice.nets, note),
                credit_notes=(*invoice.credit_notes, note.credit_note_id),
            )
        case InvoiceWrittenOff() if isinstance(invoice, Credited):
            return replace(invoice, written_off=fact)
    if isinstance(invoice, Credited):
        return invoice
    before = invoices.evolve(invoice, fact)
    return before if isinstance(before, Draft | Discarded) else None


def evolve_note(before: CreditNote | None, fact: Recorded) -> CreditNote | None:
    """The credit note after one more event of its own tag; its entry changes nothing."""
    if isinstance(fact.event, CreditNoteIssued):
        return CreditNote(position=fact.position, document=fact.event)
    return before


def _check_not_lost(invoice: Credited) -> Refused | None:
    match invoice.written_off:
        case Recorded(event=InvoiceWrittenOff(document_number=lost), position=position):
            number = invoice.document.document_number
            return InvoiceIsWrittenOff(number=number, write_off=lost, position=position)
    return None


def _added(nets: Sequence[int], note: CreditNoteIssued) -> tuple[int, ...]:
    sums = list(nets)
    for index, line in zip(note.invoice_lines, note.lines, strict=True):
        sums[index] += line.net
    return tuple(sums)


def _issue(
    credit_note_id: str,
    invoice: InvoiceValidated,
    credit: Credit,
    reason: str,
    standing: Standing,
) -> CreditNoteIssued:
    series = series_on(standing.company, standing.today)
    number = assign_next(standing.last_document)
    return CreditNoteIssued(
        credit_note_id=credit_note_id,
        invoice_id=invoice.invoice_id,
        invoice_number=invoice.document_number,
        invoice_date=invoice.issue_date,
        series=series,
        number=number,
        document_number=write_number(series, number),
        issue_date=standing.today,
        customer_id=invoice.customer_id,
        seller=printed_seller(standing.company),
        customer=invoice.customer,
        currency=invoice.currency,
        lines=credit.lines,
        totals=credit.totals,
        reason=reason,
        invoice_lines=credit.invoice_lines,
        invoice_kind=invoice.kind,
        vat_shares=credit.shares,
        mentions=notes_for(
            RULES[standing.company.country].notes, _occasion(credit, standing), invoice.language
        ),
        links=invoice.links,
        language=invoice.language,
        template=invoice.template,
    )


def _occasion(credit: Credit, standing: Standing) -> Occasion:
    """What the sentences of a credit note depend on."""
    return Occasion(
        document="credit_note",
        on_debits=False,
        business=False,
        vat_codes=frozenset(line.vat_code for line in credit.lines),
        day=standing.today,
    )


def _enter(note: CreditNoteIssued, standing: Standing) -> EntryPosted:
    document = DocumentReference(
        kind="credit_note",
        id=note.credit_note_id,
        number=note.document_number,
        issue_date=note.issue_date,
        party=note.customer_id,
        party_name=note.customer.name,
    )
    return enter(
        document,
        entry_lines(note, standing.company),
        standing,
        day=note.issue_date,
        currency=note.currency,
        label=f"{note.document_number} {note.customer.name}",
    )
