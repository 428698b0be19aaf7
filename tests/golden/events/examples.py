"""One complete example of every event, and the script that writes its golden bytes once.

`python -m tests.golden.events.examples` writes `<stored name>.json` for an event that has none. A
file that is there is never written again: what was recorded stays readable for ever, so a changed
event is a new version with a file of its own. Before the first release only, delete a file first.
"""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from domain.articles.article import (
    ArticleAccountChanged,
    ArticleArchived,
    ArticleChanged,
    ArticleComposed,
    ArticleCreated,
    ArticleDetails,
    ArticleRestored,
    ArticleVatChanged,
    Component,
)
from domain.book.event import Event
from domain.book.rotation import SealKeyReplaced
from domain.imports.batch import ImportCompleted, ImportUndone, KeptItem, RefusedLine
from domain.imports.source import ImportSource
from domain.ledger.chart import Journal
from domain.ledger.closing import PeriodClosed
from domain.ledger.closing_totals import (
    GrandTotal,
    PaymentTotal,
    PeriodTotals,
    RateTotal,
    SeriesRange,
)
from domain.ledger.entry import DocumentReference, EntryLine, EntryPosted
from domain.ledger.period import PeriodLocked, PeriodReopened
from domain.ledger.vat_return import VatReturnFiled
from domain.operations.exported import ReportExported
from domain.operations.technical import (
    AuditPerformed,
    BackupTaken,
    BookExported,
    BookRestored,
    ClockHeldBack,
    IntegrityFailed,
    KeyIssued,
    KeyRevoked,
    KeyUsed,
    LoginRefused,
    PersonalKeysRewrapped,
    SoftwareChanged,
)
from domain.orders.delivery import DeliveryCancelled, DeliveryIssued
from domain.orders.order import OrderCancelled, OrderConfirmed, OrderInvoiced
from domain.orders.taking import Taken
from domain.parties.company import (
    AccountMapped,
    Address,
    BooksSynchronised,
    CompanyChanged,
    CompanyOpened,
    OptionSet,
    Profile,
)
from domain.parties.contact import (
    ContactArchived,
    ContactChanged,
    ContactCreated,
    ContactDetails,
    ContactRestored,
)
from domain.parties.dossier import DossierKept
from domain.parties.particulars import AccountingData, AssignedTemplates, LinkedAddress
from domain.privacy.erasing import PersonalDataErased
from domain.privacy.personal import Sealed
from domain.purchases.bill import BillLine, BillRecorded, Remark
from domain.purchases.lines import PurchaseShare
from domain.sales.cash_discount import CashDiscountGranted
from domain.sales.content import Content, DocumentLink, InvoiceContent, Situation, SituationLine
from domain.sales.credit_note import CreditNoteIssued
from domain.sales.document import Instalment, Line, PrintedParty, Totals
from domain.sales.invoice import (
    InvoiceDiscarded,
    InvoiceDrafted,
    InvoiceRevised,
    InvoiceValidated,
)
from domain.sales.pricing import Discount, Shipping
from domain.sales.printing import DocumentPrinted
from domain.sales.template import LogoKept, NewTemplate, TemplateVersioned
from domain.sales.write_off import BadDebtRecovered, BadDebtVatReclaimed, InvoiceWrittenOff
from domain.treasury.allocation import Allocation
from domain.treasury.assignment import AssignedPart, PaymentAssigned
from domain.treasury.bank_account import BankAccountLinked
from domain.treasury.bank_statement import BankStatement, LineDetail, StatementLine
from domain.treasury.csv_layout import CsvLayout, CsvLayoutSet
from domain.treasury.difference import PaymentDifferenceBooked
from domain.treasury.discount_taken import CashDiscountTaken
from domain.treasury.lettering import EntriesLettered, EntriesUnlettered, LetteredPart
from domain.treasury.payment import Counterparty, PaymentRecorded
from domain.treasury.reversal import PaymentReversed, ReversedPart
from domain.treasury.statement import StatementImported
from domain.treasury.tolerance import PaymentToleranceSet
from domain.treasury.vat_due import VatBecameDeductible, VatBecameDue
from domain.values.vat import VatAmount, VatShare
from services.store.mapper import Mapper
from tests.golden.events.archives import ARCHIVES
from tests.golden.events.document_links import DOCUMENT_LINKS
from tests.golden.events.fec_imports import FEC_IMPORTS, LETTERED, POSTED
from tests.golden.events.quotes import QUOTING
from tests.golden.events.reminders import REMINDING
from tests.golden.events.remittances import REMITTING

