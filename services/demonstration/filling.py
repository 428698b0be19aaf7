"""Fills the demonstration books: every step is a command anybody could send, in the same order.

Each command has an id of its own, so that a filling that was stopped goes on where it stood, and a
second one changes nothing.
"""

import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta

from domain.countries.atlas import RULES
from domain.ledger.entry import EntryLine
from domain.ledger.miscellaneous import NewEntry
from domain.parties.company import COMPANY_TAG
from domain.parties.contact import ContactDetails
from domain.purchases.bill import BillLine
from domain.purchases.recording import NewBill
from domain.sales.content import NewInvoice
from domain.sales.credit_note import NewCreditNote
from domain.sales.document import NewLine
from domain.sales.invoice import Validated
from domain.treasury.lettering import NewLettering
from domain.treasury.matching import PartToLetter
from domain.treasury.payment import NewPayment
from domain.values.vat import VatAmount, tax_on
from services import companies, directory, invoicing, ledger, purchasing, treasury
from services.demonstration.cast import BELGIAN, FRENCH, Company, Job
from services.store.head import UnknownBook
from services.store.pen import Command
from services.store.store import Store

COMPANIES = (FRENCH, BELGIAN)
DAYS = 300
ACTOR = "demonstration"
OVER = "demonstration:over"
"""The id of the last command of a year."""


class LivedClock:
    """A clock for a store: the moment it was set to, or, once released, the database's own."""

    def __init__(self) -> None:
        self._moment: datetime | None = None

    def __call__(self, database_time: datetime) -> datetime:
        return database_time if self._moment is None else min(self._moment, database_time)

    def set(self, day: date, hour: int) -> None:
        """It is now that hour (UTC) of that day."""
        self._moment = datetime.combine(day, time(hour), UTC)

    def release(self) -> None:
        """From now on it is the time it is."""
        self._moment = None


def fill(store: Store, clock: LivedClock, today: date) -> None:
    """Lets each demonstration company live through the last 300 days, up to yesterday."""
    for company in COMPANIES:
        Year(store, clock, company, today).live()
    clock.release()


