"""What was sold: the lines of issued documents, their cost, and none of the deposits."""

from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.sales.credit_note import CreditNoteIssued
from domain.sales.document import Line
from domain.sales.invoice import InvoiceValidated
from projections.sales_documents import SalesDocuments
from projections.sales_lines import cost_of
from projections.sales_lines_view import SoldFilter, SoldRow, list_best, list_lines, summarise
from services.replay.as_of import loaded
from services.replay.connection import connect
from services.store.migrations import migrate
from tests.books import recorded
from tests.sales_books import make_sales_book


def line(**said: str) -> Line:
    """A line of 100.00."""
    said = {"quantity": "1", "unit_price": "100", **said}
    return Line(description="Affiche", net=10_000, vat_category="S", vat_rate="20", **said)  # type: ignore[arg-type]


@pytest.mark.feature("M47")
@pytest.mark.parametrize(
    ("said", "cost"),
    [
        ({"unit_cost": "12.345", "quantity": "3"}, 3_704),
        ({"unit_cost": "0.005"}, 1),
        ({"unit_cost": "0"}, 0),
        ({"unit_cost": "60", "quantity": "-1"}, -6_000),
        ({}, None),
        ({"kind": "discount"}, 0),
        ({"kind": "shipping", "unit_cost": "5"}, 0),
    ],
)
def test_the_cost_of_a_line_is_rounded_once(said: dict[str, str], cost: int | None) -> None:
    assert cost_of(line(**said), "EUR") == cost


@pytest.mark.feature("M47")
@settings(max_examples=20)
@given(st.integers(0, 10**9), st.integers(1, 20))
def test_what_was_sold_is_what_documents_say(database_url: str, seed: int, limit: int) -> None:
    """Goal: the lines add up to the net of all documents, in pages of any size and by customer.
    Method: random books without deposits, whose documents are read one by one."""
    migrate(database_url)
    events, book = make_sales_book(seed, 120), str(uuid4())
    nets: dict[str, int] = {}
    for event in events:
        if isinstance(event, InvoiceValidated | CreditNoteIssued):
            sign = 1 if isinstance(event, InvoiceValidated) else -1
            customer = event.customer_id
            nets[customer] = nets.get(customer, 0) + sign * event.totals.net
    with (
        connect(database_url) as conn,
        loaded(conn, [SalesDocuments()], book, recorded(events, book)) as scratch,
    ):
        rows: list[SoldRow] = []
        after = None
        while True:
            page = list_lines(scratch, book, SoldFilter(), after=after, limit=limit)
            rows += page.rows
            if (after := page.next) is None:
                break
        _, totals = summarise(scratch, book, SoldFilter())
        best = list_best(scratch, book, SoldFilter(), "customer_id", 100)
    assert [row.date for row in rows] == sorted(row.date for row in rows)
    assert sum(row.net for row in rows) == sum(nets.values()) == sum(t.net for t in totals)
    assert {each.id: each.net for each in best} == nets
    assert [each.net for each in best] == sorted(nets.values(), reverse=True)
