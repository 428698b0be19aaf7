"""What a closing sums up: sales per VAT rate, number series, payments, and the grand total.

Amounts are in minor units. Credit notes are positive here and stand apart; only the grand total
takes them off.
"""

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from domain.book.event import Event
from domain.sales.credit_note import CreditNoteIssued
from domain.sales.invoice import InvoiceValidated
from domain.treasury.payment import Direction, PaymentRecorded
from domain.values.vat import VatCategory

SaleKind = Literal["invoice", "credit_note"]
SALES_AND_PAYMENTS: tuple[type[Event], ...] = (InvoiceValidated, CreditNoteIssued, PaymentRecorded)
"""The events that a closing counts; all others leave it as it is."""


class RateTotal(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One VAT rate of one kind of sales document: Σ net, Σ tax and their sum."""

    kind: SaleKind
    currency: str
    category: VatCategory
    rate: str
    net: int
    tax: int
    gross: int


class SeriesRange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The numbers that a series gave: `count` documents, from `first` to `last`."""

    series: str
    first: int
    last: int
    count: int


class PaymentTotal(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The payments of one bank journal in one direction: how many, and their Σ."""

    journal: str
    direction: Direction
    currency: str
    count: int
    amount: int


class PeriodTotals(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The totals of a period, each list in the order of its keys."""

    rates: tuple[RateTotal, ...] = ()
    series: tuple[SeriesRange, ...] = ()
    payments: tuple[PaymentTotal, ...] = ()


class GrandTotal(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All that was ever invoiced and credited in a currency, VAT included; never reset.

    `total` is invoiced minus credited; `received` and `sent` are all payments ever recorded.
    """

    currency: str
    invoiced: int = 0
    credited: int = 0
    total: int = 0
    received: int = 0
    sent: int = 0


class Sums:
    """Adds up events, or the totals of shorter periods, into the totals of one period."""

    def __init__(self) -> None:
        self._rates: dict[tuple[SaleKind, str, VatCategory, str], tuple[int, int]] = {}
        self._series: dict[str, SeriesRange] = {}
        self._payments: dict[tuple[str, Direction, str], tuple[int, int]] = {}

    def copy(self) -> "Sums":
        """Sums that go on from here without changing these."""
        other = Sums()
        other.take(self.totals())
        return other

    def count(self, event: Event) -> None:
        """Takes in one event of the book, if it is a sale or a payment."""
        match event:
            case InvoiceValidated():
                self._sale("invoice", event)
            case CreditNoteIssued():
                self._sale("credit_note", event)
            case PaymentRecorded() as payment:
                key = (payment.journal, payment.direction, payment.currency)
                self._pay(key, 1, payment.amount)

    def take(self, totals: PeriodTotals) -> None:
        """Takes in the totals of a shorter period, which follows those taken before."""
        for rate in totals.rates:
            self._rate((rate.kind, rate.currency, rate.category, rate.rate), rate.net, rate.tax)
        for given in totals.series:
            self._number(given)
        for paid in totals.payments:
            self._pay((paid.journal, paid.direction, paid.currency), paid.count, paid.amount)

    def totals(self) -> PeriodTotals:
        """What was taken in so far."""
        return PeriodTotals(
            rates=tuple(
                RateTotal(
                    kind=kind,
                    currency=currency,
                    category=category,
                    rate=rate,
                    net=net,
                    tax=tax,
                    gross=net + tax,
                )
                for (kind, currency, category, rate), (net, tax) in sorted(self._rates.items())
            ),
            series=tuple(given for _, given in sorted(self._series.items())),
            payments=tuple(
                PaymentTotal(
                    journal=journal,
                    direction=direction,
                    currency=currency,
                    count=count,
                    amount=amount,
                )
                for (journal, direction, currency), (count, amount) in sorted(
                    self._payments.items()
                )
            ),
        )

    def _sale(self, kind: SaleKind, document: InvoiceValidated | CreditNoteIssued) -> None:
        for part in document.totals.vat:
            key = (kind, document.currency, part.category, part.rate)
            self._rate(key, part.base, part.tax)
        number = document.number
        self._number(SeriesRange(series=document.series, first=number, last=number, count=1))

    def _rate(self, key: tuple[SaleKind, str, VatCategory, str], net: int, tax: int) -> None:
        before = self._rates.get(key, (0, 0))
        self._rates[key] = before[0] + net, before[1] + tax

    def _number(self, given: SeriesRange) -> None:
        before = self._series.get(given.series, given)
        self._series[given.series] = SeriesRange(
            series=given.series,
            first=min(before.first, given.first),
            last=max(before.last, given.last),
            count=given.count if before is given else before.count + given.count,
        )

    def _pay(self, key: tuple[str, Direction, str], count: int, amount: int) -> None:
        before = self._payments.get(key, (0, 0))
        self._payments[key] = before[0] + count, before[1] + amount


def grown(before: Iterable[GrandTotal], totals: PeriodTotals) -> tuple[GrandTotal, ...]:
    """The grand totals after one more period, in the order of their currencies."""
    known = {grand.currency: grand for grand in before}
    currencies = {rate.currency for rate in totals.rates}
    currencies |= {paid.currency for paid in totals.payments}
    return tuple(
        _grown(known.get(currency, GrandTotal(currency=currency)), totals)
        for currency in sorted(known.keys() | currencies)
    )


def _grown(before: GrandTotal, totals: PeriodTotals) -> GrandTotal:
    sold = {"invoice": 0, "credit_note": 0}
    for rate in totals.rates:
        if rate.currency == before.currency:
            sold[rate.kind] += rate.gross
    paid = {"received": 0, "sent": 0}
    for total in totals.payments:
        if total.currency == before.currency:
            paid[total.direction] += total.amount
    return GrandTotal(
        currency=before.currency,
        invoiced=before.invoiced + sold["invoice"],
        credited=before.credited + sold["credit_note"],
        total=before.total + sold["invoice"] - sold["credit_note"],
        received=before.received + paid["received"],
        sent=before.sent + paid["sent"],
    )
