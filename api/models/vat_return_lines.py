"""The lines behind the grids of VAT returns, and what changed since one was filed."""

from pydantic import Field

from api.addresses import document_at, event_at
from api.fields import Day, Money, Out, money
from api.listing import Meta
from api.visit import Visit
from services.vat_return_lines import Change, GridLine, Rounding


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
    meta: Meta = Field(description="On what the answer stands.")


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


class RoundingOut(Out):
    """What whole euros added to what is owed, booked when a return was filed."""

    amount: Money = Field(description="Positive: a charge; negative: an income.")
    date: Day = Field(description="The day its entry bears.")
    position: int = Field(description="Its entry.")
    event: str = Field(description="Where the event is.")

    @classmethod
    def of(cls, rounding: Rounding, visit: Visit, currency: str) -> "RoundingOut":
        """A rounding that was booked."""
        return cls(
            amount=money(rounding.amount, currency),
            date=rounding.entry_date,
            position=rounding.position,
            event=event_at(visit, rounding.position),
        )


class ChangesOut(Out):
    """A page of what changed since a return was filed."""

    rounding: RoundingOut | None = Field(
        description="What filing it booked to bring the books to whole euros; null for nothing."
    )
    data: list[ChangeOut] = Field(description="By event and cause.")
    has_more: bool = Field(description="Whether there is a next page.")
    next_cursor: str | None = Field(description="`cursor` of the next page; null at the end.")
    meta: Meta = Field(description="On what the answer stands.")
