"""Questions to what was sold, and the rows of its answers."""

from typing import Annotated

from pydantic import Field, StringConstraints

from api.fields import Currency, Day, Money, OfCountry, Out, Percent, Search, money
from api.ids import Article, Contact
from api.listing import Asked, AskedPage
from domain.values.quantity import shortest
from projections.sales_lines_view import SORT_COLUMNS, SoldFilter, SoldRow, SoldTotal

Sort = Annotated[str, StringConstraints(pattern=rf"^-?({'|'.join(SORT_COLUMNS)})$")]


class SoldAsked(Asked):
    """Which lines of issued invoices and credit notes."""

    party: Contact | None = Field(default=None, description="For this customer.")
    country: OfCountry = None
    article_id: Article | None = Field(default=None, description="Of this article.")
    rate: Percent | None = Field(default=None, description="At this rate, percent.")
    currency: Currency | None = Field(default=None, description="In this currency.")
    date_gte: Day | None = Field(default=None, description="Issued on this day or later.")
    date_lte: Day | None = Field(default=None, description="Issued on this day or earlier.")
    as_of: Day | None = Field(default=None, description="As of this value date: no later lines.")
    q: Search | None = Field(
        default=None, description="These words in number, customer's name or description."
    )

    def wanted(self) -> SoldFilter:
        """The filter of the register."""
        return SoldFilter(
            party=self.party,
            country=self.country,
            article_id=self.article_id,
            rate=None if self.rate is None else shortest(self.rate),
            currency=self.currency,
            date_from=self.date_gte,
            date_to=self.date_lte,
            as_of=self.as_of,
            q=self.q,
        )


class SoldAskedPage(SoldAsked, AskedPage):
    """Which lines, in which order."""

    sort: Sort = Field(default="date", description="Any column; `-` descends.")


class SoldOut(Out):
    """A line that was sold; negative on a credit note."""

    position: int = Field(description="The event that issued its document.")
    line: int = Field(description="Its place in the document, from 0.")
    date: Day = Field(description="Day of issue.")
    document_kind: str = Field(description="`invoice` or `credit_note`.")
    document_id: str = Field(description="Id of the document.")
    number: str = Field(description="Number of the document.")
    customer_id: str = Field(description="The customer.")
    customer_name: str = Field(description="As printed.")
    article_id: str = Field(description="The article, or empty.")
    description: str = Field(description="What was sold.")
    quantity: str = Field(description="How much; a decimal number.")
    rate: str = Field(description="VAT rate, percent.")
    net: Money = Field(description="Without VAT.")
    cost: Money | None = Field(description="What it cost; null where nobody said.")
    margin: Money | None = Field(description="Net less cost; null where that is not known.")

    @classmethod
    def of(cls, row: SoldRow) -> "SoldOut":
        """A line of the register."""
        amounts = ("net", "cost", "margin")
        same = {name: getattr(row, name) for name in cls.model_fields if name not in amounts}
        return cls(
            **same,
            net=money(row.net, row.currency),
            cost=None if row.cost is None else money(row.cost, row.currency),
            margin=None if row.margin is None else money(row.margin, row.currency),
        )


class SoldTotalOut(Out):
    """What was sold in a currency."""

    lines: int = Field(description="How many lines.")
    net: Money = Field(description="Σ without VAT.")
    margin: Money | None = Field(description="Σ of the margins that are known; null: none is.")
    unknown: int = Field(description="How many lines do not say what they cost.")

    @classmethod
    def of(cls, row: SoldTotal) -> "SoldTotalOut":
        """A total of the register."""
        return cls(
            lines=row.lines,
            net=money(row.net, row.currency),
            margin=None if row.margin is None else money(row.margin, row.currency),
            unknown=row.unknown,
        )
