"""What a draft invoice comes from, loaded before it is issued: its origin may refuse that."""

from collections.abc import Callable

from domain.sales.content import InvoiceContent, LinkKind
from domain.sales.validation import Origin
from services.store.pen import Reader

Loader = Callable[[Reader, str], Origin | None]

LOADERS: dict[LinkKind, Loader] = {}
"""How the origin behind a link is loaded by its id; a kind that is not here never refuses."""


def load_origins(reader: Reader, content: InvoiceContent) -> list[Origin]:
    """The documents that a draft comes from, as they stand."""
    loaded = (LOADERS[link.kind](reader, link.id) for link in content.links if link.kind in LOADERS)
    return [origin for origin in loaded if origin is not None]
