"""The dashboard (M47-M50): figures, each the sum of a list that people can open, and short lists.

What a company has switched off is not shown: without margins or quotes, the best customers and
articles stand in their place (M49); without deals, quotes have no probability (M50).
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from msgspec import Struct

from domain.book.refusal import Refusals
from domain.parties.optional import Option
from projections.page import Standpoint
from projections.sales_documents_view import SalesFilter
from projections.sales_lines_view import SoldFilter, list_best
from projections.unpaid_view import UnpaidFilter
from services.figures.address import (
    DashboardFigure,
    FigureIsUnknown,
)
from services.figures.books import Books
from services.figures.dashboard_sums import BY, SUMS, Frame, period_of
from services.figures.leaf import Measure
from services.figures.sums import GridSum, ListedSum, Sum, has_returns
from services.lists import kinds
from services.lists.kinds import ListKind

BEST = 5
RECENT = 5


class Shown(Struct, frozen=True, kw_only=True):
    """A figure: its value in minor units, None where it is not known ("n.d.").

    `unknown` counts the rows of its list that do not say what they add to it.
    """

    name: str
    figure: DashboardFigure
    amount: int | None
    currency: str
    sum: Sum
    unknown: int = 0
    label: str = ""


class Widget(Struct, frozen=True, kw_only=True):
    """Figures that stand together."""

    name: str
    figures: tuple[Shown, ...]


class Newest(Struct, frozen=True, kw_only=True):
    """The first rows of a list in an order, with the list itself (M48)."""

    name: str
    kind: ListKind
    wanted: Any
    sort: str
    rows: tuple[Any, ...]


class Dashboard(Struct, frozen=True, kw_only=True):
    """A company on a day: widgets shown, the names of those its options hide, short lists."""

    on: date
    currency: str
    standpoint: Standpoint
    widgets: tuple[Widget, ...]
    hidden: tuple[str, ...]
    lists: tuple[Newest, ...]


def see_dashboard(books: Books, on: date) -> Dashboard:
    """The dashboard of a day as the books stand."""
    frame = Frame(books, on)
    names = {widget: tuple(_names(frame, widget)) for widget in _WIDGETS}
    shown = [
        Widget(name=name, figures=tuple(figures))
        for name in names
        if (figures := [*_shown(frame, names[name]), *_best(frame, name)])
    ]
    return Dashboard(
        on=on,
        currency=frame.currency,
        standpoint=books.standpoint,
        widgets=tuple(shown),
        hidden=tuple(name for name in names if name not in {widget.name for widget in shown}),
        lists=tuple(_lists(frame)),
    )


def sum_of(books: Books, figure: DashboardFigure) -> Sum:
    """What a figure of the dashboard is the sum of; raises Refusals where it is not shown."""
    frame = Frame(books, figure.on, figure.of)
    named = [name for widget in _WIDGETS for name in _names(frame, widget)]
    if figure.of:
        named = [f"top_{each}" for each in BY] if _replaced(frame) else []
    if figure.name not in named:
        raise Refusals(FigureIsUnknown(figure=str(figure)))
    return SUMS[figure.name](frame)


_WIDGETS = (
    "turnover",
    "margin",
    "receivables",
    "payables",
    "quotes",
    "vat",
    "top_customers",
    "top_articles",
)


def _names(frame: Frame, widget: str) -> Iterator[str]:
    """The figures of a widget, none where the company's options hide it."""
    options = frame.books.company.options
    needed: Mapping[str, Option] = {"margin": "margins", "quotes": "quotes"}
    if widget.startswith("top_") or (widget in needed and needed[widget] not in options):
        return
    if widget == "vat" and not has_returns(frame.books, period_of(frame)):
        return
    for name in SUMS:
        weighted = name.endswith("_weighted")
        if name.split("_")[0] == widget and ("deals" in options or not weighted):
            yield name


def _shown(frame: Frame, names: tuple[str, ...]) -> Iterator[Shown]:
    for name in names:
        yield _figure(frame, name)


def _best(frame: Frame, widget: str) -> Iterator[Shown]:
    """The best customers or articles of the fiscal year, where they replace a widget (M49)."""
    by = BY.get(widget.removeprefix("top_").removesuffix("s")) if _replaced(frame) else None
    if by is None or not widget.startswith("top_"):
        return
    first, last = frame.since("year")
    wanted = SoldFilter(currency=frame.currency, date_from=first, date_to=last)
    for each in list_best(frame.books.conn, frame.books.book_id, wanted, by, BEST):
        one = Frame(frame.books, frame.on, each.id)
        yield _figure(one, widget.removesuffix("s"), label=each.name)


def _replaced(frame: Frame) -> bool:
    return not {"margins", "quotes"} <= frame.books.company.options


def _figure(frame: Frame, name: str, label: str = "") -> Shown:
    made = SUMS[name](frame)
    unknown = 0
    if isinstance(made, ListedSum) and made.measure.keys() & {"margin", "weighted"}:
        unknown = sum(row.unknown for row in made.totals(frame.books))
    return Shown(
        name=name,
        figure=DashboardFigure(name, frame.on, frame.of),
        amount=made.total(frame.books),
        currency=frame.currency,
        sum=made,
        unknown=unknown,
        label=label,
    )


def _lists(frame: Frame) -> Iterator[Newest]:
    """What was made last, and what has waited longest (M48)."""
    on = frame.on
    recent = {
        "recent_quotes": SalesFilter(kind="quote", date_to=on, on=on),
        "recent_invoices": SalesFilter(kind="invoice", date_to=on, on=on),
    }
    if "quotes" not in frame.books.company.options:
        del recent["recent_quotes"]
    for name, wanted in recent.items():
        yield _newest(frame, name, kinds.SALES_DOCUMENTS, wanted, "-date")
    oldest = UnpaidFilter(side="customers", as_of=on)
    yield _newest(frame, "oldest_instalments", kinds.UNPAID, oldest, "due_date")


def _newest(frame: Frame, name: str, kind: ListKind, wanted: Any, sort: str) -> Newest:
    books = frame.books
    page = kind.read(books.conn, books.book_id, wanted, sort, None, RECENT)
    return Newest(name=name, kind=kind, wanted=wanted, sort=sort, rows=tuple(page.rows))


def columns_of(made: Sum) -> Measure:
    """Which columns of its list add up to a figure, with their signs."""
    if isinstance(made, ListedSum):
        return made.measure
    return {"amount": made.sign if isinstance(made, GridSum) else 1}
