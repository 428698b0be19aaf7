"""Checks of the documents: VAT computed again, numbers without gaps, what is issued unchanged."""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from domain.book.event import Event, numbered
from domain.purchases.bill import BillRecorded
from domain.sales.credit_note import CreditNoteIssued
from domain.sales.document import Line, NewLine, Totals, add_up, price
from domain.sales.invoice import (
    InvoiceDiscarded,
    InvoiceDrafted,
    InvoiceRevised,
    InvoiceValidated,
)
from domain.values.vat import VatAmount, tax_on
from services.audit.replay_check import Check, Step
from services.audit.replay_entries import DOCUMENTS, id_of, name_of

Rate = tuple[str, str]
"""A VAT category and a rate."""


class VatRecomputes(Check):
    """Line by line and rate by rate, the amounts of our documents are those of the rules.

    A credit note takes at each rate what all credit notes of its invoice owe so far: the last one
    closes the cents. A supplier's amounts are his own: there only the sums are checked.
    """

    name = "vat-recomputes"
    events = (InvoiceValidated, CreditNoteIssued, BillRecorded)

    def __init__(self) -> None:
        super().__init__()
        self._credited: dict[tuple[str, Rate], int] = {}

    def take(self, step: Step) -> None:
        fact = step.fact
        self.checked += 1
        match fact.event:
            case InvoiceValidated() as invoice:
                self._lines(fact.position, invoice.document_number, invoice)
                self._same(fact.position, invoice, add_up(invoice.lines))
            case CreditNoteIssued() as note:
                self._lines(fact.position, note.document_number, note)
                self._credit(fact.position, note)
            case BillRecorded() as bill:
                net = sum(line.net for line in bill.lines)
                self._sums(fact.position, bill.document_number, bill.totals, net)

    def _lines(
        self, position: int, name: str, document: InvoiceValidated | CreditNoteIssued
    ) -> None:
        for nth, line in enumerate(document.lines):
            net = price(_asked(line), document.currency).net
            if net != line.net:
                detail = f"line {nth}: net is {line.net}, computed is {net}"
                self.wrong(position, detail, document=name, field=f"lines/{nth}/net")

    def _same(self, position: int, invoice: InvoiceValidated, computed: Totals) -> None:
        name = invoice.document_number
        if invoice.totals != computed:
            self._rates(position, name, invoice.totals.vat, computed.vat)
            self._sums(position, name, invoice.totals, computed.net)

    def _credit(self, position: int, note: CreditNoteIssued) -> None:
        computed = []
        for amount in add_up(note.lines).vat:
            key = note.invoice_id, (amount.category, amount.rate)
            before = self._credited.get(key, 0)
            after = self._credited[key] = before + amount.base
            tax = tax_on(after, amount.rate) - tax_on(before, amount.rate)
            computed.append((amount, tax))
        found = {(each.category, each.rate): each for each in note.totals.vat}
        for amount, tax in computed:
            theirs = found.pop((amount.category, amount.rate), None)
            self._rate(position, note.document_number, theirs, amount.base, tax)
        for extra in found.values():
            self._rate(position, note.document_number, extra, 0, 0)
        net = sum(line.net for line in note.lines)
        self._sums(position, note.document_number, note.totals, net)

    def _rates(
        self, position: int, name: str, found: Sequence[VatAmount], computed: Sequence[VatAmount]
    ) -> None:
        theirs = {(each.category, each.rate): each for each in found}
        for ours in computed:
            same = theirs.pop((ours.category, ours.rate), None)
            self._rate(position, name, same, ours.base, ours.tax)
        for extra in theirs.values():
            self._rate(position, name, extra, 0, 0)

    def _rate(self, position: int, name: str, found: VatAmount | None, base: int, tax: int) -> None:
        if found is None:
            detail = f"a rate with base {base} and tax {tax} is missing"
            self.wrong(position, detail, document=name, field="totals/vat")
        elif (found.base, found.tax) != (base, tax):
            detail = f"{found.rate} %: {found.tax} on {found.base}, computed {tax} on {base}"
            self.wrong(position, detail, document=name, field="totals/vat")

    def _sums(self, position: int, name: str, totals: Totals, net: int) -> None:
        tax = sum(amount.tax for amount in totals.vat)
        says = totals.net, totals.tax, totals.gross
        if says != (net, tax, net + tax):
            detail = f"net, tax and gross are {says}, computed are {(net, tax, net + tax)}"
            self.wrong(position, detail, document=name, field="totals")


class NumbersGapless(Check):
    """In each series numbers run from 1 without a gap, and sales documents are dated in order."""

    name = "invoice-numbers-gapless"
    events: ClassVar[tuple[type[Event], ...]] = ()  # every event that takes a number

    def __init__(self) -> None:
        super().__init__()
        self.series: dict[str, SeriesRun] = {}

    def take(self, step: Step) -> None:
        fact = step.fact
        taken = numbered(fact.event)
        if taken is None:
            return
        self.checked += 1
        series, number = taken
        run = self.series.setdefault(series, SeriesRun())
        name = name_of(fact.event)
        if number != run.last + 1:
            detail = f"{series}: {number} where {run.last + 1} was next"
            self.wrong(fact.position, detail, document=name, field="number")
        run.last = number
        run.count += 1
        day = getattr(fact.event, "issue_date", None)
        if isinstance(fact.event, InvoiceValidated | CreditNoteIssued) and isinstance(day, date):
            if run.newest is not None and day < run.newest:
                detail = f"{series}: {day} after {run.newest}"
                self.wrong(fact.position, detail, document=name, field="issue_date")
            run.first_day = run.first_day or day
            run.newest = day


class SeriesRun:
    """How far a series has come."""

    def __init__(self) -> None:
        self.last = 0
        self.count = 0
        self.first_day: date | None = None
        self.newest: date | None = None


class Immutability(Check):
    """No event changes, discards or issues again a document that is issued."""

    name = "immutability"
    events = (InvoiceDrafted, InvoiceRevised, InvoiceDiscarded, *DOCUMENTS)

    def __init__(self) -> None:
        super().__init__()
        self._issued: set[tuple[type[Event], str]] = set()

    def take(self, step: Step) -> None:
        fact = step.fact
        self.checked += 1
        match fact.event:
            case (
                InvoiceDrafted(invoice_id=changed)
                | InvoiceRevised(invoice_id=changed)
                | InvoiceDiscarded(invoice_id=changed)
            ) as event:
                if (InvoiceValidated, changed) in self._issued:
                    detail = f"{event.stored_as} after the invoice was issued"
                    self.wrong(fact.position, detail, document=changed)
            case document:
                key = type(document), id_of(document)
                if key in self._issued:
                    self.wrong(fact.position, "issued twice", document=name_of(document))
                self._issued.add(key)


def _asked(line: Line) -> NewLine:
    """The line without its net amount, to price it again."""
    return NewLine(
        description=line.description,
        quantity=line.quantity,
        unit_price=line.unit_price,
        vat_rate=line.vat_rate,
        discount_percent=line.discount_percent,
    )
