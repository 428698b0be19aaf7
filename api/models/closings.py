"""Closings as they go out: days, months and fiscal years with their totals."""

from typing import Literal

from pydantic import Field

from api.fields import Currency, Day, Digest, Money, Out, VatCategory, money
from domain.ledger.closing import Closing
from domain.ledger.closing_totals import GrandTotal, PaymentTotal, RateTotal, SeriesRange


class RateTotalOut(Out):
    """The sales of a period at one VAT rate."""

    kind: Literal["invoice", "credit_note"] = Field(description="Credit notes are positive here.")
    category: VatCategory = Field(description="VAT category of EN 16931.")
    rate: str = Field(description="Percent.")
    net: Money = Field(description="Without VAT.")
    tax: Money = Field(description="VAT.")
    gross: Money = Field(description="With VAT.")

    @classmethod
    def of(cls, total: RateTotal) -> "RateTotalOut":
        """The total as it goes out."""
        return cls(
            kind=total.kind,
            category=total.category,
            rate=total.rate,
            net=money(total.net, total.currency),
            tax=money(total.tax, total.currency),
            gross=money(total.gross, total.currency),
        )


class SeriesRangeOut(Out):
    """The numbers that a series gave in a period."""

    series: str = Field(description="The series.")
    first: int = Field(description="Its first number in the period.")
    last: int = Field(description="Its last number in the period.")
    count: int = Field(description="How many documents.")

    @classmethod
    def of(cls, given: SeriesRange) -> "SeriesRangeOut":
        """The range as it goes out."""
        return cls(series=given.series, first=given.first, last=given.last, count=given.count)


class PaymentTotalOut(Out):
    """The payments of a period in one bank journal and direction."""

    journal: str = Field(description="The bank journal.")
    direction: Literal["received", "sent"] = Field(description="Money in, or out.")
    count: int = Field(description="How many payments.")
    amount: Money = Field(description="Their sum.")

    @classmethod
    def of(cls, total: PaymentTotal) -> "PaymentTotalOut":
        """The total as it goes out."""
        return cls(
            journal=total.journal,
            direction=total.direction,
            count=total.count,
            amount=money(total.amount, total.currency),
        )


class GrandTotalOut(Out):
    """The perpetual total in one currency: never reset, grows with each day."""

    currency: Currency = Field(description="ISO 4217.")
    invoiced: Money = Field(description="All that was ever invoiced, with VAT.")
    credited: Money = Field(description="All that was ever credited, with VAT.")
    total: Money = Field(description="Invoiced minus credited.")
    received: Money = Field(description="All payments ever received.")
    sent: Money = Field(description="All payments ever sent.")

    @classmethod
    def of(cls, grand: GrandTotal) -> "GrandTotalOut":
        """The grand total as it goes out."""
        return cls(
            currency=grand.currency,
            invoiced=money(grand.invoiced, grand.currency),
            credited=money(grand.credited, grand.currency),
            total=money(grand.total, grand.currency),
            received=money(grand.received, grand.currency),
            sent=money(grand.sent, grand.currency),
        )


class ClosingOut(Out):
    """A closed day, month or fiscal year; it is never opened again."""

    position: int = Field(description="The event that closed it.")
    level: Literal["day", "month", "year"] = Field(description="What was closed.")
    first: Day = Field(description="Its first day.")
    until: Day = Field(description="Its last day.")
    exercise: int = Field(description="The fiscal year it lies in, by the year that ends in.")
    after: int = Field(description="It covers the events behind this position,")
    last_position: int = Field(description="up to this one,")
    chain: Digest = Field(description="whose chain value is this.")
    rates: list[RateTotalOut] = Field(description="Sales by kind and VAT rate.")
    series: list[SeriesRangeOut] = Field(description="Numbers given, by series.")
    payments: list[PaymentTotalOut] = Field(description="Payments, by journal and direction.")
    perpetual: list[GrandTotalOut] = Field(description="The perpetual total, by currency.")
    previous_position: int = Field(description="The closing before; 0 for the first.")
    previous_chain: Digest = Field(description="The chain value of that closing.")

    @classmethod
    def of(cls, closing: Closing) -> "ClosingOut":
        """The closing as it goes out."""
        event = closing.event
        return cls(
            position=closing.position,
            level=event.level,
            first=event.first,
            until=event.until,
            exercise=event.exercise,
            after=event.after,
            last_position=event.last_position,
            chain=event.chain,
            rates=[RateTotalOut.of(total) for total in event.totals.rates],
            series=[SeriesRangeOut.of(given) for given in event.totals.series],
            payments=[PaymentTotalOut.of(total) for total in event.totals.payments],
            perpetual=[GrandTotalOut.of(grand) for grand in event.perpetual],
            previous_position=event.previous_position,
            previous_chain=event.previous_chain,
        )


class ClosingsOut(Out):
    """Closings in the order they were made."""

    data: list[ClosingOut] = Field(description="The closings.")
    has_more: bool = Field(description="Whether there are more.")
    next_after: int = Field(description="`after` of the next request.")
