"""The demonstration companies: made by running real commands, their clock living through a year."""

from services.demonstration.cast import BELGIAN, FRENCH
from services.demonstration.filling import COMPANIES, fill
from services.demonstration.year import LivedClock

__all__ = ["BELGIAN", "COMPANIES", "FRENCH", "LivedClock", "fill"]
