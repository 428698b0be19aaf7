"""Books of sales documents at every stage, made at random, and what each document should look like.

The expectation is reckoned from the events in the plainest way, and shares nothing with the
register.
"""

import random
import unicodedata
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from domain.book.event import Event
from domain.ledger.entry import EntryPosted
from domain.orders.delivery import DeliveryCancelled, DeliveryIssued
from domain.orders.order import OrderCancelled, OrderConfirmed, OrderInvoiced
from domain.orders.taking import Taken
from domain.parties.contact import ContactChanged, ContactCreated
from domain.sales.content import Content, DocumentLink, InvoiceContent
from domain.sales.credit_note import CreditNoteIssued
from domain.sales.document import PrintedParty
from domain.sales.invoice import (
    InvoiceDiscarded,
    InvoiceDrafted,
    InvoiceRevised,
    InvoiceValidated,
)
from domain.treasury.lettering import EntriesLettered, EntriesUnlettered
from tests.books import HERE, BookMaker

Day = date
WORDS = ("Chantier Évry", "100 % laine", "toit_plat", "", "Noël")


@dataclass
class SalesMaker(BookMaker):
    """Also drafts that stay drafts or are given up, orders, deliveries and whole credit notes."""

    drafts: list[str] = field(default_factory=list)
    orders: list[OrderConfirmed] = field(default_factory=list)
    deliveries: list[DeliveryIssued] = field(default_factory=list)

    def begin_draft(self) -> None:
        """A draft that is not validated at once."""
        invoice = f"inv_d{self._next('draft'):04d}"
        self.drafts.append(invoice)
        external = f"X-{len(self.drafts)}" if self.chance.random() < 0.5 else ""
        content = self._draft_content(external)
        self.events.append(InvoiceDrafted(invoice_id=invoice, content=content))

    def change_draft(self) -> None:
        """A draft is revised or given up."""
        if not self.drafts:
            return
        invoice = self.chance.choice(self.drafts)
        if self.chance.random() < 0.5:
            self.events.append(
                InvoiceRevised(invoice_id=invoice, content=self._draft_content("REV"))
            )
            return
        self.drafts.remove(invoice)
        self.events.append(InvoiceDiscarded(invoice_id=invoice, reason="Erreur"))

    def credit_whole(self) -> None:
        """A validated invoice is credited to the last cent."""
        issued = [event for event in self.events if isinstance(event, InvoiceValidated)]
        if not issued:
            return
        invoice, number = self.chance.choice(issued), self._next("AW")
        note = CreditNoteIssued(
            credit_note_id=f"crn_w{number:04d}",
            invoice_id=invoice.invoice_id,
            invoice_number=invoice.document_number,
            invoice_date=invoice.issue_date,
            series="AW",
            number=number,
            document_number=f"AW-{number}",
            issue_date=self.day,
            customer_id=invoice.customer_id,
            seller=invoice.seller,
            customer=invoice.customer,
            currency=invoice.currency,
            lines=invoice.lines,
            totals=invoice.totals,
            reason="Annulation",
        )
        self.events.append(note)
        self._post("VE", "credit_note", note.credit_note_id, note.customer_id, note.totals, sign=-1)

    def order(self) -> None:
        """A customer orders."""
        number = self._next("BC")
        content = self._draft_content("")
        order = OrderConfirmed(
            order_id=f"ord_{number:04d}",
            series="BC",
            number=number,
            document_number=f"BC-{number}",
            issue_date=self.day,
            customer=PrintedParty(name=content.customer_id, address=HERE),
            content=Content(
                customer_id=content.customer_id,
                lines=content.lines,
                currency="EUR",
                note=content.note,
            ),
        )
        self.orders.append(order)
        self.events.append(order)

    def deliver(self) -> None:
        """A line of an order is handed over, or something nobody ordered."""
        order = self.chance.choice(self.orders) if self.orders else None
        number = self._next("BL")
        content = self._draft_content("") if order is None else order.content
        at = self.chance.randrange(len(content.lines))
        delivery = DeliveryIssued(
            delivery_id=f"del_{number:04d}",
            series="BL",
            number=number,
            document_number=f"BL-{number}",
            issue_date=self.day,
            customer_id=content.customer_id,
            customer=PrintedParty(name=content.customer_id, address=HERE),
            address=HERE,
            currency="EUR",
            lines=(content.lines[at],),
            taken=() if order is None else (Taken(line=at, quantity="1"),),
            order=None if order is None else _link("order", order.order_id),
        )
        self.deliveries.append(delivery)
        self.events.append(delivery)

    def undo_order(self) -> None:
        """A delivery comes back, or an order is given up."""
        if self.deliveries and self.chance.random() < 0.5:
            gone = self.deliveries.pop(self.chance.randrange(len(self.deliveries)))
            self.events.append(
                DeliveryCancelled(
                    delivery_id=gone.delivery_id,
                    order_id="" if gone.order is None else gone.order.id,
                    reason="Retour",
                )
            )
        elif self.orders:
            order = self.orders.pop(self.chance.randrange(len(self.orders)))
            self.events.append(OrderCancelled(order_id=order.order_id, reason="Annulée"))

    def invoice_order(self) -> None:
        """A line of an order goes on a draft invoice, with a delivery that is taken whole."""
        if not self.orders:
            return
        order = self.chance.choice(self.orders)
        invoice = f"inv_o{self._next('of_order'):04d}"
        links = [_link("order", order.order_id)]
        if self.deliveries:
            taken = self.deliveries.pop(self.chance.randrange(len(self.deliveries)))
            links.append(_link("delivery", taken.delivery_id))
        at = self.chance.randrange(len(order.content.lines))
        content = InvoiceContent(
            customer_id=order.content.customer_id,
            lines=(order.content.lines[at],),
            currency="EUR",
            links=tuple(links),
        )
        self.events += [
            InvoiceDrafted(invoice_id=invoice, content=content),
            OrderInvoiced(
                order_id=order.order_id,
                invoice_id=invoice,
                taken=(Taken(line=at, quantity="1"),),
            ),
        ]
        if self.chance.random() < 0.4:
            self.events.append(
                InvoiceDiscarded(invoice_id=invoice, reason="Non", links=tuple(links))
            )

    def _draft_content(self, external_id: str) -> InvoiceContent:
        lines, _ = self._content()
        due = self.day + timedelta(days=self.chance.randrange(40))
        return InvoiceContent(
            customer_id=self.chance.choice(self.parties),
            lines=lines,
            currency="EUR",
            external_id=external_id,
            note=self.chance.choice(WORDS),
            due_date=due if self.chance.random() < 0.5 else None,
        )


