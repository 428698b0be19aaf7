"""Numbers: the next of a series, without a gap, never dated before the one it follows."""

from datetime import date

import stdnum.iso7064.mod_97_10

from domain.book.event import Recorded, numbered
from domain.book.refusal import Refused, words
from domain.countries.country import ReferenceKind
from domain.values.days import fiscal_year
from domain.values.identifiers import compact

INVOICES = "FA"
CREDIT_NOTES = "AV"

_OGM_NUMBERS = 10**6


class DateIsBehindSeries(Refused, frozen=True, kw_only=True):
    """The newest number of the series has a later date: numbers and dates go together."""

    code = "date_behind_series"
    rule = "M16"
    text = words(
        en="{day} is before {newest}, the date of the newest number of series {series}.",
        fr="Le {day} précède le {newest}, date du dernier numéro de la série {series}.",
        nl="{day} ligt voor {newest}, de datum van het laatste nummer van reeks {series}.",
    )

    day: date
    newest: date
    series: str


def name_series(code: str, day: date, start_month: int) -> str:
    """The series of a document code in the fiscal year of `day`: FA-2026."""
    return f"{code}-{fiscal_year(day, start_month)}"


def name_entry_series(journal: str, day: date, start_month: int) -> str:
    """The series of the entries of a journal in the fiscal year of `day`: entries:VE-2026.

    A purchase journal numbers its pieces in HA-2026, so its entries need a name of their own.
    """
    return f"entries:{name_series(journal, day, start_month)}"


def assign_next(last: Recorded | None) -> int:
    """The number after that of the newest event of the series, which begins with 1."""
    taken = numbered(last.event) if last is not None else None
    return 1 if taken is None else taken[1] + 1


def check_not_behind(series: str, last: Recorded | None, day: date) -> DateIsBehindSeries | None:
    """Refuses a date before that of the newest number of the series (M16)."""
    if last is None:
        return None
    newest: date = last.event.issue_date  # type: ignore[attr-defined]
    if day >= newest:
        return None
    return DateIsBehindSeries(day=day, newest=newest, series=series, position=last.position)


def write_number(series: str, number: int) -> str:
    """The number as people read it: FA-2026-00001."""
    return f"{series}-{number:05d}"


def refer(kind: ReferenceKind, series: str, number: int) -> str:
    """The reference a customer pays with: Belgian structured communication or ISO 11649.

    The year and the number make the ten digits of an OGM, unique for centuries; past a million
    invoices a year they do not fit and an RF reference, as good everywhere, takes their place.
    """
    year = series.rpartition("-")[2]
    if kind == "OGM" and number < _OGM_NUMBERS:
        return write_ogm(f"{year}{number:06d}")
    reference = compact(write_number(series, number))
    return f"RF{stdnum.iso7064.mod_97_10.calc_check_digits(reference + 'RF')}{reference}"


def write_ogm(base: str) -> str:
    """The structured communication of ten digits: check = base mod 97, and 97 where that is 0."""
    digits = f"{base}{int(base) % 97 or 97:02d}"
    return f"+++{digits[:3]}/{digits[3:7]}/{digits[7:]}+++"
