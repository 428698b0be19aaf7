"""Decisions on debts that are lost: writing off, taking VAT back, recovering (M29, M44)."""

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from domain.book.event import Decision
from domain.book.refusal import Refused
from domain.countries.atlas import RULES
from domain.countries.notes import Occasion, notes_for
from domain.ledger.entering import Standing, enter
from domain.ledger.entry import DocumentReference, EntryLine, EntryPosted
from domain.ledger.numbering import assign_next, name_series, write_number
from domain.ledger.period import check_open
from domain.ledger.posting import ThirdParty, of_loss, of_reclaimed_vat, of_recovery
from domain.parties.company import Company
from domain.sales.crediting import InvoiceIsNotValidated
from domain.sales.debt import Receivable, WriteOff
from domain.sales.invoice import Invoice, InvoiceIsUnknown, InvoiceValidated
from domain.sales.portion import Portion
from domain.sales.write_off import (
    BadDebtRecovered,
    BadDebtVatReclaimed,
    CreditNoteIsOpen,
    InvoiceIsWrittenOff,
    InvoiceWrittenOff,
    NothingIsOpen,
    NothingToReclaim,
    RecoveryExceedsLoss,
    WriteOffIsUnknown,
)
from domain.values import faults
from domain.values.language import Language
from domain.values.money import written
from domain.values.text import tidy
from domain.values.vat import VatShare

WRITE_OFFS = "IR"
"""The series of write-offs: irrécouvrables."""

Loss = InvoiceWrittenOff | BadDebtVatReclaimed | BadDebtRecovered


class Open(Struct, frozen=True, kw_only=True):
    """What is open of an invoice: of its own lines, and of each credit note on it by its number."""

    amount: int
    notes: Mapping[str, int] = {}


def write_off(
    write_off_id: str, debt: Receivable, open_: Open, reason: str, standing: Standing
) -> Decision:
    """Books what is open of an invoice as lost, today; the invoice stays as it is (M44)."""
    reason = tidy(reason)
    refused = (
        faults.unreadable(reason)
        or faults.missing(reason, "/reason")
        or _check_lost(debt, open_)
        or check_open(standing.lock, standing.today)
    )
    if refused is not None:
        return refused
    lost = _lost(debt, open_.amount)
    written_off = _write_off(write_off_id, debt, lost, reason, standing)
    return [written_off, _enter(written_off, standing)]


def reclaim_vat(
    loss: WriteOff | None, write_off_id: str, evidence: str, standing: Standing
) -> Decision:
    """Takes back the VAT that was declared on a debt that is lost for good (CGI 272, CTVA 77).

    It is a decision of its own: the loss must be definitive, and `evidence` says since when and
    how that is known. VAT on receipts was never declared, and there is nothing to take back.
    """
    if loss is None:
        return WriteOffIsUnknown(write_off_id=write_off_id)
    evidence = tidy(evidence)
    refused = faults.unreadable(evidence) or faults.missing(evidence, "/evidence")
    if refused is not None:
        return refused
    left = [share for share in _not_recovered(loss) if share.exigible == "issue" and share.tax]
    if loss.reclaimed is not None or not left:
        return NothingToReclaim(number=loss.document.document_number, position=loss.position)
    locked = check_open(standing.lock, standing.today)
    if locked is not None:
        return locked
    document = loss.document
    reclaimed = BadDebtVatReclaimed(
        write_off_id=document.write_off_id,
        invoice_id=document.invoice_id,
        document_number=document.document_number,
        customer_id=document.customer_id,
        customer_name=document.customer_name,
        currency=document.currency,
        net=0,
        shares=tuple(left),
        issue_date=standing.today,
        evidence=evidence,
    )
    return [reclaimed, _enter(reclaimed, standing)]


def recover(loss: WriteOff | None, write_off_id: str, amount: int, standing: Standing) -> Decision:
    """A customer pays a lost debt after all: he owes `amount` again, and VAT is due on it (M29).

    The payment itself is recorded as any other, and lettered with this entry.
    """
    if loss is None:
        return WriteOffIsUnknown(write_off_id=write_off_id)
    document = loss.document
    before = sum(recovered.amount for recovered in loss.recoveries)
    if not 0 < amount <= document.amount - before:
        return RecoveryExceedsLoss(asked=amount, left=document.amount - before, pointer="/amount")
    locked = check_open(standing.lock, standing.today)
    if locked is not None:
        return locked
    whole = _portion_of(document)
    paid = whole.part(before + amount).less(whole.part(before))
    recovered = BadDebtRecovered(
        write_off_id=document.write_off_id,
        invoice_id=document.invoice_id,
        document_number=document.document_number,
        customer_id=document.customer_id,
        customer_name=document.customer_name,
        currency=document.currency,
        net=paid.net,
        shares=paid.shares,
        issue_date=standing.today,
        vat_reclaimed=loss.reclaimed is not None,
    )
    return [recovered, _enter(recovered, standing)]


