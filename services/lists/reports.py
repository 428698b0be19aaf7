"""Reports that leave as files like lists do: balances, aged balance, payments, VAT return figures.

`EXPORTS` is everything that can be exported so: every list, and these.
"""

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any, Literal

from msgspec import Struct, structs
from psycopg import Connection

from domain.book.refusal import Refusals, Refused, words
from domain.ledger.vat_return import Filings
from domain.parties.company import BookIsNotOpen, Company
from projections import history_view, ledger_view, payments_view, unpaid_view
from projections.history import History
from projections.ledger import Ledger
from projections.page import Page
from projections.unpaid import Unpaid
from projections.vat_register import VatRegister
from projections.vat_return_view import position_of
from services.files.table import Column
from services.lists.headings import columns
from services.lists.kind import both_ways
from services.lists.kinds import LISTS, ListKind
from services.lists.provenance import Provenance
from services.oss import see_oss
from services.vat_returns import period_named, see_return

Provenances = Callable[[int], Provenance]
MOST_BANDS = 6
CHOSEN = ("side", "party", "country", "account", "currency", "as_of", "q")
"""What of an aged balance is a question to the open items."""


class BandsAreWrong(Refused, frozen=True, kw_only=True):
    """The bands of an aged balance are days, each more than the one before."""

    code = "bands_wrong"
    rule = "V26"
    text = words(
        en="{bands} are no bands: write at most six growing numbers of days, such as 30,60,90.",
        fr="{bands} ne sont pas des tranches : au plus six nombres de jours croissants : 30,60,90.",
        nl="{bands} zijn geen schijven: hoogstens zes stijgende aantallen dagen, zoals 30,60,90.",
    )

    bands: str


class PeriodIsLater(Refused, frozen=True, kw_only=True):
    """A period that begins after the value date is not there yet."""

    code = "period_later"
    rule = "C14"
    text = words(
        en="As of {as_of} there is no period that begins on {date_from}.",
        fr="Au {as_of}, il n'y a pas de période qui commence le {date_from}.",
        nl="Op {as_of} is er geen periode die op {date_from} begint.",
    )

    as_of: date
    date_from: date


def _usual(columns_: tuple[Column, ...]) -> Callable[[Any], tuple[Column, ...]]:
    return lambda _: columns_


def _as_asked(_: Connection[Any], __: str, wanted: Any, ___: Provenances) -> Any:
    return wanted


class ReportKind(ListKind, frozen=True, kw_only=True):
    """A report: a list whose filter may decide on columns, or need what only the events say."""

    columns_of: Callable[[Any], tuple[Column, ...]]
    completed: Callable[[Connection[Any], str, Any, Provenances], Any] = _as_asked
    """The filter with what the events say, from a connection on which the register stands."""


class BalanceFilter(Struct, frozen=True, kw_only=True):
    """Over which days accounts that begin with `account` are balanced, up to `as_of` at most."""

    date_from: date
    date_to: date
    account: str = ""
    as_of: date | None = None

    @property
    def days(self) -> tuple[date, date]:
        """The first and the last day, whichever was said first; raises Refusals."""
        first, last = sorted((self.date_from, self.date_to))
        if self.as_of is not None and self.as_of < first:
            raise Refusals(PeriodIsLater(as_of=self.as_of, date_from=first))
        return first, min(last, self.as_of or last)


class AgedFilter(Struct, frozen=True, kw_only=True):
    """What is open on a day by age: `bands` are days with commas, `as_of` the value date."""

    on: date
    by: Literal["due_date", "issue_date"] = "due_date"
    bands: str = "30,60,90"
    side: Literal["customers", "suppliers"] | None = None
    party: str | None = None
    country: str | None = None
    account: str | None = None
    currency: str | None = None
    as_of: date | None = None
    q: str | None = None

    @property
    def days(self) -> tuple[int, ...]:
        """The bands; raises Refusals."""
        each = self.bands.split(",")
        if all(text.isascii() and text.isdecimal() and len(text) < 6 for text in each):
            days = tuple(map(int, each))
            if days[0] > 0 and list(days) == sorted(set(days)) and len(days) <= MOST_BANDS:
                return days
        raise Refusals(BandsAreWrong(bands=self.bands[:60]))


class VatFiguresFilter(Struct, frozen=True, kw_only=True):
    """Of which period: 2026-07, 2026-Q3."""

    period: str


class VatQuestion(Struct, frozen=True, kw_only=True):
    """A period, and the company and its filed returns."""

    period: str
    company: Company
    filings: Filings


def _trial_balance(conn: Connection[Any], book: str, wanted: BalanceFilter, *_: Any) -> Any:
    first, last = wanted.days
    found = ledger_view.balance_accounts(
        conn, book, date_from=first, date_to=last, account=wanted.account
    )
    return Page(*found, None)


def _party_balances(conn: Connection[Any], book: str, wanted: Any, *_: Any) -> Any:
    return Page(*history_view.balance_parties(conn, book, wanted), None)


