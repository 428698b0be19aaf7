"""Quotes, deposits and situations in the register of sales documents, stage by stage."""

from datetime import date
from typing import Any

import pytest

from domain.book.event import Event
from domain.deposits.deposit import (
    DepositInstalmentChanged,
    DepositInstalmentDeleted,
    DepositInstalmentOpened,
    DepositRequested,
    DepositSettled,
)
from domain.quotes.quote import (
    QuoteAccepted,
    QuoteContent,
    QuoteDrafted,
    QuoteRefused,
    QuoteRestored,
    QuoteRevised,
    QuoteSent,
)
from domain.sales.content import DocumentLink, InvoiceContent, Situation, SituationLine
from domain.sales.document import Line, PrintedParty
from domain.sales.invoice import InvoiceDiscarded, InvoiceDrafted
from domain.sales.write_off import InvoiceWrittenOff
from projections.sales_documents import SalesDocuments
from projections.sales_rows import SalesDocument
from tests.books import HERE, make_book, recorded
from tests.registers import in_memory

DAY = date(2026, 3, 2)
LINK = DocumentLink(kind="quote", id="quo_1", number="DE-1", issue_date=DAY)
PARTY = PrintedParty(name="Durand", address=HERE)


def line(net: int) -> Line:
    """A line of so much, at 20 %."""
    return Line(
        description="Mur",
        quantity="1",
        unit_price=str(net // 100),
        net=net,
        vat_category="S",
        vat_rate="20",
    )


def quote(net: int = 100_000, **more: Any) -> QuoteContent:
    """What a quote says."""
    return QuoteContent(customer_id="con_0000", lines=(line(net),), currency="EUR", **more)


DRAFTED = QuoteDrafted(
    quote_id="quo_1",
    series="DE",
    number=1,
    document_number="DE-1",
    issue_date=DAY,
    content=quote(valid_until=date(2026, 4, 1)),
)
ACCEPTED: list[Event] = [
    DRAFTED,
    QuoteSent(quote_id="quo_1"),
    QuoteAccepted(quote_id="quo_1", accepted_on=DAY),
]


def situation(invoice: str, cumulative: int) -> InvoiceDrafted:
    """A draft situation of the quote, up to so much."""
    progress = SituationLine(quoted=100_000, before=0, cumulative=cumulative, percent="50")
    return InvoiceDrafted(
        invoice_id=invoice,
        content=InvoiceContent(
            customer_id="con_0000",
            lines=(line(cumulative),),
            currency="EUR",
            kind="situation",
            links=(LINK,),
            situation=Situation(ordinal=1, lines=(progress,)),
        ),
    )


def discarded(invoice: str) -> InvoiceDiscarded:
    """That draft is given up."""
    return InvoiceDiscarded(invoice_id=invoice, reason="Non", links=(LINK,))


def lost(invoice: str) -> InvoiceWrittenOff:
    """What is open of an invoice is lost."""
    return InvoiceWrittenOff(
        write_off_id="wof_1",
        invoice_id=invoice,
        document_number="PP-1",
        customer_id="con_0000",
        customer_name="Durand",
        currency="EUR",
        net=1,
        shares=(),
        account="411000",
        invoice_number="FA-1",
        invoice_date=DAY,
        series="PP",
        number=1,
        issue_date=DAY,
        reason="Liquidation",
        mentions=(),
        language="fr",
    )


def row(events: list[Event], document: str = "quo_1") -> SalesDocument:
    """A document's row after these events, in a company with a few contacts."""
    opened = make_book(1, 5)
    found = in_memory(recorded([*opened, *events]), [SalesDocuments()])["sales_document"][document]
    assert isinstance(found, SalesDocument)
    return found


@pytest.mark.feature("M12")
@pytest.mark.parametrize(
    ("events", "stage"),
    [
        ([DRAFTED], "draft"),
        ([DRAFTED, QuoteSent(quote_id="quo_1")], "sent"),
        (ACCEPTED, "accepted"),
        ([DRAFTED, QuoteRefused(quote_id="quo_1", reason="Cher")], "refused"),
        (
            [
                DRAFTED,
                QuoteRefused(quote_id="quo_1", reason="Cher"),
                QuoteRestored(quote_id="quo_1"),
            ],
            "draft",
        ),
        ([*ACCEPTED, situation("inv_a", 50_000)], "partly_invoiced"),
        ([*ACCEPTED, situation("inv_a", 50_000), situation("inv_b", 100_000)], "invoiced"),
        (
            [
                *ACCEPTED,
                situation("inv_a", 50_000),
                situation("inv_b", 100_000),
                discarded("inv_b"),
            ],
            "partly_invoiced",
        ),
        ([*ACCEPTED, situation("inv_a", 100_000), discarded("inv_a")], "accepted"),
    ],
)
def test_a_quote_stands_where_its_events_brought_it(events: list[Event], stage: str) -> None:
    assert row(events).stage == stage


def test_a_quote_says_what_it_was_revised_to() -> None:
    revised = QuoteRevised(quote_id="quo_1", content=quote(50_000, external_id="Q-7"))
    found = row([DRAFTED, revised])
    assert (found.number, found.date, found.valid_until) == ("DE-1", DAY, None)
    assert (found.net, found.tax, found.gross) == (50_000, 10_000, 60_000)
    assert "q-7" in found.words


def test_an_invoice_knows_its_quote() -> None:
    assert row([*ACCEPTED, situation("inv_a", 50_000)], "inv_a").quote_id == "quo_1"


@pytest.mark.feature("M44")
def test_a_lost_invoice_says_so() -> None:
    assert row([situation("inv_a", 100), lost("inv_a")], "inv_a").written_off


@pytest.mark.feature("M27")
def test_a_deposit_is_asked_for_changed_and_settled_or_deleted() -> None:
    due = date(2026, 3, 9)
    of: dict[str, Any] = {"deposit_id": "dep_1", "quote_id": "quo_1"}
    opened = DepositInstalmentOpened(
        **of,
        customer_id="con_0000",
        ordinal=1,
        percent="30",
        gross=36_000,
        currency="EUR",
        due_date=due,
    )
    changed = DepositInstalmentChanged(**of, percent="", gross=40_000, due_date=due)
    requested = DepositRequested(
        **of,
        series="DA",
        number=1,
        document_number="DA-1",
        issue_date=DAY,
        due_date=due,
        quote=LINK,
        customer_id="con_0000",
        seller=PARTY,
        customer=PARTY,
        gross=40_000,
        percent="",
        currency="EUR",
        payment_reference="",
        language="fr",
    )
    settled = DepositSettled(
        **of,
        invoice_id="inv_9",
        invoice_number="FA-9",
        issue_date=DAY,
        payment_id="pay_9",
        gross=40_000,
    )
    asked = [*ACCEPTED, opened, changed]
    assert (row(asked, "dep_1").stage, row(asked, "dep_1").gross) == ("opened", 40_000)
    sent = row([*asked, requested], "dep_1")
    assert (sent.stage, sent.number, sent.due_date) == ("requested", "DA-1", due)
    paid = row([*asked, requested, settled], "dep_1")
    assert (paid.stage, paid.invoice_id, paid.quote_id) == ("settled", "inv_9", "quo_1")
    deleted = DepositInstalmentDeleted(**of, reason="Annulé")
    assert row([*asked, deleted], "dep_1").stage == "discarded"
