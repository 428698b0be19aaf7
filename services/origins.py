"""What a draft invoice comes from, loaded before it is issued: its origin may refuse that."""

from collections.abc import Callable

from domain.book.refusal import Refusals
from domain.deposits import reversing
from domain.deposits.invoice_deposit import deducted_by
from domain.ledger.entry import document_tag
from domain.quotes import billing
from domain.quotes.billing import Bills
from domain.quotes.quote import quote_tag
from domain.sales.content import InvoiceContent, LinkKind
from domain.sales.credit_note import Creditable, Credited
from domain.sales.validation import Origin
from services.quote_loading import load_origin
from services.store.pen import Reader

Loader = Callable[[Reader, str], Origin | None]

LOADERS: dict[LinkKind, Loader] = {"quote": load_origin}
"""How the origin behind a link is loaded by its id; a kind that is not here never refuses."""


def load_origins(reader: Reader, content: InvoiceContent) -> list[Origin]:
    """The documents that a draft comes from, as they stand."""
    loaded = (LOADERS[link.kind](reader, link.id) for link in content.links if link.kind in LOADERS)
    return [origin for origin in loaded if origin is not None]


def check_not_deducted(reader: Reader, known: Creditable | None) -> None:
    """Raises Refusals for a deposit invoice that another invoice deducts (A2.3)."""
    if not isinstance(known, Credited) or known.document.kind != "deposit":
        return
    invoice_id = known.document.invoice_id
    tags = [quote_tag(link.id) for link in known.document.links if link.kind == "quote"]
    deducting = reader.fold(deducted_by, "", document_tag("invoice", invoice_id))
    if deducting:
        tags.append(document_tag("invoice", deducting))
    for tag in tags:
        bills: Bills = {}
        found = reader.fold(billing.evolve, bills, tag)
        refused = reversing.check_not_deducted(invoice_id, found.values())
        if refused is not None:
            raise Refusals(refused)