def _aged_balance(conn: Connection[Any], book: str, wanted: AgedFilter, *_: Any) -> Any:
    chosen = {name: getattr(wanted, name) for name in CHOSEN}
    items = unpaid_view.UnpaidFilter(**chosen)
    standpoint, rows = unpaid_view.age(
        conn, book, items, on=wanted.on, by=wanted.by, bands=wanted.days
    )
    return Page(standpoint, rows, None)


def _aged_columns(wanted: AgedFilter) -> tuple[Column, ...]:
    low, found = 0, []
    for nth, high in enumerate(wanted.days, start=1):
        said = words(f"{low + 1}–{high} days", f"{low + 1} à {high} j", f"{low + 1}–{high} d.")
        found.append(Column(f"band_{nth}", "amount", said))
        low = high
    over = words(f"Over {low} days", f"Plus de {low} j", f"Meer dan {low} d.")
    not_due = words("Not due", "Non échu", "Niet vervallen")
    return (
        *columns("side party_name currency"),
        Column("band_0", "amount", not_due),
        *found,
        Column(f"band_{len(found) + 1}", "amount", over),
        *columns("open party"),
    )


def _aged_line(row: unpaid_view.AgedParty) -> Any:
    bands = {f"band_{nth}": amount for nth, amount in enumerate(row.bands)}
    return SimpleNamespace(**structs.asdict(row), **bands)


def _vat_question(
    conn: Connection[Any], book: str, wanted: VatFiguresFilter, provenance: Provenances
) -> VatQuestion:
    source = provenance(position_of(conn, book))
    if source.whose is None:
        raise Refusals(BookIsNotOpen())
    return VatQuestion(period=wanted.period, company=source.whose, filings=source.filings)


def _vat_figures(conn: Connection[Any], book: str, asked: VatQuestion, *_: Any) -> Any:
    sheet = see_return(conn, book, asked.company, asked.filings, period_named(asked.period))
    currency = asked.company.currency
    rows = [
        SimpleNamespace(
            grid=grid, nature=nature, currency=currency, amount=amount, filing=sheet.filing
        )
        for nature, amounts in (
            ("filed" if sheet.filing else "prepared", sheet.settled.grids),
            ("carried_over", sheet.settled.carried),
        )
        for grid, amount in sorted(amounts.items())
    ]
    return Page(sheet.standpoint, tuple(rows), None)


def _oss(conn: Connection[Any], book: str, wanted: VatFiguresFilter, *_: Any) -> Any:
    report = see_oss(conn, book, wanted.period)
    return Page(report.standpoint, report.lines, None)


_TRIAL = columns("account currency opening debit credit closing")
_PARTIES = columns("side account party_name currency lines debit credit balance party")
_PAYMENTS = columns(
    "date journal series number document_number direction account party_name label codes currency "
    "amount document_kind document_id party entry line",
    number="number",
)
_FIGURES = columns("grid nature currency amount")
_OSS = columns(
    "kind period country nature rate_type rate currency documents base tax", documents="number"
)

REPORTS: dict[str, ReportKind] = {
    each.name: each
    for each in (
        ReportKind(
            name="trial_balance",
            title=words("Trial balance", "Balance générale", "Proef- en saldibalans"),
            register=Ledger(),
            filter=BalanceFilter,
            orders=("account",),
            columns=_TRIAL,
            columns_of=_usual(_TRIAL),
            read=_trial_balance,
        ),
        ReportKind(
            name="party_balances",
            title=words("Balances of third parties", "Balance des tiers", "Balans van derden"),
            register=History(),
            filter=history_view.HistoryFilter,
            orders=("party",),
            columns=_PARTIES,
            columns_of=_usual(_PARTIES),
            read=_party_balances,
        ),
        ReportKind(
            name="aged_balance",
            title=words("Aged balance", "Balance âgée", "Ouderdomsbalans"),
            register=Unpaid(),
            filter=AgedFilter,
            orders=("party",),
            columns=(),
            columns_of=_aged_columns,
            read=_aged_balance,
            line=_aged_line,
        ),
        ReportKind(
            name="payments",
            title=words("Payments", "Paiements", "Betalingen"),
            register=Ledger(),
            filter=payments_view.PaymentFilter,
            orders=both_ways(payments_view.SORT_COLUMNS, usual="date"),
            columns=_PAYMENTS,
            columns_of=_usual(_PAYMENTS),
            read=lambda conn, book, wanted, sort, after, limit: payments_view.list_payments(
                conn, book, wanted, sort=sort, after=after, limit=limit
            ),
        ),
        ReportKind(
            name="oss",
            title=words("One Stop Shop", "Guichet unique (OSS)", "Eénloketsysteem (OSS)"),
            register=VatRegister(),
            filter=VatFiguresFilter,
            orders=("period",),
            columns=_OSS,
            columns_of=_usual(_OSS),
            read=_oss,
        ),
        ReportKind(
            name="vat_figures",
            title=words("VAT return", "Déclaration de TVA", "Btw-aangifte"),
            register=VatRegister(),
            filter=VatFiguresFilter,
            orders=("grid",),
            columns=_FIGURES,
            columns_of=_usual(_FIGURES),
            completed=_vat_question,
            read=_vat_figures,
        ),
    )
}
EXPORTS: dict[str, ListKind] = {**LISTS, **REPORTS}
"""By name: what `POST /exports`, the command line and an audit know."""
