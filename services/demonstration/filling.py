"""Fills the demonstration books: every step is a command anybody could send, in the same order."""

from datetime import date

from services.demonstration.building_firm import BuildingYear
from services.demonstration.cast import BELGIAN, FRENCH
from services.demonstration.studio import StudioYear
from services.demonstration.year import LivedClock
from services.store.store import Store

COMPANIES = (FRENCH, BELGIAN)


def fill(store: Store, clock: LivedClock, today: date) -> None:
    """Lets each demonstration company live through the last 300 days, up to yesterday."""
    BuildingYear(store, clock, FRENCH, today).live()
    StudioYear(store, clock, BELGIAN, today).live()
    clock.release()
