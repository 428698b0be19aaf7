"""The register of sales documents (M12, M27, M36): one row a document, whatever its kind and stage.

A row says what the document's own events say. What is open on an issued document comes from its
lines on customers' accounts and their letterings, each a row of its own: a lettering names entries,
not documents. Whether a document is settled or has expired is told when the list is asked for.
"""

from collections.abc import Iterable

from msgspec.structs import replace

from domain.book.event import Event, Recorded
from domain.parties.company import AccountMapped, CompanyOpened
from domain.parties.contact import ContactChanged, ContactCreated
from projections.register import Register
from projections.rows import Need, Rows
from projections.sales_invoices import FOLDS as OF_INVOICES
from projections.sales_lines import SalesLine
from projections.sales_orders import FOLDS as OF_ORDERS
from projections.sales_orders import SalesOrder
from projections.sales_quotes import FOLDS as OF_QUOTES
from projections.sales_quotes import SalesQuote
from projections.sales_rows import (
    Fold,
    SalesBook,
    SalesDocument,
    SalesOpenLine,
    SalesParty,
    book_of,
)


def _open_book(_: Recorded, company: CompanyOpened, rows: Rows) -> None:
    rows.add(SalesBook((company.accounts["customers"],), company.time_zone))


def _map(_: Recorded, mapped: AccountMapped, rows: Rows) -> None:
    """The customers' account before stays theirs: what is open on it still is."""
    if mapped.role == "customers":
        book = book_of(rows)
        rows.put(replace(book, accounts=tuple(dict.fromkeys((*book.accounts, mapped.account)))))


def _name(_: Recorded, event: ContactCreated | ContactChanged, rows: Rows) -> None:
    rows.put(SalesParty(event.contact_id, event.details.name))


def _needs_of_contact(event: ContactCreated | ContactChanged) -> Iterable[Need]:
    return ((SalesParty, event.contact_id),)


FOLDS: dict[type[Event], Fold] = {
    CompanyOpened: Fold(lambda _: (), _open_book),
    AccountMapped: Fold(lambda _: ((SalesBook, ()),), _map),
    ContactCreated: Fold(_needs_of_contact, _name),
    ContactChanged: Fold(_needs_of_contact, _name),
    **OF_QUOTES,
    **OF_INVOICES,
    **OF_ORDERS,
}
"""What each kind of event needs and does."""


class SalesDocuments(Register):
    """Every document towards customers, from draft to settled."""

    name = "sales_documents"
    version = 4
    rows = (
        SalesDocument,
        SalesOpenLine,
        SalesLine,
        SalesOrder,
        SalesQuote,
        SalesParty,
        SalesBook,
    )
    events = tuple(FOLDS)

    def needs(self, event: Event) -> Iterable[Need]:
        return FOLDS[type(event)].needs(event)

    def apply(self, fact: Recorded, rows: Rows) -> None:
        FOLDS[type(fact.event)].apply(fact, fact.event, rows)
