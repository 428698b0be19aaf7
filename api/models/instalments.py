"""Instalments as they are asked for, before the day of the invoice settles them (M33)."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import Field

from api.fields import Day, In, Money, Out, Percent, money
from domain.sales.instalments import NewInstalment


class InstalmentIn(In):
    """A part of the total: an amount, a percentage, or for the last one what the others leave."""

    due_date: Day | None = Field(default=None, description="When it falls due.")
    days: Annotated[int, Field(strict=True, ge=0, le=365)] | None = Field(
        default=None, description="Or so many days after the invoice; neither: as `due_date` above."
    )
    amount: Money | None = Field(default=None, description="VAT included.")
    percent: Percent | Literal[""] = Field(default="", description="Of the gross, instead.")


Instalments = Annotated[list[InstalmentIn], Field(max_length=60)]


class PlannedInstalmentOut(Out):
    """A part of the total as it is planned: its amount or percentage, its day or its days."""

    due_date: Day | None = Field(description="When it falls due, or null.")
    days: int | None = Field(description="Days after the invoice, or null.")
    amount: Money | None = Field(description="VAT included; null: by percentage, or the rest.")
    percent: str = Field(description="Of the gross, or empty.")


def amounts_in(parts: Sequence[InstalmentIn]) -> list[Money | None]:
    """Every amount that instalments name."""
    return [part.amount for part in parts]


def asked_in(parts: Sequence[InstalmentIn]) -> list[dict[str, Any]]:
    """Instalments as the domain takes them: amounts in minor units."""
    return [
        part.model_dump() | {"amount": None if part.amount is None else part.amount.amount}
        for part in parts
    ]


def planned_out(parts: Sequence[NewInstalment], currency: str) -> list[PlannedInstalmentOut]:
    """Instalments as they are planned."""
    return [
        PlannedInstalmentOut(
            due_date=part.due_date,
            days=part.days,
            amount=None if part.amount is None else money(part.amount, currency),
            percent=part.percent,
        )
        for part in parts
    ]
