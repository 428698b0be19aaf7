"""The entry of a document, derived from it again: what an auditor compares with the book."""

from domain.book.event import Event
from domain.ledger import vat_filing
from domain.ledger.entry import EntryLine
from domain.ledger.vat_return import VatReturnFiled
from domain.parties.company import Company
from domain.purchases import bill
from domain.purchases.bill import BillRecorded
from domain.reminders import late_fees
from domain.reminders.late_fees import LateFeesClaimed
from domain.sales import credit_note, discounting, losing, validation
from domain.sales.cash_discount import CashDiscountGranted
from domain.sales.credit_note import CreditNoteIssued
from domain.sales.invoice import InvoiceValidated
from domain.sales.write_off import BadDebtRecovered, BadDebtVatReclaimed, InvoiceWrittenOff
from domain.treasury import (
    assignment,
    cheque_deposit,
    difference,
    discount_taken,
    payment,
    reversal,
    vat_due,
)
from domain.treasury.assignment import PaymentAssigned
from domain.treasury.cheque_deposit import ChequeDepositCreated, ChequeDepositReversed
from domain.treasury.difference import PaymentDifferenceBooked
from domain.treasury.discount_taken import CashDiscountTaken
from domain.treasury.payment import PaymentRecorded
from domain.treasury.reversal import PaymentReversed
from domain.treasury.vat_due import VatBecameDeductible, VatBecameDue


def derive(document: Event, company: Company) -> tuple[EntryLine, ...] | None:
    """The lines a document's entry must have, or None for an event that causes no entry.

    `company` is the company as it stood right before the document: its accounts may have changed.
    """
    match document:
        case InvoiceValidated():
            return validation.entry_lines(document, company)
        case CreditNoteIssued():
            return credit_note.entry_lines(document, company)
        case InvoiceWrittenOff() | BadDebtVatReclaimed() | BadDebtRecovered():
            return losing.entry_lines(document, company)
        case LateFeesClaimed():
            return late_fees.entry_lines(document, company)
        case BillRecorded():
            return bill.entry_lines(document, company)
        case VatReturnFiled():
            return vat_filing.entry_lines(document, company)
    return _of_money(document, company)


def _of_money(document: Event, company: Company) -> tuple[EntryLine, ...] | None:
    """The lines of what moves money, or follows from it."""
    match document:
        case PaymentRecorded():
            return payment.entry_lines(document, company)
        case PaymentAssigned():
            return assignment.entry_lines(document)
        case ChequeDepositCreated() | ChequeDepositReversed():
            return cheque_deposit.entry_lines(document)
        case PaymentReversed():
            return reversal.entry_lines(document)
        case PaymentDifferenceBooked():
            return difference.entry_lines(document, company)
        case CashDiscountGranted():
            return discounting.entry_lines(document, company)
        case CashDiscountTaken():
            return discount_taken.entry_lines(document, company)
        case VatBecameDue() | VatBecameDeductible():
            return vat_due.entry_lines(document, company)
    return None
