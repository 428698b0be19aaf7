"""Checks of the documents: numbers without gaps, what is issued unchanged."""

from datetime import date
from typing import ClassVar

from domain.book.event import Event, numbered
from domain.sales.credit_note import CreditNoteIssued
from domain.sales.invoice import (
    InvoiceDiscarded,
    InvoiceDrafted,
    InvoiceRevised,
    InvoiceValidated,
)
from domain.sales.write_off import BadDebtRecovered
from domain.treasury.vat_due import VatBecameDue
from services.audit.replay_check import Check, Step
from services.audit.replay_entries import DOCUMENTS, id_of, name_of

ISSUED_ONCE = tuple(kind for kind in DOCUMENTS if kind not in (BadDebtRecovered, VatBecameDue))
"""Money comes in parts: of a lost debt, and of an invoice whose VAT waits for it."""


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
    events = (InvoiceDrafted, InvoiceRevised, InvoiceDiscarded, *ISSUED_ONCE)

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
