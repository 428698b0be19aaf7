"""A VAT return that is filed: frozen with the events it stands on, replaced only in time (V24).

What is recorded later counts in the first period that is open, whatever its date; in Belgium no
return is corrected after its deadline.
"""

import re
from datetime import date
from typing import ClassVar

from msgspec import Struct

from domain.book.event import Event, Recorded
from domain.book.refusal import Refused, words
from domain.countries.country import Country
from domain.countries.vat_deadline import deadline_of
from domain.ledger.entry import document_tag
from domain.ledger.vat_period import VatPeriod, read_period

VAT_RETURN_TAG = "vat_return"
INTERVAT_REFERENCE = re.compile(r"[0-9]+-[0-9]{10}-[0-9]{6}", re.ASCII)


class VatReturnFiled(Event, frozen=True, kw_only=True):
    """The return of a period is filed: its grids (minor units) and the file that says so.

    It counts the events up to `stands_on`. `carried` is what goes over to the next period
    (negative). `replaces` is the position of the filing that it replaces, or 0, and
    `replaced_reference` the administration's name of that one. `wishes` are what was said with it
    (refund…). `rounding` is what whole euros add to what is owed; `booked` is what of it this
    filing books, on `entry_date`: all of it, unless the replaced one booked some.
    """

    stored_as: ClassVar[str] = "vat_return.filed.v1"

    period: str
    country: Country
    grids: dict[str, int]
    carried: dict[str, int]
    stands_on: int
    file: str
    filed_on: date
    replaces: int
    replaced_reference: str
    currency: str = "EUR"
    wishes: tuple[str, ...] = ()
    rounding: int = 0
    booked: int = 0
    entry_date: date | None = None

    @property
    def tags(self) -> tuple[str, ...]:
        return (VAT_RETURN_TAG, document_tag("vat_return", self.period))


class Filing(Struct, frozen=True, kw_only=True):
    """A return as it was filed last: the event, its position and its period."""

    position: int
    document: VatReturnFiled
    period: VatPeriod


Filings = tuple[Filing, ...]
"""The filings that hold, one a period, in order of their periods."""


class Prepared(Struct, frozen=True, kw_only=True):
    """A return that is ready to be filed, and the newest filing that it knows (0: none)."""

    period: VatPeriod
    grids: dict[str, int]
    carried: dict[str, int]
    stands_on: int
    known: int
    rounding: int = 0
    wishes: tuple[str, ...] = ()


class VatPeriodIsMalformed(Refused, frozen=True, kw_only=True):
    """A period is a month or a quarter."""

    code = "vat_period_malformed"
    rule = "V24"
    text = words(
        en="{period} is no period: write 2026-07 or 2026-Q3.",
        fr="{period} n'est pas une période : écrivez 2026-07 ou 2026-T3 sous la forme 2026-Q3.",
        nl="{period} is geen periode: schrijf 2026-07 of 2026-Q3.",
    )

    period: str


class VatPeriodIsNotOver(Refused, frozen=True, kw_only=True):
    """A return is filed when its period is over."""

    code = "vat_period_not_over"
    rule = "V24"
    text = words(
        en="Period {period} is not over yet.",
        fr="La période {period} n'est pas encore terminée.",
        nl="Periode {period} is nog niet voorbij.",
    )

    period: str


class VatReturnIsFiled(Refused, frozen=True, kw_only=True):
    """The period is filed: before its deadline the filing may be replaced, by its reference."""

    code = "vat_return_filed"
    rule = "V24"
    text = words(
        en="The return of {period} is filed; it can be replaced until {deadline}, naming its "
        "reference.",
        fr="La déclaration de {period} est déposée ; elle peut être remplacée jusqu'au "
        "{deadline}, avec sa référence.",
        nl="De aangifte van {period} is ingediend; ze kan tot {deadline} vervangen worden, met "
        "haar referentie.",
    )

    period: str
    deadline: date


class VatReturnOutOfOrder(Refused, frozen=True, kw_only=True):
    """Returns follow each other: what one carries over, the next takes in."""

    code = "vat_return_out_of_order"
    rule = "V24"
    text = words(
        en="{period} does not follow {filed}, the return that was filed last.",
        fr="{period} ne suit pas {filed}, la dernière déclaration déposée.",
        nl="{period} volgt niet op {filed}, de laatst ingediende aangifte.",
    )

    period: str
    filed: str


class VatReferenceIsWrong(Refused, frozen=True, kw_only=True):
    """The reference of the return to replace is that of its receipt."""

    code = "vat_reference_wrong"
    rule = "V24"
    text = words(
        en="{reference} is no reference of a filed return, such as 12-0123456789-123456.",
        fr="{reference} n'est pas la référence d'une déclaration déposée, comme "
        "12-0123456789-123456.",
        nl="{reference} is geen referentie van een ingediende aangifte, zoals "
        "12-0123456789-123456.",
    )

    reference: str


class GridIsNegative(Refused, frozen=True, kw_only=True):
    """A grid that is not carried over would be negative: something is booked the wrong way."""

    code = "grid_negative"
    rule = "V24"
    text = words(
        en="Grid {grid} would be negative: look at its lines.",
        fr="La case {grid} serait négative : voyez ses lignes.",
        nl="Rooster {grid} zou negatief zijn: bekijk zijn regels.",
    )

    grid: str


def check_filing(
    filings: Filings, prepared: Prepared, country: Country, reference: str, today: date
) -> Refused | None:
    """Why a return cannot be filed now: period not over, out of order, filed, or negative."""
    period = prepared.period
    if period.last_day >= today:
        return VatPeriodIsNotOver(period=str(period))
    newest = filings[-1] if filings else None
    if newest is not None and not period.follows(newest.period):
        refused = _check_replacement(newest, prepared, country, reference, today)
        if refused is not None:
            return refused
    elif newest is not None and newest.position != prepared.known:
        return _filed(newest, country)
    wrong = next((grid for grid, amount in prepared.grids.items() if amount < 0), None)
    return None if wrong is None else GridIsNegative(grid=wrong)


def find(filings: Filings, period: VatPeriod) -> Filing | None:
    """The filing of a period that holds."""
    return next((filing for filing in filings if filing.period == period), None)


def before(filings: Filings, period: VatPeriod) -> Filing | None:
    """The filing of the period right before, whose rest this one takes in."""
    return next((filing for filing in filings if period.follows(filing.period)), None)


def evolve(filings: Filings, fact: Recorded) -> Filings:
    """The filings that hold after one more event of their tag."""
    match fact.event:
        case VatReturnFiled() as filed if (period := read_period(filed.period)) is not None:
            filing = Filing(position=fact.position, document=filed, period=period)
            return (*(each for each in filings if each.period != period), filing)
    return filings


def _check_replacement(
    newest: Filing, prepared: Prepared, country: Country, reference: str, today: date
) -> Refused | None:
    """Only the newest return may be replaced: the one after it stands on it."""
    if newest.period != prepared.period:
        return VatReturnOutOfOrder(
            period=str(prepared.period), filed=str(newest.period), position=newest.position
        )
    late = today > deadline_of(country, newest.period.months, newest.period.following)
    if late or not reference or newest.position != prepared.known:
        return _filed(newest, country)
    if country == "BE" and INTERVAT_REFERENCE.fullmatch(reference) is None:
        return VatReferenceIsWrong(reference=reference[:40], pointer="/replaced_reference")
    return None


def _filed(newest: Filing, country: Country) -> VatReturnIsFiled:
    deadline = deadline_of(country, newest.period.months, newest.period.following)
    return VatReturnIsFiled(period=str(newest.period), deadline=deadline, position=newest.position)
