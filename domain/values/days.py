"""Days as the law counts them: the civil day of a time zone, and the fiscal year of a day."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo


def legal_day(moment: datetime, time_zone: str) -> date:
    """The civil day of an instant in the company's legal time zone: at 23:30 UTC it is tomorrow."""
    return moment.astimezone(ZoneInfo(time_zone)).date()


def fiscal_year(day: date, start_month: int) -> int:
    """The fiscal year of a day, named after the calendar year in which it ends."""
    if start_month == 1:
        return day.year
    return day.year + 1 if day.month >= start_month else day.year


def fiscal_days(year: int, start_month: int) -> tuple[date, date]:
    """The first and the last day of a fiscal year, the inverse of `fiscal_year`."""
    first = date(year if start_month == 1 else year - 1, start_month, 1)
    return first, date(first.year + 1, start_month, 1) - timedelta(days=1)


def is_in_force(valid_from: date, valid_to: date | None, day: date) -> bool:
    """Whether `day` lies between the two days, both counted."""
    return valid_from <= day and (valid_to is None or day <= valid_to)
