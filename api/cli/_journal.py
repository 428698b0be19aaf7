"""`paraphe audit journal`: what happened to the system that keeps a book."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from api.cli._console import ACTOR, AsJson, Company, backend, say, show

if TYPE_CHECKING:
    from domain.book.event import Recorded
    from services.audit.findings import Report
    from services.store.store import Store


def journal(company: Company, as_json: AsJson = False) -> None:
    """List a book's technical events: versions, keys, exports, clock, findings, closings, erasures.

    They stand in the book itself, in the same chain as the invoices.
    """
    from services.technical import read_journal

    with backend() as opened:
        facts = read_journal(opened.store, opened.shelf.find(company).book_id)
    lines = [_in_words(fact) for fact in facts] or ["nothing happened yet"]
    show([_shown(fact) for fact in facts], "\n".join(lines), as_json=as_json)


def _shown(fact: "Recorded") -> dict[str, Any]:
    from msgspec import to_builtins

    return {
        "position": fact.position,
        "recorded_at": fact.recorded_at.isoformat(),
        "type": fact.event.stored_as,
        "actor": fact.actor,
        "software": fact.software,
        "data": to_builtins(fact.event),
    }


def _in_words(fact: "Recorded") -> str:
    said = _shown(fact)["data"]
    plain = ", ".join(
        f"{name} {value}" for name, value in said.items() if isinstance(value, str | int)
    )
    what = fact.event.stored_as.rpartition(".")[0]
    return f"{fact.position:>8}  {fact.recorded_at:%Y-%m-%d %H:%M:%S}  {what}  {plain}"


def note_findings(store: "Store", reports: "Iterable[Report]") -> None:
    """Notes in each book what its verification found; a book that refuses it stays as it is."""
    from services import technical

    for report in reports:
        try:
            technical.note_findings(store, report, ACTOR)
        except Exception as error:  # noqa: BLE001  a broken book may refuse everything
            say(f"book {report.book_id}: the findings could not be noted in it: {error}")
