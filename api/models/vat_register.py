"""Questions to the VAT register and the rows of its answers."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from api.fields import Currency, Day, Money, OfCountry, Out, Percent, Search, VatCategory, money
from api.ids import Contact
from api.listing import Asked, AskedPage
from domain.values.quantity import shortest
from projections.vat_view import SORT_COLUMNS, VatFilter, VatLine, VatRate

Month = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")]

Sort = Annotated[str, StringConstraints(pattern=rf"^-?({'|'.join(SORT_COLUMNS)})$")]
VatCode = Annotated[str, StringConstraints(pattern=r"^[0-9A-Z/-]{1,20}$")]


class VatAsked(Asked):
    """Which documents, or which totals."""

    direction: Literal["sales", "purchases"] | None = Field(
        default=None, description="VAT collected, or VAT deductible."
    )
    period_gte: Month | None = Field(default=None, description="This month or later, `YYYY-MM`.")
    period_lte: Month | None = Field(default=None, description="This month or earlier.")
    currency: Currency | None = Field(default=None, description="In this currency.")
    category: VatCategory | None = Field(default=None, description="Of this EN 16931 category.")
    rate: Percent | None = Field(default=None, description="At this rate, percent.")
    code: VatCode | None = Field(default=None, description="Of this national VAT code.")
    party: Contact | None = Field(default=None, description="Of this third party.")
    country: OfCountry = None
    as_of: Day | None = Field(default=None, description="As of this value date: no later rows.")
    q: Search | None = Field(
        default=None, description="These words in number or third party's name."
    )

    def wanted(self) -> VatFilter:
        """The filter of the register."""
        return VatFilter(
            direction=self.direction,
            period_from=self.period_gte,
            period_to=self.period_lte,
            currency=self.currency,
            category=self.category,
            rate=None if self.rate is None else shortest(self.rate),
            code=self.code,
            party=self.party,
            country=self.country,
            as_of=self.as_of,
            q=self.q,
        )


class VatAskedPage(VatAsked, AskedPage):
    """Which documents."""

    sort: Sort = Field(
        default="period",
        description="Any column; `-` descends. `period`: by direction, month and date.",
    )


class VatTotalsAsked(VatAsked):
    """Which totals."""

    by: Literal["period", "code", "whole"] = Field(
        default="period",
        description="A row a month and rate, a row a month, rate and VAT code, or a row a rate "
        "over all months.",
    )


class VatLineOut(Out):
    """One share of a rate of a document; negative on a credit note."""

    position: int = Field(description="Position of the document's event.")
    direction: str = Field(description="`sales` or `purchases`.")
    period: str = Field(description="The month it counts in.")
    date: Day = Field(description="The day that puts it there.")
    kind: str = Field(description="What the document is.")
    document_id: str = Field(description="Its id.")
    number: str = Field(description="The number people read.")
    issue_date: Day = Field(description="Date of the document.")
    party: str = Field(description="The third party.")
    party_name: str = Field(description="Its name on the document.")
    category: str = Field(description="EN 16931 category.")
    rate: str = Field(description="Percent.")
    code: str = Field(description="National VAT code, or empty.")
    nature: str = Field(description="`goods`, `services`, or empty.")
    exigible: str = Field(
        description="`issue`: due with the document. `payment`: listed, and due with its payment. "
        "`none`: never due by itself."
    )
    exemption: str = Field(description="Why there is no VAT, or empty.")
    base: Money = Field(description="What the tax is on.")
    tax: Money = Field(description="The tax.")

    @classmethod
    def of(cls, row: VatLine) -> "VatLineOut":
        """A row of the register."""
        return cls(
            position=row.position,
            direction=row.direction,
            period=row.period,
            date=row.date,
            kind=row.kind,
            document_id=row.document_id,
            number=row.number,
            issue_date=row.issue_date,
            party=row.party,
            party_name=row.party_name,
            category=row.category,
            rate=row.rate,
            code=row.code,
            nature=row.nature,
            exigible=row.exigible,
            exemption=row.exemption,
            base=money(row.base, row.currency),
            tax=money(row.tax, row.currency),
        )


class VatTotalOut(Out):
    """A rate in a month, or over all months of the question."""

    direction: str = Field(description="`sales` or `purchases`.")
    period: str = Field(description="The month; empty over all months.")
    category: str = Field(description="EN 16931 category.")
    rate: str = Field(description="Percent.")
    code: str = Field(description="National VAT code; empty over all codes of the rate.")
    base: Money = Field(description="Base of invoices and bills.")
    tax: Money = Field(description="Tax of invoices and bills.")
    credit_base: Money = Field(description="Base of credit notes and lost debts, negative.")
    credit_tax: Money = Field(description="Tax of credit notes and lost debts, negative.")
    net_base: Money = Field(description="Both bases together.")
    net_tax: Money = Field(description="Both taxes together.")
    pending_base: Money = Field(description="Base whose tax waits for the payment.")
    pending_tax: Money = Field(description="Tax that waits for the payment: not counted above.")

    @classmethod
    def of(cls, row: VatRate) -> "VatTotalOut":
        """A total of the register."""
        return cls(
            direction=row.direction,
            period=row.period,
            category=row.category,
            rate=row.rate,
            code=row.code,
            base=money(row.base, row.currency),
            tax=money(row.tax, row.currency),
            credit_base=money(row.credit_base, row.currency),
            credit_tax=money(row.credit_tax, row.currency),
            net_base=money(row.net_base, row.currency),
            net_tax=money(row.net_tax, row.currency),
            pending_base=money(row.pending_base, row.currency),
            pending_tax=money(row.pending_tax, row.currency),
        )
