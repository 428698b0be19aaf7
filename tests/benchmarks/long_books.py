"""Long books, quickly: the decisions that commands take, a hundred invoices in one transaction.

The events, numbers, chain and head are those that as many commands would have left: the use cases
only load what this remembers. `audit verify` passes on such a book.
"""

import random
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from uuid import uuid4

from msgspec import Struct

from domain.book.event import Recorded
from domain.ledger.entering import Standing, entry_series
from domain.ledger.entry import EntryPosted
from domain.parties import company as companies
from domain.parties import contact as contacts
from domain.parties import describing, introducing, opening
from domain.parties.company import Address, Company
from domain.parties.contact import Contact, ContactDetails
from domain.sales import invoice, validation
from domain.sales.content import NewInvoice
from domain.sales.document import NewLine
from domain.sales.invoice import Draft, InvoiceValidated
from domain.treasury import lettering, payment
from domain.treasury.lettering import EntriesLettered, NewLettering, Planned, Settled
from domain.treasury.matching import PartToLetter
from domain.treasury.payment import NewPayment
from domain.values.days import fiscal_year
from services.demonstration.cast import FRENCH
from services.identity import new_id
from services.store.pen import Command, Pen
from services.store.store import Store

CHUNK = 100
PAID_AT_ONCE = 5
DAYS = 300
HERE = Address(street="1, rue de l'Exemple", postal_code="37000", city="Tours", country="FR")


class Owed(Struct, frozen=True):
    """An entry with an open customer's line, and its amount."""

    position: int
    entry: EntryPosted
    amount: int


class Calendar:
    """The clock of a long book: invoices are spread over the last 300 days."""

    def __init__(self) -> None:
        self.day = datetime.now(UTC).date() - timedelta(days=DAYS)

    def __call__(self, database_time: datetime) -> datetime:
        return min(datetime.combine(self.day, time(12), UTC), database_time)


