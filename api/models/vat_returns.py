"""VAT returns as they are filed and go out: their grids, and the filings themselves."""

from typing import Annotated

from fastapi import Path
from pydantic import Field, StringConstraints

from api.fields import Day, In, Limit, Money, Out, money
from api.figures import explained_at
from api.listing import Asked, Cursor, Meta
from api.visit import Visit
from domain.countries.vat_deadline import deadline_of
from domain.ledger.vat_return import Filing
from services.figures.address import VatFigure
from services.files.intervat import ReturnWishes
from services.vat_returns import Sheet

PeriodPath = Annotated[
    str,
    Path(
        pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2]|Q[1-4])$",
        description="A month or a quarter: `2026-07`, `2026-Q3`.",
    ),
]
GridPath = Annotated[
    str, Path(pattern=r"^[0-9A-Z]{1,4}$", description="A grid or box: `03`, `59`, `XX`.")
]
YearPath = Annotated[str, Path(pattern=r"^20[0-9]{2}$", description="A calendar year.")]
Reference = Annotated[
    str, StringConstraints(strict=True, pattern=r"^([0-9]+-[0-9]{10}-[0-9]{6})?$")
]


class LinesAsked(Asked):
    """Which lines of a grid."""

    limit: Limit = Field(default=50, description="At most so many rows.")
    cursor: Cursor | None = Field(default=None, description="`next_cursor` of the page before.")


class FileIn(In):
    """What is said with a return."""

    no_clients: bool = Field(
        default=False, description="There is no customer to list this year (last return of it)."
    )
    refund: bool = Field(default=False, description="Ask for what is owed to the company.")
    payment_slips: bool = Field(default=False, description="Ask for payment slips.")
    replaced_reference: Reference = Field(
        default="", description="Of the filed return to replace: Intervat's reference of it."
    )

    def wishes(self) -> ReturnWishes:
        """What the file says beside its grids."""
        return ReturnWishes(
            no_clients=self.no_clients,
            refund=self.refund,
            payment_slips=self.payment_slips,
            replaces=self.replaced_reference,
        )


class GridOut(Out):
    """A grid of a return."""

    grid: str = Field(description="Its name on the form; `XX` and `YY` are sums.")
    amount: Money = Field(description="What it shows.")
    lines: str = Field(description="Where its lines are: their sum is the grid.")
    explain: str = Field(description="The same with their events, documents and originals.")


class WarningOut(Out):
    """A control of the administration that the return does not pass."""

    code: str = Field(description="Its letter.")
    formula: str = Field(description="What should hold.")


class FilingOut(Out):
    """A return that was filed."""

    period: str = Field(description="Its period.")
    filed_on: Day = Field(description="The day it was filed.")
    position: int = Field(description="Its event.")
    stands_on: int = Field(description="The last event that it counts.")
    file: str = Field(description="Where its file is, byte for byte.")
    replaces: int = Field(description="The event of the filing that it replaces, or 0.")
    rounding: Money = Field(
        description="What whole euros add to what is owed, booked with the filing; zero in Belgium."
    )

    @classmethod
    def of(cls, filing: Filing, visit: Visit) -> "FilingOut":
        """A filing of the book."""
        filed = filing.document
        return cls(
            period=filed.period,
            filed_on=filed.filed_on,
            position=filing.position,
            stands_on=filed.stands_on,
            file=visit.at("files", filed.file),
            replaces=filed.replaces,
            rounding=money(filed.rounding, filed.currency),
        )


class FilingsOut(Out):
    """The returns that are filed."""

    data: list[FilingOut] = Field(description="One a period, the oldest first.")


class ReturnOut(Out):
    """The return of a period: as it was filed, or as it would be now."""

    period: str = Field(description="The period.")
    deadline: Day = Field(description="Until when it can be filed, or replaced.")
    filing: FilingOut | None = Field(description="When it is filed: then it does not change.")
    grids: list[GridOut] = Field(description="Every grid with an amount, and 71 or 72.")
    carried_over: list[GridOut] = Field(description="What goes to the next period: negative.")
    warnings: list[WarningOut] = Field(description="Controls that do not hold; it may be filed.")
    foreign_documents: int = Field(description="Documents in other currencies, counted nowhere.")
    position: int = Field(description="The event of the book up to which everything counts.")
    meta: Meta = Field(description="On what the answer stands.")

    @classmethod
    def of(cls, sheet: Sheet, visit: Visit, asked: Asked, meta: Meta) -> "ReturnOut":
        """A return as it stands."""
        period = sheet.period

        def grids(amounts: dict[str, int]) -> list[GridOut]:
            return [
                GridOut(
                    grid=grid,
                    amount=money(amount, sheet.company.currency),
                    lines=visit.at("vat_returns", f"{period}/grids/{grid}"),
                    explain=explained_at(visit, VatFigure(period, grid), asked),
                )
                for grid, amount in amounts.items()
            ]

        return cls(
            period=str(period),
            deadline=deadline_of(sheet.company.country, period.months, period.following),
            filing=FilingOut.of(sheet.filing, visit) if sheet.filing else None,
            grids=grids(sheet.settled.grids),
            carried_over=grids(sheet.settled.carried),
            warnings=[WarningOut(code=w.code, formula=w.formula) for w in sheet.checks],
            foreign_documents=sheet.foreign,
            position=sheet.stands_on,
            meta=meta,
        )
