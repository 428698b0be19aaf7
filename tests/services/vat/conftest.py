"""A Belgian company at its desk: what it sells and buys, and the VAT register as it stands."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from typing import Any

import pytest
from msgspec.structs import replace
from psycopg import Connection
from pydantic import SecretStr

from domain.ledger.vat_return import Filing
from domain.parties.contact import ContactDetails
from domain.parties.opening import NewCompany
from domain.parties.particulars import PartyNature
from domain.purchases.bill import BillLine
from domain.purchases.recording import NewBill
from domain.sales.credit_note import NewCreditNote
from domain.sales.document import NewLine
from domain.values.vat import VatAmount, VatCategory
from services import invoicing, purchasing, vat_returns
from services.backend import Backend, open_backend
from services.files.intervat import ReturnWishes
from services.loading import load_company
from services.settings import Settings
from services.store.store import Written
from services.vat_returns import Sheet, load_filings, period_named, see_return
from tests.domain.steps import BELGIAN, CUSTOMER, FRENCH, SUPPLIER, new_invoice
from tests.services.use_cases.conftest import Clock, Desk


class VatDesk(Desk):
    """What a company sells and buys on given days, and its returns."""

    def __init__(self, backend: Backend, clock: Clock, new: NewCompany = BELGIAN) -> None:
        self.backend = backend
        self.references = 0
        super().__init__(backend.store, clock, new)
        self.client = self.someone("BE", "BE0477472701")

    def at(self, day: date) -> None:
        """It is the morning of that day."""
        self.clock.now = datetime(day.year, day.month, day.day, 9, 0, tzinfo=UTC)

    def someone(
        self,
        country: str,
        vat_number: str,
        *,
        supplier: bool = False,
        nature: PartyNature = "company",
    ) -> str:
        """A contact elsewhere."""
        known = SUPPLIER if supplier else CUSTOMER
        address = replace(known.address, country=country)
        return self.contact(
            ContactDetails(
                name=f"Partner {vat_number or country}",
                roles=known.roles,
                address=address,
                vat_number=vat_number,
                nature=nature,
            )
        )

    def sold(self, day: date, cents: int, *, to: str = "", **line: Any) -> str:
        """A validated invoice of one line."""
        self.at(day)
        price = f"{cents // 100}.{cents % 100:02}"
        new = new_invoice(
            NewLine(description="x", unit_price=price, **{"vat_rate": "21", **line}),
            customer_id=to or self.client,
        )
        made = invoicing.draft_invoice(self.store, self.book, new, self.command())
        invoice_id = made.answer.invoice_id
        invoicing.validate_invoice(self.store, self.book, invoice_id, self.command())
        return invoice_id

    def credited(self, day: date, invoice_id: str) -> None:
        """A credit note on all of an invoice."""
        self.at(day)
        new = NewCreditNote(reason="retour")
        invoicing.issue_credit_note(self.store, self.book, invoice_id, new, self.command())

    def bought(
        self,
        day: date,
        net: int,
        *,
        category: VatCategory = "S",
        rate: str = "21",
        by: str = "",
        credit: bool = False,
        **line: str,
    ) -> int:
        """A recorded bill of one line; its event's position."""
        self.at(day)
        return self.bought_later(
            day, net, category=category, rate=rate, by=by, credit=credit, **line
        )

    def bought_later(
        self,
        day: date,
        net: int,
        *,
        category: VatCategory = "S",
        rate: str = "21",
        by: str = "",
        credit: bool = False,
        **line: str,
    ) -> int:
        """A bill dated that day and recorded now; its event's position."""
        self.references += 1
        tax = net * 21 // 100 if category == "S" else 0
        percent = rate if category == "S" else "0"
        new = NewBill(
            supplier_id=by or self.supplier,
            supplier_reference=f"R-{self.references}",
            issue_date=day,
            lines=(BillLine(description="x", net=net, **line),),  # type: ignore[arg-type]
            vat=(VatAmount(category=category, rate=percent, base=net, tax=tax),),
            kind="credit_note" if credit else "invoice",
        )
        return purchasing.record_bill(self.store, self.book, new, self.command()).answer.position

    def reading(self) -> AbstractContextManager[Connection[Any]]:
        """A connection on which the VAT register is found as it is now."""
        self.backend.engine.run_to_head(self.book)
        return self.backend.readers.of(self.book)

    def sheet(self, period: str) -> Sheet:
        """The return of a period as it stands."""
        past = self.store.past(self.book)
        company, filings = load_company(past), load_filings(past)
        with self.reading() as conn:
            return see_return(conn, self.book, company, filings, period_named(period))

    def file(self, period: str, **wishes: Any) -> Written[Filing]:
        """Files the return of a period."""
        return vat_returns.file_return(
            self.store,
            self.book,
            period_named(period),
            ReturnWishes(**wishes),
            self.command(),
            reading=self.reading,
        )


@pytest.fixture(scope="session")
def vat_backend(database_url: str) -> Iterator[Backend]:
    """The backend on the worker's database, with a clock that tests set."""
    with open_backend(Settings(database_url=SecretStr(database_url)), clock=Clock()) as opened:
        yield opened


@pytest.fixture
def desk(vat_backend: Backend) -> VatDesk:
    """The desk of a new Belgian company."""
    clock = vat_backend.store.clock
    assert isinstance(clock, Clock)
    clock.now = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
    return VatDesk(vat_backend, clock)


@pytest.fixture
def french(desk: VatDesk) -> VatDesk:
    """The desk of a new French company."""
    clock = desk.clock
    return VatDesk(desk.backend, clock, FRENCH)
