"""Validation: the moment a draft invoice becomes binding, with its number, its date, its entry."""

from collections.abc import Iterable
from datetime import date
from typing import Protocol

from domain.book.event import Decision
from domain.book.refusal import Refused
from domain.countries.atlas import RULES
from domain.ledger.closed_days import check_not_closed
from domain.ledger.entering import Standing, enter
from domain.ledger.entry import DocumentReference, EntryLine, EntryPosted
from domain.ledger.numbering import (
    INVOICES,
    assign_next,
    check_not_behind,
    name_series,
    refer,
    write_number,
)
from domain.ledger.period import check_open
from domain.ledger.posting import Charge, ThirdParty, of_sale
from domain.parties.company import Company
from domain.parties.contact import Contact, ContactDetails, ContactIsUnknown
from domain.sales import mentions, taxing
from domain.sales.content import InvoiceContent, InvoiceKind
from domain.sales.document import Instalment, Line, add_up, printed_customer, printed_seller
from domain.sales.frozen import NumberIsFrozen
from domain.sales.instalments import settle_instalments
from domain.sales.invoice import Draft, Invoice, InvoiceValidated, not_a_draft
from domain.sales.taxing import Sale


class Origin(Protocol):
    """What a draft comes from, as it stands: it may refuse that the draft is issued (M25, M61)."""

    def check(self, content: InvoiceContent) -> Refused | None:
        """The refusal, or None."""
        ...


def validate(
    invoice: Invoice | None,
    invoice_id: str,
    customer: Contact | None,
    standing: Standing,
    origins: Iterable[Origin] = (),
) -> Decision:
    """Issues a draft today under the next number of its series, with its entry (M15, M16, M30).

    `standing` holds the newest events of `series_on(…)` and of the sales journal's entries. Every
    mention that can be checked is checked before the number is taken.
    """
    if not isinstance(invoice, Draft):
        return not_a_draft(invoice, invoice_id, NumberIsFrozen)
    if customer is None:
        return ContactIsUnknown(contact_id=invoice.content.customer_id, pointer="/customer_id")
    sale = sale_of(invoice.content, customer.details, standing)
    lines = taxing.complete(invoice.content.lines, sale)
    instalments = _instalments(invoice.content, customer.details, standing.today)
    refused = (
        mentions.check(mentions.Issue(sale=sale, lines=lines))
        or next(filter(None, (origin.check(invoice.content) for origin in origins)), None)
        or check_issuable(series_on(standing.company, standing.today), standing)
    )
    if refused is not None:
        return refused
    if isinstance(instalments, Refused):
        return instalments
    issued = _issue(invoice, lines, instalments, sale, standing)
    return [issued, _enter(issued, standing)]


def series_on(company: Company, day: date) -> str:
    """The series that an invoice of that day takes its number in."""
    return name_series(INVOICES, day, company.fiscal_year_start_month)


def check_issuable(series: str, standing: Standing) -> Refused | None:
    """Refuses today when it is locked, closed, or behind the newest number of the series."""
    return (
        check_open(standing.lock, standing.today)
        or check_not_closed(standing.closed, standing.today)
        or check_not_behind(series, standing.last_document, standing.today)
    )


def entry_lines(invoice: InvoiceValidated, company: Company) -> tuple[EntryLine, ...]:
    """The lines that book the invoice, with the accounts the company has that day."""
    party = ThirdParty(
        contact_id=invoice.customer_id,
        label=f"{invoice.document_number} {invoice.customer.name}",
        due_date=invoice.due_date,
        parts=tuple((part.amount, part.due_date) for part in invoice.instalments),
    )
    return of_sale(company.accounts, party, charges(invoice.lines, invoice.kind), invoice.shares)


def charges(lines: Iterable[Line], kind: InvoiceKind) -> list[Charge]:
    """What the lines of a sales document put on which account; a deposit is never a sale (M63)."""
    return [_charge(line, kind) for line in lines if line.kind != "text"]


def sale_of(content: InvoiceContent, customer: ContactDetails, standing: Standing) -> Sale:
    """The sale that a draft becomes when it is issued today."""
    return Sale(
        company=standing.company,
        customer=customer,
        day=standing.today,
        kind=content.kind,
        language=content.language,
        supplied=content.supply_date,
        paid=content.paid_on is not None,
    )


def _charge(line: Line, kind: InvoiceKind) -> Charge:
    if kind == "deposit" or line.kind == "deposit":
        return Charge("", line.net, "deposits_received")
    if line.kind == "shipping":
        return Charge(line.account, line.net, "shipping")
    return Charge(
        line.account, line.net, "sales_services" if line.nature == "services" else "sales"
    )


def _instalments(
    content: InvoiceContent, customer: ContactDetails, today: date
) -> tuple[Instalment, ...] | Refused:
    return settle_instalments(
        content.instalments,
        add_up(content.lines).gross,
        issue_date=today,
        due_date=content.due_date,
        terms=customer.terms,
    )


def _issue(
    draft: Draft,
    lines: tuple[Line, ...],
    instalments: tuple[Instalment, ...],
    sale: Sale,
    standing: Standing,
) -> InvoiceValidated:
    company, content, totals = standing.company, draft.content, add_up(lines)
    series = series_on(company, standing.today)
    number = assign_next(standing.last_document)
    return InvoiceValidated(
        invoice_id=draft.invoice_id,
        series=series,
        number=number,
        document_number=write_number(series, number),
        issue_date=standing.today,
        due_date=max(part.due_date for part in instalments),
        customer_id=content.customer_id,
        seller=printed_seller(company),
        customer=printed_customer(sale.customer),
        currency=content.currency,
        lines=lines,
        totals=totals,
        payment_reference=refer(RULES[company.country].reference, series, number),
        note=content.note,
        buyer_reference=content.buyer_reference,
        kind=content.kind,
        supply_date=content.supply_date,
        paid_on=content.paid_on,
        instalments=instalments,
        payment_means=sale.customer.terms.means,
        vat_shares=taxing.share(lines, totals.vat, sale),
        mentions=taxing.notes(lines, "invoice", sale),
        links=content.links,
        situation=content.situation,
        language=content.language,
        template=content.template,
    )


def _enter(invoice: InvoiceValidated, standing: Standing) -> EntryPosted:
    document = DocumentReference(
        kind="invoice",
        id=invoice.invoice_id,
        number=invoice.document_number,
        issue_date=invoice.issue_date,
        due_date=invoice.due_date,
        party=invoice.customer_id,
        party_name=invoice.customer.name,
    )
    return enter(
        document,
        entry_lines(invoice, standing.company),
        standing,
        day=invoice.issue_date,
        currency=invoice.currency,
        label=f"{invoice.document_number} {invoice.customer.name}",
    )
