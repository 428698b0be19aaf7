"""What of an accepted quote is invoiced: by deposits, by situations, or all at once (M25, M65)."""

from collections.abc import Iterator

from msgspec import Struct

from domain.book.event import Recorded
from domain.deposits.deposit import Deposits, Open, Settled
from domain.deposits.terms import Amount, Amounts, less, per_rate
from domain.orders.order import OrderCancelled, OrderConfirmed
from domain.quotes.quote import Accepted
from domain.sales.content import InvoiceContent
from domain.sales.credit_note import CreditNoteIssued
from domain.sales.document import Line, add_up
from domain.sales.invoice import (
    InvoiceDiscarded,
    InvoiceDrafted,
    InvoiceRevised,
    InvoiceValidated,
)
from domain.values.vat import Rate

LineKey = tuple[str, str, str, str, str]


class Pending(Struct, frozen=True, kw_only=True):
    """A draft invoice of the quote: it stands for what it says until it is discarded."""

    position: int
    invoice_id: str
    content: InvoiceContent


class Issued(Struct, frozen=True, kw_only=True):
    """A validated invoice of the quote, with what was credited of each line and at each rate."""

    position: int
    document: InvoiceValidated
    content: InvoiceContent
    credited: tuple[Amount, ...]
    credited_rates: dict[Rate, Amount] = {}

    @property
    def invoice_id(self) -> str:
        """The invoice's id."""
        return self.document.invoice_id

    @property
    def is_undone(self) -> bool:
        """Whether credit notes took all of it back, line by line."""
        nets = [line.net for line in self.document.lines]
        return any(nets) and nets == [amount.net for amount in self.credited]

    @property
    def left(self) -> dict[Rate, Amount]:
        """What the invoice comes to per rate, less its credit notes."""
        return less(per_rate(self.document.totals), self.credited_rates)


class Dropped(Struct, frozen=True, kw_only=True):
    """A draft of the quote that was discarded: it never was."""

    position: int
    invoice_id: str


Bill = Pending | Issued | Dropped
Bills = dict[str, Bill]
"""The invoices that came from a quote, those of its deposits included, by id and in order."""


class Billing(Struct, frozen=True, kw_only=True):
    """An accepted quote, its deposits and its invoices, and the order that took it over."""

    quote: Accepted
    deposits: Deposits
    bills: Bills
    order: OrderConfirmed | None = None

    @property
    def whole(self) -> Pending | Issued | None:
        """The invoice that takes over the whole quote, if there is one that was not taken back."""
        return next((bill for bill in self.live if bill.content.kind != "situation"), None)

    @property
    def pending(self) -> Pending | None:
        """The draft that waits for validation, if there is one."""
        return next((bill for bill in self.live if isinstance(bill, Pending)), None)

    @property
    def situations(self) -> list[Pending | Issued]:
        """The situations of the quote that were not discarded, in order."""
        return [bill for bill in self.standing if bill.content.kind == "situation"]

    @property
    def standing(self) -> list[Pending | Issued]:
        """The invoices that were not discarded; those credited count for what is left of them.

        Those of deposits are not among them.
        """
        return [
            bill
            for bill in self.bills.values()
            if not isinstance(bill, Dropped) and bill.content.kind != "deposit"
        ]

    @property
    def live(self) -> list[Pending | Issued]:
        """The invoices of which something is left."""
        return [bill for bill in self.standing if isinstance(bill, Pending) or not bill.is_undone]

    @property
    def open_deposits(self) -> list[Open]:
        """The deposits that are asked for and not paid."""
        return [deposit for deposit in self.deposits.values() if isinstance(deposit, Open)]

    @property
    def settled_deposits(self) -> list[tuple[Settled, Issued]]:
        """The deposits that were paid and not wholly credited, with their invoices."""
        pairs: list[tuple[Settled, Issued]] = []
        for deposit in self.deposits.values():
            if isinstance(deposit, Settled):
                bill = self.bills.get(deposit.settlement.invoice_id)
                if isinstance(bill, Issued) and not bill.is_undone:
                    pairs.append((deposit, bill))
        return pairs

    @property
    def left(self) -> dict[Rate, Amount]:
        """What is left to invoice of the quote at each rate, by whatever document."""
        left = per_rate(add_up(self.quote.content.lines))
        for bill in self.bills.values():
            if not isinstance(bill, Dropped):
                left = less(left, charged(bill))
        return left

    def deducted(self, invoice_id: str) -> dict[LineKey, Amount]:
        """What of each kind of line of a deposit invoice other invoices have taken off before."""
        sums: dict[LineKey, Amount] = {}
        for bill in self.standing:
            for line, amount in lines_left(bill):
                if line.deducts == invoice_id:
                    key = line_key(line)
                    sums[key] = sums.get(key, Amount()).plus(-amount.net, -amount.tax)
        return sums


