"""Checks of the entries: derived again from their documents, balanced, in open periods."""

from datetime import date
from typing import ClassVar

from domain.book.event import Event, Recorded
from domain.ledger import period
from domain.ledger.closing import PeriodClosed
from domain.ledger.derivation import derive
from domain.ledger.entry import EntryLine, EntryPosted
from domain.ledger.period import Lock, PeriodLocked, PeriodReopened
from domain.ledger.vat_return import VatReturnFiled
from domain.parties import company as companies
from domain.parties.company import AccountMapped, Company, CompanyOpened
from domain.purchases.bill import BillRecorded
from domain.reminders.late_fees import LateFeesClaimed
from domain.sales.cash_discount import CashDiscountGranted
from domain.sales.credit_note import CreditNoteIssued
from domain.sales.invoice import InvoiceValidated
from domain.sales.write_off import BadDebtRecovered, BadDebtVatReclaimed, InvoiceWrittenOff
from domain.treasury.assignment import PaymentAssigned
from domain.treasury.cheque_deposit import ChequeDepositCreated, ChequeDepositReversed
from domain.treasury.difference import PaymentDifferenceBooked
from domain.treasury.discount_taken import CashDiscountTaken
from domain.treasury.payment import PaymentRecorded
from domain.treasury.reversal import PaymentReversed
from domain.treasury.vat_due import VatBecameDeductible, VatBecameDue
from services.audit.replay_check import Check, Step, differing

DOCUMENTS: tuple[type[Event], ...] = (
    InvoiceValidated,
    CreditNoteIssued,
    BillRecorded,
    PaymentRecorded,
    PaymentAssigned,
    InvoiceWrittenOff,
    BadDebtVatReclaimed,
    BadDebtRecovered,
    PaymentReversed,
    PaymentDifferenceBooked,
    CashDiscountGranted,
    CashDiscountTaken,
    VatBecameDue,
    VatBecameDeductible,
    ChequeDepositCreated,
    ChequeDepositReversed,
    LateFeesClaimed,
    VatReturnFiled,
)


class EntriesDerive(Check):
    """Each document is followed by its entry, whose lines are what the posting rules give today.

    The company is taken as it stood right before the document: its accounts may have changed.
    Entries that an accountant wrote himself have no document to derive them from.
    """

    name = "entries-derive"
    events: ClassVar[tuple[type[Event], ...]] = (
        CompanyOpened,
        AccountMapped,
        EntryPosted,
        *DOCUMENTS,
    )

    def __init__(self) -> None:
        super().__init__()
        self._company: Company | None = None
        self._waiting: tuple[Recorded, str, tuple[EntryLine, ...]] | None = None

    def take(self, step: Step) -> None:
        fact = step.fact
        match fact.event:
            case CompanyOpened() | AccountMapped():
                self._company = companies.evolve(self._company, fact)
            case EntryPosted() as entry:
                self._enter(fact.position, entry)
            case document:
                self._wait(fact, document)

    def end(self) -> None:
        """A last document without its entry."""
        self._forget()

    def _wait(self, fact: Recorded, document: Event) -> None:
        self._forget()
        self.checked += 1
        name = name_of(document)
        if self._company is None:
            self.wrong(fact.position, "no company has opened this book", document=name)
            return
        lines = derive(document, self._company)
        if lines is not None:
            self._waiting = fact, name, lines

    def _enter(self, position: int, entry: EntryPosted) -> None:
        if entry.document.kind == "entry":
            return
        name = entry.document.number
        if self._waiting is None or id_of(self._waiting[0].event) != entry.document.id:
            self.wrong(position, "the entry follows no document of its own", document=name)
            return
        document, name, lines = self._waiting
        self._waiting = None
        self._compare_head(position, entry, document.event, lines)
        if len(lines) != len(entry.lines):
            detail = f"{len(entry.lines)} lines, derived are {len(lines)}"
            self.wrong(position, detail, document=name, field="lines")
            return
        for nth, (ours, theirs) in enumerate(zip(lines, entry.lines, strict=True)):
            for field, derived, found in differing(ours, theirs):
                detail = f"line {nth}: {field} is {found!r}, derived is {derived!r}"
                self.wrong(position, detail, document=name, field=f"lines/{nth}/{field}")

    def _compare_head(
        self, position: int, entry: EntryPosted, document: Event, lines: tuple[EntryLine, ...]
    ) -> None:
        """What an entry says beside its lines: its label is that of the third party's line."""
        expected = {
            "currency": getattr(document, "currency", ""),
            "date": _entry_day(document),
            "label": lines[0].label,
        }
        for field, derived in expected.items():
            found = getattr(entry, field)
            if found != derived:
                detail = f"{field} is {found!s}, derived is {derived!s}"
                self.wrong(position, detail, document=entry.document.number, field=field)

    def _forget(self) -> None:
        if self._waiting is not None:
            fact, name, _ = self._waiting
            self.wrong(fact.position, "no entry follows the document", document=name)
        self._waiting = None


