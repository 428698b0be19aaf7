"""`paraphe dashboard`: how a company stands on a day, each figure with its address."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli._console import AsJson, Company, show
from api.cli._figures import KnownAt, figures

if TYPE_CHECKING:
    from services.dashboard import Dashboard

NOT_KNOWN = "n.d."


def dashboard(
    company: Company,
    *,
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Of this value date; today without it."),
    ] = None,
    known_at: KnownAt = None,
    as_json: AsJson = False,
) -> None:
    """Show the dashboard: what `paraphe explain FIGURE` explains stands beside each figure."""
    from services.dashboard import see_dashboard

    with figures(company, known_at) as books:
        seen = see_dashboard(books, as_of.date() if as_of else books.today)
        name = books.company.name
    show(_said(seen), _table(seen, name), as_json=as_json)


def _said(seen: "Dashboard") -> dict[str, Any]:
    """The result for machines."""
    return {
        "on": seen.on.isoformat(),
        "currency": seen.currency,
        "position": seen.standpoint.position,
        "entries_until": seen.standpoint.entries_until,
        "bank_booked_until": seen.standpoint.bank_booked_until,
        "figures": {
            str(shown.figure): {"amount": shown.amount, "unknown": shown.unknown}
            for widget in seen.widgets
            for shown in widget.figures
        },
        "hidden": list(seen.hidden),
    }


def _table(seen: "Dashboard", name: str) -> str:
    """The result for people."""
    from domain.values.money import written

    lines = [f"{name}, {seen.on}, {seen.currency}, position {seen.standpoint.position}"]
    for widget in seen.widgets:
        lines += ["", widget.name.replace("_", " ")]
        for shown in widget.figures:
            amount = shown.amount
            value = NOT_KNOWN if amount is None else written(amount, shown.currency)
            lines.append(f"{value:>16}  {shown.figure}  {shown.label}".rstrip())
    if seen.hidden:
        lines += ["", f"hidden by the options: {', '.join(seen.hidden)}"]
    return "\n".join(lines)
