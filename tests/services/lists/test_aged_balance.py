"""The aged balance on a day past, with the two bug reports that it is known for getting wrong."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from domain.treasury.lettering import NewLettering
from domain.treasury.matching import PartToLetter
from domain.treasury.payment import NewPayment
from projections.unpaid_view import AgedParty, UnpaidFilter, list_items
from services import invoicing, treasury
from services.key_encryption import open_vault
from services.lists.reports import REPORTS, AgedFilter
from services.settings import Settings
from services.store.datastore import BookDatastore
from services.store.mapper import Mapper
from services.store.store import Store
from tests.domain.steps import new_invoice, new_line
from tests.services.lists.conftest import Office
from tests.services.use_cases.conftest import Clock, Desk


class Till:
    """A company whose clock is set before it sells and is paid; amounts are cents."""

    def __init__(self, url: str, begins: date) -> None:
        self.clock = Clock()
        self.store = Store(
            BookDatastore(url), clock=self.clock, mapper=Mapper(vault=open_vault(Settings()))
        )
        self.on(begins)
        self.desk = Desk(self.store, self.clock)

    def on(self, day: date) -> None:
        """It is nine in the morning of that day."""
        self.clock.now = datetime.combine(day, time(9), UTC)

    def sell(self, day: date, net: str, due: date | None = None) -> PartToLetter:
        """The customer's line of an invoice that is issued that day; without VAT."""
        self.on(day)
        line = new_line(net, "0", vat_category="E", exemption="Article 261")
        new = new_invoice(line, customer_id=self.desk.customer, due_date=due)
        store, book = self.store, self.desk.book
        drafted = invoicing.draft_invoice(store, book, new, self.desk.command())
        invoice_id = drafted.answer.invoice_id
        issued = invoicing.validate_invoice(store, book, invoice_id, self.desk.command())
        return PartToLetter(entry=issued.position, line=0)

    def pay(self, day: date, amount: int) -> PartToLetter:
        """The customer's line of money that comes in that day."""
        self.on(day)
        new = NewPayment(
            direction="received",
            date=day,
            amount=amount,
            role="customers",
            party=self.desk.customer,
        )
        paid = treasury.record_payment(self.store, self.desk.book, new, self.desk.command())
        return PartToLetter(entry=paid.position, line=1)

    def letter(self, *parts: PartToLetter) -> None:
        """These lines settle each other."""
        new = NewLettering(parts=parts)
        treasury.letter_entries(self.store, self.desk.book, new, self.desk.command())


@pytest.fixture
def open_till(database_url: str) -> Iterator[Any]:
    """A function from the day on which a company begins to its till."""
    made: list[Till] = []

    def begin(day: date) -> Till:
        made.append(Till(database_url, day))
        return made[-1]

    yield begin
    for till in made:
        till.store.close()


def aged(office: Office, book: str, day: date, by: str = "due_date") -> AgedParty:
    """The one row of the aged balance as of a day."""
    office.engine.run_to_head(book)
    wanted = AgedFilter(on=day, as_of=day, by=by)  # type: ignore[arg-type]
    with office.readers.of(book) as conn:
        (row,) = REPORTS["aged_balance"].read(conn, book, wanted, "party", None, 100).rows
    assert isinstance(row, AgedParty)
    assert row.open == sum(row.bands)
    return row


@pytest.mark.feature("F9", "V26", "C4")
def test_f9_what_is_left_is_as_old_as_its_invoice(office: Office, open_till: Any) -> None:
    """odoo #16235: 10 000 due on 28 February, 4 500 paid before: 5 500 are 35 days late."""
    till = open_till(date(2016, 11, 1))
    early = till.pay(date(2016, 11, 9), 1500_00)
    invoice = till.sell(date(2016, 11, 30), "10000", due=date(2017, 2, 28))
    same_day = till.pay(date(2016, 11, 30), 1000_00)
    till.letter(invoice, early, same_day)
    till.letter(invoice, till.pay(date(2017, 1, 30), 2000_00))
    book = till.desk.book
    assert aged(office, book, date(2017, 4, 4)).bands == [0, 0, 5500_00, 0, 0]
    assert aged(office, book, date(2017, 1, 15)).bands == [7500_00, 0, 0, 0, 0]
    assert aged(office, book, date(2016, 11, 20)).bands == [0, -1500_00, 0, 0, 0]


@pytest.mark.feature("F10", "V26", "C4")
def test_f10_money_of_a_later_month_settles_nothing_yet(office: Office, open_till: Any) -> None:
    """OCA #546: at the end of April 100 000, 50 000 and −1 000 are open: 149 000 together."""
    till = open_till(date(2026, 2, 1))
    early = till.pay(date(2026, 2, 16), 1000_00)
    march = [till.sell(date(2026, 3, day), "10000") for day in (10, 12, 16, 18, 20)]
    till.sell(date(2026, 4, 15), "100000")
    till.letter(*march, early, till.pay(date(2026, 5, 12), 49_000_00))
    book, end = till.desk.book, date(2026, 4, 30)
    row = aged(office, book, end, by="issue_date")
    assert row.bands == [0, 100_000_00, 50_000_00, -1000_00, 0]
    assert row.open == 149_000_00
    with office.readers.of(book) as conn:
        items = list_items(conn, book, UnpaidFilter(as_of=end)).rows
    assert sorted(item.open for item in items) == [-1000_00, *[10_000_00] * 5, 100_000_00]
    assert aged(office, book, date(2026, 5, 12), by="issue_date").open == 100_000_00
