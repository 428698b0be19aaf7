"""The lines behind each grid of a VAT return, and what changed since it was filed (V24)."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from msgspec import Struct
from psycopg import Connection

from domain.countries.grids import Operation, add_up
from domain.ledger.vat_period import VatPeriod
from projections.page import SortKey
from projections.vat_return_view import (
    ReturnLine,
    amounts_of,
    list_lines,
    list_missed,
    operation_of,
)
from services.vat_returns import Sheet


class GridLine(Struct, frozen=True, kw_only=True):
    """What one share of a document puts into a grid; without one, what is carried or rounded."""

    amount: int
    kind: str
    position: int
    line: ReturnLine | None = None


class GridPage(Struct, frozen=True, kw_only=True):
    """Lines of a grid, the grid itself, and where to go on."""

    lines: tuple[GridLine, ...]
    total: int
    position: int
    next: SortKey | None


class Change(Struct, frozen=True, kw_only=True):
    """What was recorded since a filing and concerns its period: by event and cause.

    `counted_in` is the period whose return takes it in.
    """

    line: ReturnLine
    cause: str
    grids: Mapping[str, int]
    counted_in: str


class Rounding(Struct, frozen=True, kw_only=True):
    """What whole euros added when a return was filed, and the entry that books it."""

    amount: int
    position: int
    entry_date: date


def rounding_of(sheet: Sheet) -> Rounding | None:
    """What the filing of a return booked beside it; its entry is the event right after."""
    filing = sheet.filing
    if filing is None or filing.document.entry_date is None:
        return None
    return Rounding(
        amount=filing.document.booked,
        position=filing.position + 1,
        entry_date=filing.document.entry_date,
    )


def list_grid(
    conn: Connection[Any],
    book_id: str,
    sheet: Sheet,
    grid: str,
    *,
    after: SortKey | None = None,
    limit: int = 50,
) -> GridPage:
    """The lines of a grid, whose sum it is: documents, then what was carried and rounded."""
    weights = sheet.form.totals.get(grid, {grid: 1})
    wanted = [each for each in sheet.operations if weights.keys() & _placed(sheet, each).keys()]
    page = list_lines(conn, book_id, sheet.scope, wanted, after=after, limit=limit)
    lines = [
        GridLine(
            amount=sum(
                weight * _effects(sheet, line).get(part, 0) for part, weight in weights.items()
            ),
            kind=line.kind,
            position=line.position,
            line=line,
        )
        for line in page.rows
    ]
    if page.next is None:
        lines += _adjustments(sheet, grid, weights)
    return GridPage(
        lines=tuple(lines),
        total=sheet.settled.grids.get(grid, 0),
        position=page.standpoint.position,
        next=page.next,
    )


def list_changes(
    conn: Connection[Any],
    book_id: str,
    sheet: Sheet,
    *,
    after: SortKey | None = None,
    limit: int = 50,
) -> tuple[tuple[Change, ...], SortKey | None]:
    """What changed since a return was filed, by event and cause; nothing before it is."""
    if sheet.filing is None:
        return (), None
    page = list_missed(conn, book_id, sheet.scope, after=after, limit=limit)
    changes = [
        Change(
            line=line,
            cause=_cause(sheet.period, line),
            grids={grid: amount for grid, amount in _effects(sheet, line).items() if amount},
            counted_in=_counted_in(sheet, line),
        )
        for line in page.rows
    ]
    return tuple(changes), page.next


def _placed(sheet: Sheet, operation: Operation) -> Mapping[str, Any]:
    return sheet.form.form.place(operation, sheet.period.last_day)


def _effects(sheet: Sheet, line: ReturnLine) -> dict[str, int]:
    """What one line puts into each grid."""
    own = [(operation_of(line), amounts_of(line))]
    return add_up(sheet.form.form, own, sheet.period.last_day)


def _adjustments(sheet: Sheet, grid: str, weights: Mapping[str, int]) -> Iterable[GridLine]:
    """What makes the sum of the documents the grid: carried in, carried over, rounded."""
    last = next((each for each in sheet.filings if sheet.period.follows(each.period)), None)
    own = sheet.filing.position if sheet.filing else 0
    brought = sum(weight * sheet.brought.get(part, 0) for part, weight in weights.items())
    carried = sum(
        weight * min(0, sheet.settled.carried.get(part, 0)) for part, weight in weights.items()
    )
    moved = sum(weight * sheet.settled.moved.get(part, 0) for part, weight in weights.items())
    documents = sum(weight * sheet.sums.get(part, 0) for part, weight in weights.items())
    rounding = sheet.settled.grids.get(grid, 0) - documents - brought + carried - moved
    for kind, amount, position in (
        ("brought_forward", brought, last.position if last else 0),
        ("carried_over", -carried, own),
        ("transferred", moved, own),
        ("rounding", rounding, own),
    ):
        if amount:
            yield GridLine(amount=amount, kind=kind, position=position)


def _cause(period: VatPeriod, line: ReturnLine) -> str:
    """Why a filed return would be another: the document came late, or takes one of it back."""
    if period.first_month <= line.period <= period.last_month:
        return f"late_{line.kind}"
    return "credited_since"


def _counted_in(sheet: Sheet, line: ReturnLine) -> str:
    """The period whose return takes a line in: the first that was not filed when it came."""
    month = line.period
    later = [
        each
        for each in sheet.filings
        if each.period.last_month >= month and each.document.stands_on >= line.position
    ]
    if later:
        return str(later[0].period)
    newest = sheet.filings[-1].period
    if month > newest.last_month:
        return str(newest.like(line.date))
    return str(newest.like(newest.following))
