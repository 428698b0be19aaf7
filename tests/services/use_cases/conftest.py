"""A real store with a clock that tests set, and a book that its company has opened."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from uuid import uuid4

import pytest

from domain.parties.contact import ContactDetails
from domain.parties.opening import NewCompany
from domain.sales.content import NewInvoice
from domain.sales.document import NewLine
from services import companies, directory, invoicing
from services.key_encryption import open_vault
from services.settings import Settings
from services.store.datastore import BookDatastore
from services.store.mapper import Mapper
from services.store.pen import Command
from services.store.store import Store
from tests.domain.steps import CUSTOMER, FRENCH, SUPPLIER, new_invoice


class Clock:
    """The time of commands; each is a millisecond after the one before."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)

    def __call__(self, _: datetime) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now


class Desk:
    """One company's book and the commands that test give."""

    def __init__(self, store: Store, clock: Clock, new: NewCompany = FRENCH) -> None:
        self.store = store
        self.clock = clock
        self.book = str(uuid4())
        self._numbers = count(1)
        companies.open_company(store, self.book, new, self.command())
        self.customer = self.contact(CUSTOMER)
        self.supplier = self.contact(SUPPLIER)

    def command(self) -> Command:
        """A command of its own."""
        return Command(id=f"cmd-{next(self._numbers)}", actor="test")

    def contact(self, details: ContactDetails) -> str:
        """A new contact's id."""
        written = directory.create_contact(self.store, self.book, details, self.command())
        return written.answer.contact_id

    def asked(self, *lines: NewLine) -> NewInvoice:
        """An invoice asked for in the name of the customer."""
        return new_invoice(*lines, customer_id=self.customer)

    def drafted(self, *lines: NewLine) -> str:
        """A new draft's id."""
        written = invoicing.draft_invoice(self.store, self.book, self.asked(*lines), self.command())
        return written.answer.invoice_id

    def invoiced(self, *lines: NewLine) -> str:
        """A validated invoice's id."""
        invoice_id = self.drafted(*lines)
        invoicing.validate_invoice(self.store, self.book, invoice_id, self.command())
        return invoice_id

    @property
    def size(self) -> int:
        """How many events the book has."""
        return self.store.head(self.book).size


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    """The desk of a French company, at nine in the morning of 16 March 2026."""
    clock = Clock()
    vault = open_vault(Settings())
    store = Store(BookDatastore(database_url), clock=clock, mapper=Mapper(vault=vault))
    yield Desk(store, clock)
    store.close()
