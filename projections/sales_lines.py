"""What was sold, line by line: net and cost of each line of issued invoices and credit notes (M47).

Deposits are no sale: neither their own lines nor those that deduct them are here.
"""

from collections.abc import Iterable
from datetime import date

from domain.sales.credit_note import CreditNoteIssued
from domain.sales.document import Line
from domain.sales.invoice import InvoiceValidated
from domain.values.currency import EXPONENTS
from domain.values.money import half_up
from domain.values.quantity import exact, shortest
from projections.rows import Row

SOLD = ("item", "discount", "shipping")
"""The kinds of line that are a sale."""


class SalesLine(Row, frozen=True):
    """A line that was sold, negative on a credit note; `cost` is None where nobody said it."""

    table = "sales_line"
    key = ("position", "line")
    lasting = True

    position: int
    line: int
    date: date
    document_kind: str
    document_id: str
    number: str
    customer_id: str
    customer_name: str
    article_id: str
    description: str
    quantity: str
    rate: str
    currency: str
    net: int
    cost: int | None


def sold_in(position: int, issued: InvoiceValidated | CreditNoteIssued) -> Iterable[SalesLine]:
    """The lines of a document that are a sale, or take one back."""
    if isinstance(issued, InvoiceValidated):
        kind, document_id, sign = "invoice", issued.invoice_id, 1
    else:
        kind, document_id, sign = "credit_note", issued.credit_note_id, -1
    for nth, line in enumerate(issued.lines):
        if line.kind in SOLD:
            cost = cost_of(line, issued.currency)
            yield SalesLine(
                position=position,
                line=nth,
                date=issued.issue_date,
                document_kind=kind,
                document_id=document_id,
                number=issued.document_number,
                customer_id=issued.customer_id,
                customer_name=issued.customer.name,
                article_id=line.article_id,
                description=line.description,
                quantity=line.quantity,
                rate=shortest(line.vat_rate),
                currency=issued.currency,
                net=sign * line.net,
                cost=None if cost is None else sign * cost,
            )


def cost_of(line: Line, currency: str) -> int | None:
    """What a line cost the company, in minor units; discounts and shipping have no cost."""
    if line.kind != "item":
        return 0
    if not line.unit_cost:
        return None
    unit = 10 ** EXPONENTS[currency]
    return half_up(exact(line.unit_cost) * exact(line.quantity) * unit)
