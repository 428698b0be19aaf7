"""The report for the One Stop Shop: sales to private customers of other states, state by state.

Directive 2006/112/EC, art. 369f and 369g: each quarter, by the end of the month after it; amounts
to the cent; what earlier quarters lose is a net correction, up to three years back.
"""

from datetime import date
from typing import Any, Literal

from msgspec import Struct
from psycopg import Connection

from domain.book.refusal import Refusals, Refused, words
from domain.countries.oss import is_standard_rate
from domain.ledger.vat_period import VatPeriod
from projections.oss_view import OssRow, list_supplies
from projections.page import Standpoint
from services.vat_returns import period_named


class PeriodIsNoQuarter(Refused, frozen=True, kw_only=True):
    """The Union scheme of the One Stop Shop is declared by the quarter."""

    code = "oss_period_wrong"
    rule = "V25"
    text = words(
        en="{period} is no quarter; the One Stop Shop is declared by the quarter, as 2026-Q3.",
        fr="{period} n'est pas un trimestre ; le guichet unique va par trimestre : 2026-Q3.",
        nl="{period} is geen kwartaal; het éénloketsysteem gaat per kwartaal, zoals 2026-Q3.",
    )

    period: str


class OssLine(Struct, frozen=True, kw_only=True):
    """What is declared for one state, nature and rate; a correction names the quarter it corrects.

    Minor units of `currency`, negative where credit notes are more than supplies.
    """

    kind: Literal["supply", "correction"]
    period: str
    country: str
    nature: str
    rate_type: Literal["standard", "reduced"]
    rate: str
    currency: str
    documents: int
    base: int
    tax: int


class OssReport(Struct, frozen=True, kw_only=True):
    """The lines of a quarter, by which day they are declared, and on what they stand."""

    period: VatPeriod
    due_on: date
    lines: tuple[OssLine, ...]
    standpoint: Standpoint


def see_oss(conn: Connection[Any], book_id: str, period: str) -> OssReport:
    """The report of a quarter (2026-Q3); raises Refusals."""
    quarter = period_named(period)
    if quarter.months != 3:
        raise Refusals(PeriodIsNoQuarter(period=period))
    standpoint, rows = list_supplies(conn, book_id, quarter.first_month, quarter.last_month)
    return OssReport(
        period=quarter,
        due_on=VatPeriod(quarter.following.year, quarter.following.month, 1).last_day,
        lines=tuple(_line(row, quarter) for row in rows),
        standpoint=standpoint,
    )


def _line(row: OssRow, quarter: VatPeriod) -> OssLine:
    declared = quarter.like(row.origin)
    standard = is_standard_rate(row.country, row.rate, row.newest)
    return OssLine(
        kind="supply" if declared == quarter else "correction",
        period=str(declared),
        country=row.country,
        nature=row.nature,
        rate_type="standard" if standard else "reduced",
        rate=row.rate,
        currency=row.currency,
        documents=row.documents,
        base=row.base,
        tax=row.tax,
    )