def make_sales_book(seed: int, size: int) -> list[Event]:
    """About `size` events; the same seed and size give the same events."""
    maker = SalesMaker(random.Random(seed))
    maker.open_company()
    for _ in range(4):
        maker.add_contact()
    deeds = [
        maker.invoice,
        maker.payment,
        maker.letter,
        maker.unletter,
        maker.credit_note,
        maker.credit_whole,
        maker.begin_draft,
        maker.change_draft,
        maker.order,
        maker.deliver,
        maker.undo_order,
        maker.invoice_order,
        maker.rename_contact,
    ]
    weights = [6, 3, 6, 1, 1, 1, 3, 2, 2, 3, 1, 2, 1]
    while len(maker.events) < size:
        maker.day += timedelta(days=maker.chance.randrange(3))
        maker.chance.choices(deeds, weights)[0]()
    return maker.events


@dataclass(frozen=True)
class Expected:
    """A document as a person would describe it after reading the whole book."""

    id: str
    position: int
    kind: str
    number: str
    stage: str
    date: Day
    due_date: Day | None
    customer_id: str
    customer_name: str
    currency: str
    gross: int
    texts: tuple[str, ...]
    type: str = ""
    external_id: str = ""
    issue_date: Day | None = None
    valid_until: Day | None = None
    net: int = 0
    tax: int = 0
    credited: int = 0
    invoice_id: str = ""
    probability: int | None = None

    @property
    def weighted(self) -> int | None:
        """The share of its net that its probability makes of it, half-up."""
        share = None if self.probability is None else self.net * self.probability
        return None if share is None else (share + 50) // 100


