"""A cash discount taken from a supplier: what the company keeps for paying a bill early."""

from datetime import date
from typing import ClassVar

from msgspec import Struct
from msgspec.structs import replace

from domain.book.event import Decision, Event, Recorded
from domain.countries.atlas import RULES
from domain.ledger.entering import Standing, enter_piece
from domain.ledger.entry import DocumentReference, EntryLine, EntryPosted, document_tag
from domain.ledger.posting import Charge, ThirdParty, of_purchase_credited
from domain.parties.company import Company
from domain.purchases.bill import BillRecorded
from domain.purchases.lines import PurchaseShare
from domain.sales.cash_discount import DiscountIsMisplaced
from domain.sales.portion import Portion


class CashDiscountTaken(Event, frozen=True, kw_only=True):
    """The company pays less than a bill, as agreed for early payment; amounts are positive.

    `net` and `shares` are what the discount takes off price and VAT. Where the law has VAT
    calculated on the discounted price at once (CTVA 28, 1°), it takes off nothing but the price.
    """

    stored_as: ClassVar[str] = "cash_discount.taken.v1"

    discount_id: str
    bill_id: str
    supplier_reference: str
    account: str
    supplier_id: str
    supplier_name: str
    currency: str
    date: date
    net: int
    shares: tuple[PurchaseShare, ...] = ()

    @property
    def tags(self) -> tuple[str, ...]:
        return (
            document_tag("cash_discount", self.discount_id),
            document_tag("bill", self.bill_id),
        )

    @property
    def label(self) -> str:
        """What its entry says."""
        return f"{self.supplier_name} {self.supplier_reference}"


class Payable(Struct, frozen=True, kw_only=True):
    """A bill as a debt: `left` is the bill less its credit notes and discounts, `account` that of
    the supplier's line in its entry."""

    document: BillRecorded
    left: Portion[PurchaseShare]
    account: str = ""


def evolve(before: Payable | None, fact: Recorded) -> Payable | None:
    """The debt after one more event of the bill's tag; a credit note alone is none."""
    match fact.event:
        case BillRecorded() as bill if before is None:
            own = bill.kind == "invoice"
            return Payable(document=bill, left=_portion(bill)) if own else None
        case BillRecorded() as note if before is not None:
            return replace(before, left=before.left.less(_portion(note)))
        case CashDiscountTaken() as taken if before is not None:
            part = Portion(net=taken.net, shares=taken.shares)
            return replace(before, left=before.left.less(part))
        case EntryPosted(document=of, lines=lines) if of.kind == "bill" and before is not None:
            return replace(before, account=lines[0].account)
    return before


def take(
    discount_id: str, debt: Payable | None, amount: int, day: date, standing: Standing
) -> Decision:
    """Takes `amount` (VAT included) off a bill, with its entry; its VAT as the country says.

    In France the VAT deducted is reduced with the price (CGI 267, II, 1° and 271).
    """
    if debt is None or not debt.account or not 0 < amount < debt.left.gross:
        return DiscountIsMisplaced(pointer="/difference")
    reduces = RULES[standing.company.country].discount_reduces_vat
    part = debt.left.off(amount, with_vat=reduces)
    bill = debt.document
    taken = CashDiscountTaken(
        discount_id=discount_id,
        bill_id=bill.bill_id,
        supplier_reference=bill.supplier_reference,
        account=debt.account,
        supplier_id=bill.supplier_id,
        supplier_name=bill.supplier_name,
        currency=bill.currency,
        date=day,
        net=part.net,
        shares=part.shares,
    )
    return [taken, _enter(taken, standing)]


def entry_lines(taken: CashDiscountTaken, company: Company) -> tuple[EntryLine, ...]:
    """The lines that book it, with the accounts the company has that day: a credit note's lines
    whose price is a gain."""
    accounts = {**company.accounts, "suppliers": taken.account}
    party = ThirdParty(contact_id=taken.supplier_id, label=taken.label)
    charges = [Charge(accounts["discounts_received"], taken.net, "discounts_received")]
    charges += [Charge(s.account, s.lost, "purchases") for s in taken.shares if s.lost]
    return of_purchase_credited(accounts, party, charges, taken.shares)


def _portion(bill: BillRecorded) -> Portion[PurchaseShare]:
    return Portion(net=bill.totals.net, shares=bill.shares)


def _enter(taken: CashDiscountTaken, standing: Standing) -> EntryPosted:
    document = DocumentReference(
        kind="cash_discount",
        id=taken.discount_id,
        number="",
        issue_date=taken.date,
        party=taken.supplier_id,
        party_name=taken.supplier_name,
    )
    lines = entry_lines(taken, standing.company)
    return enter_piece(document, lines, standing, currency=taken.currency, label=taken.label)
