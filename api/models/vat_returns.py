"""VAT returns as they go out: their grids, the lines behind, what changed since."""

from typing import Annotated

from fastapi import Path
from pydantic import Field, StringConstraints

from api.addresses import document_at, event_at
from api.fields import Day, In, Limit, Money, Out, money
from api.figures import explained_at
from api.listing import Asked, Cursor
from api.visit import Visit
from domain.countries.vat_deadline import deadline_of
from domain.ledger.vat_return import Filing
from services.figures.address import VatFigure
from services.files.intervat import ReturnWishes
from services.vat_listings import ClientListing, UnionListing
from services.vat_return_lines import Change, GridLine
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

    @classmethod
    def of(cls, sheet: Sheet, visit: Visit, asked: Asked) -> "ReturnOut":
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
        )


class GridLineOut(Out):
    """What one share of a document puts into a grid."""

    kind: str = Field(description="What the document is; or `brought_forward`, `carried_over`…")
    amount: Money = Field(description="What it puts into the grid.")
    position: int = Field(description="Its event; 0 for what has none.")
    event: str = Field(description="Where the event is, or empty.")
    document: str = Field(description="Where the document is, or empty.")
    number: str = Field(description="The number people read, or empty.")
    date: Day | None = Field(description="The day that puts it into a period.")
    party_name: str = Field(description="The third party, or empty.")
    code: str = Field(description="Its VAT code, or empty.")

    @classmethod
    def of(cls, line: GridLine, visit: Visit, currency: str) -> "GridLineOut":
        """A line of a grid."""
        own = line.line
        return cls(
            kind=line.kind,
            amount=money(line.amount, currency),
            position=line.position,
            event=event_at(visit, line.position),
            document="" if own is None else document_at(visit, own.document_id),
            number="" if own is None else own.number,
            date=None if own is None else own.date,
            party_name="" if own is None else own.party_name,
            code="" if own is None else own.code,
        )


class GridLinesOut(Out):
    """A page of the lines of a grid."""

    grid: str = Field(description="The grid.")
    total: Money = Field(description="The grid: the sum of all its lines.")
    data: list[GridLineOut] = Field(description="Documents; last, what was carried or rounded.")
    has_more: bool = Field(description="Whether there is a next page.")
    next_cursor: str | None = Field(description="`cursor` of the next page; null at the end.")
    position: int = Field(description="The event of the book up to which everything counts.")


class ChangeOut(Out):
    """What was recorded since a return was filed and concerns its period."""

    cause: str = Field(description="`late_…` the kind of document, or `credited_since`.")
    position: int = Field(description="Its event.")
    event: str = Field(description="Where the event is.")
    document: str = Field(description="Where the document is, or empty.")
    number: str = Field(description="The number people read.")
    date: Day = Field(description="The day that puts it into a period.")
    grids: dict[str, Money] = Field(description="What it puts into each grid.")
    counted_in: str = Field(description="The period whose return takes it in.")

    @classmethod
    def of(cls, change: Change, visit: Visit, currency: str) -> "ChangeOut":
        """A change."""
        line = change.line
        return cls(
            cause=change.cause,
            position=line.position,
            event=event_at(visit, line.position),
            document=document_at(visit, line.document_id),
            number=line.number,
            date=line.date,
            grids={grid: money(amount, currency) for grid, amount in change.grids.items()},
            counted_in=change.counted_in,
        )


class ChangesOut(Out):
    """A page of what changed since a return was filed."""

    data: list[ChangeOut] = Field(description="By event and cause.")
    has_more: bool = Field(description="Whether there is a next page.")
    next_cursor: str | None = Field(description="`cursor` of the next page; null at the end.")


class ClientOut(Out):
    """A customer of the yearly listing."""

    vat_number: str = Field(description="Belgian VAT number.")
    name: str = Field(description="A name on its documents.")
    turnover: Money = Field(description="Without VAT; negative when more was credited.")
    tax: Money = Field(description="VAT.")


class ClientsOut(Out):
    """The listing of the Belgian customers of a year."""

    year: int = Field(description="The calendar year.")
    data: list[ClientOut] = Field(description="By VAT number.")
    position: int = Field(description="The event of the book up to which everything counts.")

    @classmethod
    def of(cls, listing: ClientListing) -> "ClientsOut":
        """A listing."""
        currency = listing.company.currency
        return cls(
            year=listing.year,
            data=[
                ClientOut(
                    vat_number=client.vat_number,
                    name=client.name,
                    turnover=money(client.turnover, currency),
                    tax=money(client.tax, currency),
                )
                for client in listing.clients
            ],
            position=listing.position,
        )


class UnionClientOut(Out):
    """What was supplied to a customer in the Union."""

    vat_number: str = Field(description="With its member state; Greece is `EL`.")
    code: str = Field(description="`L` goods, `S` services, `T` triangular sales.")
    amount: Money = Field(description="Negative when more was credited.")
    corrects: str = Field(description="The earlier period that it corrects, or empty.")


class UnionOut(Out):
    """The listing of sales to the Union in a period."""

    period: str = Field(description="The period.")
    data: list[UnionClientOut] = Field(description="By customer, letter and corrected period.")
    position: int = Field(description="The event of the book up to which everything counts.")

    @classmethod
    def of(cls, listing: UnionListing) -> "UnionOut":
        """A listing."""
        return cls(
            period=str(listing.period),
            data=[
                UnionClientOut(
                    vat_number=client.state + client.vat_number,
                    code=client.code,
                    amount=money(client.amount, listing.company.currency),
                    corrects=str(client.corrects or ""),
                )
                for client in listing.clients
            ],
            position=listing.position,
        )