def plain(text: str) -> str:
    """A text as people search for it."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(x for x in decomposed if not unicodedata.combining(x)).split())


def _link(kind: Any, document_id: str) -> DocumentLink:
    return DocumentLink(kind=kind, id=document_id)


class Reading:
    """What the events of a book make of its sales documents, event by event."""

    def __init__(self, events: list[Event], recorded_on: date) -> None:
        self.documents: dict[str, Expected] = {}
        self.open: dict[tuple[int, int], tuple[str, int, int]] = {}
        self._names: dict[str, str] = {}
        self._orders: dict[str, OrderConfirmed] = {}
        self._taken: list[tuple[str, str, str, int]] = []
        self._recorded_on = recorded_on
        for position, event in enumerate(events, 1):
            self._read(position, event)

    def amounts(self, document: Expected) -> tuple[int, int]:
        """What was ever asked for on a document, and what is open of it."""
        mine = [(amount, left) for of, amount, left in self.open.values() if of == document.id]
        sign = -1 if document.kind == "credit_note" else 1
        return sign * sum(a for a, _ in mine), sign * sum(left for _, left in mine)

    def state(self, document: Expected) -> str:
        """The state in the list."""
        if document.kind not in ("invoice", "credit_note") or document.stage != "validated":
            return document.stage
        asked, left = self.amounts(document)
        if document.gross == 0:
            return "settled"
        if document.credited >= document.gross:
            return "cancelled"
        return "settled" if left == 0 else "validated" if left == asked else "partly_paid"

    def _read(self, position: int, event: Event) -> None:
        match event:
            case ContactCreated() | ContactChanged():
                self._names[event.contact_id] = event.details.name
            case InvoiceDrafted() | InvoiceRevised():
                self._draft(position, event)
            case InvoiceDiscarded():
                self._discard(event)
            case InvoiceValidated() | CreditNoteIssued():
                self._issue(position, event)
            case EntryPosted() | EntriesLettered() | EntriesUnlettered():
                self._book(position, event)
            case _:
                self._read_order(position, event)

    def _discard(self, event: InvoiceDiscarded) -> None:
        self._change(event.invoice_id, stage="discarded")
        self._taken = [x for x in self._taken if x[2] != event.invoice_id]
        for link in event.links:
            if link.kind == "delivery":
                self._change(link.id, stage="issued", invoice_id="")
            else:
                self._recount(link.id)

    def _book(self, position: int, event: Event) -> None:
        if isinstance(event, EntryPosted):
            for nth, line in enumerate(event.lines):
                if line.account == "411000" and event.document.kind in ("invoice", "credit_note"):
                    amount = line.debit - line.credit
                    self.open[position, nth] = event.document.id, amount, amount
        elif isinstance(event, EntriesLettered | EntriesUnlettered):
            sign = 1 if isinstance(event, EntriesLettered) else -1
            for part in event.parts:
                if (part.entry, part.line) in self.open:
                    of, amount, left = self.open[part.entry, part.line]
                    self.open[part.entry, part.line] = of, amount, left - sign * part.amount

    def _read_order(self, position: int, event: Event) -> None:
        match event:
            case OrderConfirmed():
                self._orders[event.order_id] = event
                self._add_numbered(position, event, event.order_id, "order", event.content)
            case OrderCancelled():
                self._change(event.order_id, stage="cancelled")
            case OrderInvoiced():
                self._take(event.order_id, "invoice", event.invoice_id, event.taken)
            case DeliveryIssued():
                content = Content(
                    customer_id=event.customer_id, lines=event.lines, currency=event.currency
                )
                self._add_numbered(position, event, event.delivery_id, "delivery", content)
                if event.order is not None:
                    self._take(event.order.id, "delivery", event.delivery_id, event.taken)
            case DeliveryCancelled():
                self._change(event.delivery_id, stage="cancelled")
                self._taken = [x for x in self._taken if x[2] != event.delivery_id]
                if event.order_id:
                    self._recount(event.order_id)

    def _draft(self, position: int, event: InvoiceDrafted | InvoiceRevised) -> None:
        content = event.content
        before = self.documents.get(event.invoice_id)
        name = self._names[content.customer_id]
        net, tax = _sums(content)
        self.documents[event.invoice_id] = Expected(
            id=event.invoice_id,
            position=before.position if before else position,
            kind="invoice",
            type="invoice",
            number="",
            stage="draft",
            date=before.date if before else self._recorded_on,
            due_date=content.due_date,
            customer_id=content.customer_id,
            customer_name=name,
            currency=content.currency,
            net=net,
            tax=tax,
            gross=net + tax,
            external_id=content.external_id,
            texts=(name, content.external_id, content.note),
        )
        for link in content.links:
            if link.kind == "delivery":
                self._change(link.id, stage="invoiced", invoice_id=event.invoice_id)

    def _issue(self, position: int, event: InvoiceValidated | CreditNoteIssued) -> None:
        totals, number, name = event.totals, event.document_number, event.customer.name
        if isinstance(event, InvoiceValidated):
            self._change(
                event.invoice_id,
                number=number,
                stage="validated",
                date=event.issue_date,
                issue_date=event.issue_date,
                due_date=event.due_date,
                customer_name=name,
                currency=event.currency,
                net=totals.net,
                tax=totals.tax,
                gross=totals.gross,
                texts=(number, name, self.documents[event.invoice_id].external_id),
            )
            return
        if event.invoice_id in self.documents:
            credited = self.documents[event.invoice_id].credited + totals.gross
            self._change(event.invoice_id, credited=credited)
        self.documents[event.credit_note_id] = Expected(
            id=event.credit_note_id,
            position=position,
            kind="credit_note",
            number=number,
            stage="validated",
            date=event.issue_date,
            issue_date=event.issue_date,
            due_date=None,
            customer_id=event.customer_id,
            customer_name=name,
            currency=event.currency,
            net=totals.net,
            tax=totals.tax,
            gross=totals.gross,
            invoice_id=event.invoice_id,
            texts=(number, name, event.invoice_number, event.reason),
        )

    def _add_numbered(
        self, position: int, event: Any, document_id: str, kind: str, content: Content
    ) -> None:
        net, tax = _sums(content)
        note = event.note if isinstance(event, DeliveryIssued) else content.note
        self.documents[document_id] = Expected(
            id=document_id,
            position=position,
            kind=kind,
            number=event.document_number,
            stage="confirmed" if kind == "order" else "issued",
            date=event.issue_date,
            issue_date=event.issue_date,
            due_date=None,
            customer_id=content.customer_id,
            customer_name=event.customer.name,
            currency=content.currency,
            net=net,
            tax=tax,
            gross=net + tax,
            texts=(event.document_number, event.customer.name, note),
        )

    def _take(self, order: str, by: str, document: str, taken: tuple[Taken, ...]) -> None:
        self._taken += [(order, by, document, part.line) for part in taken]
        self._recount(order)

    def _recount(self, order_id: str) -> None:
        """Each line of these orders is of quantity 1; one taken twice is never whole."""
        if self.documents[order_id].stage == "cancelled":
            return
        lines = range(len(self._orders[order_id].content.lines))

        def whole(by: str) -> bool:
            counts = [
                len([x for x in self._taken if x[:2] == (order_id, by) and x[3] == line])
                for line in lines
            ]
            return all(count == 1 for count in counts)

        begun = any(x[:2] == (order_id, "delivery") for x in self._taken)
        stage = "invoiced" if whole("invoice") else "delivered" if whole("delivery") else ""
        self._change(order_id, stage=stage or ("partly_delivered" if begun else "confirmed"))

    def _change(self, document_id: str, **changes: Any) -> None:
        self.documents[document_id] = replace(self.documents[document_id], **changes)


def _sums(content: Content) -> tuple[int, int]:
    """Net and tax of lines: the tax of each rate, half-up, on the sum of its lines."""
    by_rate: dict[tuple[str, str], int] = {}
    for line in content.lines:
        key = line.vat_category, line.vat_rate
        by_rate[key] = by_rate.get(key, 0) + line.net
    tax = 0
    for (_, rate), net in by_rate.items():
        whole, _, decimals = rate.partition(".")
        per_ten_thousand = int(whole) * 100 + int((decimals + "00")[:2])
        tax += (net * per_ten_thousand + 5_000) // 10_000
    return sum(line.net for line in content.lines), tax
