"""What a company does with its customers: invoices of every kind, paid, credited or lost."""

from collections.abc import Sequence
from datetime import date
from functools import partial

from domain.orders.fulfilment import NewDelivery
from domain.orders.order import NewOrder
from domain.orders.taking import Taken
from domain.sales.content import NewInvoice
from domain.sales.credit_note import NewCreditNote
from domain.sales.crediting import CreditedLine
from domain.sales.document import NewLine
from domain.sales.instalments import NewInstalment
from domain.sales.invoice import Validated
from services import invoicing, losses, ordering
from services.demonstration.year import Owed, Year


class Selling(Year):
    """A year in which invoices are made and have their fates."""

    def item(self, code: str, quantity: int) -> NewLine:
        """A line of so much of an article: the rest is the article's."""
        return NewLine(description="", article_id=self.articles[code], quantity=str(quantity))

    def invoice(
        self,
        day: date,
        customer: str,
        lines: Sequence[NewLine],
        instalments: tuple[NewInstalment, ...] = (),
        **said: str,
    ) -> str:
        """Drafts and validates an invoice; gives its id."""
        invoice_id = self.draft(customer, lines, instalments, **said)
        self.validate(day, invoice_id)
        return invoice_id

    def draft(
        self,
        customer: str,
        lines: Sequence[NewLine],
        instalments: tuple[NewInstalment, ...] = (),
        **said: str,
    ) -> str:
        """Drafts an invoice; gives its id."""
        new = NewInvoice(
            customer_id=customer,
            lines=tuple(lines),
            instalments=instalments,
            **said,  # type: ignore[arg-type]  # texts of the document
        )
        drafted = invoicing.draft_invoice(self.store, self.book, new, self.command("draft"))
        return drafted.answer.invoice_id

    def validate(self, day: date, invoice_id: str) -> list[Owed]:
        """Issues a draft an hour later; gives what its customer owes."""
        self.clock.set(day, 10)
        written = invoicing.validate_invoice(
            self.store, self.book, invoice_id, self.command("validate")
        )
        if not isinstance(written.answer, Validated):
            raise TypeError(invoice_id)
        return self.owed_of(invoice_id)

    def owed_of(self, invoice_id: str) -> list[Owed]:
        """What the customer owes of a validated invoice, by instalment."""
        debt = losses.find_debt(self.store.past(self.book), invoice_id)
        return [] if debt is None else self.owed_on(debt.entry)

    def settle(self, day: date, invoice_id: str) -> None:
        """Lets the invoice be paid some weeks later, every instalment when it is due or later."""
        for nth, owed in enumerate(self.owed_of(invoice_id)):
            days = self.chance.randrange(12, 50) + 30 * nth
            self.after(day, days, partial(self._receive, owed))

    def settle_half(self, day: date, invoice_id: str) -> None:
        """Lets half of the invoice be paid: the rest stays in the unpaid list."""
        owed = self.owed_of(invoice_id)[0]
        self.after(day, 33, lambda then: self.pay(then, owed, owed.amount // 2, received=True))

    def _receive(self, owed: Owed, day: date) -> None:
        self.pay(day, owed, owed.amount, received=True)

    def credit(self, invoice_id: str, reason: str, *lines: CreditedLine) -> None:
        """Credits an invoice, wholly or in part, and letters the two."""
        new = NewCreditNote(reason=reason, lines=lines)
        note = invoicing.issue_credit_note(
            self.store, self.book, invoice_id, new, self.command("credit")
        )
        self.letter(*self.owed_of(invoice_id), *self.owed_on(note.position))

    def lose(self, invoice_id: str) -> str:
        """Writes a debt off for good; gives the id of the write-off."""
        lost = losses.write_off_invoice(
            self.store, self.book, invoice_id, "Liquidation judiciaire", self.command("lose")
        )
        return lost.answer.document.write_off_id

    def reclaim(self, write_off_id: str, _: date) -> None:
        """Takes the VAT of a lost debt back: it had been declared with the invoice."""
        losses.reclaim_vat(
            self.store,
            self.book,
            write_off_id,
            "Jugement de clôture pour insuffisance d'actif",
            self.command("reclaim"),
        )

    def recover(self, write_off_id: str, _: date) -> None:
        """A part of a lost debt is to be paid after all."""
        losses.recover_debt(self.store, self.book, write_off_id, 5_000, self.command("recover"))

    def fulfil(self, day: date, customer: str, code: str, quantity: int) -> None:
        """An order, two deliveries a week apart, and one invoice of both."""
        new = NewOrder(customer_id=customer, lines=(self.item(code, quantity),))
        ordered = ordering.confirm_order(self.store, self.book, new, self.command("order"))
        order_id = ordered.answer.document.order_id
        first = self.deliver(order_id, quantity // 2)

        def finish(then: date) -> None:
            both = [first, self.deliver(order_id, quantity - quantity // 2)]
            draft = ordering.invoice_deliveries(
                self.store, self.book, both, self.command("invoice deliveries")
            )
            self.validate(then, draft.answer.invoice_id)
            self.settle(then, draft.answer.invoice_id)

        self.after(day, 7, finish)

    def deliver(self, order_id: str, quantity: int) -> str:
        """Hands over so much of the first line of an order; gives the delivery's id."""
        new = NewDelivery(order_id=order_id, taken=(Taken(line=0, quantity=str(quantity)),))
        issued = ordering.issue_delivery(self.store, self.book, new, self.command("deliver"))
        return issued.answer.document.delivery_id
