"""Supplier bills, as they come in and go out."""

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from api.fields import (
    Account,
    Day,
    In,
    JournalCode,
    Label,
    Money,
    Out,
    Percent,
    Text,
    VatCategory,
    money,
    of_one_currency,
)
from api.ids import Bill as BillName
from api.ids import Contact
from api.models.parties import Ibans
from api.models.sales import TotalsOut, totals_out
from domain.purchases.bill import Bill
from domain.purchases.lines import BillLine, PurchaseShare
from domain.purchases.recording import NewBill
from domain.values.vat import VatAmount

Nature = Literal["", "goods", "services"]
PurchaseVatCode = Literal["DOM", "COC", "ICG", "ICS", "EXT", "IMP"]


class BillLineIn(In):
    """What was bought."""

    description: Text = Field(default="", description="What it is.")
    net: Money = Field(description="Without VAT.")
    account: Account | Literal[""] = Field(default="", description="Empty: the purchases account.")
    category: VatCategory | None = Field(
        default=None, description="With `rate`: which VAT of the document it has; null: `S`."
    )
    rate: Percent | Literal[""] = Field(
        default="", description="Percent; empty: the only rate, or the one that is left."
    )
    vat_code: PurchaseVatCode | Literal[""] = Field(
        default="",
        description="How it is taxed: `DOM` by the supplier, `COC` by us at home, `ICG` and `ICS` "
        "goods and services from the Union, `EXT` services from elsewhere, `IMP` import in the "
        "return. Empty: by its category and the supplier's country.",
    )
    due_rate: Percent | Literal[""] = Field(
        default="", description="Percent that we owe ourselves; empty: the standard rate."
    )
    deductible: Percent = Field(default="100", description="Percent of its VAT that is deducted.")
    nature: Nature = Field(
        default="",
        description="Goods or services; empty: by its account. In France VAT on what is not known "
        "to be goods is deducted once the supplier is paid.",
    )

    def new(self) -> BillLine:
        """The line as the domain takes it."""
        return BillLine(
            description=self.description,
            net=self.net.amount,
            account=self.account,
            category=self.category,
            rate=self.rate,
            vat_code=self.vat_code,
            due_rate=self.due_rate,
            deductible=self.deductible,
            nature=self.nature,
        )


class VatIn(In):
    """The VAT of one rate, as the supplier states it."""

    category: VatCategory = Field(default="S", description="EN 16931 (UNCL 5305) category.")
    rate: Percent = Field(description="Percent, decimal string.")
    base: Money = Field(description="The amount it is on.")
    tax: Money = Field(description="The tax.")
    exemption: Text = Field(default="", description="Why there is no VAT.")


class BillIn(In):
    """A supplier's document, in the supplier's own amounts; all in one currency."""

    supplier_id: Contact = Field(description="The supplier.")
    supplier_reference: Label = Field(description="The number on the document, once a supplier.")
    kind: Literal["invoice", "credit_note"] = Field(default="invoice", description="Which it is.")
    issue_date: Day = Field(description="Date on the document.")
    due_date: Day | None = Field(default=None, description="Null: by the supplier's days.")
    entry_date: Day | None = Field(default=None, description="Null: the issue date.")
    lines: Annotated[list[BillLineIn], Field(min_length=1, max_length=1000)] = Field(
        description="What was bought."
    )
    vat: Annotated[list[VatIn], Field(min_length=1, max_length=50)] = Field(
        description="VAT per category and rate; the bases are the sum of the lines."
    )
    payable: Money | None = Field(default=None, description="Null: the gross.")
    payment_reference: Text = Field(default="", description="What to write with the payment.")
    ibans: Ibans = Field(default=[], description="Where to pay.")
    journal: JournalCode | Literal[""] = Field(
        default="", description="Empty: the first purchase journal."
    )
    tax_point: Literal["", "issue", "payment"] = Field(
        default="",
        description="When its VAT is due, as it says itself: with the document or with its "
        "payment. Empty: by the supplier's option and the nature of each line.",
    )
    credited_bill_id: BillName | Literal[""] = Field(
        default="", description="The bill that a credit note reduces; empty: none is known."
    )

    @model_validator(mode="after")
    def _in_one_currency(self) -> Self:
        of_one_currency(self._amounts())
        return self

    def _amounts(self) -> Iterator[Money]:
        yield from (line.net for line in self.lines)
        for amount in self.vat:
            yield from (amount.base, amount.tax)
        if self.payable is not None:
            yield self.payable

    def new(self) -> NewBill:
        """The bill as the domain takes it."""
        return NewBill(
            supplier_id=self.supplier_id,
            supplier_reference=self.supplier_reference,
            issue_date=self.issue_date,
            lines=tuple(line.new() for line in self.lines),
            vat=tuple(
                VatAmount(
                    category=amount.category,
                    rate=amount.rate,
                    base=amount.base.amount,
                    tax=amount.tax.amount,
                    exemption=amount.exemption,
                )
                for amount in self.vat
            ),
            kind=self.kind,
            due_date=self.due_date,
            entry_date=self.entry_date,
            currency=self.lines[0].net.currency,
            payable=None if self.payable is None else self.payable.amount,
            payment_reference=self.payment_reference,
            ibans=tuple(self.ibans),
            journal=self.journal,
            tax_point=self.tax_point,
            credited_bill_id=self.credited_bill_id,
        )


