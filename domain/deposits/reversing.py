"""Undoing a deposit that was paid: a credit note of its invoice, before anything else (A2.3)."""

from collections.abc import Iterable

from domain.book.refusal import Refused, words
from domain.quotes.billing import Bill, Dropped, lines_left
from domain.sales.credit_note import Creditable, Credited


class DepositIsDeducted(Refused, frozen=True, kw_only=True):
    """What another invoice has taken off is not credited: that invoice goes first."""

    code = "deposit_deducted"
    rule = "A2.3"
    text = words(
        en="The deposit is deducted by {invoice_id}: credit or discard that one first.",
        fr="L'acompte est déduit par {invoice_id} : annulez d'abord celle-ci.",
        nl="Het voorschot is afgetrokken door {invoice_id}: maak die eerst ongedaan.",
    )

    invoice_id: str


class ReversalNeedsCreditNote(Refused, frozen=True, kw_only=True):
    """A settled deposit is not simply unticked: its invoice charged VAT that was due."""

    code = "deposit_reversal"
    rule = "A2.3"
    text = words(
        en="Deposit invoice {invoice_number} must be credited before its payment is taken back.",
        fr="La facture d'acompte {invoice_number} doit être annulée par un avoir d'abord.",
        nl="Voorschotfactuur {invoice_number} moet gecrediteerd zijn voor de betaling vervalt.",
    )

    invoice_number: str


def check_not_deducted(invoice_id: str, bills: Iterable[Bill]) -> Refused | None:
    """Refuses to credit a deposit invoice that one of `bills` deducts."""
    for bill in bills:
        if isinstance(bill, Dropped):
            continue
        for line, amount in lines_left(bill):
            if line.deducts == invoice_id and amount.net:
                return DepositIsDeducted(invoice_id=bill.invoice_id, position=bill.position)
    return None


def check_reversible(invoice: Creditable | None) -> Refused | None:
    """Refuses to undo the lettering of a deposit invoice that is not wholly credited."""
    if not isinstance(invoice, Credited) or invoice.document.kind != "deposit":
        return None
    if all(net == line.net for net, line in zip(invoice.nets, invoice.document.lines, strict=True)):
        return None
    number = invoice.document.document_number
    return ReversalNeedsCreditNote(invoice_number=number, position=invoice.position)
