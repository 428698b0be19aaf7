"""`paraphe explain`: the lines that add up to a figure, the events and documents behind them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli._console import AsJson, Company, show
from api.cli._figures import KnownAt, figures

if TYPE_CHECKING:
    from services.figures.address import Figure
    from services.figures.books import Books
    from services.provenance import Explained, ExplainedLine

PAGE = 500


def explain(
    figure: Annotated[
        str, typer.Argument(help="Its address: vat:2026-Q3:54, dashboard:turnover_month:2026-09-30")
    ],
    company: Company,
    *,
    known_at: KnownAt = None,
    as_json: AsJson = False,
) -> None:
    """Show every line of a figure; the answers of the API and `paraphe dashboard` give addresses.

    `account:411000:EUR:closing:2026-01-01:2026-09-30` is a row of the trial balance,
    `party:411000:ctc_…:EUR::2026-09-30` a third party,
    `aged:customers:due_date:1-30:EUR:2026-09-30` an age band.
    """
    from services.figures.address import read_figure

    with figures(company, known_at) as books:
        pages = list(_pages(books, read_figure(figure)))
    show(_said(pages), _table(pages), as_json=as_json)


def _pages(books: "Books", figure: "Figure") -> "Iterator[Explained]":
    from services.provenance import explain as explain_figure

    after = None
    while True:
        page = explain_figure(books, figure, after=after, limit=PAGE)
        yield page
        if (after := page.next) is None:
            return


def _lines(pages: "list[Explained]") -> "list[ExplainedLine]":
    return [line for page in pages for line in page.lines]


def _said(pages: "list[Explained]") -> dict[str, Any]:
    """The result for machines."""
    from msgspec import to_builtins

    first = pages[0]
    return {
        "figure": str(first.figure),
        "amount": first.amount,
        "currency": first.currency,
        "position": first.standpoint.position,
        "lines": to_builtins(_lines(pages)),
    }


def _table(pages: "list[Explained]") -> str:
    """The result for people: each line, then its events."""
    from domain.values.money import written

    first = pages[0]
    amount = "n.d." if first.amount is None else written(first.amount, first.currency)
    rows = [f"{first.figure} = {amount} {first.currency}, position {first.standpoint.position}"]
    for line in _lines(pages):
        day = "" if line.date is None else line.date.isoformat()
        words = f"{line.kind} {line.number} {line.party_name}".split()
        rows.append(f"{written(line.amount, first.currency):>16}  {day:10}  {' '.join(words)}")
        rows += [
            f"{'':18}event {origin.position} {origin.type} {origin.document_id}"
            for origin in line.origins
        ]
    return "\n".join(rows)
