"""The days that are closed: no sales document can bear their date any more."""

from datetime import date

from msgspec import Struct

from domain.book.refusal import Refused, words

LAW = "CGI 286 I 3° bis"


class Closed(Struct, frozen=True, kw_only=True):
    """The last closed day, and the closing that says so."""

    until: date
    position: int


class DayIsClosed(Refused, frozen=True, kw_only=True):
    """A sales document cannot be dated in a day that is closed."""

    code = "day_closed"
    rule = LAW
    text = words(
        en="{day} is closed, as is every day until {until}: no sales document can bear that date.",
        fr="Le {day} est clôturé, comme chaque jour jusqu'au {until} : aucune vente à cette date.",
        nl="{day} is afgesloten, zoals elke dag tot {until}: geen verkoop kan die datum dragen.",
    )

    day: date
    until: date


def check_not_closed(closed: Closed | None, day: date) -> DayIsClosed | None:
    """Refuses a sales document dated in a closed day, naming the closing."""
    if closed is None or day > closed.until:
        return None
    return DayIsClosed(day=day, until=closed.until, position=closed.position)
