"""The lists of an inspection: one pass over a book, what concerns one exercise kept as rows."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date

from domain.book.event import Recorded, numbered
from domain.ledger.closing import PeriodClosed
from domain.ledger.entry import EntryPosted
from domain.ledger.vat_period import read_period
from domain.ledger.vat_return import VatReturnFiled
from domain.operations.exported import ReportExported
from domain.operations.technical import BookExported, TechnicalEvent
from domain.parties.company import AccountMapped, CompanyOpened
from domain.purchases.bill import BillRecorded
from domain.sales.credit_note import CreditNoteIssued
from domain.sales.invoice import InvoiceDiscarded, InvoiceValidated
from domain.sales.printing import DocumentPrinted
from domain.sales.write_off import BadDebtRecovered, BadDebtVatReclaimed, InvoiceWrittenOff
from domain.treasury.payment import PaymentRecorded
from domain.treasury.statement import StatementImported
from domain.values.days import fiscal_year
from domain.values.money import written
from services.audit.inspection_rows import Row, last_day_of, loss_row, return_rows, statement_row
from services.audit.vat_reconciliation import VatReconciliation

Sale = InvoiceValidated | CreditNoteIssued

HEADINGS: dict[str, Row] = {
    "series": ("series", "first", "last", "count", "missing", "first_date", "last_date"),
    "discarded_drafts": ("position", "recorded_at", "invoice_id", "reason"),
    "invoices": (
        "number", "date", "due_date", "customer", "currency", "net", "vat", "gross", "position",
    ),
    "credit_notes": (
        "number", "date", "customer", "currency", "net", "vat", "gross", "of_invoice",
        "of_invoice_dated", "reason", "position",
    ),
    "purchases": (
        "piece", "kind", "supplier", "supplier_reference", "date", "entry_date", "currency", "net",
        "vat", "gross", "originals", "position",
    ),
    "payments": (
        "date", "journal", "direction", "currency", "amount", "party", "label", "reference",
        "position",
    ),
    "vat_accounts": (
        "month", "role", "currency", "documents", "accounts", "difference", "other_entries",
        "unexplained",
    ),
    "vat_entries": (
        "month", "role", "currency", "date", "account", "amount", "label", "position",
    ),
    "vat_returns": ("period", "country", "grid", "amount", "filed_on", "file", "position"),
    "write_offs": (
        "number", "date", "event", "customer", "currency", "net", "vat", "of_invoice", "reason",
        "mentions", "position",
    ),
    "statements": (
        "account", "year", "number", "currency", "opening", "closing", "lines", "file", "position",
    ),
    "deposits": ("party", "currency", "balance"),
    "closings": (
        "level", "first", "until", "last_position", "currency", "invoiced", "credited", "total",
        "chain", "position",
    ),
    "technical_journal": ("position", "recorded_at", "event", "actor"),
    "prints": ("number", "kind", "copy", "language", "printed_at", "file", "position"),
    "exports": (
        "kind", "format", "parameters", "up_to_event", "bytes", "sha256", "exported_at", "position",
    ),
    "software": ("software", "first_position", "last_position", "last_recorded_at"),
}  # fmt: skip
"""The columns of each list; a name is the name of its file."""


class InspectionLists:
    """What an inspector asks of one fiscal year, gathered event by event."""

    def __init__(self, exercise: int) -> None:
        self.exercise = exercise
        self.company: CompanyOpened | None = None
        self.originals: set[str] = set()
        self._rows: dict[str, list[Row]] = defaultdict(list)
        self._series: dict[str, list[tuple[int, date]]] = defaultdict(list)
        self._software: dict[str, tuple[int, int, str]] = {}
        self._deposit_accounts: set[str] = set()
        self._vat = VatReconciliation(exercise)
        self._deposits: dict[tuple[str, str], int] = defaultdict(int)

    def take(self, fact: Recorded) -> None:
        """Takes the next event in."""
        self._note_software(fact)
        self._note_accounts(fact)
        self._vat.say(fact.event)
        self._take_document(fact)
        match fact.event:
            case EntryPosted() as entry:
                self._entry(fact.position, entry)
            case PeriodClosed() as closed if closed.exercise == self.exercise:
                self._closing(fact.position, closed)
            case InvoiceDiscarded() as gone:
                row = fact.position, fact.recorded_at.isoformat(), gone.invoice_id, gone.reason
                self._rows["discarded_drafts"].append(row)
            case TechnicalEvent() as noted:
                self._export(fact)
                row = fact.position, fact.recorded_at.isoformat(), noted.stored_as, fact.actor
                self._rows["technical_journal"].append(row)

    def _take_document(self, fact: Recorded) -> None:
        """A document counts in the exercise in which it is dated."""
        match fact.event:
            case InvoiceValidated() | CreditNoteIssued() as sale:
                self._within(sale.issue_date, lambda: self._sale(fact.position, sale))
            case BillRecorded() as bill:
                self._within(bill.entry_date, lambda: self._bill(fact.position, bill))
            case PaymentRecorded() as paid:
                self._within(paid.date, lambda: self._payment(fact.position, paid))
            case InvoiceWrittenOff() | BadDebtVatReclaimed() | BadDebtRecovered() as loss:
                losses, row = self._rows["write_offs"], loss_row(fact.position, loss)
                self._within(loss.issue_date, lambda: losses.append(row))
            case StatementImported() as imported:
                day = last_day_of(imported.statement) or fact.recorded_at.date()
                self._within(day, lambda: self._statement(fact.position, imported))
            case VatReturnFiled() as filed:
                period = read_period(filed.period)
                day = period.last_day if period is not None else filed.filed_on
                self._within(day, lambda: self._return(fact.position, filed))
            case DocumentPrinted() as printed:
                self._within(fact.recorded_at.date(), lambda: self._print(fact, printed))

    def rows(self) -> dict[str, list[Row]]:
        """Every list, those that need the whole book too."""
        return {
            **{name: self._rows[name] for name in HEADINGS},
            "series": [_series_row(name, taken) for name, taken in sorted(self._series.items())],
            "vat_accounts": self._vat.rows(),
            "vat_entries": self._vat.entries(),
            "deposits": [
                (*key, written(-balance, key[1]))
                for key, balance in sorted(self._deposits.items())
                if balance
            ],
            "software": [(name, *seen) for name, seen in self._software.items()],
        }

    def _note_accounts(self, fact: Recorded) -> None:
        match fact.event:
            case CompanyOpened() as company:
                self.company = company
                self._vat.map(company)
                for role, account in company.accounts.items():
                    self._map(role, account)
            case AccountMapped(role=role, account=account) as mapped:
                self._vat.map(mapped)
                self._map(role, account)

    def _map(self, role: str, account: str) -> None:
        if role == "deposits_received":
            self._deposit_accounts.add(account)

    def _note_software(self, fact: Recorded) -> None:
        first = self._software.get(fact.software, (fact.position, 0, ""))[0]
        self._software[fact.software] = first, fact.position, fact.recorded_at.isoformat()

    def _within(self, day: date, act: Callable[[], None]) -> None:
        """Acts when the day lies in the exercise."""
        if self.company is not None:
            start = self.company.fiscal_year_start_month
            if fiscal_year(day, start) == self.exercise:
                act()

    def _sale(self, position: int, sale: Sale) -> None:
        totals = [written(x, sale.currency) for x in _amounts(sale)]
        head = sale.document_number, sale.issue_date
        self._series[sale.series].append((sale.number, sale.issue_date))
        if isinstance(sale, InvoiceValidated):
            row: Row = (*head, sale.due_date, sale.customer.name, sale.currency, *totals, position)
            self._rows["invoices"].append(row)
        else:
            origin = sale.invoice_number, sale.invoice_date, sale.reason
            row = (*head, sale.customer.name, sale.currency, *totals, *origin, position)
            self._rows["credit_notes"].append(row)

    def _bill(self, position: int, bill: BillRecorded) -> None:
        self._series[bill.series].append((bill.number, bill.entry_date))
        self.originals.update(bill.files)
        self._rows["purchases"].append(
            (
                bill.document_number,
                bill.kind,
                bill.supplier_name,
                bill.supplier_reference,
                bill.issue_date,
                bill.entry_date,
                bill.currency,
                *(written(x, bill.currency) for x in _amounts(bill)),
                " ".join(bill.files),
                position,
            )
        )

    def _payment(self, position: int, paid: PaymentRecorded) -> None:
        amount = written(paid.amount, paid.currency)
        moved = paid.date, paid.journal, paid.direction, paid.currency, amount
        said = paid.party_name, paid.label, paid.reference
        self._rows["payments"].append((*moved, *said, position))

    def _entry(self, position: int, entry: EntryPosted) -> None:
        taken = numbered(entry)
        self._vat.book(position, entry)
        if taken is not None:
            series, number = taken
            self._within(entry.date, lambda: self._series[series].append((number, entry.date)))
        for line in entry.lines:
            if line.account in self._deposit_accounts:
                key = line.party or entry.document.party, entry.currency
                self._deposits[key] += line.debit - line.credit

    def _statement(self, position: int, imported: StatementImported) -> None:
        self.originals.add(imported.file)
        self._rows["statements"].append(statement_row(position, imported))

    def _return(self, position: int, filed: VatReturnFiled) -> None:
        self.originals.add(filed.file)
        self._rows["vat_returns"].extend(return_rows(position, filed))

    def _print(self, fact: Recorded, printed: DocumentPrinted) -> None:
        """A document as it was given out: the file itself is among the originals."""
        self.originals.update(printed.files)
        about = printed.number, printed.document_kind, printed.copy, printed.language
        moment, files = fact.recorded_at.isoformat(), " ".join(printed.files)
        self._rows["prints"].append((*about, moment, files, fact.position))

    def _export(self, fact: Recorded) -> None:
        at = fact.recorded_at.isoformat(), fact.position
        match fact.event:
            case ReportExported() as left:
                asked = " ".join(f"{name}={value}" for name, value in left.parameters.items())
                said = left.kind, left.format, asked, left.position, left.size, left.sha256
                self._rows["exports"].append((*said, *at))
            case BookExported() as book:
                row = ("book", book.format, "", book.size, "", book.digest, *at)
                self._rows["exports"].append(row)

    def _closing(self, position: int, closed: PeriodClosed) -> None:
        head = closed.level, closed.first, closed.until, closed.last_position
        for grand in closed.perpetual or ():
            amounts = (grand.invoiced, grand.credited, grand.total)
            sums = (written(amount, grand.currency) for amount in amounts)
            self._rows["closings"].append((*head, grand.currency, *sums, closed.chain, position))
        if not closed.perpetual:
            self._rows["closings"].append((*head, "", "", "", "", closed.chain, position))


def _amounts(document: Sale | BillRecorded) -> Iterable[int]:
    return document.totals.net, document.totals.tax, document.totals.gross


def _series_row(name: str, taken: list[tuple[int, date]]) -> Row:
    numbers, days = [number for number, _ in taken], [day for _, day in taken]
    missing = sorted(set(range(min(numbers), max(numbers) + 1)) - set(numbers))
    return (
        name,
        min(numbers),
        max(numbers),
        len(numbers),
        " ".join(map(str, missing)),
        min(days),
        max(days),
    )
