"""Validation: the moment a draft invoice becomes binding, with its number, its date, its entry."""

from collections.abc import Iterable
from datetime import date, timedelta

from domain.book.event import Decision
from domain.book.refusal import Refused, words
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
from domain.parties.contact import Contact, ContactIsUnknown
from domain.sales import mentions
from domain.sales.document import Line, add_up, printed_customer, printed_seller
from domain.sales.invoice import Draft, Invoice, InvoiceValidated, not_a_draft


class DueBeforeIssue(Refused, frozen=True, kw_only=True):
    """An invoice is not due before it is issued."""

    code = "due_before_issue"
    rule = "M32"
    text = words(
        en="The due date {due_date} is before the issue date {issue_date}.",
        fr="L'échéance {due_date} précède la date de facture {issue_date}.",
        nl="De vervaldag {due_date} ligt voor de factuurdatum {issue_date}.",
    )

    due_date: date
    issue_date: date


def validate(
    invoice: Invoice | None, invoice_id: str, customer: Contact | None, standing: Standing
) -> Decision:
    """Issues a draft today under the next number of its series, with its entry (M15, M16, M30).

    `standing` holds the newest events of `series_on(…)` and of the sales journal's entries. Every
    mention that can be checked is checked before the number is taken.
    """
    if not isinstance(invoice, Draft):
        return not_a_draft(invoice, invoice_id)
    if customer is None:
        return ContactIsUnknown(contact_id=invoice.content.customer_id, pointer="/customer_id")
    due_date = _due_date(invoice, customer, standing.today)
    lines = mentions.explained(invoice.content.lines, standing.company, standing.today)
    refused = (
        mentions.check(
            mentions.Issue(
                company=standing.company,
                customer=customer.details,
                lines=lines,
                day=standing.today,
            )
        )
        or _check_term(due_date, standing.today)
        or check_issuable(series_on(standing.company, standing.today), standing)
    )
    if refused is not None:
        return refused
    issued = _issue(invoice, customer, lines, due_date, standing)
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
    )
    return of_sale(company.accounts, party, charges(invoice.lines), invoice.totals.vat)


def charges(lines: Iterable[Line]) -> list[Charge]:
    """What the lines of a sales document put on which account."""
    return [Charge(line.account, line.net) for line in lines]


def _due_date(draft: Draft, customer: Contact, today: date) -> date:
    return draft.content.due_date or today + timedelta(days=customer.details.payment_days)


def _check_term(due_date: date, today: date) -> Refused | None:
    if due_date >= today:
        return None
    return DueBeforeIssue(due_date=due_date, issue_date=today, pointer="/due_date")


def _issue(
    draft: Draft,
    customer: Contact,
    lines: tuple[Line, ...],
    due_date: date,
    standing: Standing,
) -> InvoiceValidated:
    company, content = standing.company, draft.content
    series = series_on(company, standing.today)
    number = assign_next(standing.last_document)
    return InvoiceValidated(
        invoice_id=draft.invoice_id,
        series=series,
        number=number,
        document_number=write_number(series, number),
        issue_date=standing.today,
        due_date=due_date,
        customer_id=customer.contact_id,
        seller=printed_seller(company),
        customer=printed_customer(customer.details),
        currency=content.currency,
        lines=lines,
        totals=add_up(lines),
        payment_reference=refer(RULES[company.country].reference, series, number),
        note=content.note,
        buyer_reference=content.buyer_reference,
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
