"""The aged balance: what is open with each third party, by age, each band explained."""

from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from api.fields import Currency, Day, Money, OfCountry, Out, Search, money
from api.figures import explained_at
from api.ids import Contact
from api.listing import Asked
from api.models.unpaid import Side
from api.visit import Visit
from projections.unpaid_view import AgedParty
from services.figures.address import EVERY_AGE, NOT_DUE, AgedFigure
from services.lists.reports import AgedFilter

BandsText = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,3}(,[1-9][0-9]{0,3}){0,5}$")]


class AgedAsked(Asked):
    """Which third parties, how old on which day."""

    as_of: Day | None = Field(
        default=None,
        description="On this value date; today, or the day of the newest event of `known_at`.",
    )
    by: Literal["due_date", "issue_date"] = Field(
        default="due_date", description="Days since it fell due, or since it was issued."
    )
    bands: BandsText = Field(
        default="30,60,90", description="The last day of each band but the last: growing numbers."
    )
    side: Side | None = Field(default=None, description="Of customers, or of suppliers.")
    party: Contact | None = Field(default=None, description="Of this third party.")
    country: OfCountry = None
    currency: Currency | None = Field(default=None, description="In this currency.")
    q: Search | None = Field(
        default=None, description="These words in document number, label or third party's name."
    )


class BandOut(Out):
    """What is open with a third party at an age."""

    band: str = Field(description="`all`, `upcoming` (up to 0 days), `1-30`… `91-`.")
    amount: Money = Field(description="What is owed: to the company, or by it to a supplier.")
    explain: str = Field(description="Its lines with their events and documents; or empty.")


class AgedOut(Out):
    """What is open with a third party in a currency, by age."""

    side: str = Field(description="`customers`, `suppliers`, or empty.")
    party: str = Field(description="The third party.")
    party_name: str = Field(description="Its name today.")
    open: BandOut = Field(description="All of it: the sum of the bands.")
    bands: list[BandOut] = Field(description="By age, what is not due yet first.")

    @classmethod
    def of(cls, row: AgedParty, visit: Visit, asked: AgedAsked, wanted: AgedFilter) -> "AgedOut":
        """A third party of the register, aged as the filter says."""

        def band(name: str, amount: int) -> BandOut:
            return BandOut(
                band=name,
                amount=money(-amount if row.side == "suppliers" else amount, row.currency),
                explain=_explained(row, name, visit, asked, wanted),
            )

        amounts = zip(_names(wanted.days), row.bands, strict=True)
        return cls(
            side=row.side,
            party=row.party,
            party_name=row.party_name,
            open=band(EVERY_AGE, row.open),
            bands=[band(name, amount) for name, amount in amounts],
        )


def _names(days: tuple[int, ...]) -> list[str]:
    """What the bands are called in addresses: upcoming, 1-30, 31-60, 61-."""
    spans = [f"{low + 1}-{high}" for low, high in pairwise((0, *days))]
    return [NOT_DUE, *spans, f"{days[-1] + 1}-"]


def _explained(
    row: AgedParty, band: str, visit: Visit, asked: AgedAsked, wanted: AgedFilter
) -> str:
    """Where a band is explained; what stands on no side, names nobody or is searched for is not."""
    if row.side not in ("customers", "suppliers") or not row.party or asked.q is not None:
        return ""
    side: Side = "customers" if row.side == "customers" else "suppliers"
    figure = AgedFigure(side, wanted.by, band, row.currency, wanted.on, row.party)
    return explained_at(visit, figure, asked)
