"""What each figure of the dashboard is the sum of, by its name (M47, M49)."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from msgspec import Struct

from domain.ledger.vat_period import VatPeriod
from projections.ledger_view import LedgerFilter
from projections.sales_documents_view import SalesFilter
from projections.sales_lines_view import By, SoldFilter
from projections.unpaid_view import UnpaidFilter
from services.figures.address import AgedFigure, Side, read_band
from services.figures.books import Books
from services.figures.sums import GridSum, ListedSum, Sum, return_of
from services.lists import kinds

TURNOVER = "70"
"""The accounts of turnover, in the French chart (PCG 70) and in the Belgian one (MAR 70)."""
SOON = timedelta(days=30)
"""A quote is about to expire when it has so long to go."""
BANDS = ("all", "upcoming", "1-", "1-30", "31-60", "61-90", "91-")
_BAND_NAMES = {"all": "", "upcoming": "_upcoming", "1-": "_overdue", "91-": "_over_90"}


class Frame(Struct, frozen=True):
    """What a figure is asked about: the books, a day, and perhaps one customer or article."""

    books: Books
    on: date
    of: str = ""

    @property
    def currency(self) -> str:
        """The company's own currency."""
        return self.books.company.currency

    def since(self, span: str) -> tuple[date, date]:
        """The days of a span up to now: `month`, `year` (fiscal), and either `_last_year`."""
        until = a_year_before(self.on) if span.endswith("_last_year") else self.on
        if span.startswith("month"):
            return until.replace(day=1), until
        start = self.books.company.fiscal_year_start_month
        year = until.year if until.month >= start else until.year - 1
        return date(year, start, 1), until


def aged(figure: AgedFigure) -> ListedSum:
    """What is open in an age band: the unpaid list with its days."""
    low, high = read_band(figure.band)
    first = None if high is None else figure.on - timedelta(days=high)
    last = None if low is None else figure.on - timedelta(days=low)
    by_issue = figure.by == "issue_date"
    wanted = UnpaidFilter(
        side=figure.side,
        currency=figure.currency,
        as_of=figure.on,
        party=figure.party or None,
        due_from=None if by_issue else first,
        due_to=None if by_issue else last,
        issued_from=first if by_issue else None,
        issued_to=last if by_issue else None,
    )
    sign = 1 if figure.side == "customers" else -1
    return ListedSum(kind=kinds.UNPAID, wanted=wanted, measure={"open": sign})


def a_year_before(day: date) -> date:
    """The same day of the year before; of 29 February the 28th."""
    last = 28 if (day.month, day.day) == (2, 29) else day.day
    return date(day.year - 1, day.month, last)


def _turnover(span: str) -> Callable[[Frame], Sum]:
    def made(frame: Frame) -> Sum:
        first, last = frame.since(span)
        wanted = LedgerFilter(
            account=TURNOVER, currency=frame.currency, date_from=first, date_to=last
        )
        return ListedSum(kind=kinds.LEDGER, wanted=wanted, measure={"credit": 1, "debit": -1})

    return made


def _sold(span: str, column: str, by: By | None = None) -> Callable[[Frame], Sum]:
    def made(frame: Frame) -> Sum:
        first, last = frame.since(span)
        wanted = SoldFilter(
            currency=frame.currency,
            date_from=first,
            date_to=last,
            party=frame.of if by == "customer_id" else None,
            article_id=frame.of if by == "article_id" else None,
        )
        return ListedSum(kind=kinds.SALES_LINES, wanted=wanted, measure={column: 1})

    return made


def _open(side: Side, band: str) -> Callable[[Frame], Sum]:
    return lambda frame: aged(AgedFigure(side, "due_date", band, frame.currency, frame.on))


def _quotes(which: str, column: str) -> Callable[[Frame], Sum]:
    def made(frame: Frame) -> Sum:
        wanted = SalesFilter(
            kind="quote",
            state="expired" if which == "expired" else "sent",
            currency=frame.currency,
            date_to=frame.on,
            valid_to=frame.on + SOON if which == "expiring" else None,
            on=frame.on,
        )
        return ListedSum(kind=kinds.SALES_DOCUMENTS, wanted=wanted, measure={column: 1})

    return made


def _vat_due(frame: Frame) -> Sum:
    """What is owed for the period that the day lies in: a negative figure is owed to the company.

    The grid that stands says which: to pay (28, 71) or a credit (25, 72).
    """
    owed, credit = ("28", "25") if frame.books.company.country == "FR" else ("71", "72")
    sheet = return_of(frame.books, period_of(frame))
    owing = credit not in sheet.settled.grids
    return GridSum(sheet, owed) if owing else GridSum(sheet, credit, sign=-1)


def period_of(frame: Frame) -> VatPeriod:
    """The period of a day: as long as the last one filed, else a month, in Belgium a quarter."""
    if frame.books.filings:
        return frame.books.filings[-1].period.like(frame.on)
    months = 3 if frame.books.company.country == "BE" else 1
    return VatPeriod(frame.on.year, frame.on.month, months).like(frame.on)


SPANS = ("month", "month_last_year", "year", "year_last_year")
_QUOTED = ("pending", "expiring", "expired")
BY: Mapping[str, By] = {"customer": "customer_id", "article": "article_id"}
_SIDES: Mapping[str, Side] = {"receivables": "customers", "payables": "suppliers"}


def _band_name(band: str) -> str:
    return _BAND_NAMES.get(band, f"_{band.replace('-', '_')}")


SUMS: Mapping[str, Callable[[Frame], Sum]] = {
    **{f"turnover_{span}": _turnover(span) for span in SPANS},
    **{f"margin_{span}": _sold(span, "margin") for span in SPANS},
    **{
        f"{name}{_band_name(band)}": _open(side, band)
        for name, side in _SIDES.items()
        for band in BANDS
    },
    **{f"quotes_{which}": _quotes(which, "net") for which in _QUOTED},
    **{f"quotes_{which}_weighted": _quotes(which, "weighted") for which in _QUOTED},
    **{f"top_{each}": _sold("year", "net", by) for each, by in BY.items()},
    "vat_due": _vat_due,
}
