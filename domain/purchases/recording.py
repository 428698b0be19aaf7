"""Recording a supplier's document: checked, numbered in its purchase journal, entered."""

from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from domain.book.event import Decision, Recorded
from domain.book.refusal import Refused, judge, words
from domain.ledger.chart import is_account
from domain.ledger.entering import Standing, enter
from domain.ledger.entry import DocumentKind, DocumentReference, EntryPosted
from domain.ledger.numbering import assign_next, name_series, write_number
from domain.ledger.period import check_open
from domain.parties.company import Company
from domain.parties.contact import Contact, ContactIsUnknown
from domain.purchases.bill import Bill, BillKind, BillRecorded, Remark, entry_lines, label
from domain.purchases.crediting import as_credited, check_credited
from domain.purchases.lines import BillLine, PurchaseShare
from domain.purchases.taxing import Taxing, TaxPoint, share_out
from domain.sales.content import on_third_party
from domain.sales.document import totals_of
from domain.values import faults
from domain.values.quantity import is_percent, shortest
from domain.values.text import tidy
from domain.values.vat import VatAmount


class NewBill(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A supplier's document as it was read: its own amounts, positive for both kinds.

    `vat` covers the net of all lines. Without `due_date` the supplier's payment days count,
    without `entry_date` the issue date, without `payable` the gross; an empty currency or journal
    is the company's own. `tax_point` says when its VAT is due (empty: by the supplier and the
    nature of its lines), `credited_bill_id` the bill that a credit note reduces.
    """

    supplier_id: str
    supplier_reference: str
    issue_date: date
    lines: tuple[BillLine, ...]
    vat: tuple[VatAmount, ...]
    kind: BillKind = "invoice"
    due_date: date | None = None
    entry_date: date | None = None
    currency: str = ""
    payable: int | None = None
    payment_reference: str = ""
    ibans: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()
    journal: str = ""
    tax_point: TaxPoint = ""
    credited_bill_id: str = ""

    @property
    def entry_day(self) -> date:
        """The day the bill enters the books."""
        return self.entry_date or self.issue_date


class BillIsDouble(Refused, frozen=True, kw_only=True):
    """The supplier's reference is recorded already: the same bill is not booked twice."""

    code = "bill_double"
    rule = "C15"
    text = words(
        en="{reference} of this supplier is recorded already as {document_number}.",
        fr="{reference} de ce fournisseur est déjà enregistrée sous {document_number}.",
        nl="{reference} van deze leverancier is al geboekt als {document_number}.",
    )

    reference: str
    document_number: str


class BillDoesNotAddUp(Refused, frozen=True, kw_only=True):
    """The bases of the rates are not the sum of the lines: no entry could balance."""

    code = "bill_does_not_add_up"
    rule = "BR-CO-13"
    text = words(
        en="The lines sum to {net}, the VAT bases to {base}.",
        fr="Les lignes totalisent {net}, les bases de TVA {base}.",
        nl="De regels zijn samen {net}, de btw-grondslagen {base}.",
    )

    net: int
    base: int


class EntryBeforeDocument(Refused, frozen=True, kw_only=True):
    """A bill does not enter the books before it was made."""

    code = "entry_before_document"
    rule = "C15"
    text = words(
        en="The entry date {entry_date} is before the bill's date {issue_date}.",
        fr="La date d'écriture {entry_date} précède la date de facture {issue_date}.",
        nl="De boekingsdatum {entry_date} ligt voor de factuurdatum {issue_date}.",
    )

    entry_date: date
    issue_date: date


def record(
    bill_id: str,
    new: NewBill,
    supplier: Contact | None,
    namesake: Recorded | None,
    standing: Standing,
    *,
    credited: Bill | None = None,
) -> Decision:
    """Enters a supplier's document under the next piece number of its journal, with its entry.

    `namesake` is the newest event of `reference_tag(…)`, `credited` the bill that a credit note
    names. A locked issue date is refused unless another entry date is given.
    """
    new = tidy(new)
    if supplier is None:
        return ContactIsUnknown(contact_id=new.supplier_id[:60], pointer="/supplier_id")
    refused = _check_single(new, namesake) or judge(BILL_RULES, new, standing)
    if refused is not None:
        return refused
    vat = tuple(replace(amount, rate=shortest(amount.rate)) for amount in new.vat)
    shares = share_out(new.lines, vat, _taxing(new, supplier, standing.company))
    if isinstance(shares, Refused):
        return shares
    if new.kind == "credit_note":
        shares = as_credited(shares, credited.document.shares if credited else ())
    recorded = _record(bill_id, replace(new, vat=vat), shares, supplier, standing)
    refused = check_credited(recorded, credited)
    return refused or [recorded, _enter(recorded, standing)]


def series_on(company: Company, journal: str, day: date) -> str:
    """The series of the piece numbers of a purchase journal in the fiscal year of `day`."""
    return name_series(journal, day, company.fiscal_year_start_month)