FOLDER = Path(__file__).parent

LIEGE = Address(street="Rue Léopold 12", postal_code="4000", city="Liège", country="BE")
PARIS = Address(street="12 rue de l’Étoile", postal_code="75017", city="Paris", country="FR")
SELLER = PrintedParty(
    name="Ateliers Müller SRL", address=LIEGE, registration="0403170701", vat_number="BE0403170701"
)
CUSTOMER = PrintedParty(
    name="Café de l’Étoile", address=PARIS, registration="732829320", vat_number="FR44732829320"
)
RECEIVED = VatShare(
    category="S",
    rate="20",
    code="S20",
    nature="services",
    exigible="payment",
    base=20833,
    tax=4167,
)
LINES = (
    Line(
        description="Conseil — œuvre d’août",
        quantity="2.5",
        unit_price="100.00",
        net=22500,
        vat_category="S",
        vat_rate="21",
        unit="HUR",
        discount_percent="10",
        account="700100",
    ),
    Line(
        description="Formation",
        quantity="1",
        unit_price="50",
        net=5000,
        vat_category="E",
        vat_rate="0",
        exemption="Article 44 CTVA",
    ),
)
TOTALS = Totals(
    net=27500,
    tax=4725,
    gross=32225,
    vat=(
        VatAmount(category="S", rate="21", base=22500, tax=4725),
        VatAmount(category="E", rate="0", base=5000, tax=0, exemption="Article 44 CTVA"),
    ),
)
SHARES = (
    VatShare(
        category="S",
        rate="21",
        code="03",
        nature="services",
        exigible="issue",
        base=22500,
        tax=4725,
    ),
    VatShare(
        category="E", rate="0", code="00/44", nature="services", exigible="issue", base=5000, tax=0
    ),
)
LINKS = (DocumentLink(kind="quote", id="q-1", number="DE-2025-00001", issue_date=date(2025, 3, 1)),)
LOST: dict[str, Any] = {
    "write_off_id": "w-1",
    "invoice_id": "i-1",
    "document_number": "IR-2026-00001",
    "customer_id": "c-1",
    "customer_name": "Café de l’Étoile",
    "currency": "EUR",
}
CONTENT = InvoiceContent(
    customer_id="c-1",
    lines=LINES,
    currency="EUR",
    due_date=date(2025, 4, 30),
    note="Merci de votre confiance.",
    buyer_reference="PO-7",
    external_id="crm-42",
)
DETAILS = ContactDetails(
    name="Café de l’Étoile",
    roles=("customer", "supplier"),
    address=PARIS,
    registration="732829320",
    vat_number="FR44732829320",
    language="fr",
    addresses=(LinkedAddress(use="delivery", label="Entrepôt", address=LIEGE),),
    accounting=AccountingData(auxiliary="C0042", sales_account="707000"),
    templates=AssignedTemplates(invoice="sobre"),
    vat_category="S",
    vat_rate="10",
    vat_code="FR-10",
    payment_days=45,
    end_of_month=True,
    day_of_month=10,
    payment_means="direct_debit",
    external_id="crm-1",
)
DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
SOURCE = ImportSource(file=DIGEST, line=2)
SEALED = {
    "email": Sealed(key="5d41402abc4b2a76", commitment=DIGEST, box="bm9uY2UgYW5kIGNpcGhlcnRleHQ="),
    "bank_accounts": Sealed(
        key="7d793037a0760186", commitment=DIGEST, box="b3RoZXIgY2lwaGVydGV4dA=="
    ),
}
PARTS = (
    LetteredPart(entry=12, line=0, amount=32225),
    LetteredPart(entry=14, line=1, amount=-32225),
)

