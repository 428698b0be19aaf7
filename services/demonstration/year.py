"""A company's days, one after the other: the clock, the commands, and what is to happen later.

Each command has an id of its own, so that a filling that was stopped goes on where it stood, and a
second one changes nothing.
"""

import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol

from msgspec.structs import replace

from domain.countries.atlas import RULES
from domain.ledger.entry import EntryLine
from domain.ledger.miscellaneous import NewEntry
from domain.parties.company import COMPANY_TAG
from domain.parties.contact import ContactDetails
from domain.purchases.bill import BillLine
from domain.purchases.recording import NewBill
from domain.treasury.lettering import NewLettering
from domain.treasury.matching import PartToLetter
from domain.treasury.payment import NewPayment
from domain.values.vat import VatAmount, tax_on
from services import articles, companies, directory, ledger, purchasing, treasury
from services.demonstration.cast import Company
from services.open_lines import load_entries
from services.store.head import UnknownBook
from services.store.pen import Command
from services.store.store import Store

DAYS = 300
ACTOR = "demonstration"
OVER = "demonstration:over"
"""The id of the last command of a year."""

Happening = Callable[[date], None]


class Clock(Protocol):
    """A clock that a story sets."""

    def set(self, day: date, hour: int) -> None:
        """It is now that hour (UTC) of that day."""


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


class Owed:
    """A line that a third party owes or is owed: whose, where it stands, how much."""

    def __init__(self, party: str, entry: int, line: int, amount: int) -> None:
        self.party, self.entry, self.line, self.amount = party, entry, line, amount


class Year:
    """One company's year: who it knows, what it deals in, and each day what the trade does."""

    def __init__(self, store: Store, clock: Clock, company: Company, today: date) -> None:
        self.store = store
        self.clock = clock
        self.company = company
        self.book = company.book_id
        self.chance = random.Random(company.new.registration)  # noqa: S311  the same year always
        self.customers: list[str] = []
        self.suppliers: list[str] = []
        self.articles: dict[str, str] = {}
        self._first = first_day(store, company, today)
        self._later: dict[date, list[Happening]] = {}
        self._count = 0

    def live(self) -> None:
        """Opens the book and goes through the days in order; a year that is over stays as it is."""
        if self._is_over():
            return
        self.clock.set(self._first, 8)
        companies.open_company(self.store, self.book, self.company.new, self.command("open"))
        companies.describe_company(
            self.store, self.book, self.company.description, self.command("describe")
        )
        self.customers = [self._meet(contact) for contact in self.company.customers]
        self.suppliers = [self._meet(contact) for contact in self.company.suppliers]
        self._deal()
        for day in self._days():
            self.clock.set(day, 9)
            self.trade(day)
            if day.day in (5, 14, 25):
                self._buy(day, self.chance.randrange(len(self.suppliers)))
            if day.day == 28:
                self._close_month(day)
            for happening in self._later.pop(day, []):
                happening(day)
        self.end()
        companies.synchronise_books(self.store, self.book, day, Command(id=OVER, actor=ACTOR))

    def trade(self, day: date) -> None:
        """What the company sells that day."""
        raise NotImplementedError(self.company.new.name, day)

    def end(self) -> None:
        """What is left on the desk on the last day."""

    def command(self, what: str) -> Command:
        """The next command: the same number at the same place on every run."""
        self._count += 1
        return Command(id=f"demonstration:{self._count}:{what}", actor=ACTOR)

    def on(self, day: date, happening: Happening) -> None:
        """Lets something happen on a later day."""
        self._later.setdefault(day, []).append(happening)

    def after(self, day: date, days: int, happening: Happening) -> None:
        """Lets something happen so many days later."""
        self.on(day + timedelta(days=days), happening)

    def owed_on(self, entry: int) -> list[Owed]:
        """The third party's lines of an entry: one for each instalment."""
        posted = load_entries(self.store.past(self.book), [entry])[entry]
        return [
            Owed(line.party, entry, index, abs(line.debit - line.credit))
            for index, line in enumerate(posted.lines)
            if line.party
        ]

    def pay(self, day: date, owed: Owed, amount: int, *, received: bool) -> None:
        """Money on the bank journal, lettered with the line it settles."""
        new = NewPayment(
            direction="received" if received else "sent",
            date=day,
            amount=amount,
            role="customers" if received else "suppliers",
            party=owed.party,
            label="Virement",
        )
        paid = treasury.record_payment(self.store, self.book, new, self.command("pay"))
        (money,) = self.owed_on(paid.position)
        self.letter(owed, money)

    def letter(self, *lines: Owed) -> None:
        """Letters lines of one third party with each other."""
        parts = tuple(PartToLetter(entry=each.entry, line=each.line) for each in lines)
        new = NewLettering(parts=parts)
        treasury.letter_entries(self.store, self.book, new, self.command("letter"))

    def _is_over(self) -> bool:
        try:
            return bool(self.store.written_by(self.book, OVER))
        except UnknownBook:
            return False

    def _days(self) -> Iterator[date]:
        return (self._first + timedelta(days=number) for number in range(1, DAYS))

    def _meet(self, contact: ContactDetails) -> str:
        made = directory.create_contact(self.store, self.book, contact, self.command("meet"))
        return made.answer.contact_id

    def _deal(self) -> None:
        """Makes the list of articles, then those composed of them."""
        for details in self.company.articles:
            made = articles.create_article(self.store, self.book, details, self.command("article"))
            self.articles[details.code] = made.answer.article_id
        for code, components in self.company.composed.items():
            parts = [
                replace(each, article_id=self.articles[each.article_id]) for each in components
            ]
            articles.compose_article(
                self.store, self.book, self.articles[code], parts, self.command("compose")
            )

    def _buy(self, day: date, which: int) -> None:
        """A supplier's bill of the day before arrives; it is paid when due, or not yet."""
        job = self.company.purchases[which]
        net = self.chance.randrange(1, 5) * int(job.unit_price.replace(".", ""))
        tax = tax_on(net, job.vat_rate)
        new = NewBill(
            supplier_id=self.suppliers[which],
            supplier_reference=f"{day:%Y%m%d}-{self.chance.randrange(100, 999)}",
            issue_date=day - timedelta(days=1),
            lines=(BillLine(description=job.description, net=net),),
            vat=(VatAmount(category="S", rate=job.vat_rate, base=net, tax=tax),),
        )
        bill = purchasing.record_bill(self.store, self.book, new, self.command("bill"))
        (owed,) = self.owed_on(bill.position)
        if self.chance.random() < 0.8:
            due = max(bill.answer.document.due_date, day + timedelta(days=1))
            self.on(due, lambda then: self.pay(then, owed, owed.amount, received=False))

    def _close_month(self, day: date) -> None:
        """Bank charges, and the date up to which miscellaneous entries are complete (C2)."""
        charges = EntryLine(account=self.company.bank_charges, debit=1290)
        bank = EntryLine(account=RULES[self.company.new.country].accounts["bank"], credit=1290)
        entry = NewEntry(date=day, label="Frais bancaires", lines=(charges, bank))
        ledger.post_entry(self.store, self.book, entry, self.command("charges"))
        companies.synchronise_books(self.store, self.book, day, self.command("synchronise"))


def first_day(store: Store, company: Company, today: date) -> date:
    """The day on which the year began, when an earlier filling has begun it."""
    with suppress(UnknownBook):
        opened = store.past(company.book_id).last(COMPANY_TAG)
        if opened is not None:
            return opened.recorded_at.date()
    return today - timedelta(days=DAYS)
