"""Examples of the events of quotes and their deposits."""

from datetime import date

from domain.book.event import Event
from domain.deposits.deposit import (
    DepositInstalmentChanged,
    DepositInstalmentDeleted,
    DepositInstalmentOpened,
    DepositRequested,
    DepositSettled,
)
from domain.deposits.invoice_deposit import InvoiceDepositSettled
from domain.parties.company import Address
from domain.quotes.quote import (
    DepositTerms,
    QuoteAccepted,
    QuoteContent,
    QuoteDrafted,
    QuoteInvoiced,
    QuoteProbabilitySet,
    QuoteRefused,
    QuoteRestored,
    QuoteRevised,
    QuoteSent,
    SituationInvoiced,
)
from domain.sales.content import DocumentLink
from domain.sales.document import Line, PrintedParty
from domain.sales.instalments import NewInstalment
from domain.sales.pricing import Discount, Shipping

DAY = date(2025, 3, 18)
GHENT = Address(street="Korenmarkt 3", postal_code="9000", city="Gent", country="BE")
CONTENT = QuoteContent(
    customer_id="c-1",
    lines=(
        Line(
            description="Ardoise pilée — posée",
            quantity="10",
            unit_price="18.245",
            net=18245,
            vat_category="S",
            vat_rate="6",
            unit="MTK",
            account="700100",
            vat_code="01",
            nature="services",
            article_id="a-1",
            unit_cost="11.5",
        ),
        Line(
            description="Remise",
            quantity="-1",
            unit_price="9.12",
            net=-912,
            vat_category="S",
            vat_rate="6",
            account="700100",
            kind="discount",
            vat_code="01",
            nature="services",
        ),
    ),
    currency="EUR",
    discount=Discount(percent="5"),
    shipping=Shipping(amount=0),
    note="Délai : trois semaines.",
    buyer_reference="PO-7",
    external_id="crm-22",
    language="nl",
    template="tpl_1@2",
    valid_until=date(2025, 4, 30),
    deposit=DepositTerms(percent="30", days=8),
    instalments=(NewInstalment(days=30, percent="50"), NewInstalment(due_date=date(2025, 6, 30))),
)
QUOTE = DocumentLink(kind="quote", id="q-1", number="DE-2025-00004", issue_date=DAY)

QUOTING: list[Event] = [
    QuoteDrafted(
        quote_id="q-1",
        series="DE-2025",
        number=4,
        document_number="DE-2025-00004",
        issue_date=DAY,
        content=CONTENT,
        links=(
            DocumentLink(
                kind="quote", id="q-0", number="DE-2025-00001", issue_date=date(2025, 1, 8)
            ),
        ),
    ),
    QuoteRevised(quote_id="q-1", content=CONTENT),
    QuoteSent(quote_id="q-1"),
    QuoteAccepted(quote_id="q-1", accepted_on=DAY),
    QuoteRefused(quote_id="q-1", reason="Trop cher, dit l’architecte"),
    QuoteRestored(quote_id="q-1"),
    QuoteProbabilitySet(quote_id="q-1", probability=75),
    QuoteInvoiced(quote_id="q-1", invoice_id="i-1"),
    SituationInvoiced(quote_id="q-1", invoice_id="i-2", ordinal=1),
    DepositInstalmentOpened(
        deposit_id="p-1",
        quote_id="q-1",
        customer_id="c-1",
        ordinal=1,
        percent="30",
        gross=5512,
        currency="EUR",
        due_date=date(2025, 3, 26),
    ),
    DepositInstalmentChanged(
        deposit_id="p-1",
        quote_id="q-1",
        percent="40",
        gross=7349,
        due_date=date(2025, 3, 28),
    ),
    DepositInstalmentDeleted(deposit_id="p-1", quote_id="q-1", reason="Réglé au comptant"),
    DepositRequested(
        deposit_id="p-1",
        quote_id="q-1",
        series="DA-2025",
        number=2,
        document_number="DA-2025-00002",
        issue_date=DAY,
        due_date=date(2025, 3, 26),
        quote=QUOTE,
        customer_id="c-1",
        seller=PrintedParty(name="Ateliers Müller SRL", address=GHENT, vat_number="BE0403170701"),
        customer=PrintedParty(name="Café de l’Étoile", address=GHENT),
        gross=5512,
        percent="30",
        currency="EUR",
        payment_reference="+++202/5000/00220+++",
        language="nl",
    ),
    DepositSettled(
        deposit_id="p-1",
        quote_id="q-1",
        invoice_id="i-3",
        invoice_number="VEN-2025-0008",
        issue_date=date(2025, 3, 27),
        payment_id="y-1",
        gross=5512,
    ),
    InvoiceDepositSettled(
        invoice_id="i-1", deposit_invoice_id="i-4", payment_id="y-2", gross=10000
    ),
]
