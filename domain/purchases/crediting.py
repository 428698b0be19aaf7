"""A supplier's credit note that reduces a bill: what it may name, and what of its VAT waits."""

from collections.abc import Sequence

from msgspec.structs import replace

from domain.book.refusal import Refused, words
from domain.purchases.bill import Bill, BillRecorded
from domain.purchases.lines import PurchaseShare
from domain.values.vat import Exigible


class CreditIsMisplaced(Refused, frozen=True, kw_only=True):
    """What reduces a bill is a credit note of its supplier, in its currency."""

    code = "credit_misplaced"
    rule = "V18"
    text = words(
        en="Only a credit note of the same supplier and currency reduces bill {bill_id}.",
        fr="Seul un avoir du même fournisseur et de la même devise réduit la facture {bill_id}.",
        nl="Alleen een creditnota van dezelfde leverancier en valuta vermindert factuur {bill_id}.",
    )

    bill_id: str


class BillIsUnknown(Refused, frozen=True, kw_only=True):
    """No bill has that id in this book."""

    code = "bill_unknown"
    rule = "V18"
    text = words(
        en="There is no bill {bill_id}.",
        fr="Il n'y a pas de facture fournisseur {bill_id}.",
        nl="Er is geen leveranciersfactuur {bill_id}.",
    )

    bill_id: str


def check_credited(note: BillRecorded, credited: Bill | None) -> Refused | None:
    """Refuses a document that names a bill which it cannot reduce."""
    if not note.credited_bill_id:
        return None
    if credited is None:
        return BillIsUnknown(bill_id=note.credited_bill_id[:60], pointer="/credited_bill_id")
    bill = credited.document
    kinds = note.kind, bill.kind
    same = (note.supplier_id, note.currency) == (bill.supplier_id, bill.currency)
    if kinds == ("credit_note", "invoice") and same:
        return None
    return CreditIsMisplaced(
        bill_id=bill.bill_id, position=credited.position, pointer="/credited_bill_id"
    )


def as_credited(
    shares: Sequence[PurchaseShare], bill: Sequence[PurchaseShare]
) -> tuple[PurchaseShare, ...]:
    """The shares of a credit note, each waiting as that of the bill which it reduces (CGI 272).

    Where the bill has none like it, it waits only if all that the bill has at that rate does; what
    names no bill is taken back at once.
    """
    return tuple(replace(share, exigible=_credited(share, bill)) for share in shares)


def _credited(share: PurchaseShare, bill: Sequence[PurchaseShare]) -> Exigible:
    def alike(other: PurchaseShare) -> bool:
        return replace(share, exigible=other.exigible).kind == other.kind

    same = [each for each in bill if alike(each)] or [
        each
        for each in bill
        if (each.category, each.rate, each.code) == (share.category, share.rate, share.code)
    ]
    return "payment" if same and all(each.exigible == "payment" for each in same) else "issue"