def why_not_a_debt(invoice: Invoice | None, invoice_id: str) -> Refused:
    """Why an invoice that is no debt cannot be lost: unknown, or not validated."""
    if invoice is None:
        return InvoiceIsUnknown(invoice_id=invoice_id)
    return InvoiceIsNotValidated(invoice_id=invoice_id, position=invoice.position)


def series_on(company: Company, day: date) -> str:
    """The series that a write-off of that day takes its number in."""
    return name_series(WRITE_OFFS, day, company.fiscal_year_start_month)


def entry_lines(loss: Loss, company: Company) -> tuple[EntryLine, ...]:
    """The lines that book it, with the accounts the company has that day."""
    party = ThirdParty(contact_id=loss.customer_id, label=_label(loss))
    pending, declared = loss.pending_tax, loss.declared_tax
    match loss:
        case InvoiceWrittenOff():
            return of_loss(
                company.accounts,
                party,
                loss.account,
                net=loss.net,
                pending=pending,
                declared=declared,
            )
        case BadDebtVatReclaimed():
            role = RULES[company.country].bad_debt_vat
            return of_reclaimed_vat(company.accounts, party, role, declared)
        case BadDebtRecovered(vat_reclaimed=reclaimed):
            due = pending + (declared if reclaimed else 0)
            kept = 0 if reclaimed else declared
            return of_recovery(company.accounts, party, loss.net, due=due, doubtful=kept)


def _check_lost(debt: Receivable, open_: Open) -> Refused | None:
    number = debt.document.document_number
    if debt.loss is not None:
        lost = debt.loss.document_number
        return InvoiceIsWrittenOff(number=number, write_off=lost, position=debt.loss_position)
    for note, amount in open_.notes.items():
        if amount:
            return CreditNoteIsOpen(number=note, open=amount)
    return None if open_.amount > 0 else NothingIsOpen(number=number, position=debt.position)


def _lost(debt: Receivable, amount: int) -> Portion[VatShare]:
    """What of an invoice is lost with `amount`: all that was not paid, its VAT included.

    Where a credit note settled something else, more is open than the invoice comes to: no VAT.
    """
    left = debt.left
    kept = left.gross - amount
    if kept > 0:
        return left.less(left.part(kept))
    return Portion(net=left.net - kept, shares=left.shares)


def _not_recovered(loss: WriteOff) -> tuple[VatShare, ...]:
    left = _portion_of(loss.document)
    for recovered in loss.recoveries:
        left = left.less(_portion_of(recovered))
    return left.shares


def _portion_of(loss: Loss) -> Portion[VatShare]:
    return Portion(net=loss.net, shares=loss.shares)


def _write_off(
    write_off_id: str, debt: Receivable, lost: Portion[VatShare], reason: str, standing: Standing
) -> InvoiceWrittenOff:
    invoice, company = debt.document, standing.company
    account = debt.posted.lines[0].account if debt.posted else company.accounts["customers"]
    series = series_on(company, standing.today)
    number = assign_next(standing.last_document)
    return InvoiceWrittenOff(
        write_off_id=write_off_id,
        invoice_id=invoice.invoice_id,
        account=account,
        invoice_number=invoice.document_number,
        invoice_date=invoice.issue_date,
        series=series,
        number=number,
        document_number=write_number(series, number),
        issue_date=standing.today,
        customer_id=invoice.customer_id,
        customer_name=invoice.customer.name,
        currency=invoice.currency,
        net=lost.net,
        shares=lost.shares,
        reason=reason,
        mentions=_mentions(invoice, lost, standing),
        language=invoice.language,
    )


def _mentions(
    invoice: InvoiceValidated, lost: Portion[VatShare], standing: Standing
) -> tuple[str, ...]:
    """The words of the duplicate, with the amounts that are lost."""
    occasion = Occasion(
        document="write_off",
        on_debits=False,
        business=False,
        vat_codes=frozenset(share.code for share in lost.shares),
        day=standing.today,
    )
    tax = sum(share.tax for share in lost.shares)
    language, currency = invoice.language, invoice.currency
    net_words, tax_words = (_worded(each, currency, language) for each in (lost.net, tax))
    notes = notes_for(RULES[standing.company.country].notes, occasion, language)
    return tuple(note.format(net=net_words, tax=tax_words) for note in notes)


def _worded(amount: int, currency: str, language: Language) -> str:
    figures = written(amount, currency)
    return f"{figures if language == 'en' else figures.replace('.', ',')} {currency}"


def _label(loss: Loss) -> str:
    return f"{loss.document_number} {loss.customer_name}"


def _enter(loss: Loss, standing: Standing) -> EntryPosted:
    document = DocumentReference(
        kind="write_off",
        id=loss.write_off_id,
        number=loss.document_number,
        issue_date=loss.issue_date,
        party=loss.customer_id,
        party_name=loss.customer_name,
    )
    return enter(
        document,
        entry_lines(loss, standing.company),
        standing,
        day=loss.issue_date,
        currency=loss.currency,
        label=_label(loss),
    )
