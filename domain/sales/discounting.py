"""Granting a cash discount on an invoice: its parts, and its entry."""

from datetime import date

from domain.book.event import Decision
from domain.countries.atlas import RULES
from domain.ledger.entering import Standing, enter_piece
from domain.ledger.entry import DocumentReference, EntryLine, EntryPosted
from domain.ledger.settlement_posting import of_discount
from domain.parties.company import Company
from domain.sales.cash_discount import CashDiscountGranted, DiscountIsMisplaced
from domain.sales.debt import Receivable


def grant(
    discount_id: str, debt: Receivable | None, amount: int, day: date, standing: Standing
) -> Decision:
    """Takes `amount` (VAT included) off an invoice, with its entry; its VAT as the country says.

    In France VAT is reduced with the price (CGI 267, II, 1°), each kind in its own account.
    """
    if debt is None or debt.posted is None or not 0 < amount < debt.left.gross:
        return DiscountIsMisplaced(pointer="/difference")
    reduces = RULES[standing.company.country].discount_reduces_vat
    taken = debt.left.off(amount, with_vat=reduces)
    invoice = debt.document
    granted = CashDiscountGranted(
        discount_id=discount_id,
        invoice_id=invoice.invoice_id,
        invoice_number=invoice.document_number,
        account=debt.posted.lines[0].account,
        customer_id=invoice.customer_id,
        customer_name=invoice.customer.name,
        currency=invoice.currency,
        date=day,
        net=taken.net,
        shares=taken.shares,
    )
    return [granted, _enter(granted, standing)]


def entry_lines(granted: CashDiscountGranted, company: Company) -> tuple[EntryLine, ...]:
    """The lines that book it, with the accounts the company has that day."""
    pending = sum(share.tax for share in granted.shares if share.exigible == "payment")
    return of_discount(
        company.accounts,
        granted.label,
        granted.account,
        granted.customer_id,
        net=granted.net,
        pending=pending,
        declared=sum(share.tax for share in granted.shares) - pending,
    )


def _enter(granted: CashDiscountGranted, standing: Standing) -> EntryPosted:
    document = DocumentReference(
        kind="cash_discount",
        id=granted.discount_id,
        number="",
        issue_date=granted.date,
        party=granted.customer_id,
        party_name=granted.customer_name,
    )
    lines = entry_lines(granted, standing.company)
    return enter_piece(document, lines, standing, currency=granted.currency, label=granted.label)