COMPANY: list[Event] = [
    CompanyOpened(
        name="Ateliers Müller SRL",
        country="BE",
        legal_form="SRL",
        registration="0403170701",
        establishment="2143506892",
        vat_number="BE0403170701",
        vat_regime="normal",
        address=LIEGE,
        ibans=("BE68539007547034",),
        currency="EUR",
        time_zone="Europe/Brussels",
        fiscal_year_start_month=1,
        accounts={"customers": "400000", "suppliers": "440000", "sales": "700000"},
        journals=(
            Journal(code="VEN", kind="sale", label="Ventes"),
            Journal(code="BNQ", kind="bank", label="Banque", account="550000"),
        ),
        profile=Profile(registry="RPM Liège", website="muller.example"),
        size="small",
    ),
    CompanyChanged(
        name="Ateliers Müller SRL",
        legal_form="SRL",
        vat_number="BE0403170701",
        vat_regime="normal",
        address=LIEGE,
        ibans=("BE68539007547034",),
        profile=Profile(
            trade_name="Müller & Filles",
            capital=1855000,
            registry="RPM Liège",
            email="bonjour@muller.example",
            phone="+32 4 222 11 00",
            website="muller.example",
            bic="TRIOBEBB",
            logo="a" * 64,
            language="fr",
            terms="Intérêts légaux en cas de retard (loi du 2 août 2002).",
        ),
        size="large",
    ),
    OptionSet(option="quotes", on=False),
    AccountMapped(role="sales", account="700100"),
    DossierKept(code="C0417", manager="mdv", active=True),
    BooksSynchronised(entries_until=date(2025, 3, 31)),
    ContactCreated(
        contact_id="c-1",
        details=DETAILS,
        sealed=SEALED,
        source=SOURCE,
    ),
    ContactChanged(contact_id="c-1", details=DETAILS, sealed=SEALED, source=SOURCE),
    ContactArchived(contact_id="c-1", details=DETAILS, sealed=SEALED, source=SOURCE),
    ContactRestored(contact_id="c-1", details=DETAILS, sealed=SEALED, source=SOURCE),
]
ARTICLE = ArticleDetails(
    code="CONS-1",
    label="Conseil — œuvre d’août",
    unit="HUR",
    unit_price="100",
    unit_cost="61.5",
    vat_rate="21",
    vat_code="03",
    sales_account="700100",
    external_id="shop-17",
)
ARTICLES: list[Event] = [
    ArticleCreated(article_id="a-1", details=ARTICLE, source=ImportSource(file=DIGEST, line=3)),
    ArticleChanged(article_id="a-1", details=ARTICLE, source=SOURCE),
    ArticleVatChanged(
        article_id="a-1",
        vat_category="E",
        vat_rate="0",
        vat_code="00",
        exemption="Article 44 CTVA",
    ),
    ArticleAccountChanged(article_id="a-1", side="purchases", account="604000"),
    ArticleComposed(
        article_id="a-2",
        components=(
            Component(article_id="a-1", quantity="2.5"),
            Component(article_id="a-3", quantity="1"),
        ),
        source=SOURCE,
    ),
    ArticleArchived(article_id="a-1"),
    ArticleRestored(article_id="a-1"),
    ImportCompleted(
        batch_id="b-1",
        kind="articles",
        file=DIGEST,
        name="articles-été.csv",
        lines=5,
        made=("a-1", "a-3"),
        changed=("a-2",),
        known=1,
        refused=(RefusedLine(line=6, column="Désignation", code="field_missing"),),
    ),
    ImportUndone(
        batch_id="b-1",
        kind="articles",
        file=DIGEST,
        archived=("a-3",),
        put_back=("a-2",),
        kept=(KeptItem(id="a-1", why="used", position=41),),
    ),
]
SALES: list[Event] = [
    InvoiceDrafted(invoice_id="i-1", content=CONTENT),
    InvoiceRevised(invoice_id="i-1", content=CONTENT),
    InvoiceDiscarded(
        invoice_id="i-2",
        reason="Doublon",
        links=(DocumentLink(kind="order", id="o-1", number="BC-2025-00001"),),
    ),
    InvoiceValidated(
        invoice_id="i-1",
        series="VEN-2025",
        number=7,
        document_number="VEN-2025-0007",
        issue_date=date(2025, 3, 31),
        due_date=date(2025, 4, 30),
        customer_id="c-1",
        seller=SELLER,
        customer=CUSTOMER,
        currency="EUR",
        lines=LINES,
        totals=TOTALS,
        payment_reference="+++090/9337/55493+++",
        note="Merci de votre confiance.",
        buyer_reference="PO-7",
        kind="balance",
        supply_date=date(2025, 3, 28),
        paid_on=date(2025, 3, 30),
        situation=Situation(
            ordinal=2,
            lines=(SituationLine(quoted=18245, before=5000, cumulative=9000, percent="49.33"),),
        ),
        instalments=(
            Instalment(due_date=date(2025, 4, 15), amount=10000),
            Instalment(due_date=date(2025, 4, 30), amount=22225),
        ),
        payment_means="direct_debit",
        vat_shares=SHARES,
        mentions=("En cas de retard de paiement : indemnité forfaitaire de 40 €",),
        links=LINKS,
        language="fr",
        template="tpl_1@3",
    ),
    CreditNoteIssued(
        credit_note_id="n-1",
        invoice_id="i-1",
        invoice_number="VEN-2025-0007",
        invoice_date=date(2025, 3, 31),
        series="NC-2025",
        number=1,
        document_number="NC-2025-0001",
        issue_date=date(2025, 4, 2),
        customer_id="c-1",
        seller=SELLER,
        customer=CUSTOMER,
        currency="EUR",
        lines=LINES,
        totals=TOTALS,
        reason="Erreur de quantité",
        invoice_lines=(0, 1),
        invoice_kind="balance",
        vat_shares=SHARES,
        mentions=("TVA à reverser à l'Etat dans la mesure où elle a été portée en déduction",),
        links=LINKS,
        language="fr",
        template="tpl_1@3",
    ),
    InvoiceWrittenOff(
        **LOST,
        net=18595,
        shares=(SHARES[0],),
        account="400000",
        invoice_number="VEN-2025-0007",
        invoice_date=date(2025, 3, 31),
        series="IR-2026",
        number=1,
        issue_date=date(2026, 2, 10),
        reason="Client en faillite",
        mentions=("Créance perdue : 185,95 EUR hors TVA",),
        language="fr",
    ),
    BadDebtVatReclaimed(
        **LOST,
        net=0,
        shares=(SHARES[0],),
        issue_date=date(2026, 3, 2),
        evidence="Jugement du 1er mars 2026, clôture pour insuffisance d'actif",
    ),
    BadDebtRecovered(
        **LOST,
        net=1000,
        shares=(replace(SHARES[0], base=1000, tax=210),),
        issue_date=date(2026, 6, 2),
        vat_reclaimed=True,
    ),
]
FULFILMENT: list[Event] = [
    OrderConfirmed(
        order_id="o-1",
        series="BC-2025",
        number=1,
        document_number="BC-2025-00001",
        issue_date=date(2025, 3, 20),
        customer=CUSTOMER,
        content=Content(
            customer_id="c-1",
            lines=LINES,
            currency="EUR",
            discount=Discount(percent="5"),
            shipping=Shipping(amount=1500, vat_rate="21"),
            buyer_reference="PO-7",
            language="nl",
        ),
        delivery_date=date(2025, 3, 28),
        links=(
            DocumentLink(
                kind="quote", id="q-1", number="DE-2025-00004", issue_date=date(2025, 3, 18)
            ),
        ),
    ),
    OrderCancelled(
        order_id="o-1",
        reason="Plus nécessaire",
        links=(DocumentLink(kind="quote", id="q-1", number="DE-2025-00004"),),
    ),
    OrderInvoiced(order_id="o-1", invoice_id="i-1", taken=(Taken(line=0, quantity="1.5"),)),
    DeliveryIssued(
        delivery_id="d-1",
        series="BL-2025",
        number=1,
        document_number="BL-2025-00001",
        issue_date=date(2025, 3, 28),
        customer_id="c-1",
        customer=CUSTOMER,
        address=PARIS,
        currency="EUR",
        lines=LINES,
        taken=(Taken(line=0, quantity="1.5"), Taken(line=1, quantity="1")),
        order=DocumentLink(
            kind="order", id="o-1", number="BC-2025-00001", issue_date=date(2025, 3, 20)
        ),
        note="Livré au quai 4",
    ),
    DeliveryCancelled(delivery_id="d-1", order_id="o-1", reason="Refusé par le client"),
]
PURCHASES: list[Event] = [
    BillRecorded(
        bill_id="b-1",
        kind="invoice",
        supplier_id="c-1",
        supplier_name="Café de l’Étoile",
        supplier_reference="F 2025/118",
        series="ACH-2025",
        number=3,
        document_number="ACH-2025-0003",
        issue_date=date(2025, 3, 28),
        entry_date=date(2025, 3, 31),
        due_date=date(2025, 4, 27),
        currency="EUR",
        lines=(BillLine(description="Café", net=27500, account="604000"),),
        totals=TOTALS,
        payable=32225,
        payment_reference="RF18539007547034",
        ibans=("FR7630006000011234567890189",),
        files=(DIGEST,),
        remarks=(Remark(code="BR-CO-17", text="VAT differs by 0.01"),),
        vat_shares=(
            PurchaseShare(
                category="S",
                rate="20",
                code="DOM",
                account="604000",
                base=27500,
                tax=5500,
                due=0,
                deductible=5500,
                nature="services",
                exigible="payment",
            ),
        ),
        credited_bill_id="b-0",
    ),
]
LEDGER: list[Event] = [
    VatReturnFiled(
        period="2025-Q1",
        country="BE",
        grids={"03": 22500, "54": 4725, "71": 4725, "XX": 4725, "YY": 0},
        carried={"81": -1000},
        stands_on=117,
        file=DIGEST,
        filed_on=date(2025, 4, 20),
        replaces=112,
        replaced_reference="12-0202239951-123456",
        wishes=("refund",),
        rounding=-30,
        booked=-10,
        entry_date=date(2025, 3, 31),
    ),
    EntryPosted(
        journal="VEN",
        series="VEN/2025",
        number=7,
        date=date(2025, 3, 31),
        label="Facture VEN-2025-0007",
        currency="EUR",
        document=DocumentReference(
            kind="invoice",
            id="i-1",
            number="VEN-2025-0007",
            issue_date=date(2025, 3, 31),
            due_date=date(2025, 4, 30),
            party="c-1",
            party_name="Café de l’Étoile",
            files=(DIGEST,),
        ),
        lines=(
            EntryLine(
                account="400000",
                debit=32225,
                party="c-1",
                label="VEN-2025-0007",
                due_date=date(2025, 4, 30),
            ),
            EntryLine(account="700100", credit=27500, label="Conseil"),
            EntryLine(account="451000", credit=4725, label="TVA 21 %"),
        ),
        source=POSTED,
    ),
    PeriodLocked(until=date(2025, 3, 31), reason="Clôture du premier trimestre"),
    PeriodReopened(until=date(2024, 12, 31), reason="Facture oubliée"),
    PeriodClosed(
        level="day",
        first=date(2025, 3, 31),
        until=date(2025, 3, 31),
        exercise=2025,
        totals=PeriodTotals(
            rates=(
                RateTotal(
                    kind="invoice",
                    currency="EUR",
                    category="S",
                    rate="21",
                    net=22500,
                    tax=4725,
                    gross=27225,
                ),
            ),
            series=(SeriesRange(series="VEN-2025", first=7, last=9, count=3),),
            payments=(
                PaymentTotal(
                    journal="BNQ", direction="received", currency="EUR", count=2, amount=32225
                ),
            ),
        ),
        perpetual=(
            GrandTotal(
                currency="EUR",
                invoiced=327225,
                credited=20000,
                total=307225,
                received=250000,
                sent=1200,
            ),
        ),
        after=40,
        last_position=57,
        chain=DIGEST,
        previous_position=41,
        previous_chain=DIGEST,
    ),
]
TREASURY: list[Event] = [
    PaymentRecorded(
        payment_id="p-1",
        journal="BNQ",
        direction="received",
        date=date(2025, 4, 29),
        amount=32225,
        currency="EUR",
        role="customers",
        party="c-1",
        party_name="Café de l’Étoile",
        reference="OL4414AC8BOVSOVSOVERS",
        label="Virement Café de l’Étoile",
        means="transfer",
        value_date=date(2025, 4, 30),
        statement_id="stm-1",
        statement_line=1,
        counterparty=Counterparty(name="CAFE DE L'ETOILE", iban="BE43730004200601"),
        communication="merci",
        structured="090933755493",
    ),
    StatementImported(
        statement_id="stm-1",
        journal="BNQ",
        file=DIGEST,
        fingerprint=DIGEST[::-1],
        statement=BankStatement(
            source="coda",
            account="BE68539007547034",
            currency="EUR",
            number=224,
            reference="0000178299",
            opening=500000,
            opened_on=date(2025, 4, 28),
            closing=532225,
            closed_on=date(2025, 4, 29),
            lines=(
                StatementLine(
                    amount=32225,
                    date=date(2025, 4, 29),
                    value_date=date(2025, 4, 30),
                    counterparty=Counterparty(name="CAFE DE L'ETOILE", iban="BE43730004200601"),
                    communication="merci",
                    structured="090933755493",
                    reference="OL4414AC8BOVSOVSOVERS",
                    code="00150000",
                    details=(LineDetail(amount=32225, communication="table 4"),),
                ),
            ),
        ),
        payments=("p-1",),
    ),
    PaymentAssigned(
        payment_id="p-1",
        direction="received",
        currency="EUR",
        suspense="499000",
        paid_on=date(2025, 4, 29),
        date=date(2025, 4, 30),
        label="CAFE DE L'ETOILE merci",
        parts=(
            AssignedPart(
                account="400000", amount=33000, role="customers", party="c-1", party_name="Café"
            ),
            AssignedPart(account="650000", amount=-775),
        ),
        reason="structured",
        counterparty="BE43730004200601",
    ),
    BankAccountLinked(account="BE68539007547034", journal="BNQ"),
    CsvLayoutSet(
        layout=CsvLayout(
            account="BE68539007547034",
            columns={"date": "Date", "amount": "Montant", "communication": "Libellé"},
        )
    ),
    EntriesLettered(
        lettering_id="l-1",
        account="400000",
        party="c-1",
        currency="EUR",
        code="AAA",
        year=2025,
        ordinal=1,
        complete=True,
        date=date(2025, 4, 29),
        parts=PARTS,
        allocations=(Allocation(debit=0, credit=1, amount=32225),),
        reason="Même communication",
        source=LETTERED,
    ),
    PaymentReversed(
        payment_id="pay-1",
        journal="BQ",
        direction="received",
        currency="EUR",
        bank="550000",
        parts=(ReversedPart(account="400000", amount=32225, party="c-1"),),
        paid_on=date(2025, 4, 29),
        date=date(2025, 5, 6),
        label="Café de l’Étoile FA-2025-00001",
        reason="Prélèvement rejeté (AM04)",
    ),
    PaymentToleranceSet(amount=250),
    PaymentDifferenceBooked(
        difference_id="dif-1",
        account="400000",
        party="c-1",
        party_name="Café de l’Étoile",
        currency="EUR",
        date=date(2025, 4, 29),
        amount=2,
    ),
    CashDiscountGranted(
        discount_id="dsc-1",
        invoice_id="inv-1",
        invoice_number="FA-2025-00001",
        account="411000",
        customer_id="c-1",
        customer_name="Café de l’Étoile",
        currency="EUR",
        date=date(2025, 4, 29),
        net=537,
        shares=(RECEIVED,),
    ),
    CashDiscountTaken(
        discount_id="dsc-2",
        bill_id="bil-1",
        supplier_reference="F-77",
        account="401000",
        supplier_id="c-2",
        supplier_name="Papier & Cie",
        currency="EUR",
        date=date(2025, 4, 29),
        net=200,
        shares=(
            PurchaseShare(
                category="S",
                rate="20",
                code="DOM",
                account="604000",
                base=200,
                tax=40,
                due=0,
                deductible=40,
            ),
        ),
    ),
    VatBecameDue(
        invoice_id="inv-1",
        invoice_number="FA-2025-00001",
        invoice_date=date(2025, 4, 1),
        invoice_entry=12,
        customer_id="c-1",
        customer_name="Café de l’Étoile",
        currency="EUR",
        cash_entry=14,
        cash_line=1,
        cash_date=date(2025, 4, 29),
        date=date(2025, 5, 1),
        paid=25000,
        shares=(RECEIVED,),
    ),
    VatBecameDeductible(
        bill_id="b-1",
        supplier_reference="F 2025/118",
        bill_date=date(2025, 3, 28),
        bill_entry=9,
        supplier_id="c-1",
        supplier_name="Café de l’Étoile",
        currency="EUR",
        cash_entry=16,
        cash_line=1,
        cash_date=date(2025, 4, 29),
        date=date(2025, 5, 1),
        paid=16500,
        shares=(
            PurchaseShare(
                category="S",
                rate="20",
                code="DOM",
                account="604000",
                base=13750,
                tax=2750,
                due=0,
                deductible=2750,
                nature="services",
                exigible="payment",
            ),
        ),
    ),
    EntriesUnlettered(
        lettering_id="l-1",
        account="400000",
        party="c-1",
        currency="EUR",
        code="AAA",
        date=date(2025, 4, 29),
        parts=PARTS,
        reason="Virement d’un autre client",
    ),
]

