"""A supplier bill, or the supplier's credit note, recorded as the supplier made it."""

from datetime import date
from typing import ClassVar, Literal

from msgspec import Struct

from domain.book.event import Event, Recorded
from domain.ledger.entry import EntryLine, document_tag, series_tag
from domain.ledger.posting import Charge, ThirdParty, of_purchase, of_purchase_credited
from domain.parties.company import Company
from domain.purchases.lines import BillLine as BillLine  # noqa: PLC0414
from domain.purchases.lines import PurchaseShare
from domain.purchases.taxing import undivided
from domain.sales.document import Totals

BillKind = Literal["invoice", "credit_note"]


class Remark(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something about the supplier's document that a person should see, by the rule it breaks."""

    code: str
    text: str


class BillRecorded(Event, frozen=True, kw_only=True):
    """A supplier's document enters the books under the next piece number of its journal.

    Amounts are the supplier's own, positive for both kinds. `files` are the SHA-256 digests (hex)
    of the originals: the UBL first, then what it embeds. `vat_shares` are the VAT by treatment and
    account, as decided that day. A credit note may name the bill that it reduces,
    `credited_bill_id`.
    """

    stored_as: ClassVar[str] = "bill.recorded.v1"

    bill_id: str
    kind: BillKind
    supplier_id: str
    supplier_name: str
    supplier_reference: str
    series: str
    number: int
    document_number: str
    issue_date: date
    entry_date: date
    due_date: date
    currency: str
    lines: tuple[BillLine, ...]
    totals: Totals
    payable: int
    payment_reference: str
    ibans: tuple[str, ...]
    files: tuple[str, ...]
    remarks: tuple[Remark, ...]
    vat_shares: tuple[PurchaseShare, ...] = ()
    credited_bill_id: str = ""

    @property
    def shares(self) -> tuple[PurchaseShare, ...]:
        """The VAT beneath its rates; where it says none, all of it is domestic and deducted."""
        return self.vat_shares or undivided(self.totals.vat)

    @property
    def tags(self) -> tuple[str, ...]:
        credited = (debt_tag(self),) if self.credited_bill_id else ()
        return (
            document_tag("bill", self.bill_id),
            *credited,
            series_tag(self.series),
            reference_tag(self.supplier_id, self.kind, self.supplier_reference),
        )


class Bill(Struct, frozen=True, kw_only=True):
    """A recorded bill and the event that recorded it."""

    position: int
    document: BillRecorded


def entry_lines(bill: BillRecorded, company: Company) -> tuple[EntryLine, ...]:
    """The lines that book the bill; VAT that is not deducted is a cost like the rest."""
    party = ThirdParty(contact_id=bill.supplier_id, label=label(bill), due_date=bill.due_date)
    charges = [Charge(line.account, line.net, "purchases") for line in bill.lines]
    charges += [Charge(s.account, s.lost, "purchases") for s in bill.shares if s.lost]
    book = of_purchase if bill.kind == "invoice" else of_purchase_credited
    return book(company.accounts, party, charges, bill.shares)


def label(bill: BillRecorded) -> str:
    """What the entry of a bill says: the supplier and the number on his document."""
    return f"{bill.supplier_name} {bill.supplier_reference}"


def evolve(before: Bill | None, fact: Recorded) -> Bill | None:
    """The bill after one more event of its tag; what comes after its recording changes nothing."""
    if before is None and isinstance(fact.event, BillRecorded):
        return Bill(position=fact.position, document=fact.event)
    return before


def debt_tag(bill: BillRecorded) -> str:
    """The tag of the bill that a supplier's document is, or that it reduces."""
    return document_tag("bill", bill.credited_bill_id or bill.bill_id)


def reference_tag(supplier_id: str, kind: BillKind, reference: str) -> str:
    """The tag that makes a supplier's reference unique: case and spaces do not make another."""
    return f"bill_reference:{supplier_id}:{kind}:{''.join(reference.split()).casefold()}"