class BillLineOut(Out):
    """What was bought."""

    description: str = Field(description="What it is.")
    net: Money = Field(description="Without VAT.")
    account: str = Field(description="Its account; empty: the purchases account.")


class PurchaseShareOut(Out):
    """What of a rate has one treatment and one account."""

    category: VatCategory = Field(description="EN 16931 category on the document.")
    rate: str = Field(description="Percent on the document.")
    vat_code: str = Field(description="How it is taxed.")
    account: str = Field(description="Where it is booked.")
    base: Money = Field(description="Without VAT.")
    tax: Money = Field(description="The supplier's VAT.")
    due: Money = Field(description="VAT that we owe ourselves.")
    deductible: Money = Field(description="What of both is deducted; the rest is a cost.")
    nature: Nature = Field(description="Goods or services; empty: not known.")
    exigible: Literal["issue", "payment", "none"] = Field(
        description="Whether it is deductible with the document, or as it is paid."
    )


class RemarkOut(Out):
    """Something about the document that a person should look at."""

    code: str = Field(description="The rule it breaks.")
    text: str = Field(description="In words.")


class BillOut(Out):
    """A recorded supplier bill or supplier's credit note; amounts are positive for both."""

    id: str = Field(description="The bill's id.")
    kind: Literal["invoice", "credit_note"] = Field(description="Which it is.")
    number: str = Field(description="Piece number in its journal.")
    supplier_id: str = Field(description="The supplier.")
    supplier_name: str = Field(description="The supplier's name then.")
    supplier_reference: str = Field(description="The number on the document.")
    issue_date: Day = Field(description="Date on the document.")
    entry_date: Day = Field(description="Date in the books.")
    due_date: Day = Field(description="When it is due.")
    lines: list[BillLineOut] = Field(description="What was bought.")
    totals: TotalsOut = Field(description="What it comes to.")
    vat_shares: list[PurchaseShareOut] = Field(description="Its VAT as a return counts it.")
    payable: Money = Field(description="What is to be paid.")
    payment_reference: str = Field(description="What to write with the payment.")
    ibans: list[str] = Field(description="Where to pay.")
    files: list[str] = Field(description="SHA-256 of the originals; see `/files/{digest}`.")
    remarks: list[RemarkOut] = Field(description="What a person should look at.")
    credited_bill_id: str = Field(description="The bill that it reduces, or empty.")

    @classmethod
    def of(cls, known: Bill) -> "BillOut":
        """A bill of the book."""
        bill = known.document
        return cls(
            id=bill.bill_id,
            kind=bill.kind,
            number=bill.document_number,
            supplier_id=bill.supplier_id,
            supplier_name=bill.supplier_name,
            supplier_reference=bill.supplier_reference,
            issue_date=bill.issue_date,
            entry_date=bill.entry_date,
            due_date=bill.due_date,
            lines=[
                BillLineOut(
                    description=line.description,
                    net=money(line.net, bill.currency),
                    account=line.account,
                )
                for line in bill.lines
            ],
            totals=totals_out(bill.totals, bill.currency),
            vat_shares=[_share_out(share, bill.currency) for share in bill.shares],
            payable=money(bill.payable, bill.currency),
            payment_reference=bill.payment_reference,
            ibans=list(bill.ibans),
            files=list(bill.files),
            remarks=[RemarkOut(code=remark.code, text=remark.text) for remark in bill.remarks],
            credited_bill_id=bill.credited_bill_id,
        )


def _share_out(share: PurchaseShare, currency: str) -> PurchaseShareOut:
    return PurchaseShareOut(
        category=share.category,
        rate=share.rate,
        vat_code=share.code,
        account=share.account,
        base=money(share.base, currency),
        tax=money(share.tax, currency),
        due=money(share.due, currency),
        deductible=money(share.deductible, currency),
        nature=share.nature,
        exigible=share.exigible,
    )
