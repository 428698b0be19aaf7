"""A simulated year: every state of every document is lived through, and the books stay sound."""

from collections import Counter

import pytest

from domain.book.event import Event
from domain.ledger.entry import EntryPosted
from domain.reminders.events import REMINDER_EVENTS
from projections import sales_documents_view
from projections.sales_documents_view import SalesFilter
from services.demonstration import BELGIAN, COMPANIES, FRENCH, fill
from services.replay.engine import Engine
from services.replay.reading import Readers
from tests.simulation.conftest import OF_SALES, TODAY, Lived

STATES = {
    "quote": {"draft", "sent", "refused", "accepted", "invoiced"},
    "invoice": {
        "draft",
        "discarded",
        "validated",
        "partly_paid",
        "settled",
        "cancelled",
        "written_off",
    },
    "order": {"invoiced", "cancelled"},
    "delivery": {"invoiced", "cancelled"},
    "deposit_request": {"settled", "discarded"},
    "credit_note": {"settled"},
}
"""What the year must have come through, by kind of document."""


@pytest.mark.feature("M23", "M29", "M46", "M57")
def test_every_state_of_every_document_is_lived_through(lived: Lived) -> None:
    found: dict[str, set[str]] = {}
    engine, readers = Engine(lived.url), Readers(lived.url)
    for company in COMPANIES:
        engine.run_to_head(company.book_id)
        with readers.of(company.book_id) as conn:
            _, totals = sales_documents_view.summarise(conn, company.book_id, SalesFilter())
        for total in totals:
            found.setdefault(total.kind, set()).add(total.state)
    readers.close()
    engine.stop()
    assert {kind: states - found.get(kind, set()) for kind, states in STATES.items()} == {
        kind: set() for kind in STATES
    }, found


@pytest.mark.feature("M25", "M59", "M62", "M65")
def test_every_kind_of_invoice_is_issued_in_one_series_without_a_gap(lived: Lived) -> None:
    from domain.sales.invoice import InvoiceValidated

    kinds: set[str] = set()
    for company in COMPANIES:
        issued = [
            fact.event
            for fact in lived.store.read(company.book_id)
            if isinstance(fact.event, InvoiceValidated)
        ]
        kinds |= {invoice.kind for invoice in issued}
        numbers: dict[str, list[int]] = {}
        for invoice in issued:
            numbers.setdefault(invoice.series, []).append(invoice.number)
        for taken in numbers.values():
            assert taken == list(range(1, len(taken) + 1))
        days = [invoice.issue_date for invoice in issued]
        assert days == sorted(days)
    assert kinds == {"invoice", "deposit", "situation", "balance"}


def test_a_second_filling_changes_nothing(lived: Lived) -> None:
    sizes = [lived.store.head(company.book_id).size for company in COMPANIES]
    fill(lived.store, lived.clock, TODAY)
    assert [lived.store.head(company.book_id).size for company in COMPANIES] == sizes


@pytest.mark.feature("M63")
def test_a_deposit_never_lands_in_sales(lived: Lived) -> None:
    for company, sales in ((FRENCH, "70"), (BELGIAN, "70")):
        deposits = _entries_of_deposits(lived, company.book_id)
        assert deposits
        assert not any(line.account.startswith(sales) for entry in deposits for line in entry.lines)


def _entries_of_deposits(lived: Lived, book_id: str) -> list[EntryPosted]:
    from domain.sales.invoice import InvoiceValidated

    facts = list(lived.store.read(book_id))
    ids = {
        fact.event.invoice_id
        for fact in facts
        if isinstance(fact.event, InvoiceValidated) and fact.event.kind == "deposit"
    }
    return [
        fact.event
        for fact in facts
        if isinstance(fact.event, EntryPosted)
        and (fact.event.document.kind, fact.event.document.id) in {("invoice", one) for one in ids}
    ]


def test_every_event_of_sales_happens(lived: Lived) -> None:
    """An event that no year knows is an event nobody needs, or a story untold."""
    from domain.book.catalogue import EVENTS

    happened: Counter[type[Event]] = Counter()
    for company in COMPANIES:
        happened.update(type(fact.event) for fact in lived.store.read(company.book_id))
    sales = {event for event in EVENTS if event.__module__.startswith(OF_SALES)}
    assert {event.stored_as for event in sales - set(happened)} <= UNTOLD


UNTOLD = {
    # tests/services/reminders tells those of reminders
    *(event.stored_as for event in REMINDER_EVENTS),
    # a mailed link needs a mail server: tests/services/printing/test_document_links.py
    "document_link.sent.v1",
    "document_link.opened.v1",
    "article.account_changed.v1",
    "cash_discount.granted.v1",
    "article.archived.v1",
    "article.changed.v1",
    "article.restored.v1",
    "article.vat_changed.v1",
    "deposit.instalment_changed.v1",
    "invoice.deposit_settled.v1",
    "document.printed.v1",
    "logo.kept.v1",
    "template.versioned.v1",
}
"""Acts of the desk rather than of the trade; originals are printed while a server runs."""
