"""A company whose invoices are late, its register kept up, a press, and a real mail server."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from domain.ledger.entry import EntryPosted, document_tag
from domain.parties.contact import ContactDetails
from domain.parties.opening import NewCompany
from domain.reminders.reminder import Reminder
from domain.reminders.reminding import Named, NewReminder
from domain.sales.document import NewLine
from domain.treasury.lettering import NewLettering
from domain.treasury.matching import PartToLetter
from domain.treasury.payment import NewPayment
from services import treasury
from services.key_encryption import open_vault
from services.mailing import Mailer, read_url
from services.printing.originals import Printshop
from services.printing.press import Press
from services.reminders import reminding
from services.reminders.loading import get_reminder
from services.reminders.post import Postman
from services.reminders.reminding import Proposals
from services.replay.engine import Engine
from services.replay.reading import Readers
from services.settings import Settings
from services.store.datastore import BookDatastore
from services.store.mapper import Mapper
from services.store.store import Store
from tests.domain.steps import BELGIAN, CUSTOMER, FRENCH, NAMUR, new_line
from tests.services.printing.conftest import press, read
from tests.services.use_cases.conftest import Clock, Desk

__all__ = ["press", "read"]


class LateDesk(Desk):
    """A desk whose register follows each question; invoices are due 30 days after 1 March 2026."""

    def __init__(self, store: Store, clock: Clock, new: NewCompany = FRENCH) -> None:
        super().__init__(store, clock, new)
        self.engine = Engine(store.datastore.url)
        self.readers = Readers(store.datastore.url)

    def at(self, day: date) -> None:
        """It is nine in the morning of that day."""
        self.clock.now = datetime(day.year, day.month, day.day, 9, 0, tzinfo=UTC)

    def today(self) -> date:
        """The day it is."""
        return self.clock.now.date()

    def late(self, net: str = "1000.00", rate: str = "20", customer: str = "") -> str:
        """An invoice of 1 March, due on the 31st."""
        now, mine = self.clock.now, self.customer
        self.at(date(2026, 3, 1))
        self.customer = customer or mine
        line: NewLine = new_line(net, rate)
        invoice_id = self.invoiced(line)
        self.customer, self.clock.now = mine, now
        return invoice_id

    def entry(self, invoice_id: str) -> int:
        """The position of an invoice's entry."""
        nothing: int = 0
        return self.store.past(self.book).fold(
            lambda found, fact: fact.position if isinstance(fact.event, EntryPosted) else found,
            nothing,
            document_tag("invoice", invoice_id),
        )

    def pay(self, amount: int, day: date, party: str = "") -> int:
        """Money of the customer; the position of its entry."""
        new = NewPayment(
            direction="received",
            date=day,
            amount=amount,
            role="customers",
            party=party or self.customer,
        )
        return treasury.record_payment(self.store, self.book, new, self.command()).position

    def book_bank(self, day: date) -> None:
        """A movement of somebody else, so that the bank is booked up to that day."""
        new = NewPayment(direction="received", date=day, amount=1, role="suspense")
        treasury.record_payment(self.store, self.book, new, self.command())

    def letter(self, payment: int, invoice_id: str) -> str:
        """Letters a payment with an invoice; the lettering's id."""
        parts = (
            PartToLetter(entry=payment, line=1),
            PartToLetter(entry=self.entry(invoice_id), line=0),
        )
        new = NewLettering(parts=parts)
        done = treasury.letter_entries(self.store, self.book, new, self.command())
        return done.answer.lettering.lettering_id

    def propose(self) -> Proposals:
        """Who is due which letter today."""
        self.engine.run_to_head(self.book)
        return reminding.propose(self.store, self.readers, self.book)

    def remind(
        self, *invoices: str, level: int = 1, channel: str = "", customer: str = ""
    ) -> Reminder:
        """Issues a letter about invoices of one customer."""
        self.engine.run_to_head(self.book)
        new = NewReminder(
            customer_id=customer or self.customer,
            level=level,
            items=tuple(Named(self.entry(invoice_id), 0) for invoice_id in invoices),
            channel=channel,
        )
        return reminding.issue_reminder(
            self.store, self.readers, self.book, new, self.command()
        ).answer

    def seen(self, reminder: Reminder) -> Reminder:
        """A reminder as it stands now."""
        return get_reminder(self.store.past(self.book), reminder.document.reminder_id)

    def close(self) -> None:
        """Ends what it opened."""
        self.readers.close()
        self.engine.stop()


def mailed(**others: Any) -> ContactDetails:
    """A French company with a mail address."""
    fields = {name: getattr(CUSTOMER, name) for name in CUSTOMER.__struct_fields__}
    return ContactDetails(**{**fields, "email": "compta@cafe.example", **others})


def consumer(**others: Any) -> ContactDetails:
    """Somebody private in Namur."""
    return mailed(name="Élise Dumont", nature="private", address=NAMUR, **others)


@pytest.fixture
def late_desk(database_url: str) -> Iterator[LateDesk]:
    """A French company on 15 May 2026, its bank booked up to that day."""
    yield from _desk(database_url, FRENCH)


@pytest.fixture
def belgian(database_url: str) -> Iterator[LateDesk]:
    """A Belgian company, likewise."""
    yield from _desk(database_url, BELGIAN)


def _desk(url: str, new: NewCompany) -> Iterator[LateDesk]:
    clock = Clock()
    clock.now = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
    store = Store(BookDatastore(url), clock=clock, mapper=Mapper(vault=open_vault(Settings())))
    opened = LateDesk(store, clock, new)
    yield opened
    opened.close()
    store.close()


class Inbox:
    """What a mail server does with each message: takes it, or answers as it is told to."""

    def __init__(self) -> None:
        self.messages: list[bytes] = []
        self.answers: list[str] = []

    async def handle_RCPT(  # noqa: N802  the name that aiosmtpd calls
        self, _: SMTP, __: Session, envelope: Envelope, address: str, ___: list[str]
    ) -> str:
        """Takes an address, unless an answer is waiting."""
        if self.answers:
            return self.answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _: SMTP, __: Session, envelope: Envelope) -> str:  # noqa: N802
        """Takes a message."""
        content = envelope.content
        self.messages.append(content if isinstance(content, bytes) else (content or "").encode())
        return "250 OK"


class MailServer(Controller):
    """A server on whatever port is free."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def inbox() -> Inbox:
    """Where mails arrive."""
    return Inbox()


@pytest.fixture
def mailer(inbox: Inbox) -> Iterator[Mailer]:
    """A mailer to a real server on this machine."""
    server = MailServer(inbox, hostname="127.0.0.1", port=0)
    server.start()
    yield Mailer(read_url(f"smtp://127.0.0.1:{server.port}"), "Paraphe <compta@atelier.example>")
    server.stop()


def postman(desk: LateDesk, press: Press, mailer: Mailer | None) -> Postman:
    """Lets the desk's reminders leave."""
    return Postman(desk.store, Printshop(desk.store, press), mailer)
