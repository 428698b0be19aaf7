"""A book on paper: what use cases do within a command, without a database, at the speed of memory.

It gives the reads of the pen over a list of events, and takes a refused command back whole.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from itertools import count
from typing import Any, cast

from domain.book.event import Decision, Recorded
from domain.book.refusal import Refusals, Refused
from domain.parties.opening import NewCompany
from domain.purchases.lines import BillLine
from domain.sales.credit_note import NewCreditNote
from domain.sales.document import NewLine
from domain.treasury.lettering import EntriesLettered, NewLettering
from domain.treasury.matching import PartToLetter
from domain.treasury.reversing import NewReversal
from domain.treasury.ticking import NewTick
from domain.treasury.unticking import NewUntick
from domain.values.vat import VatAmount
from services import invoicing, lettering, losses, purchasing, settling, treasury, unticking
from services.loading import load_company
from services.settling import Document, Ids
from services.store.pen import Pen
from tests.domain import steps
from tests.domain.spec import BOOK, Story


class Paper(Story):
    """A story that use cases write in, as they write with the pen."""

    book_id = BOOK

    def __init__(self, story: Story, today: date = steps.DAY) -> None:
        super().__init__()
        self.facts = story.facts
        self.today = today
        self._numbers = count(1)

    @classmethod
    def opened(cls, new: NewCompany = steps.FRENCH, today: date = steps.DAY) -> "Paper":
        """The book of a company with a customer ctc_1 and a supplier ctc_2."""
        return cls(steps.opened(new), today)

    @property
    def now(self) -> datetime:
        """Noon of the day that the test has set."""
        return datetime.combine(self.today, time(12), UTC)

    def look_up(self, tags: Sequence[str]) -> None:
        """Nothing to read ahead."""

    def append(self, decision: Decision) -> list[Recorded]:
        """The events of a decision; a refusal ends the command."""
        if isinstance(decision, Refused):
            raise Refusals(decision)
        before = len(self.facts)
        self.happened(*decision)
        return self.facts[before:]

    @contextmanager
    def command(self) -> Iterator[Pen]:
        """A command: its events stay only if it is not refused."""
        before = len(self.facts)
        try:
            yield cast("Pen", self)
        except Refusals:
            del self.facts[before:]
            raise

    def refusal(self, command: Callable[..., Any], *args: Any, **kwargs: Any) -> Refused | None:
        """What a command is refused for, if it is."""
        try:
            command(*args, **kwargs)
        except Refusals as error:
            return error.refused
        return None

    def sell(self, *lines: NewLine, day: date | None = None) -> str:
        """A validated invoice's id."""
        invoice_id = f"inv_{next(self._numbers)}"
        steps.invoiced(self, *lines, invoice_id=invoice_id, today=day or self.today)
        return invoice_id

    def buy(self, reference: str, *lines: BillLine, vat: tuple[VatAmount, ...], **how: Any) -> str:
        """A bill's id, or that of a supplier's credit note."""
        bill_id = f"bil_{next(self._numbers)}"
        fields = {"issue_date": self.today, "lines": lines, "vat": vat, **how}
        with self.command() as pen:
            purchasing.append_bill(pen, bill_id, steps.new_bill(reference, **fields))
        return bill_id

    def pay(self, amount: int, day: date | None = None, **others: Any) -> str:
        """A payment's id; received from the customer unless it says otherwise."""
        payment_id = f"pay_{next(self._numbers)}"
        with self.command() as pen:
            new = steps.received(amount, **{"date": day or self.today, **others})
            treasury.record(pen, load_company(pen), payment_id, new)
        return payment_id

    def entry(self, kind: Any, document_id: str) -> int:
        """The position of the entry of a document."""
        found = settling.entry_of(cast("Pen", self), kind, document_id)
        assert found is not None
        return found[0]

    def letter(self, *parts: PartToLetter, **others: Any) -> EntriesLettered:
        """Letters lines, with all that follows."""
        lettering_id = f"let_{next(self._numbers)}"
        with self.command() as pen:
            new = NewLettering(parts=parts, **others)
            return lettering.letter(pen, load_company(pen), lettering_id, new)

    def match(
        self, document_id: str, payment_id: str, amount: int | None = None, kind: Any = "invoice"
    ) -> str:
        """Letters an invoice, or a bill, with a payment; gives the id of the lettering."""
        return self.letter(
            PartToLetter(entry=self.entry(kind, document_id), line=0, amount=amount),
            PartToLetter(entry=self.entry("payment", payment_id), line=1),
        ).lettering_id

    def unletter(self, lettering_id: str) -> None:
        """Undoes a lettering."""
        with self.command() as pen:
            treasury.unletter(pen, lettering_id, "erreur")

    def tick(self, kind: Any, document_id: str, **how: Any) -> str:
        """Ticks a document as settled; gives the payment's id."""
        payment_id = f"pay_{next(self._numbers)}"
        with self.command() as pen:
            settling.settle(pen, Document(kind, document_id), NewTick(**how), payment_id, Ids())
        return payment_id

    def untick(self, kind: Any, document_id: str, instalment: int, day: date | None = None) -> None:
        """Unticks an instalment."""
        with self.command() as pen:
            new = NewUntick(instalment=instalment, reason="erreur", returned_on=day)
            unticking.untick(pen, Document(kind, document_id), new, unticking.draw())

    def reverse(self, payment_id: str, day: date | None = None) -> None:
        """Takes a payment back."""
        with self.command() as pen:
            settling.reverse(pen, payment_id, NewReversal(reason="rejet", returned_on=day), Ids())

    def credit(self, invoice_id: str, *lines: Any) -> str:
        """A credit note's id, on all that is left of an invoice or on some lines."""
        note = f"crn_{next(self._numbers)}"
        with self.command() as pen:
            new = NewCreditNote(reason="retour", lines=lines)
            invoicing.credit(pen, note, invoice_id, new)
        return note

    def write_off(self, invoice_id: str) -> str:
        """A write-off's id."""
        loss = f"wof_{next(self._numbers)}"
        with self.command() as pen:
            losses.write_off(pen, loss, invoice_id, "faillite", f"let_{loss}")
        return loss
