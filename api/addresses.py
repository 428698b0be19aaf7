"""Where things of a company are: events, documents by their id, their prints and kept originals."""

from collections.abc import Iterable

from api.visit import Visit

DOCUMENTS = {
    "bil": "bills",
    "chd": "cheque_deposits",
    "crn": "credit_notes",
    "dep": "deposits",
    "dlv": "deliveries",
    "ent": "journal_entries",
    "fee": "late_fees",
    "inv": "invoices",
    "let": "letterings",
    "ord": "orders",
    "pay": "payments",
    "qte": "quotes",
    "rem": "reminders",
    "wof": "write_offs",
}
"""Where the documents live whose ids begin so."""
PRINTED = frozenset({"chd", "crn", "dep", "dlv", "inv", "ord", "qte", "rem"})
"""The documents that we print ourselves; the others come with their files, or without."""


def event_at(visit: Visit, position: int) -> str:
    """The address of an event in the feed; empty for none."""
    return f"{visit.at('events', '')[:-1]}?after={position - 1}&limit=1" if position else ""


def document_at(visit: Visit, document_id: str) -> str:
    """The address of a document; empty for an id of something that has none."""
    resource = DOCUMENTS.get(document_id.partition("_")[0])
    return visit.at(resource, document_id) if resource else ""


def originals_at(visit: Visit, document_id: str, files: Iterable[str]) -> list[str]:
    """Where the originals of a document are: the files kept with it, or its print."""
    kept = [visit.at("files", digest) for digest in files]
    if not kept and document_id.partition("_")[0] in PRINTED:
        return [f"{document_at(visit, document_id)}/pdf"]
    return kept
