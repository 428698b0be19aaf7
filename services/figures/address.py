"""The address of a figure: what it is, in words that stand in a URL and are read back.

vat:2026-Q3:54                                        a grid or box of a VAT return
account:411000:EUR:closing:2026-01-01:2026-09-30      a row of the trial balance
party:411000:ctc_…:EUR:2026-01-01:2026-09-30          a third party; both days may be empty
aged:customers:due_date:1-30:EUR:2026-09-30           an age band; one party's behind a colon
dashboard:turnover_month:2026-09-30                   a figure of the dashboard
"""

import re
from collections.abc import Callable
from datetime import date
from typing import Literal, get_args

from msgspec import Struct

from domain.book.refusal import Refusals, Refused, words
from domain.ledger.vat_period import VatPeriod, read_period

Column = Literal["opening", "debit", "credit", "closing"]
Side = Literal["customers", "suppliers"]
Dated = Literal["due_date", "issue_date"]

COLUMNS: tuple[Column, ...] = get_args(Column)
EVERY_AGE = "all"
NOT_DUE = "upcoming"
_BAND = re.compile(r"([1-9][0-9]{0,3})-([1-9][0-9]{0,3})?", re.ASCII)
_ID = re.compile(r"[a-z]{3}_[0-9a-z]{26}", re.ASCII)
_SHAPES = {
    "grid": re.compile(r"[0-9A-Z]{1,4}", re.ASCII),
    "account": re.compile(r"[0-9]{3,8}", re.ASCII),
    "currency": re.compile(r"[A-Z]{3}", re.ASCII),
    "name": re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII),
    "day": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII),
}


class FigureIsUnknown(Refused, frozen=True, kw_only=True):
    """There is no such figure: its address is none, or names what is not there."""

    code = "figure_unknown"
    rule = "M47"
    text = words(
        en="There is no figure {figure}.",
        fr="Il n'y a pas de chiffre {figure}.",
        nl="Er is geen cijfer {figure}.",
    )

    figure: str
    pointer: str = "/figure"


class VatFigure(Struct, frozen=True):
    """A grid or box of the return of a period, filed or estimated."""

    period: VatPeriod
    grid: str

    def __str__(self) -> str:
        return f"vat:{self.period}:{self.grid}"


class AccountFigure(Struct, frozen=True):
    """A column of an account's row in the trial balance over a period."""

    account: str
    currency: str
    column: Column
    date_from: date
    date_to: date

    def __str__(self) -> str:
        period = f"{self.date_from}:{self.date_to}"
        return f"account:{self.account}:{self.currency}:{self.column}:{period}"


class PartyFigure(Struct, frozen=True):
    """The balance of a third party on an account, of the lines within two days; None: no limit."""

    account: str
    party: str
    currency: str
    date_from: date | None
    date_to: date | None

    def __str__(self) -> str:
        days = f"{self.date_from or ''}:{self.date_to or ''}"
        return f"party:{self.account}:{self.party}:{self.currency}:{days}"


class AgedFigure(Struct, frozen=True):
    """What is open on one side in an age band on a day: `all`, `upcoming`, `1-30`, `91-`."""

    side: Side
    by: Dated
    band: str
    currency: str
    on: date
    party: str = ""

    def __str__(self) -> str:
        party = f":{self.party}" if self.party else ""
        return f"aged:{self.side}:{self.by}:{self.band}:{self.currency}:{self.on}{party}"


class DashboardFigure(Struct, frozen=True):
    """A figure of the dashboard of a day; `of` is the customer or article that it is about."""

    name: str
    on: date
    of: str = ""

    def __str__(self) -> str:
        return f"dashboard:{self.name}:{self.on}" + (f":{self.of}" if self.of else "")


Figure = VatFigure | AccountFigure | PartyFigure | AgedFigure | DashboardFigure


def read_figure(text: str) -> Figure:
    """The figure at an address; raises Refusals."""
    kind, *parts = text.split(":")
    try:
        return _READERS[kind](*parts)
    except (KeyError, TypeError, ValueError):
        raise Refusals(FigureIsUnknown(figure=text[:100])) from None


def read_band(band: str) -> tuple[int | None, int | None]:
    """The days that a band begins and ends with, None for no limit; raises ValueError."""
    if band in (EVERY_AGE, NOT_DUE):
        return None, 0 if band == NOT_DUE else None
    found = _BAND.fullmatch(band)
    if found is None or (found[2] and int(found[2]) < int(found[1])):
        raise ValueError(band)
    return int(found[1]), int(found[2]) if found[2] else None


def _vat(period: str, grid: str) -> VatFigure:
    found = read_period(period)
    if found is None:
        raise ValueError(period)
    return VatFigure(found, _shaped("grid", grid))


def _account(account: str, currency: str, column: str, first: str, last: str) -> AccountFigure:
    named = {each: each for each in COLUMNS}[column]  # type: ignore[index]  # KeyError for others
    figure = AccountFigure(
        _shaped("account", account), _shaped("currency", currency), named, _day(first), _day(last)
    )
    if figure.date_to < figure.date_from:
        raise ValueError(last)
    return figure


def _party(account: str, party: str, currency: str, first: str, last: str) -> PartyFigure:
    if party and _ID.fullmatch(party) is None:
        raise ValueError(party)
    return PartyFigure(
        _shaped("account", account),
        party,
        _shaped("currency", currency),
        _day(first) if first else None,
        _day(last) if last else None,
    )


def _aged(side: str, by: str, band: str, currency: str, *day_and_party: str) -> AgedFigure:
    on, party = day_and_party if len(day_and_party) > 1 else (*day_and_party, "")
    sides: dict[str, Side] = {each: each for each in get_args(Side)}
    dated: dict[str, Dated] = {each: each for each in get_args(Dated)}
    if party and _ID.fullmatch(party) is None:
        raise ValueError(party)
    read_band(band)
    return AgedFigure(sides[side], dated[by], band, _shaped("currency", currency), _day(on), party)


def _dashboard(name: str, on: str, of: str = "") -> DashboardFigure:
    if of and _ID.fullmatch(of) is None:
        raise ValueError(of)
    return DashboardFigure(_shaped("name", name), _day(on), of)


def _shaped(shape: str, text: str) -> str:
    if _SHAPES[shape].fullmatch(text) is None:
        raise ValueError(text)
    return text


def _day(text: str) -> date:
    return date.fromisoformat(_shaped("day", text))


_READERS: dict[str, Callable[..., Figure]] = {
    "vat": _vat,
    "account": _account,
    "party": _party,
    "aged": _aged,
    "dashboard": _dashboard,
}