def evolve_order(before: OrderConfirmed | None, fact: Recorded) -> OrderConfirmed | None:
    """The order that took a quote over, after one more event of the quote's tag."""
    match fact.event:
        case OrderConfirmed() as confirmed:
            return confirmed
        case OrderCancelled():
            return None
    return before


def charged(bill: Pending | Issued) -> Amounts:
    """What an invoice comes to per rate, less its credit notes."""
    return bill.left if isinstance(bill, Issued) else per_rate(add_up(bill.content.lines))


def lines_of(bill: Pending | Issued) -> tuple[Line, ...]:
    """The lines of an invoice, as issued or as drafted."""
    return bill.document.lines if isinstance(bill, Issued) else bill.content.lines


def lines_left(bill: Pending | Issued) -> Iterator[tuple[Line, Amount]]:
    """The lines of an invoice with what credit notes left of them; tax only of lines that tell it.

    The line at a place of a situation is that of the same place of the quote.
    """
    if isinstance(bill, Pending):
        for line in lines_of(bill):
            yield line, Amount(line.net, line.tax or 0)
        return
    for line, credited in zip(bill.document.lines, bill.credited, strict=True):
        yield line, Amount(line.net, line.tax or 0).plus(-credited.net, -credited.tax)


def line_key(line: Line) -> LineKey:
    """What makes a line of a deposit invoice another than the others."""
    return line.vat_category, line.vat_rate, line.vat_code, line.nature, line.exemption


def evolve(bills: Bills, fact: Recorded) -> Bills:
    """The invoices of a quote after one more event of the quote's tag."""
    match fact.event:
        case (
            InvoiceDrafted(invoice_id=of)
            | InvoiceRevised(invoice_id=of)
            | InvoiceDiscarded(invoice_id=of)
            | InvoiceValidated(invoice_id=of)
            | CreditNoteIssued(invoice_id=of)
        ):
            moved = _moved(bills.get(of), fact)
            return bills if moved is None else {**bills, of: moved}
    return bills


def _moved(bill: Bill | None, fact: Recorded) -> Bill | None:
    position = fact.position
    match fact.event:
        case (
            InvoiceDrafted(invoice_id=of, content=content)
            | InvoiceRevised(invoice_id=of, content=content)
        ):
            return Pending(position=position, invoice_id=of, content=content)
        case InvoiceDiscarded(invoice_id=of):
            return Dropped(position=position, invoice_id=of)
        case InvoiceValidated() as document if isinstance(bill, Pending):
            nothing = (Amount(),) * len(document.lines)
            return Issued(
                position=position, document=document, content=bill.content, credited=nothing
            )
        case CreditNoteIssued() as note if isinstance(bill, Issued):
            return _credited(bill, note)
    return bill


def _credited(bill: Issued, note: CreditNoteIssued) -> Issued:
    lines = list(bill.credited)
    for index, line in zip(note.invoice_lines, note.lines, strict=True):
        lines[index] = lines[index].plus(line.net, line.tax or 0)
    rates = dict(bill.credited_rates)
    for rate, amount in per_rate(note.totals).items():
        rates[rate] = rates.get(rate, Amount()).plus(amount.net, amount.tax)
    return Issued(
        position=bill.position,
        document=bill.document,
        content=bill.content,
        credited=tuple(lines),
        credited_rates=rates,
    )
