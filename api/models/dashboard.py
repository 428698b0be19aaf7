"""The dashboard as it goes out: figures with the lists they are the sum of, and short lists."""

from typing import Any

from pydantic import Field

from api.addresses import document_at
from api.fields import Day, Money, Out, money
from api.figures import explained_at, listed_at, summed_at
from api.listing import Asked, Meta, meta
from api.visit import Visit
from services.dashboard import Dashboard, Newest, Shown, columns_of


class DashboardAsked(Asked):
    """The dashboard of which day."""

    as_of: Day | None = Field(
        default=None,
        description="Of this value date; today, or the day of the newest event of `known_at`.",
    )


class FigureOut(Out):
    """A figure: the sum of the list at `details`."""

    name: str = Field(description="`turnover_month`, `receivables_1_30`, `quotes_pending`…")
    label: str = Field(description="Whose it is: a customer, an article; or empty.")
    amount: Money | None = Field(description="The figure; null where it is not known (n.d.).")
    unknown: int = Field(description="How many rows of the list do not say what they add to it.")
    details: str = Field(description="The list that adds up to it.")
    sums: dict[str, int] = Field(description="Which columns of that list, and with which sign.")
    explain: str = Field(description="Its lines with their events and documents.")

    @classmethod
    def of(cls, shown: Shown, visit: Visit, asked: Asked) -> "FigureOut":
        """A figure of the dashboard."""
        return cls(
            name=shown.name,
            label=shown.label,
            amount=None if shown.amount is None else money(shown.amount, shown.currency),
            unknown=shown.unknown,
            details=summed_at(visit, shown.sum, asked),
            sums=dict(columns_of(shown.sum)),
            explain=explained_at(visit, shown.figure, asked),
        )


class WidgetOut(Out):
    """Figures that stand together."""

    name: str = Field(description="`turnover`, `margin`, `receivables`, `quotes`…")
    figures: list[FigureOut] = Field(description="The figures, in the order they are shown.")


class NewestRowOut(Out):
    """A document or an instalment of a short list."""

    number: str = Field(description="The number people read; empty on a draft.")
    date: Day = Field(description="Its day.")
    due_date: Day | None = Field(description="When it is due, or null.")
    party_name: str = Field(description="The customer.")
    state: str = Field(description="Where a document stands; empty on an instalment.")
    amount: Money = Field(description="With VAT; of an instalment what is open.")
    document: str = Field(description="Where the document is.")

    @classmethod
    def of(cls, row: Any, visit: Visit) -> "NewestRowOut":
        """A row of the list of sales documents, or of the unpaid list."""
        if hasattr(row, "document_number"):
            return cls(
                number=row.document_number,
                date=row.date,
                due_date=row.due_date,
                party_name=row.party_name,
                state="",
                amount=money(row.open, row.currency),
                document=document_at(visit, row.document_id),
            )
        return cls(
            number=row.number,
            date=row.date,
            due_date=row.due_date,
            party_name=row.customer_name,
            state=row.state,
            amount=money(row.gross, row.currency),
            document=document_at(visit, row.id),
        )


class NewestOut(Out):
    """The first rows of a list."""

    name: str = Field(description="`recent_quotes`, `recent_invoices`, `oldest_instalments`.")
    details: str = Field(description="The whole list.")
    rows: list[NewestRowOut] = Field(description="Its first rows.")

    @classmethod
    def of(cls, newest: Newest, visit: Visit, asked: Asked) -> "NewestOut":
        """A short list."""
        return cls(
            name=newest.name,
            details=listed_at(visit, newest.kind, newest.wanted, asked, {"sort": newest.sort}),
            rows=[NewestRowOut.of(row, visit) for row in newest.rows],
        )


class DashboardOut(Out):
    """A company on a day, in its own currency."""

    on: Day = Field(description="The day.")
    currency: str = Field(description="The company's currency; others are never added to it.")
    widgets: list[WidgetOut] = Field(description="What the company's options show.")
    hidden: list[str] = Field(description="The widgets that they hide.")
    lists: list[NewestOut] = Field(description="What was made last, what has waited longest.")
    meta: Meta = Field(description="On what the answer stands.")

    @classmethod
    def of(cls, seen: Dashboard, visit: Visit, asked: Asked) -> "DashboardOut":
        """A dashboard."""
        return cls(
            on=seen.on,
            currency=seen.currency,
            widgets=[
                WidgetOut(
                    name=widget.name,
                    figures=[FigureOut.of(shown, visit, asked) for shown in widget.figures],
                )
                for widget in seen.widgets
            ],
            hidden=list(seen.hidden),
            lists=[NewestOut.of(newest, visit, asked) for newest in seen.lists],
            meta=meta(seen.standpoint),
        )
