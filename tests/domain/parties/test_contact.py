"""Contacts beyond their name: addresses, accounts, defaults, terms, and being put away."""

import pytest
from msgspec.structs import replace

from domain.book.event import Decision
from domain.imports.source import ImportSource
from domain.parties import introducing
from domain.parties.company import Address
from domain.parties.contact import (
    Contact,
    ContactArchived,
    ContactChanged,
    ContactCreated,
    ContactDetails,
    ContactIsArchived,
    ContactIsUnknown,
    ContactRestored,
    usable,
)
from domain.parties.introducing import AuxiliaryIsTaken, ContactIsIncomplete
from domain.parties.particulars import (
    AccountingData,
    AssignedTemplates,
    BankAccount,
    LinkedAddress,
)
from domain.values import faults
from tests.domain.spec import Story, given
from tests.domain.steps import CUSTOMER, NAMUR, change_contact, contact, create_contact

IBAN = "FR76 3000 6000 0112 3456 7890 189"
WHOLE = ContactDetails(
    name="Commune de Namur",
    roles=("customer", "partner"),
    nature="public",
    address=NAMUR,
    email="finances@namur.example",
    phone="+32 81 24 60 00",
    language="nl",
    addresses=(LinkedAddress(use="delivery", label="Quai", address=NAMUR),),
    bank_accounts=(BankAccount(iban=IBAN, bic="bnpa frpp xxx"),),
    accounting=AccountingData(auxiliary="C001", sales_account="705000"),
    templates=AssignedTemplates(quote="sobre", invoice="officiel", reminder="ferme"),
    vat_category="S",
    vat_rate="6.00",
    vat_code="01",
    payment_days=30,
    end_of_month=True,
    day_of_month=10,
    payment_means="direct_debit",
)


def archive(story: Story, contact_id: str = "ctc_1") -> Decision:
    return introducing.archive(contact(story, contact_id), contact_id)


def restore(story: Story, contact_id: str = "ctc_1") -> Decision:
    return introducing.restore(contact(story, contact_id), contact_id)


def introduce(story: Story, details: ContactDetails, booked_alike: Contact | None) -> Decision:
    source = ImportSource(file="ab" * 32, line=7)
    return introducing.create("ctc_2", details, None, booked_alike, source=source)


@pytest.mark.feature("M1", "M4")
def test_a_contact_says_how_it_is_addressed_booked_taxed_and_paid():
    story = given().when(create_contact, WHOLE).then(ContactCreated)
    known = story.newest(ContactCreated)
    assert known.details == replace(
        WHOLE,
        vat_rate="6",
        bank_accounts=(BankAccount(iban="FR7630006000011234567890189", bic="BNPAFRPPXXX"),),
    )
    assert "contact_auxiliary:C001" in known.tags
    story.when(change_contact, known.details).then()


@pytest.mark.feature("M4")
@pytest.mark.parametrize(
    ("wrong", "kind", "pointer"),
    [
        ({"phone": "ring me"}, ContactIsIncomplete, "/phone"),
        ({"vat_rate": "120"}, ContactIsIncomplete, "/vat_rate"),
        ({"vat_category": "K", "vat_rate": ""}, ContactIsIncomplete, "/vat_rate"),
        ({"vat_code": "a b"}, ContactIsIncomplete, "/vat_code"),
        ({"payment_days": 366}, ContactIsIncomplete, "/payment_days"),
        ({"day_of_month": 32}, ContactIsIncomplete, "/day_of_month"),
        (
            {"accounting": AccountingData(auxiliary="C 1")},
            ContactIsIncomplete,
            "/accounting/auxiliary",
        ),
        (
            {"accounting": AccountingData(purchase_account="4")},
            ContactIsIncomplete,
            "/accounting/purchase_account",
        ),
        (
            {"addresses": (LinkedAddress(use="billing", address=Address(country="?")),)},
            ContactIsIncomplete,
            "/addresses/0/address/country",
        ),
        (
            {"addresses": (LinkedAddress(use="billing", address=NAMUR),) * 51},
            ContactIsIncomplete,
            "/addresses",
        ),
        (
            {"bank_accounts": (BankAccount(iban=IBAN, bic="NOBANK"),)},
            faults.IdentifierIsWrong,
            "/bank_accounts/0/bic",
        ),
        (
            {"templates": AssignedTemplates(invoice="\u202e")},
            faults.TextIsUnreadable,
            "/templates/invoice",
        ),
    ],
)
def test_what_it_says_is_checked(wrong, kind, pointer):
    given().when(create_contact, replace(WHOLE, **wrong)).refused(kind, pointer=pointer)


@pytest.mark.feature("M4")
def test_an_auxiliary_account_is_one_contacts():
    story = given().when(create_contact, WHOLE).then(ContactCreated)
    holder = contact(story, "ctc_1")
    story.when(introduce, replace(WHOLE, name="Autre"), holder).refused(
        AuxiliaryIsTaken, holder="ctc_1", pointer="/accounting/auxiliary", position=1
    )
    story.when(introduce, CUSTOMER, None).then(ContactCreated)
    assert story.newest(ContactCreated).source == ImportSource(file="ab" * 32, line=7)


@pytest.mark.feature("M1")
def test_a_contact_is_put_away_and_taken_back():
    story = given().when(create_contact, CUSTOMER).then(ContactCreated)
    assert usable(contact(story, "ctc_1"), "ctc_1", "/customer_id") is None
    story.when(archive).then(ContactArchived)
    story.when(archive).then()
    gone = contact(story, "ctc_1")
    assert gone is not None
    assert gone.archived
    assert gone.details == CUSTOMER
    refused = usable(gone, "ctc_1", "/customer_id")
    assert isinstance(refused, ContactIsArchived)
    assert (refused.position, refused.pointer) == (2, "/customer_id")
    assert isinstance(usable(None, "ctc_9", "/customer_id"), ContactIsUnknown)
    story.when(change_contact, replace(CUSTOMER, name="B")).refused(ContactIsArchived)
    story.when(restore).then(ContactRestored)
    story.when(restore).then()
    story.when(change_contact, replace(CUSTOMER, name="B")).then(ContactChanged)
    for step in (archive, restore):
        story.when(step, "ctc_9").refused(ContactIsUnknown)
