"""Days as the law counts them: the civil day of a time zone, and the fiscal year of a day."""

from datetime import date, datetime
from zoneinfo import ZoneInfo


def legal_day(moment: datetime, time_zone: str) -> date:
    """The civil day of an instant in the company's legal time zone: at 23:30 UTC it is tomorrow."""
    return moment.astimezone(ZoneInfo(time_zone)).date()


def fiscal_year(day: date, start_month: int) -> int:
    """The fiscal year of a day, named after the calendar year in which it ends."""
    if start_month == 1:
        return day.year
    return day.year + 1 if day.month >= start_month else day.year


def is_in_force(valid_from: date, valid_to: date | None, day: date) -> bool:
    """Whether `day` lies between the two days, both counted."""
    return valid_from <= day and (valid_to is None or day <= valid_to)
