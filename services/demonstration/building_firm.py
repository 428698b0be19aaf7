"""The French building firm: quotes with deposits, sites invoiced by progress, and what goes wrong.

Each site is a quote and its fate; the fates follow each other, so that a year sees them all.
"""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from domain.deposits.settling import NewSettlement
from domain.orders.order import NewOrder
from domain.quotes.progress import Progress
from domain.quotes.quote import DepositTerms, NewQuote
from domain.quotes.situation import NewSituation
from domain.sales.content import NewInvoice
from domain.sales.document import NewLine
from domain.sales.pricing import Discount
from services import deposits, invoicing, ordering, quoting, situations
from services.demonstration.selling import Selling
from services.quote_loading import get_quote
from services.situations import QuoteInvoicing

DEPOSIT = DepositTerms(percent="30")


class BuildingYear(Selling):
    """A year of sites."""

    def trade(self, day: date) -> None:
        """A new quote every twelve days; now and then a small job or a delivery."""
        number = day.toordinal()
        if number % 12 == 0:
            self._begin_site(day, number // 12)
        if day.day in (9, 22):
            self._small_job(day)
        if day.day == 17 and day.month % 2:
            self.fulfil(day, self.chance.choice(self.customers), "PARQUET", 40)

    def end(self) -> None:
        """What a year leaves on the desk: drafts, and an order that came to nothing."""
        customer, lines = self.customers[0], [self.item("DEPANNAGE", 2)]
        self._quote(lines, None, discount=False)
        revised = self.draft(customer, lines)
        more = NewInvoice(customer_id=customer, lines=(self.item("DEPANNAGE", 3),))
        invoicing.revise_invoice(self.store, self.book, revised, more, self.command("revise"))
        discarded = self.draft(customer, lines)
        invoicing.discard_invoice(
            self.store, self.book, discarded, "Doublon", self.command("discard")
        )
        new = NewOrder(customer_id=customer, lines=(self.item("PARQUET", 10),))
        ordered = ordering.confirm_order(self.store, self.book, new, self.command("order"))
        order_id = ordered.answer.document.order_id
        delivered = self.deliver(order_id, 10)
        ordering.cancel_delivery(
            self.store, self.book, delivered, "Refusé à la livraison", self.command("take back")
        )
        ordering.cancel_order(
            self.store, self.book, order_id, "Le client renonce", self.command("cancel")
        )

    def _begin_site(self, day: date, nth: int) -> None:
        fates: list[tuple[DepositTerms | None, Callable[[date, str], None]]] = [
            (DEPOSIT, self._by_progress),
            (DEPOSIT, self._at_once),
            (None, self._at_once),
            (None, self._refused),
            (DEPOSIT, self._restored),
            (None, self._by_progress),
            (DEPOSIT, self._deposit_forgone),
            (None, self._unanswered),
        ]
        terms, fate = fates[nth % len(fates)]
        quote_id = self._quote(self._lines(), terms, discount=nth % 3 == 0)
        self.after(day, 2, lambda then: self._send(then, quote_id, fate))

    def _lines(self) -> list[NewLine]:
        codes = self.chance.sample(["MENUISERIE", "ISOLATION", "AGENCEMENT", "SALLE"], 3)
        heading = NewLine(description="Lot 1 — travaux", kind="text")
        return [heading, *(self.item(code, self.chance.randrange(4, 30)) for code in codes)]

    def _quote(
        self, lines: Sequence[NewLine], terms: DepositTerms | None, *, discount: bool
    ) -> str:
        new = NewQuote(
            customer_id=self.chance.choice(self.customers),
            lines=tuple(lines),
            discount=Discount(percent="3") if discount else None,
            deposit=terms,
            note="Travaux de rénovation, délai sous réserve de l'humidité des supports.",
        )
        drafted = quoting.draft_quote(self.store, self.book, new, self.command("quote"))
        quote_id = drafted.answer.quote.quote_id
        quoting.set_probability(
            self.store,
            self.book,
            quote_id,
            self.chance.choice([30, 50, 80]),
            self.command("probability"),
        )
        return quote_id

    def _send(self, day: date, quote_id: str, fate: Callable[[date, str], None]) -> None:
        quoting.send_quote(self.store, self.book, quote_id, self.command("send"))
        self.after(day, self.chance.randrange(5, 12), lambda then: fate(then, quote_id))

    def _accept(self, day: date, quote_id: str) -> None:
        """The customer agrees; deposits that are asked for are requested, and paid in a week."""
        quoting.accept_quote(self.store, self.book, quote_id, self.command("accept"))
        for deposit_id in get_quote(self.store.past(self.book), quote_id).deposits:
            deposits.request_deposit(self.store, self.book, deposit_id, self.command("request"))
            self.after(day, 7, partial(self._pay_deposit, deposit_id))

    def _pay_deposit(self, deposit_id: str, day: date) -> None:
        paid = NewSettlement(confirm_date=day, reference="Virement acompte")
        deposits.settle_deposit(self.store, self.book, deposit_id, paid, self.command("deposit"))

    def _at_once(self, day: date, quote_id: str) -> None:
        self._accept(day, quote_id)
        self.after(day, 21, lambda then: self._balance(then, quote_id, QuoteInvoicing()))

    def _balance(self, day: date, quote_id: str, asked: QuoteInvoicing) -> None:
        drafted = situations.invoice_quote(
            self.store, self.book, quote_id, asked, self.command("balance")
        )
        self.validate(day, drafted.answer.invoice_id)
        self.settle(day, drafted.answer.invoice_id)

    def _deposit_forgone(self, day: date, quote_id: str) -> None:
        """The work is done before the deposit was paid: it is asked for no longer (M26)."""
        quoting.accept_quote(self.store, self.book, quote_id, self.command("accept"))
        self.after(
            day, 14, lambda then: self._balance(then, quote_id, QuoteInvoicing(deposit="delete"))
        )

    def _by_progress(self, day: date, quote_id: str) -> None:
        """Three situations, five weeks apart, up to all of it (M65)."""
        self._accept(day, quote_id)
        for nth, percent in enumerate(("35", "70", "100"), start=1):
            self.after(day, 30 * nth, partial(self._situation, quote_id, percent))

    def _situation(self, quote_id: str, percent: str, day: date) -> None:
        known = get_quote(self.store.past(self.book), quote_id).quote
        progress = tuple(
            Progress(line=index, percent=percent)
            for index, line in enumerate(known.content.lines)
            if line.kind != "text"
        )
        drafted = situations.invoice_situation(
            self.store,
            self.book,
            quote_id,
            NewSituation(progress=progress),
            self.command("situation"),
        )
        self.validate(day, drafted.answer.invoice_id)
        self.settle(day, drafted.answer.invoice_id)

    def _refused(self, _: date, quote_id: str) -> None:
        quoting.refuse_quote(self.store, self.book, quote_id, "Trop cher", self.command("refuse"))

    def _restored(self, day: date, quote_id: str) -> None:
        """A refused quote is taken up again, and agreed to in the end (M24)."""
        self._refused(day, quote_id)
        quoting.restore_quote(self.store, self.book, quote_id, self.command("restore"))
        cheaper = NewQuote(
            customer_id=get_quote(self.store.past(self.book), quote_id).quote.content.customer_id,
            lines=(self.item("MENUISERIE", 12), self.item("ISOLATION", 20)),
            deposit=DEPOSIT,
        )
        quoting.revise_quote(self.store, self.book, quote_id, cheaper, self.command("revise"))
        self.after(day, 3, lambda then: self._send(then, quote_id, self._at_once))

    def _unanswered(self, day: date, quote_id: str) -> None:
        """Nobody answers: the quote stays sent."""

    def _lost(self, invoice_id: str, _: date) -> None:
        """The VAT was never declared, for the customer never paid: none is taken back."""
        self.lose(invoice_id)

    def _small_job(self, day: date) -> None:
        """An invoice without a quote, with one of the fates that invoices have."""
        lines = [self.item("DEPANNAGE", self.chance.randrange(1, 8))]
        invoice_id = self.invoice(day, self.chance.choice(self.customers), lines)
        fate = (day.month * 2 + day.day // 20) % 6
        if fate == 0:
            self.after(day, 20, lambda _: self.credit(invoice_id, "Chantier annulé"))
        elif fate == 1:
            self.settle_half(day, invoice_id)
        elif fate == 2:
            self.after(day, 75, partial(self._lost, invoice_id))
        elif fate != 5:
            self.settle(day, invoice_id)
