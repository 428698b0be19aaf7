"""The Belgian services company: invoices by instalments, abroad and by the co-contractor's VAT."""

from datetime import date
from functools import partial

from domain.deposits.settling import NewSettlement
from domain.quotes.quote import DepositTerms, NewQuote
from domain.sales.crediting import CreditedLine
from domain.sales.document import NewLine
from domain.sales.instalments import NewInstalment
from services import deposits, quoting, situations
from services.demonstration.cast import BE_BUILDER, NL_CUSTOMER, SWISS_CUSTOMER
from services.demonstration.selling import Selling
from services.quote_loading import get_quote
from services.situations import QuoteInvoicing

THIRDS = (
    NewInstalment(percent="33.33", days=30),
    NewInstalment(percent="33.33", days=60),
    NewInstalment(days=90),
)


class StudioYear(Selling):
    """A year of commissions."""

    def trade(self, day: date) -> None:
        """Commissions on fixed days of the month; each kind of customer in its turn."""
        if day.day in (3, 12):
            self._commission(day)
        if day.day == 8:
            self._identity(day)
        if day.day == 19:
            self._books(day)
        if day.day == 24:
            self._abroad(day)

    def _home(self) -> str:
        return self.chance.choice(self.customers[: len(self.customers) - 3])

    def _commission(self, day: date) -> None:
        """A plain invoice; most are paid, some in part, one is lost and paid after all."""
        lines = [self.item("PAGES", self.chance.randrange(4, 30))]
        invoice_id = self.invoice(day, self._home(), lines)
        fate = (day.month + day.day) % 7
        if fate == 0:
            self.after(day, 60, partial(self._lost, invoice_id))
        elif fate == 1:
            self.settle_half(day, invoice_id)
        elif fate == 2:
            part = CreditedLine(line=0, quantity="1")
            self.after(day, 15, lambda _: self.credit(invoice_id, "Une heure de trop", part))
        elif fate != 3:
            self.settle(day, invoice_id)

    def _lost(self, invoice_id: str, day: date) -> None:
        """The VAT is taken back when the liquidation ends; then a part is paid after all."""
        write_off_id = self.lose(invoice_id)
        self.after(day, 30, partial(self.reclaim, write_off_id))
        self.after(day, 45, partial(self.recover, write_off_id))

    def _identity(self, day: date) -> None:
        """A quote with a deposit of its own amount, invoiced when the work is done."""
        new = NewQuote(
            customer_id=self._home(),
            lines=(self.item("IDENTITE", 1), self.item("PAGES", 12)),
            deposit=DepositTerms(amount=50_000),
            language="nl" if day.month % 2 else "fr",
        )
        drafted = quoting.draft_quote(self.store, self.book, new, self.command("quote"))
        quote_id = drafted.answer.quote.quote_id
        quoting.send_quote(self.store, self.book, quote_id, self.command("send"))
        self.after(day, 4, lambda then: self._agreed(then, quote_id))

    def _agreed(self, day: date, quote_id: str) -> None:
        quoting.accept_quote(self.store, self.book, quote_id, self.command("accept"))
        for deposit_id in get_quote(self.store.past(self.book), quote_id).deposits:
            paid = NewSettlement(confirm_date=day, reference="Acompte")
            deposits.settle_deposit(
                self.store, self.book, deposit_id, paid, self.command("deposit")
            )
        self.after(day, 25, lambda then: self._deliver_identity(then, quote_id))

    def _deliver_identity(self, day: date, quote_id: str) -> None:
        drafted = situations.invoice_quote(
            self.store, self.book, quote_id, QuoteInvoicing(), self.command("balance")
        )
        self.validate(day, drafted.answer.invoice_id)
        self.settle(day, drafted.answer.invoice_id)

    def _books(self, day: date) -> None:
        """Books at 6 %: ordered and delivered in even months, paid in thirds in odd ones."""
        if day.month % 2 == 0:
            self.fulfil(day, self._home(), "LIVRE", 60)
            return
        invoice_id = self.invoice(day, self._home(), [self.item("LIVRE", 90)], THIRDS)
        self.settle(day, invoice_id)

    def _abroad(self, day: date) -> None:
        """A service to the Netherlands, books to Switzerland, work for a Belgian builder."""
        kinds = (
            (NL_CUSTOMER, "AE", "services"),
            (SWISS_CUSTOMER, "G", "goods"),
            (BE_BUILDER, "AE", "services"),
        )
        whose, category, nature = kinds[day.month % 3]
        line = NewLine(
            description="Mise en page" if nature == "services" else "Livres imprimés",
            quantity=str(self.chance.randrange(4, 20)),
            unit_price="65.00",
            vat_rate="0",
            vat_category=category,  # type: ignore[arg-type]
            nature=nature,  # type: ignore[arg-type]
        )
        customer = self.customers[self.company.customers.index(whose)]
        self.settle(day, self.invoice(day, customer, [line], language="en"))
