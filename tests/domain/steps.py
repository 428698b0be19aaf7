"""Steps of domain tests: load what a decision needs from a story, as the use cases do."""

from datetime import date

from domain.book.event import Decision
from domain.book.refusal import Refused
from domain.ledger import closing, miscellaneous, period
from domain.ledger.closing import CLOSING_TAG
from domain.ledger.entering import Standing, entry_series
from domain.ledger.entry import EntryPosted, document_tag, series_tag
from domain.ledger.miscellaneous import NewEntry
from domain.ledger.period import PERIOD_TAG
from domain.parties import company as companies
from domain.parties import contact as contacts
from domain.parties import introducing, opening
from domain.parties.company import COMPANY_TAG, Address, Company
from domain.parties.contact import Contact, ContactDetails, contact_tag, name_tag
from domain.parties.opening import NewCompany
from domain.purchases import recording
from domain.purchases.bill import BillLine, reference_tag
from domain.purchases.recording import NewBill
from domain.sales import credit_note, debt, invoice, validation
from domain.sales.content import NewInvoice
from domain.sales.credit_note import NewCreditNote
from domain.sales.document import NewLine
from domain.sales.invoice import external_tag
from domain.treasury import lettering, payment
from domain.treasury.codes import codes_tag
from domain.treasury.lettering import EntriesLettered, NewLettering, Settled, entry_tag
from domain.treasury.matching import PartToLetter
from domain.treasury.payment import NewPayment
from domain.values.vat import VatAmount
from tests.domain.spec import Story, given

DAY = date(2026, 3, 16)
PARIS = Address(street="1 rue de la Paix", postal_code="75002", city="Paris", country="FR")
NAMUR = Address(street="Rue de Fer 1", postal_code="5000", city="Namur", country="BE")
FRENCH = NewCompany(
    name="Atelier fictif SARL",
    country="FR",
    address=PARIS,
    registration="900000019",
    vat_number="FR25900000019",
)
BELGIAN = NewCompany(
    name="Atelier fictif SRL",
    country="BE",
    address=NAMUR,
    registration="0202.239.951",
    vat_number="BE0202239951",
)
CUSTOMER = ContactDetails(name="Café Éric", roles=("customer",), address=PARIS)
SUPPLIER = ContactDetails(name="Papier & Cie", roles=("supplier",), address=NAMUR)


def open_book(story: Story, new: NewCompany) -> Decision:
    return opening.open_book(company_of(story, None), new)


def company_of(story: Story, missing: None = None) -> Company | None:
    return story.fold(companies.evolve, missing, COMPANY_TAG)


def company(story: Story) -> Company:
    found = company_of(story)
    assert found is not None
    return found


def contact(story: Story, contact_id: str) -> Contact | None:
    return contacts.of_fact(story.last(contact_tag(contact_id)))


def create_contact(story: Story, details: ContactDetails, contact_id: str = "ctc_1") -> Decision:
    namesake = None
    if details.external_id:
        namesake = contacts.of_fact(story.last(name_tag("external", details.external_id)))
    return introducing.create(contact_id, details, namesake)


def change_contact(story: Story, details: ContactDetails, contact_id: str = "ctc_1") -> Decision:
    return introducing.change(contact(story, contact_id), contact_id, details, None)


def new_line(net: str = "100.00", rate: str = "20", quantity: str = "1", **others: str) -> NewLine:
    return NewLine(
        description="Conseil", quantity=quantity, unit_price=net, vat_rate=rate, **others
    )  # type: ignore[arg-type]


def new_invoice(*lines: NewLine, customer_id: str = "ctc_1", **others: object) -> NewInvoice:
    return NewInvoice(customer_id=customer_id, lines=lines or (new_line(),), **others)  # type: ignore[arg-type]


def draft(story: Story, new: NewInvoice, invoice_id: str = "inv_1") -> Decision:
    return invoice.draft(
        invoice_id,
        new,
        company=company(story),
        customer=contact(story, new.customer_id),
        namesake=story.last(external_tag(new.external_id)) if new.external_id else None,
    )


def invoice_of(story: Story, invoice_id: str) -> invoice.Invoice | None:
    tag = document_tag("invoice", invoice_id)
    nothing: invoice.Invoice | None = None
    return story.fold(invoice.evolve, nothing, tag)


def revise(story: Story, new: NewInvoice, invoice_id: str = "inv_1") -> Decision:
    return invoice.revise(
        invoice_of(story, invoice_id),
        invoice_id,
        new,
        company=company(story),
        customer=contact(story, new.customer_id),
        namesake=None,
    )


def discard(story: Story, invoice_id: str = "inv_1", reason: str = "") -> Decision:
    return invoice.discard(invoice_of(story, invoice_id), invoice_id, reason)


def standing(story: Story, journal: str, day: date, today: date, series: str = "") -> Standing:
    ours = company(story)
    last_closing = closing.of_fact(story.last(CLOSING_TAG))
    return Standing(
        company=ours,
        journal=journal,
        lock=period.of_fact(story.last(PERIOD_TAG)),
        today=today,
        last_entry=story.last(series_tag(entry_series(ours, journal, day))),
        last_document=story.last(series_tag(series)) if series else None,
        closed=last_closing.closed if last_closing is not None else None,
    )


