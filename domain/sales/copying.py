"""A draft that says what another invoice says; of a situation, the one that follows it (M67)."""

from msgspec.structs import replace

from domain.book.event import Decision
from domain.book.refusal import Refused, words
from domain.quotes.billing import Billing
from domain.quotes.progress import Progress
from domain.quotes.situation import NewSituation, invoice_situation
from domain.sales.content import DocumentLink
from domain.sales.invoice import Invoice, InvoiceDrafted, InvoiceIsUnknown, Validated


class DepositIsNotCopied(Refused, frozen=True, kw_only=True):
    """A deposit invoice is the trace of a payment: another deposit is asked of the quote."""

    code = "deposit_not_copied"
    rule = "M59"
    text = words(
        en="A deposit invoice is not duplicated: ask for another deposit.",
        fr="Une facture d'acompte ne se duplique pas : demandez un autre acompte.",
        nl="Een voorschotfactuur wordt niet gekopieerd: vraag een ander voorschot.",
    )


def quote_behind(invoice: Invoice | None) -> str:
    """The quote whose situation an invoice is, or an empty text."""
    if invoice is None or invoice.content.situation is None:
        return ""
    return next((link.id for link in invoice.content.links if link.kind == "quote"), "")


def duplicate(invoice: Invoice | None, source_id: str, invoice_id: str) -> Decision:
    """Begins a draft with the lines of an invoice, less the deposits that it deducted."""
    if invoice is None:
        return InvoiceIsUnknown(invoice_id=source_id)
    said = invoice.content
    if said.kind == "deposit":
        return DepositIsNotCopied()
    content = replace(
        said,
        kind="invoice",
        lines=tuple(line for line in said.lines if line.kind != "deposit"),
        external_id="",
        due_date=None,
        supply_date=None,
        paid_on=None,
        instalments=(),
        links=(_pattern(invoice),),
    )
    return [InvoiceDrafted(invoice_id=invoice_id, content=content)]


def duplicate_situation(billing: Billing, invoice: Invoice, invoice_id: str) -> Decision:
    """Begins the next situation of the quote with the names of the lines of an earlier one.

    No line moves until its progress is said: what was invoiced is not invoiced again (M66).
    """
    quoted = billing.quote.content.lines
    progress = tuple(
        Progress(line=index, label=line.description)
        for index, line in enumerate(invoice.content.lines[: len(quoted)])
        if line.kind == "item"
    )
    links = (_pattern(invoice),)
    return invoice_situation(billing, invoice_id, NewSituation(progress=progress), links)


def _pattern(invoice: Invoice) -> DocumentLink:
    if isinstance(invoice, Validated):
        issued = invoice.document
        return DocumentLink(
            kind="copy",
            id=invoice.invoice_id,
            number=issued.document_number,
            issue_date=issued.issue_date,
        )
    return DocumentLink(kind="copy", id=invoice.invoice_id)
