"""What every sales document says, as it comes in: lines, discount, shipping, words."""

from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from api.fields import (
    Account,
    Currency,
    In,
    Money,
    Percent,
    Price,
    Quantity,
    Text,
    VatCategory,
    of_one_currency,
)
from api.ids import Contact
from api.models.parties import ExternalId
from domain.sales.document import Nature
from domain.sales.pricing import Language

VatCode = Annotated[str, Field(strict=True, max_length=20, pattern=r"^[A-Za-z0-9_./-]*$")]
Template = Annotated[str, Field(strict=True, max_length=60, pattern=r"^[a-z0-9_@]*$")]


class SaleLineIn(In):
    """A line of a sales document: an item, whose net amount is calculated here, or a text."""

    kind: Literal["item", "text"] = Field(default="item", description="A text has no amount.")
    description: Text = Field(
        default="", description="What is sold, or the text; empty: what the article says."
    )
    quantity: Quantity = Field(default="1", description="Decimal string, at most 4 decimals.")
    unit_price: Price | Literal[""] = Field(
        default="", description="Decimal string without VAT.", examples=["12.3456"]
    )
    vat_rate: Percent | Literal[""] = Field(
        default="", description="Percent, decimal string.", examples=["21"]
    )
    vat_category: VatCategory = Field(default="S", description="EN 16931 (UNCL 5305) category.")
    vat_code: VatCode = Field(default="", description="The country's own code; empty: the usual.")
    nature: Nature = Field(default="", description="Goods or services; empty: by the account.")
    unit: Text = Field(default="", description="Unit of the quantity.")
    discount_percent: Percent = Field(default="0", description="Discount of the line, percent.")
    exemption: Text = Field(default="", description="Why there is no VAT; empty: the legal words.")
    account: Account | Literal[""] = Field(default="", description="Empty: the sales account.")
    article_id: Annotated[str, Field(strict=True, max_length=40)] = Field(
        default="", description="The article that says what is left empty here, or empty."
    )
    unit_cost: Price | Literal[""] = Field(
        default="", description="What a unit costs the company; never printed."
    )


class DiscountIn(In):
    """A discount on the whole document: a percentage or an amount."""

    percent: Percent | Literal[""] = Field(default="", description="Of the lines.")
    amount: Money | None = Field(default=None, description="Without VAT, instead of a percentage.")


class ShippingIn(In):
    """Shipping; without a rate it shares those of the lines."""

    amount: Money = Field(description="Without VAT.")
    vat_rate: Percent | Literal[""] = Field(default="", description="Empty: as the lines.")
    vat_category: VatCategory = Field(default="S", description="EN 16931 category.")
    account: Account | Literal[""] = Field(default="", description="Empty: the usual account.")


class ContentIn(In):
    """What every sales document says."""

    customer_id: Contact = Field(description="The customer.")
    lines: Annotated[list[SaleLineIn], Field(min_length=1, max_length=1000)] = Field(
        description="The lines."
    )
    discount: DiscountIn | None = Field(default=None, description="On the whole document.")
    shipping: ShippingIn | None = Field(default=None, description="Shared over the rates, or not.")
    currency: Currency | Literal[""] = Field(default="", description="Empty: the company's own.")
    note: Text = Field(default="", description="Free words on the document.")
    buyer_reference: Text = Field(default="", description="The buyer's own reference.")
    external_id: ExternalId = Field(default="", description="Your own id.")
    language: Language | Literal[""] = Field(
        default="", description="Of the printed document; empty: the customer's."
    )
    template: Template = Field(default="", description="Empty: the customer's, or the default one.")

    def asked(self) -> dict[str, Any]:
        """The fields as the domain takes them: amounts in minor units of one currency."""
        said = self.model_dump()
        amounts = [money for money in self.amounts() if money is not None]
        if self.discount is not None:
            said["discount"]["amount"] = units(self.discount.amount)
        if self.shipping is not None:
            said["shipping"]["amount"] = self.shipping.amount.amount
        if amounts and not self.currency:
            said["currency"] = amounts[0].currency
        return said

    def amounts(self) -> list[Money | None]:
        """Every amount of the document, all of one currency."""
        discount = None if self.discount is None else self.discount.amount
        shipping = None if self.shipping is None else self.shipping.amount
        return [discount, shipping]

    @model_validator(mode="after")
    def _in_one_currency(self) -> Self:
        own = [Money(amount=0, currency=self.currency)] if self.currency else []
        of_one_currency([*own, *(amount for amount in self.amounts() if amount is not None)])
        return self


def units(amount: Money | None) -> int | None:
    """The minor units of an amount that may not be there."""
    return None if amount is None else amount.amount