PROOF: list[Event] = [
    SealKeyReplaced(
        old_key="paraphe+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        new_key="paraphe+0d8c4e2a+AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        statement="paraphe/…\nseal key replaced\n…\n\n— paraphe AAAA…\n",
    ),
]

OPERATIONS: list[Event] = [
    PersonalDataErased(
        subject="c-1",
        fields=("bank_accounts", "email"),
        keys=("5d41402abc4b2a76", "7d793037a0760186"),
        basis="RGPD art. 17(1)(b) : consentement retiré",
    ),
    SoftwareChanged(before="paraphe/0.1.0", after="paraphe/0.2.0"),
    KeyIssued(
        key_id="key_0a1b",
        prefix="pk_live_Ab12",
        scopes=("invoices:read", "invoices:write"),
        every_book=True,
        expires_at=datetime(2026, 1, 1, tzinfo=UTC),
    ),
    KeyRevoked(key_id="key_0a1b"),
    KeyUsed(key_id="key_0a1b", day=date(2025, 3, 31)),
    BookExported(format="paraphe.book/1", size=57, root=DIGEST, digest=DIGEST),
    BackupTaken(kind="pg_basebackup", digest=DIGEST),
    BookRestored(source="pg_basebackup 2025-03-30", size=57, root=DIGEST, sealed=60),
    ClockHeldBack(behind=7200000),
    IntegrityFailed(
        checks=("chain", "leaf"),
        findings=2,
        first_position=12,
        size=57,
        root=DIGEST,
        digest=DIGEST,
    ),
    AuditPerformed(
        verdict="fail",
        checks=("hash-chain", "vat-recomputes"),
        failed=("vat-recomputes",),
        size=57,
        root=DIGEST,
        report=DIGEST,
    ),
    LoginRefused(day=date(2025, 3, 31)),
    PersonalKeysRewrapped(before="00112233445566aa", after="8899aabbccddeeff", keys=12),
    ReportExported(
        kind="fec",
        format="text/plain",
        parameters={"exercise": "2025"},
        position=57,
        sha256=DIGEST,
        size=4096,
    ),
]

