"""How long a document is kept by law: the last day, and the law that says so."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Literal, NamedTuple

from msgspec import Struct

from domain.values.days import fiscal_year

Start = Literal["document", "exercise_end", "next_january"]


class Retention(Struct, frozen=True, kw_only=True):
    """`years` from the document, the end of its fiscal year or the first of January after it.

    `valid_from` is when a law changed: the longer period then holds for every document whose
    shorter one was not over yet.
    """

    law: str
    years: int
    start: Start
    valid_from: date


class KeptUntil(NamedTuple):
    """The last day on which a document is kept, and the law."""

    day: date
    law: str


def kept_until(rules: Sequence[Retention], issued: date, start_month: int) -> KeptUntil:
    """The latest end of the retention of a document of that day, over all laws of a country."""
    ends = [_end(law, rules, issued, start_month) for law in {rule.law for rule in rules}]
    return max(ends)


def _end(law: str, rules: Sequence[Retention], issued: date, start_month: int) -> KeptUntil:
    """The end by one law, whose versions follow each other."""
    versions = sorted((x for x in rules if x.law == law), key=lambda rule: rule.valid_from)
    end = _last_day(versions[0], issued, start_month)
    for version in versions[1:]:
        if end >= version.valid_from:
            end = _last_day(version, issued, start_month)
    return KeptUntil(end, law)


def _last_day(rule: Retention, issued: date, start_month: int) -> date:
    match rule.start:
        case "document":
            return _years_later(issued, rule.years)
        case "exercise_end":
            return _years_later(_exercise_end(issued, start_month), rule.years)
        case "next_january":
            return date(issued.year + 1 + rule.years, 1, 1) - timedelta(days=1)


def _exercise_end(day: date, start_month: int) -> date:
    year = fiscal_year(day, start_month)
    return date(year + (start_month == 1), start_month, 1) - timedelta(days=1)


def _years_later(day: date, years: int) -> date:
    """The same day years later; of 29 February, the first of March."""
    if (day.month, day.day) == (2, 29):
        day += timedelta(days=1)
    return day.replace(year=day.year + years)
