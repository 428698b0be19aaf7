"""Granting a cash discount on an invoice: its parts, and its entry."""

from datetime import date

from domain.book.event import Decision
from domain.countries.atlas import RULES
from domain.ledger.entering import Standing, enter, piece_number
from domain.ledger.entry import DocumentReference, EntryLine, EntryPosted
from domain.ledger.settlement_posting import of_discount
from domain.parties.company import Company
from domain.sales.cash_discount import CashDiscountGranted, DiscountIsMisplaced
from domain.sales.debt import Receivable
from domain.sales.portion import Portion
from domain.values.vat import VatShare


def grant(
    discount_id: str, debt: Receivable | None, amount: int, day: date, standing: Standing
) -> Decision:
    """Takes `amount` (VAT included) off an invoice, with its entry; its VAT as the country says.

    In France VAT is reduced with the price (CGI 267, II, 1°), each kind in its own account.
    """
    if debt is None or debt.posted is None or not 0 < amount < debt.left.gross:
        return DiscountIsMisplaced(pointer="/difference")
    taken = _taken(debt.left, amount, standing.company)
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


def _taken(left: Portion[VatShare], amount: int, company: Company) -> Portion[VatShare]:
    """What the discount is made of: the end of the invoice, so that its parts close the cents."""
    if not RULES[company.country].discount_reduces_vat:
        return Portion(net=amount, shares=())
    return left.less(left.part(left.gross - amount))


def _enter(granted: CashDiscountGranted, standing: Standing) -> EntryPosted:
    document = DocumentReference(
        kind="cash_discount",
        id=granted.discount_id,
        number=piece_number(standing, granted.date),
        issue_date=granted.date,
        party=granted.customer_id,
        party_name=granted.customer_name,
    )
    return enter(
        document,
        entry_lines(granted, standing.company),
        standing,
        day=granted.date,
        currency=granted.currency,
        label=granted.label,
    )