PRINTING: list[Event] = [
    LogoKept(media_type="image/png", width=600, height=200, files=(DIGEST,)),
    TemplateVersioned(
        template_id="tpl-1",
        version=2,
        look=NewTemplate(
            name="Chantiers",
            kinds=("quote", "situation"),
            colour="#7a2e1d",
            typeface="serif",
            logo=DIGEST,
            introduction="Merci de votre confiance — à bientôt.",
            closing="Bon pour accord :",
            footer="Assurance décennale n° 12.345",
            payment_code=False,
        ),
        withdrawn=("invoice",),
        files=(DIGEST,),
    ),
    DocumentPrinted(
        document_kind="invoice",
        document_id="i-1",
        number="FA-2025-00001",
        issued_at=12,
        copy="duplicate",
        language="nl",
        template="tpl-1@2",
        layout=1,
        files=(DIGEST,),
    ),
]

EXAMPLES = {
    event.stored_as: event
    for event in (
        *COMPANY,
        *ARTICLES,
        *SALES,
        *QUOTING,
        *REMINDING,
        *DOCUMENT_LINKS,
        *REMITTING,
        *FULFILMENT,
        *PRINTING,
        *PURCHASES,
        *LEDGER,
        *TREASURY,
        *PROOF,
        *ARCHIVES,
        *FEC_IMPORTS,
        *OPERATIONS,
    )
}


def golden(stored_as: str) -> Path:
    """The file of the golden bytes of one version of an event."""
    return FOLDER / f"{stored_as}.json"


def write_missing() -> list[str]:
    """Writes the golden bytes of each example that has none, and returns their names."""
    missing = [name for name in EXAMPLES if not golden(name).exists()]
    for name in missing:
        body = Mapper().body(
            EXAMPLES[name], actor="u-1", command="cmd-1", cause="import", request=DIGEST
        )
        golden(name).write_bytes(body)
    return missing


if __name__ == "__main__":
    print("\n".join(write_missing()))