def validate(story: Story, invoice_id: str = "inv_1", today: date = DAY) -> Decision:
    known = invoice_of(story, invoice_id)
    customer = (
        contact(story, known.content.customer_id) if isinstance(known, invoice.Draft) else None
    )
    series = validation.series_on(company(story), today)
    return validation.validate(
        known, invoice_id, customer, standing(story, sales_journal(story), today, today, series)
    )


def sales_journal(story: Story) -> str:
    journal = company(story).journal("sale")
    assert journal is not None
    return journal.code


def credit(
    story: Story,
    new: NewCreditNote,
    invoice_id: str = "inv_1",
    credit_note_id: str = "crn_1",
    today: date = DAY,
) -> Decision:
    nothing: credit_note.Creditable | None = None
    known = story.fold(credit_note.evolve, nothing, document_tag("invoice", invoice_id))
    series = credit_note.series_on(company(story), today)
    stands = standing(story, sales_journal(story), today, today, series)
    return credit_note.issue(credit_note_id, known, invoice_id, new, stands)


def record_bill(story: Story, new: NewBill, bill_id: str = "bil_1", today: date = DAY) -> Decision:
    journal = companies.find_journal(company(story), "purchase", new.journal)
    if isinstance(journal, companies.JournalIsUnknown):
        return journal
    day = new.entry_day
    series = recording.series_on(company(story), journal.code, day)
    tag = reference_tag(new.supplier_id, new.kind, new.supplier_reference)
    stands = standing(story, journal.code, day, today, series)
    return recording.record(bill_id, new, contact(story, new.supplier_id), story.last(tag), stands)


def pay(story: Story, new: NewPayment, payment_id: str = "pay_1", today: date = DAY) -> Decision:
    journal = companies.find_journal(company(story), "bank", new.journal)
    if isinstance(journal, companies.JournalIsUnknown):
        return journal
    stands = standing(story, journal.code, new.date, today)
    return payment.record(payment_id, new, contact(story, new.party), stands)


def post(story: Story, new: NewEntry, entry_id: str = "ent_1", today: date = DAY) -> Decision:
    known = {line.party for line in new.lines if contact(story, line.party)}
    journal = companies.find_journal(company(story), "miscellaneous", new.journal)
    assert not isinstance(journal, companies.JournalIsUnknown)
    stands = standing(story, journal.code, new.date, today)
    return miscellaneous.post(entry_id, new, known, stands)


def letter(
    story: Story, *parts: PartToLetter, lettering_id: str = "let_1", **others: str
) -> Decision:
    places = [part.entry for part in parts]
    entries = {
        fact.position: fact.event
        for fact in story.at(places)
        if isinstance(fact.event, EntryPosted)
    }
    settled = {
        place: story.fold(lettering.settle, Settled(entry=place), entry_tag(place))
        for place in entries
    }
    new = NewLettering(parts=parts, **others)  # type: ignore[arg-type]
    planned = lettering.plan(new, entries, settled)
    if isinstance(planned, Refused):
        return planned
    last = story.last(codes_tag(planned.account, planned.date.year))
    newest = last.event if last and isinstance(last.event, EntriesLettered) else None
    kin = {fact.position + 1: debt.invoice_of(fact.event) for fact in story.facts}
    return lettering.letter(lettering_id, planned, planned.date.year, newest, kin)


def unletter(story: Story, lettering_id: str = "let_1", reason: str = "erreur") -> Decision:
    nothing: lettering.Lettering | None = None
    known = story.fold(lettering.evolve, nothing, lettering.lettering_tag(lettering_id))
    return lettering.unletter(known, lettering_id, reason)


def lock(story: Story, until: date, reason: str = "clôture", today: date = DAY) -> Decision:
    return period.lock(period.of_fact(story.last(PERIOD_TAG)), until, reason, today=today)


def reopen(story: Story, until: date | None, reason: str) -> Decision:
    return period.reopen(period.of_fact(story.last(PERIOD_TAG)), until, reason)


def opened(new: NewCompany = FRENCH) -> Story:
    """A book that its company opened, with a customer ctc_1 and a supplier ctc_2."""
    story = given().when(open_book, new).then(companies.CompanyOpened)
    story.when(create_contact, CUSTOMER).then(contacts.ContactCreated)
    return story.when(create_contact, SUPPLIER, "ctc_2").then(contacts.ContactCreated)


def invoiced(story: Story, *lines: NewLine, invoice_id: str = "inv_1", today: date = DAY) -> Story:
    """The story with one more validated invoice."""
    story.when(draft, new_invoice(*lines), invoice_id).then(invoice.InvoiceDrafted)
    return story.when(validate, invoice_id, today).then(invoice.InvoiceValidated, EntryPosted)


def new_bill(
    reference: str = "F-17", net: int = 10_000, tax: int = 2_100, **others: object
) -> NewBill:
    """A bill of one line at 21 %, dated 2 March."""
    fields = {
        "supplier_id": "ctc_2",
        "supplier_reference": reference,
        "issue_date": date(2026, 3, 2),
        "lines": (BillLine(description="Papier", net=net),),
        "vat": (VatAmount(category="S", rate="21.00", base=net, tax=tax),),
        **others,
    }
    return NewBill(**fields)  # type: ignore[arg-type]


def received(amount: int, **others: object) -> NewPayment:
    """Money from the customer on 12 March."""
    fields = {
        "direction": "received",
        "date": date(2026, 3, 12),
        "amount": amount,
        "role": "customers",
        "party": "ctc_1",
        **others,
    }
    return NewPayment(**fields)  # type: ignore[arg-type]
