"""Where a figure comes from, as it goes out: lines, events, documents, originals."""

from typing import Annotated

from pydantic import Field, StringConstraints

from api.addresses import document_at, event_at, originals_at
from api.fields import Day, Instant, Limit, Money, Out, money
from api.listing import Asked, Cursor, Meta, meta
from api.visit import Visit
from services.provenance import Explained, ExplainedLine, Origin

FigureText = Annotated[str, StringConstraints(min_length=1, max_length=120)]


class ExplainAsked(Asked):
    """Which figure."""

    figure: FigureText = Field(
        description="Its address, as every answer gives it: `vat:2026-Q3:54`, "
        "`account:411000:EUR:closing:2026-01-01:2026-09-30`, `party:411000:ctc_…:EUR::2026-09-30`, "
        "`aged:customers:due_date:1-30:EUR:2026-09-30`, `dashboard:turnover_month:2026-09-30`."
    )
    limit: Limit = Field(default=50, description="At most so many lines.")
    cursor: Cursor | None = Field(default=None, description="`next_cursor` of the page before.")


class OriginOut(Out):
    """An event behind a line."""

    position: int = Field(description="Its place in the book.")
    type: str = Field(description="What happened.")
    recorded_at: Instant = Field(description="When it was written.")
    amount: Money = Field(description="Its share: those of a line's events add up to the line.")
    event: str = Field(description="Where the event is.")
    document: str = Field(description="Where its document is, or empty.")
    originals: list[str] = Field(description="Where the document's files or its print are.")

    @classmethod
    def of(cls, origin: Origin, visit: Visit, currency: str) -> "OriginOut":
        """An event of a line."""
        return cls(
            position=origin.position,
            type=origin.type,
            recorded_at=origin.recorded_at,
            amount=money(origin.amount, currency),
            event=event_at(visit, origin.position),
            document=document_at(visit, origin.document_id),
            originals=originals_at(visit, origin.document_id, origin.files),
        )


class ExplainedLineOut(Out):
    """A line of a figure."""

    amount: Money = Field(description="What it adds to the figure.")
    kind: str = Field(description="The kind of document; or `brought_forward`, `rounding`…")
    date: Day | None = Field(description="Its day, or null.")
    number: str = Field(description="The number people read, or empty.")
    label: str = Field(description="Its words, or empty.")
    party_name: str = Field(description="The third party, or empty.")
    document: str = Field(description="Where its document is, or empty.")
    events: list[OriginOut] = Field(
        description="What made it; none for what was brought forward or rounded before a filing."
    )

    @classmethod
    def of(cls, line: ExplainedLine, visit: Visit, currency: str) -> "ExplainedLineOut":
        """A line with its events."""
        return cls(
            amount=money(line.amount, currency),
            kind=line.kind,
            date=line.date,
            number=line.number,
            label=line.label,
            party_name=line.party_name,
            document=document_at(visit, line.document_id),
            events=[OriginOut.of(origin, visit, currency) for origin in line.origins],
        )


class ExplainedOut(Out):
    """A figure and a page of the lines that add up to it."""

    figure: str = Field(description="Its address.")
    amount: Money | None = Field(description="The figure: Σ of all its lines; null: not known.")
    data: list[ExplainedLineOut] = Field(description="Its lines, in order.")
    has_more: bool = Field(description="Whether there is a next page.")
    next_cursor: str | None = Field(description="`cursor` of the next page; null at the end.")
    meta: Meta = Field(description="On what the answer stands.")

    @classmethod
    def of(cls, explained: Explained, visit: Visit, cursor: str | None) -> "ExplainedOut":
        """A page of an explanation."""
        currency, amount = explained.currency, explained.amount
        return cls(
            figure=str(explained.figure),
            amount=None if amount is None else money(amount, currency),
            data=[ExplainedLineOut.of(line, visit, currency) for line in explained.lines],
            has_more=cursor is not None,
            next_cursor=cursor,
            meta=meta(explained.standpoint),
        )