class DebitsEqualCredits(Check):
    """Each entry balances, and each of its lines has one side."""

    name = "debits-equal-credits"
    events = (EntryPosted,)

    def take(self, step: Step) -> None:
        fact = step.fact
        entry = fact.event
        if not isinstance(entry, EntryPosted):
            return
        self.checked += 1
        debit = sum(line.debit for line in entry.lines)
        credit = sum(line.credit for line in entry.lines)
        name = entry.document.number
        if debit != credit or len(entry.lines) < 2:
            detail = f"debit {debit}, credit {credit}, {len(entry.lines)} lines"
            self.wrong(fact.position, detail, document=name, field="lines")
        if any(min(line.debit, line.credit) != 0 for line in entry.lines):
            self.wrong(fact.position, "a line has two sides", document=name, field="lines")


class ClosedPeriodsUntouched(Check):
    """No entry is dated in a period locked before it, no sale in a day closed before it."""

    name = "closed-periods-untouched"
    events = (EntryPosted, PeriodLocked, PeriodReopened, PeriodClosed, *DOCUMENTS[:2])

    def __init__(self) -> None:
        super().__init__()
        self._lock: Lock | None = None
        self._closed: PeriodClosed | None = None

    def take(self, step: Step) -> None:
        fact = step.fact
        match fact.event:
            case PeriodLocked() | PeriodReopened():
                self._lock = period.evolve(self._lock, fact)
            case PeriodClosed() as closed:
                self._closed = closed
            case EntryPosted() as entry:
                self.checked += 1
                refused = period.check_open(self._lock, entry.date)
                if refused is not None:
                    name = entry.document.number
                    self.wrong(fact.position, refused.explain(), document=name, field="date")
            case (InvoiceValidated() | CreditNoteIssued()) as sale:
                self.checked += 1
                if self._closed is not None and sale.issue_date <= self._closed.until:
                    detail = f"dated {sale.issue_date}, closed until {self._closed.until}"
                    name = sale.document_number
                    self.wrong(fact.position, detail, document=name, field="issue_date")


def _entry_day(document: Event) -> date | None:
    """The day that the entry of a document bears."""
    match document:
        case InvoiceValidated(issue_date=day) | CreditNoteIssued(issue_date=day):
            return day
        case (
            InvoiceWrittenOff(issue_date=day)
            | BadDebtVatReclaimed(issue_date=day)
            | BadDebtRecovered(issue_date=day)
            | LateFeesClaimed(issue_date=day)
        ):
            return day
        case VatReturnFiled(entry_date=day):
            return day
        case BillRecorded(entry_date=day) | PaymentRecorded(date=day) | PaymentAssigned(date=day):
            return day
        case PaymentReversed() | PaymentDifferenceBooked() | CashDiscountGranted():
            return document.date
        case VatBecameDue() | VatBecameDeductible() | CashDiscountTaken():
            return document.date
        case ChequeDepositCreated(issue_date=day) | ChequeDepositReversed(date=day):
            return day
    return None


def name_of(document: Event) -> str:
    """What people call a document: its number, or its id."""
    return str(getattr(document, "document_number", "")) or id_of(document)


def id_of(document: Event) -> str:
    """The id of a document."""
    match document:
        case InvoiceValidated(invoice_id=found):
            return found
        case CreditNoteIssued(credit_note_id=found):
            return found
        case (
            InvoiceWrittenOff(write_off_id=found)
            | BadDebtVatReclaimed(write_off_id=found)
            | BadDebtRecovered(write_off_id=found)
            | VatBecameDue(invoice_id=found)
        ):
            return found
        case BillRecorded(bill_id=found) | VatBecameDeductible(bill_id=found):
            return found
        case LateFeesClaimed(late_fee_id=found) | VatReturnFiled(period=found):
            return found
        case (
            PaymentRecorded(payment_id=found)
            | PaymentAssigned(payment_id=found)
            | PaymentReversed(payment_id=found)
        ):
            return found
        case (
            PaymentDifferenceBooked(difference_id=found)
            | ChequeDepositCreated(deposit_id=found)
            | ChequeDepositReversed(deposit_id=found)
        ):
            return found
        case CashDiscountGranted(discount_id=found) | CashDiscountTaken(discount_id=found):
            return found
    return ""