class LongBook:
    """A French company with customers who pay five invoices at once, up to the last ones."""

    def __init__(self, store: Store, calendar: Calendar, customers: int = 50) -> None:
        self.book_id = str(uuid4())
        self._store = store
        self._calendar = calendar
        self._first_day = calendar.day
        self._chance = random.Random(customers)
        self._company: Company
        self._customers: list[Contact] = []
        self._owed: dict[str, deque[Owed]] = {}
        self._newest: dict[str, Recorded] = {}
        self._letters: dict[tuple[str, int], EntriesLettered] = {}
        store.open_book(self.book_id)
        self._write(lambda pen: self._open(pen, customers))

    def live(self, invoices: int, still_open: int) -> None:
        """So many invoices are sent; all but about the last `still_open` are paid and lettered."""
        for done in range(0, invoices, CHUNK):
            self._calendar.day = self._first_day + timedelta(days=done * DAYS // invoices)
            self._write(lambda pen: self._sell(pen, CHUNK, still_open))

    def draft(self, count: int, store: Store | None = None) -> list[str]:
        """So many drafts more, for commands to validate; gives their ids.

        `store`: one with today's clock, for a book that has lived up to yesterday.
        """
        self._store = store or self._store
        drafted: list[str] = []

        def decide(pen: Pen) -> None:
            for _ in range(min(CHUNK, count - len(drafted))):
                drafted.append(self._draft(pen).invoice_id)

        while len(drafted) < count:
            self._write(decide)
        return drafted

    @property
    def customer_ids(self) -> list[str]:
        """The customers, for commands about them."""
        return [customer.contact_id for customer in self._customers]

    def still_owed(self) -> list[tuple[str, Owed]]:
        """What customers have not paid, each with whose it is."""
        return [(customer, owed) for customer, all_ in self._owed.items() for owed in all_]

    def _write(self, what: Callable[[Pen], None]) -> None:
        command = Command(id=str(uuid4()), actor="benchmark")
        self._store.write(self.book_id, command, what, lambda _: None)

    def _open(self, pen: Pen, customers: int) -> None:
        [opened] = pen.append(opening.open_book(None, FRENCH.new))
        company = companies.evolve(None, opened)
        [described] = pen.append(describing.describe(company, FRENCH.description))
        company = companies.evolve(company, described)
        assert company is not None
        self._company = company
        for nth in range(customers):
            details = ContactDetails(name=f"Client {nth:04d}", roles=("customer",), address=HERE)
            made = contacts.of_fact(pen.append(introducing.create(new_id("ctc"), details, None))[0])
            assert made is not None
            self._customers.append(made)

    def _draft(self, pen: Pen) -> Draft:
        """A draft of two lines for one of the customers."""
        price = self._chance.randrange(1_000, 90_000)
        lines = tuple(
            NewLine(
                description="Pose de menuiseries, rénovation",
                quantity="2.5",
                unit_price=f"{price // 100}.{price % 100:02d}",
                vat_rate=rate,
            )
            for rate in ("20", "10")
        )
        customer = self._chance.choice(self._customers)
        new = NewInvoice(customer_id=customer.contact_id, lines=lines)
        [drafted] = pen.append(
            invoice.draft(
                new_id("inv"), new, company=self._company, customer=customer, namesake=None
            )
        )
        draft = invoice.evolve(None, drafted)
        assert isinstance(draft, Draft)
        return draft

    def _sell(self, pen: Pen, count: int, still_open: int) -> None:
        """Sends invoices; a customer who owes more than the others' share pays the oldest."""
        patience = still_open // len(self._customers)
        by_id = {customer.contact_id: customer for customer in self._customers}
        for _ in range(count):
            draft = self._draft(pen)
            customer = by_id[draft.content.customer_id]
            issued, entered = self._issue(pen, draft, customer)
            owed = self._owed.setdefault(customer.contact_id, deque())
            owed.append(_owed(entered, issued.totals.gross))
            if len(owed) >= patience + PAID_AT_ONCE:
                self._receive(pen, customer, [owed.popleft() for _ in range(PAID_AT_ONCE)])

    def _issue(
        self, pen: Pen, draft: Draft, customer: Contact
    ) -> tuple[InvoiceValidated, Recorded]:
        series = validation.series_on(self._company, self._calendar.day)
        standing = self._standing("VE", series)
        decision = validation.validate(draft, draft.invoice_id, customer, standing)
        issued, entered = pen.append(decision)
        self._newest[series], self._newest[self._entries("VE")] = issued, entered
        assert isinstance(issued.event, InvoiceValidated)
        return issued.event, entered

    def _receive(self, pen: Pen, customer: Contact, paid: list[Owed]) -> None:
        """One payment of several invoices, lettered with them."""
        amount = sum(each.amount for each in paid)
        new = NewPayment(
            direction="received",
            date=self._calendar.day,
            amount=amount,
            role="customers",
            party=customer.contact_id,
        )
        standing = self._standing("BQ")
        _, entered = pen.append(payment.record(new_id("pay"), new, customer, standing))
        self._newest[self._entries("BQ")] = entered
        lines = [*paid, _owed(entered, amount)]
        entries = {each.position: each.entry for each in lines}
        parts = tuple(PartToLetter(entry=x.position, line=third_party_line(x.entry)) for x in lines)
        settled = {position: Settled(entry=position) for position in entries}
        planned = lettering.plan(NewLettering(parts=parts), entries, settled)
        assert isinstance(planned, Planned)
        year = fiscal_year(planned.date, self._company.fiscal_year_start_month)
        last = self._letters.get((planned.account, year))
        [lettered] = pen.append(lettering.letter(new_id("let"), planned, year, last, {}))
        assert isinstance(lettered.event, EntriesLettered)
        self._letters[planned.account, year] = lettered.event

    def _standing(self, journal: str, series: str = "") -> Standing:
        return Standing(
            company=self._company,
            journal=journal,
            lock=None,
            today=self._calendar.day,
            last_entry=self._newest.get(self._entries(journal)),
            last_document=self._newest.get(series),
        )

    def _entries(self, journal: str) -> str:
        return entry_series(self._company, journal, self._calendar.day)


def _owed(entered: Recorded, amount: int) -> Owed:
    assert isinstance(entered.event, EntryPosted)
    return Owed(entered.position, entered.event, amount)


def third_party_line(entry: EntryPosted) -> int:
    """Where the customer's line stands in an entry of ours."""
    return next(nth for nth, line in enumerate(entry.lines) if line.party)
