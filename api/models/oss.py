"""The report for the One Stop Shop, as it is asked for and answered."""

from typing import Annotated

from pydantic import Field, StringConstraints

from api.fields import Day, Money, Out, money
from api.listing import Asked, Meta, meta
from services.oss import OssLine, OssReport

Quarter = Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}-Q[1-4]$")]


class OssAsked(Asked):
    """Of which quarter."""

    period: Quarter = Field(description="The quarter, as 2026-Q3.")


class OssLineOut(Out):
    """What is declared for one member state, nature and rate."""

    kind: str = Field(description="`supply`, or `correction` of an earlier quarter.")
    period: str = Field(description="The quarter of the supplies.")
    country: str = Field(description="Member state of consumption.")
    nature: str = Field(description="`goods` or `services`.")
    rate_type: str = Field(description="`standard` or `reduced`, in that state.")
    rate: str = Field(description="In percent.")
    documents: int = Field(description="How many documents.")
    base: Money = Field(description="Without VAT; negative where it was taken back.")
    tax: Money = Field(description="The VAT of that state.")

    @classmethod
    def of(cls, line: OssLine) -> "OssLineOut":
        """A line of the report."""
        amounts = {name: money(getattr(line, name), line.currency) for name in ("base", "tax")}
        same = {name: getattr(line, name) for name in cls.model_fields if name not in amounts}
        return cls(**same, **amounts)  # type: ignore[arg-type]


class OssOut(Out):
    """The report of a quarter."""

    period: str = Field(description="The quarter.")
    due_on: Day = Field(description="The last day to declare and pay.")
    lines: list[OssLineOut] = Field(description="By quarter of supply, state, nature and rate.")
    meta: Meta = Field(description="On what it stands.")

    @classmethod
    def of(cls, report: OssReport) -> "OssOut":
        """A report."""
        return cls(
            period=str(report.period),
            due_on=report.due_on,
            lines=[OssLineOut.of(line) for line in report.lines],
            meta=meta(report.standpoint),
        )