def _taxing(new: NewBill, supplier: Contact, company: Company) -> Taxing:
    return Taxing(
        company=company,
        supplier_country=supplier.details.address.country,
        day=new.issue_date,
        on_debits=supplier.details.accounting.vat_on_debits,
        tax_point=new.tax_point,
    )


def _check_single(new: NewBill, namesake: Recorded | None) -> Refused | None:
    if namesake is None or not isinstance(namesake.event, BillRecorded):
        return None
    return BillIsDouble(
        reference=new.supplier_reference,
        document_number=namesake.event.document_number,
        position=namesake.position,
        pointer="/supplier_reference",
    )


def _described(new: NewBill, _: Standing) -> Refused | None:
    return faults.unreadable(new) or faults.missing(new.supplier_reference, "/supplier_reference")


def _in_a_currency(new: NewBill, _: Standing) -> Refused | None:
    return faults.unknown_currency(new.currency) if new.currency else None


def _well_formed(new: NewBill, standing: Standing) -> Refused | None:
    for index, line in enumerate(new.lines):
        pointer = f"/lines/{index}/account"
        if line.account and not is_account(line.account):
            return faults.NumberIsMalformed(pointer=pointer)
        refused = on_third_party(line.account, standing.company, pointer)
        if refused is not None:
            return refused
    for index, amount in enumerate(new.vat):
        if not is_percent(amount.rate):
            return faults.NumberIsMalformed(pointer=f"/vat/{index}/rate")
    return None if new.lines else faults.FieldIsMissing(pointer="/lines")


def _within_bounds(new: NewBill, _: Standing) -> Refused | None:
    amounts = [("/payable", new.payable or 0)]
    amounts += [(f"/lines/{index}/net", line.net) for index, line in enumerate(new.lines)]
    for index, amount in enumerate(new.vat):
        amounts += [(f"/vat/{index}/base", amount.base), (f"/vat/{index}/tax", amount.tax)]
    refusals = (faults.out_of_bounds(amount, pointer) for pointer, amount in amounts)
    return (
        faults.out_of_years(new.issue_date, "/issue_date")
        or faults.out_of_years(new.due_date, "/due_date")
        or faults.out_of_years(new.entry_date, "/entry_date")
        or next((refused for refused in refusals if refused is not None), None)
    )


def _adding_up(new: NewBill, _: Standing) -> Refused | None:
    net, base = sum(line.net for line in new.lines), sum(amount.base for amount in new.vat)
    if net != base:
        return BillDoesNotAddUp(net=net, base=base, pointer="/vat")
    gross = net + sum(amount.tax for amount in new.vat)
    return faults.out_of_bounds(gross, "/lines", least=0)


def _in_an_open_period(new: NewBill, standing: Standing) -> Refused | None:
    if new.entry_day < new.issue_date:
        return EntryBeforeDocument(
            entry_date=new.entry_day, issue_date=new.issue_date, pointer="/entry_date"
        )
    return check_open(standing.lock, new.entry_day, "/entry_date")


BILL_RULES = (
    _described,
    _in_a_currency,
    _well_formed,
    _within_bounds,
    _adding_up,
    _in_an_open_period,
)


def _record(
    bill_id: str,
    new: NewBill,
    shares: tuple[PurchaseShare, ...],
    supplier: Contact,
    standing: Standing,
) -> BillRecorded:
    totals = totals_of(sum(line.net for line in new.lines), new.vat)
    series = series_on(standing.company, standing.journal, new.entry_day)
    number = assign_next(standing.last_document)
    return BillRecorded(
        bill_id=bill_id,
        kind=new.kind,
        supplier_id=supplier.contact_id,
        supplier_name=supplier.details.name,
        supplier_reference=new.supplier_reference,
        series=series,
        number=number,
        document_number=write_number(series, number),
        issue_date=new.issue_date,
        entry_date=new.entry_day,
        due_date=new.due_date or supplier.details.terms.due_on(new.issue_date),
        currency=new.currency or standing.company.currency,
        lines=new.lines,
        totals=totals,
        payable=totals.gross if new.payable is None else new.payable,
        payment_reference=new.payment_reference,
        ibans=new.ibans,
        files=new.files,
        remarks=new.remarks,
        vat_shares=shares,
        credited_bill_id=new.credited_bill_id,
    )


def _enter(bill: BillRecorded, standing: Standing) -> EntryPosted:
    kind: DocumentKind = "bill" if bill.kind == "invoice" else "bill_credit_note"
    document = DocumentReference(
        kind=kind,
        id=bill.bill_id,
        number=bill.supplier_reference,
        issue_date=bill.issue_date,
        due_date=bill.due_date,
        party=bill.supplier_id,
        party_name=bill.supplier_name,
        files=bill.files,
    )
    return enter(
        document,
        entry_lines(bill, standing.company),
        standing,
        day=bill.entry_date,
        currency=bill.currency,
        label=label(bill),
    )
