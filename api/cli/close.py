"""`paraphe close`: close every day, month and fiscal year that is over, in order."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import uuid4

import typer

from api.cli._console import AsJson, Company, backend, operator, show
from api.cli._judging import judging

if TYPE_CHECKING:
    from domain.ledger.closing import Closing
    from domain.ledger.closing_totals import GrandTotal


def close(
    company: Company,
    *,
    until: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="The last day to close; default yesterday."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Close all that is due, each closing with its totals and sealed; safe to run again."""
    from services.audit.seal_keys import open_sealer
    from services.closing import close_periods

    with backend() as opened, judging():
        book_id = opened.shelf.find(company).book_id
        sealer = open_sealer(opened.store, opened.settings)
        closings = close_periods(
            opened.store,
            book_id,
            until.date() if until is not None else None,
            operator(f"close:{uuid4()}"),
            sealer.seal,
        )
    lines = [_in_words(closing) for closing in closings] or ["nothing to close"]
    show([_shown(closing) for closing in closings], "\n".join(lines), as_json=as_json)


def _shown(closing: "Closing") -> dict[str, Any]:
    from msgspec import to_builtins

    return {"position": closing.position, **to_builtins(closing.event)}


def _in_words(closing: "Closing") -> str:
    event = closing.event
    what = {
        "day": event.until.isoformat(),
        "month": f"{event.until.isoformat()[:7]} (month)",
        "year": f"{event.exercise} (year, until {event.until})",
    }[event.level]
    documents = sum(given.count for given in event.totals.series)
    grand = ", ".join(_amount(total) for total in event.perpetual) or "0"
    return f"{what}: {documents} documents, perpetual total {grand}"


def _amount(grand: "GrandTotal") -> str:
    from domain.values.money import written

    return f"{written(grand.total, grand.currency)} {grand.currency}"
