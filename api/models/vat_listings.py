"""The Belgian VAT listings as they go out: customers of a year, sales to the Union."""

from pydantic import Field

from api.fields import Money, Out, money
from api.listing import Meta
from services.vat_listings import ClientListing, UnionListing


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
    meta: Meta = Field(description="On what the answer stands.")

    @classmethod
    def of(cls, listing: ClientListing, meta: Meta) -> "ClientsOut":
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
            meta=meta,
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
    meta: Meta = Field(description="On what the answer stands.")

    @classmethod
    def of(cls, listing: UnionListing, meta: Meta) -> "UnionOut":
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
            meta=meta,
        )
