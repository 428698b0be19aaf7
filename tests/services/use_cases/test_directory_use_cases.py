"""Contacts and articles on documents: defaults are resolved at creation, and then they stay."""

from typing import Any

import pytest
from msgspec.structs import replace

from domain.articles.article import ArticleDetails, ArticleIsArchived, Component
from domain.book.refusal import Refusals
from domain.parties.contact import ContactIsArchived
from domain.parties.particulars import AccountingData, AssignedTemplates
from domain.purchases.bill import BillRecorded
from domain.sales.document import NewLine
from domain.sales.invoice import InvoiceValidated
from services import articles, directory, invoicing, purchasing
from tests.domain.steps import CUSTOMER, SUPPLIER, new_bill, new_invoice
from tests.services.use_cases.conftest import Desk

CLIENT = replace(
    CUSTOMER,
    language="en",
    payment_days=30,
    end_of_month=True,
    templates=AssignedTemplates(),
    accounting=AccountingData(sales_account="706100"),
)
HOUR = ArticleDetails(code="HOUR", label="Pose", unit="HUR", unit_price="48.50", vat_rate="10")
DESK = ArticleDetails(
    code="DESK", label="Bureau", unit_price="250", vat_rate="20", nature="goods", unit_cost="140"
)


def stock(desk: Desk, details: ArticleDetails) -> str:
    """A new article's id."""
    made = articles.create_article(desk.store, desk.book, details, desk.command())
    return made.answer.article_id


def kit(desk: Desk) -> tuple[str, str, str]:
    """A composed article of one desk and two and a half hours, and both."""
    table, hour = stock(desk, DESK), stock(desk, HOUR)
    whole = stock(desk, ArticleDetails(code="KIT", label="Bureau posé"))
    parts = [
        Component(article_id=table, quantity="1"),
        Component(article_id=hour, quantity="2.5"),
    ]
    articles.compose_article(desk.store, desk.book, whole, parts, desk.command())
    return whole, table, hour


def draft(desk: Desk, customer: str, *lines: NewLine, **more: Any) -> Any:
    """A draft as it is known."""
    new = new_invoice(*lines, customer_id=customer, **more)
    return invoicing.draft_invoice(desk.store, desk.book, new, desk.command()).answer


@pytest.mark.feature("M4", "M8", "M20")
def test_a_draft_takes_what_its_articles_and_its_customer_say(desk: Desk) -> None:
    whole, table, hour = kit(desk)
    customer = desk.contact(CLIENT)
    made = draft(desk, customer, NewLine(description="", quantity="2", article_id=whole))
    heading, first, second = made.content.lines
    assert (heading.kind, heading.description, heading.article_id) == (
        "text",
        "2 × Bureau posé",
        whole,
    )
    assert [(x.article_id, x.quantity, x.net, x.account) for x in (first, second)] == [
        (table, "2", 50_000, "706100"),
        (hour, "5", 24_250, "706100"),
    ]
    assert made.content.language == "en"
    assert draft(desk, customer, language="nl").content.language == "nl"
    assert draft(desk, desk.customer).content.language == "fr"


@pytest.mark.feature("M4", "M9", "M30")
def test_a_validated_invoice_never_moves(desk: Desk) -> None:
    """Goal: what it says is the same after everything it came from has changed."""
    whole, table, hour = kit(desk)
    customer = desk.contact(CLIENT)
    made = draft(desk, customer, NewLine(description="", quantity="1", article_id=whole))
    validated = invoicing.validate_invoice(desk.store, desk.book, made.invoice_id, desk.command())
    before = validated.answer
    assert str(getattr(before, "document").due_date) == "2026-04-30"  # noqa: B009

    ids = [whole, table, hour]
    articles.change_vat(desk.store, desk.book, ids, desk.command(), category="S", rate="5.5")
    articles.change_account(
        desk.store, desk.book, ids, desk.command(), side="sales", account="707900"
    )
    articles.compose_article(desk.store, desk.book, whole, [], desk.command())
    articles.archive_article(desk.store, desk.book, hour, desk.command())
    directory.change_contact(
        desk.store,
        desk.book,
        customer,
        replace(CLIENT, name="Autre", payment_days=0),
        desk.command(),
    )
    directory.archive_contact(desk.store, desk.book, customer, desk.command())

    book = desk.store.past(desk.book)
    assert invoicing.get_invoice(book, made.invoice_id) == before
    issued = [x.event for x in desk.store.read(desk.book) if isinstance(x.event, InvoiceValidated)]
    assert issued == [getattr(before, "document")]  # noqa: B009


@pytest.mark.feature("M1", "M7")
def test_what_is_put_away_stands_on_no_new_document(desk: Desk) -> None:
    hour = stock(desk, HOUR)
    articles.archive_article(desk.store, desk.book, hour, desk.command())
    with pytest.raises(Refusals) as error:
        draft(desk, desk.customer, NewLine(description="", article_id=hour))
    assert isinstance(error.value.refused, ArticleIsArchived)
    assert error.value.refused.pointer == "/lines/0/article_id"
    directory.archive_contact(desk.store, desk.book, desk.customer, desk.command())
    with pytest.raises(Refusals) as error:
        draft(desk, desk.customer)
    assert isinstance(error.value.refused, ContactIsArchived)
    assert error.value.refused.pointer == "/customer_id"


@pytest.mark.feature("M4")
def test_a_bill_goes_to_its_suppliers_account_and_terms(desk: Desk) -> None:
    supplier = desk.contact(
        replace(
            SUPPLIER,
            external_id="s",
            end_of_month=True,
            accounting=AccountingData(purchase_account="606400"),
        )
    )
    new = new_bill(supplier_id=supplier)
    purchasing.record_bill(desk.store, desk.book, new, desk.command())
    (bill,) = [x.event for x in desk.store.read(desk.book) if isinstance(x.event, BillRecorded)]
    assert [line.account for line in bill.lines] == ["606400"]
    assert str(bill.due_date) == "2026-04-30"


@pytest.mark.feature("M1", "M3")
def test_a_contact_comes_and_goes_with_its_personal_fields(desk: Desk) -> None:
    contact = desk.contact(replace(CUSTOMER, email="a@b.example", phone="0123456789"))
    gone = directory.archive_contact(desk.store, desk.book, contact, desk.command()).answer
    assert (gone.archived, gone.details.email) == (True, "a@b.example")
    back = directory.restore_contact(desk.store, desk.book, contact, desk.command()).answer
    assert (back.archived, back.details.phone) == (False, "0123456789")
