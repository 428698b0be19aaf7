"""The rows of sales documents, and how folds make and find them."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, NamedTuple

from domain.book.event import Recorded
from domain.sales.content import Content
from domain.sales.document import PrintedParty, Totals, add_up
from projections.rows import Need, Row, Rows
from projections.searching import words_of


class SalesDocument(Row, frozen=True):
    """A document; `stage` is where its own events have brought it, `date` its day in the list.

    `date` is the day of issue, before that the day on which it was begun. `credited` is what credit
    notes took back of it, VAT included. `words` are what a search looks through, folded.
    `probability` is a quote's, in percent; None where nobody said.
    """

    table = "sales_document"
    key = ("id",)

    id: str
    position: int
    kind: str
    type: str
    number: str
    stage: str
    issue_date: date | None
    due_date: date | None
    valid_until: date | None
    date: date
    customer_id: str
    customer_name: str
    currency: str
    net: int
    tax: int
    gross: int
    credited: int
    written_off: bool
    external_id: str
    quote_id: str
    invoice_id: str
    words: str
    probability: int | None = None


class SalesOpenLine(Row, frozen=True):
    """A line of a document's entry on a customers' account; `open` is debit minus credit."""

    table = "sales_open_line"
    key = ("entry", "line")

    entry: int
    line: int
    document_id: str
    amount: int
    open: int


class SalesParty(Row, frozen=True):
    """A customer's name today, for drafts."""

    table = "sales_party"
    key = ("party",)

    party: str
    name: str


class SalesBook(Row, frozen=True):
    """The accounts that ever were the customers' own, and the company's legal time zone."""

    table = "sales_book"
    key = ()

    accounts: tuple[str, ...]
    time_zone: str


class Fold(NamedTuple):
    """What an event needs to know and does; given the event itself, and it as it was recorded."""

    needs: Callable[[Any], Iterable[Need]]
    apply: Callable[[Recorded, Any, Rows], None]


def amounts_of(totals: Totals) -> dict[str, int]:
    """The totals as a row has them."""
    return {"net": totals.net, "tax": totals.tax, "gross": totals.gross}


def known(rows: Rows, document_id: str) -> SalesDocument:
    """A document that must be there; raises LookupError."""
    document = rows.get(SalesDocument, document_id)
    if document is None:
        raise LookupError(f"no sales document {document_id}")
    return document


def numbered(
    fact: Recorded,
    event: Any,
    document_id: str,
    *,
    kind: str,
    stage: str,
    customer: PrintedParty,
    content: Content,
) -> SalesDocument:
    """A document of a series of its own, numbered when it is made (quote, order…)."""
    return SalesDocument(
        id=document_id,
        position=fact.position,
        kind=kind,
        type="",
        number=event.document_number,
        stage=stage,
        date=event.issue_date,
        issue_date=event.issue_date,
        due_date=None,
        valid_until=None,
        customer_id=content.customer_id,
        customer_name=customer.name,
        currency=content.currency,
        **amounts_of(add_up(content.lines)),
        credited=0,
        written_off=False,
        external_id=content.external_id,
        quote_id="",
        invoice_id="",
        words=words_of(_searched(event.document_number, customer, content)),
    )


def _searched(number: str, customer: PrintedParty, content: Content) -> tuple[str, ...]:
    """What of a document a search looks through."""
    own = (content.external_id, content.buyer_reference, content.note)
    return (number, customer.name, *own)


def book_of(rows: Rows) -> SalesBook:
    """What holds for the whole book."""
    return rows.get(SalesBook, ()) or SalesBook((), "Europe/Paris")