class Year:
    """One company's days: sales, purchases, money, letterings, and what stays open."""

    def __init__(self, store: Store, clock: LivedClock, company: Company, today: date) -> None:
        self._store = store
        self._clock = clock
        self._company = company
        self._book = company.book_id
        self._first = first_day(store, company, today)
        self._chance = random.Random(company.new.registration)  # noqa: S311  the same year always
        self._later: dict[date, list[Callable[[date], None]]] = {}
        self._count = 0

    def live(self) -> None:
        """Opens the book and goes through the days in order; a year that is over stays as it is."""
        if self._is_over():
            return
        self._clock.set(self._first, 8)
        companies.open_company(self._store, self._book, self._company.new, self._command("open"))
        customers = [self._meet(contact) for contact in self._company.customers]
        suppliers = [self._meet(contact) for contact in self._company.suppliers]
        for day in self._days():
            self._clock.set(day, 9)
            if day.day in (3, 9, 16, 22, 27):
                self._sell(day, self._chance.choice(customers))
            if day.day in (5, 14, 25):
                self._buy(day, self._chance.randrange(len(suppliers)), suppliers)
            if day.day == 28:
                self._close_month(day)
            for happening in self._later.pop(day, []):
                happening(day)
        companies.synchronise_books(self._store, self._book, day, Command(id=OVER, actor=ACTOR))

    def _is_over(self) -> bool:
        try:
            return bool(self._store.written_by(self._book, OVER))
        except UnknownBook:
            return False

    def _days(self) -> Iterator[date]:
        return (self._first + timedelta(days=number) for number in range(1, DAYS))

    def _command(self, what: str) -> Command:
        """The next command: the same number at the same place on every run."""
        self._count += 1
        return Command(id=f"demonstration:{self._count}:{what}", actor=ACTOR)

    def _meet(self, contact: ContactDetails) -> str:
        made = directory.create_contact(self._store, self._book, contact, self._command("meet"))
        return made.answer.contact_id

    def _sell(self, day: date, customer: str) -> None:
        """Drafts and validates an invoice; most are paid, some in part, some credited, some not."""
        lines = tuple(self._line(job) for job in self._chance.sample(self._company.jobs, 2))
        new = NewInvoice(customer_id=customer, lines=lines)
        drafted = invoicing.draft_invoice(self._store, self._book, new, self._command("draft"))
        invoice_id = drafted.answer.invoice_id
        self._clock.set(day, 10)
        validated = invoicing.validate_invoice(
            self._store, self._book, invoice_id, self._command("validate")
        )
        invoice = validated.answer
        assert isinstance(invoice, Validated)  # noqa: S101
        owed = Owed(customer, validated.position, invoice.document.totals.gross)
        fate = self._chance.random()
        paid_on = day + timedelta(days=self._chance.randrange(12, 55))
        if fate < 0.62:
            self._on(paid_on, lambda then: self._receive(then, owed, owed.amount))
        elif fate < 0.74:
            self._on(paid_on, lambda then: self._receive(then, owed, owed.amount // 2))
        elif fate < 0.82:
            self._on(paid_on, lambda _: self._credit(invoice_id, owed))
        # The rest stays unpaid: that is what the unpaid list is for.

    def _line(self, job: Job) -> NewLine:
        quantity = self._chance.randrange(1, 24)
        return NewLine(
            description=job.description,
            quantity=str(quantity),
            unit=job.unit,
            unit_price=job.unit_price,
            vat_rate=job.vat_rate,
        )

    def _receive(self, day: date, owed: "Owed", amount: int) -> None:
        """A customer pays, and the payment is lettered with what it pays."""
        self._move(day, owed, amount, received=True)

    def _credit(self, invoice_id: str, owed: "Owed") -> None:
        """The whole invoice is credited, and the two settle each other."""
        note = invoicing.issue_credit_note(
            self._store,
            self._book,
            invoice_id,
            NewCreditNote(reason="Chantier annulé"),
            self._command("credit"),
        )
        self._letter(owed.entry, note.position)

    def _buy(self, day: date, which: int, suppliers: list[str]) -> None:
        """A supplier's bill of the day before arrives; it is paid when due, or not yet."""
        job = self._company.purchases[which]
        net = self._chance.randrange(1, 5) * int(job.unit_price.replace(".", ""))
        tax = tax_on(net, job.vat_rate)
        new = NewBill(
            supplier_id=suppliers[which],
            supplier_reference=f"{day:%Y%m%d}-{self._chance.randrange(100, 999)}",
            issue_date=day - timedelta(days=1),
            lines=(BillLine(description=job.description, net=net),),
            vat=(VatAmount(category="S", rate=job.vat_rate, base=net, tax=tax),),
        )
        bill = purchasing.record_bill(self._store, self._book, new, self._command("bill"))
        owed = Owed(suppliers[which], bill.position, net + tax)
        if self._chance.random() < 0.8:
            due = bill.answer.document.due_date
            self._on(
                max(due, day + timedelta(days=1)),
                lambda then: self._move(then, owed, owed.amount, received=False),
            )

    def _move(self, day: date, owed: "Owed", amount: int, *, received: bool) -> None:
        """Money on the bank journal, lettered with the document it settles."""
        new = NewPayment(
            direction="received" if received else "sent",
            date=day,
            amount=amount,
            role="customers" if received else "suppliers",
            party=owed.party,
            label="Virement",
        )
        paid = treasury.record_payment(self._store, self._book, new, self._command("pay"))
        self._letter(owed.entry, paid.position)

    def _letter(self, *entries: int) -> None:
        """Letters the third party's lines of these entries; ours always stand where posted."""
        parts = tuple(
            PartToLetter(entry=entry, line=self._third_party_line(entry)) for entry in entries
        )
        new = NewLettering(parts=parts)
        treasury.letter_entries(self._store, self._book, new, self._command("letter"))

    def _third_party_line(self, entry: int) -> int:
        posted = treasury.load_entries(self._store.past(self._book), [entry])[entry]
        return next(index for index, line in enumerate(posted.lines) if line.party)

    def _close_month(self, day: date) -> None:
        """Bank charges, and the date up to which miscellaneous entries are complete (C2)."""
        charges = EntryLine(account=self._company.bank_charges, debit=1290)
        bank = EntryLine(account=RULES[self._company.new.country].accounts["bank"], credit=1290)
        entry = NewEntry(date=day, label="Frais bancaires", lines=(charges, bank))
        ledger.post_entry(self._store, self._book, entry, self._command("charges"))
        companies.synchronise_books(self._store, self._book, day, self._command("synchronise"))

    def _on(self, day: date, happening: Callable[[date], None]) -> None:
        self._later.setdefault(day, []).append(happening)


def first_day(store: Store, company: Company, today: date) -> date:
    """The day on which the year began, when an earlier filling has begun it."""
    with suppress(UnknownBook):
        opened = store.past(company.book_id).last(COMPANY_TAG)
        if opened is not None:
            return opened.recorded_at.date()
    return today - timedelta(days=DAYS)


class Owed:
    """What a third party's document left to pay: whose, the entry's position, the amount."""

    def __init__(self, party: str, entry: int, amount: int) -> None:
        self.party, self.entry, self.amount = party, entry, amount
