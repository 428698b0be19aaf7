"""Companies open their books and contacts become known: every check of their numbers."""

from datetime import date

import pytest
from msgspec.structs import replace

from domain.countries.atlas import RULES
from domain.ledger.chart import Journal
from domain.ledger.entry import EntryPosted
from domain.parties import company as companies
from domain.parties.company import (
    AccountIsWrong,
    AccountMapped,
    Address,
    BookIsNotOpen,
    BookIsOpen,
    BooksSynchronised,
    CompanyOpened,
    JournalIsUnknown,
)
from domain.parties.contact import (
    ContactChanged,
    ContactCreated,
    ContactIsUnknown,
    ExternalIdIsTaken,
)
from domain.parties.introducing import ContactIsIncomplete
from domain.parties.opening import FiscalYearIsWrong, JournalsAreWrong, VatNumberIsMissing
from domain.parties.particulars import BankAccount
from domain.values import faults
from tests.domain.spec import Story, given
from tests.domain.steps import (
    BELGIAN,
    CUSTOMER,
    FRENCH,
    NAMUR,
    change_contact,
    company,
    company_of,
    create_contact,
    invoiced,
    open_book,
    opened,
)


def map_account(story: Story, role, account: str):
    return companies.map_account(company_of(story), role, account)


def synchronise(story: Story, until: date):
    return companies.synchronise(company_of(story), until)


@pytest.mark.parametrize(
    ("new", "customers", "suppliers", "deposits", "zone"),
    [
        (FRENCH, "411000", "401000", "419100", "Europe/Paris"),
        (BELGIAN, "400000", "440000", "460000", "Europe/Brussels"),
    ],
)
@pytest.mark.feature("M63", "C14")
def test_a_company_gets_the_accounts_of_its_country(new, customers, suppliers, deposits, zone):
    story = given().when(open_book, new).then(CompanyOpened)
    ours = company(story)
    assert ours.accounts["customers"] == customers
    assert ours.accounts["suppliers"] == suppliers
    assert ours.accounts["deposits_received"] == deposits
    assert ours.third_party == {customers, ours.accounts["doubtful"], suppliers}
    assert ours.time_zone == zone
    assert [journal.kind for journal in ours.journals] == [
        "sale",
        "purchase",
        "bank",
        "cash",
        "miscellaneous",
    ]


def test_a_book_has_one_company():
    story = opened()
    story.when(open_book, BELGIAN).refused(BookIsOpen, position=1)
    given().when(synchronise, date(2026, 1, 1)).refused(BookIsNotOpen)
    given().when(map_account, "sales", "706000").refused(BookIsNotOpen)


def test_a_siret_opens_a_company_and_its_establishment():
    new = replace(
        FRENCH, registration="900 000 019 00001", ibans=("FR76 3000 6000 0112 3456 7890 189",)
    )
    opened_ = given().when(open_book, new).then(CompanyOpened).newest(CompanyOpened)
    assert (opened_.registration, opened_.establishment) == ("900000019", "90000001900001")
    assert opened_.ibans == ("FR7630006000011234567890189",)


@pytest.mark.parametrize(
    ("change", "kind", "pointer"),
    [
        ({"name": " "}, faults.FieldIsMissing, "/name"),
        ({"name": "a\u0000"}, faults.TextIsUnreadable, "/name"),
        ({"address": Address(country="FR", city="X")}, faults.FieldIsMissing, "/address/street"),
        ({"registration": "000000000"}, faults.IdentifierIsWrong, "/registration"),
        ({"registration": "900000018"}, faults.IdentifierIsWrong, "/registration"),
        ({"establishment": "12345678901234"}, faults.IdentifierIsWrong, "/establishment"),
        ({"establishment": "73282932000074"}, faults.IdentifiersDisagree, "/establishment"),
        ({"vat_number": ""}, VatNumberIsMissing, "/vat_number"),
        ({"vat_number": "FR26900000019"}, faults.IdentifierIsWrong, "/vat_number"),
        ({"vat_number": "BE0202239951"}, faults.IdentifierIsWrong, "/vat_number"),
        ({"vat_number": "FR65912345675"}, faults.IdentifiersDisagree, "/vat_number"),
        ({"ibans": ("BE68539007547035",)}, faults.IdentifierIsWrong, "/ibans/0"),
        ({"accounts": {"sales": "70A"}}, AccountIsWrong, "/account"),
        ({"accounts": {"sales": "411000"}}, AccountIsWrong, "/account"),
        ({"fiscal_year_start_month": 13}, FiscalYearIsWrong, "/fiscal_year_start_month"),
    ],
)
def test_what_a_company_says_is_checked(change, kind, pointer):
    given().when(open_book, replace(FRENCH, **change)).refused(kind, pointer=pointer)


def test_a_company_in_the_franchise_may_have_no_vat_number():
    new = replace(FRENCH, vat_regime="franchise", vat_number="")
    given().when(open_book, new).then(CompanyOpened)


@pytest.mark.feature("C12")
def test_journals_are_checked_and_named_when_missing():
    usual = RULES["FR"].journals
    for journals in (
        usual[:-1],
        (*usual, usual[0]),
        (*usual, Journal(code="FA", kind="sale", label="x")),
        (*usual, Journal(code="b-q", kind="bank", label="x")),
        (*usual, Journal(code="BQ2", kind="bank", label="x", account="5")),
    ):
        given().when(open_book, replace(FRENCH, journals=journals)).refused(JournalsAreWrong)
    missing = companies.find_journal(company(opened()), "bank", "BQ9")
    assert isinstance(missing, JournalIsUnknown)
    assert missing.explain("fr")


@pytest.mark.feature("M63")
def test_an_account_is_mapped_from_now_on_and_the_old_one_stays_a_third_partys():
    story = invoiced(opened())
    story.when(map_account, "customers", "411500").then(AccountMapped)
    story = invoiced(story, invoice_id="inv_2")
    assert [entry.lines[0].account for entry in story.all(EntryPosted)] == ["411000", "411500"]
    assert company(story).third_party == {"401000", "411000", "411500", "416000"}
    story.when(map_account, "bank", "411000").refused(AccountIsWrong)
    story.when(map_account, "bank", "401000").refused(AccountIsWrong)
    story.when(map_account, "bank", "51").refused(AccountIsWrong)


@pytest.mark.feature("M63")
def test_a_book_opened_before_a_role_existed_has_its_countrys_account_for_it():
    before = given().when(open_book, FRENCH).then(CompanyOpened).newest(CompanyOpened)
    old = replace(before, accounts={"customers": "411500", "suppliers": "401000"})
    ours = company(given(old))
    assert ours.accounts == {**RULES["FR"].accounts, "customers": "411500"}
    assert ours.third_party == {"411500", "416000", "401000"}


@pytest.mark.feature("M63")
def test_roles_of_income_and_charges_may_share_an_account_and_no_others():
    story = opened()
    story.when(map_account, "sales_services", "707000").then(AccountMapped)
    story.when(map_account, "vat_pending_sales", "445710").refused(AccountIsWrong)


@pytest.mark.feature("C2")
def test_synchronised_books_do_not_weigh_on_the_company():
    story = opened().when(synchronise, date(2026, 2, 28)).then(BooksSynchronised)
    assert company(story).position == 1
    assert "company" not in story.newest(BooksSynchronised).tags


@pytest.mark.feature("M1", "M3", "M4")
def test_a_contact_is_kept_in_canonical_form():
    details = replace(
        CUSTOMER,
        name=" Cafe\u0301 ",
        address=NAMUR,
        registration="202.239.951",
        vat_number="be 0202.239.951",
        roles=("customer", "customer", "supplier"),
    )
    story = opened().when(create_contact, details, "ctc_3").then(ContactCreated)
    known = story.newest(ContactCreated).details
    assert known.name == "Café"
    assert known.registration == "0202239951"
    assert known.vat_number == "BE0202239951"
    assert known.roles == ("customer", "supplier")


@pytest.mark.parametrize(
    ("change", "kind", "pointer"),
    [
        ({"name": ""}, faults.FieldIsMissing, "/name"),
        ({"name": "\u202e"}, faults.TextIsUnreadable, "/name"),
        ({"roles": ()}, ContactIsIncomplete, "/roles"),
        ({"address": Address(country="France")}, ContactIsIncomplete, "/address/country"),
        ({"email": "nobody"}, ContactIsIncomplete, "/email"),
        ({"payment_days": -1}, ContactIsIncomplete, "/payment_days"),
        ({"registration": "900000018"}, faults.IdentifierIsWrong, "/registration"),
        ({"address": NAMUR, "registration": "1"}, faults.IdentifierIsWrong, "/registration"),
        ({"vat_number": "FR00900000019"}, faults.IdentifierIsWrong, "/vat_number"),
        (
            {"registration": "900000019", "vat_number": "FR65912345675"},
            faults.IdentifiersDisagree,
            "/vat_number",
        ),
        (
            {"bank_accounts": (BankAccount(iban="X"),)},
            faults.IdentifierIsWrong,
            "/bank_accounts/0/iban",
        ),
    ],
)
def test_what_a_contact_says_is_checked(change, kind, pointer):
    opened().when(create_contact, replace(CUSTOMER, **change), "ctc_3").refused(
        kind, pointer=pointer
    )


def test_a_foreign_company_may_have_a_vat_number_here():
    details = replace(
        CUSTOMER, address=NAMUR, registration="0202239951", vat_number="FR25900000019"
    )
    opened().when(create_contact, details, "ctc_3").then(ContactCreated)


def test_a_contact_is_changed_whole():
    story = opened()
    story.when(change_contact, CUSTOMER).then()
    story.when(change_contact, replace(CUSTOMER, name="Autre")).then(ContactChanged)
    story.when(change_contact, CUSTOMER, "ctc_9").refused(ContactIsUnknown)


@pytest.mark.feature("M2")
def test_an_external_id_names_one_contact():
    mine = replace(CUSTOMER, external_id="C0001")
    story = opened().when(create_contact, mine, "ctc_3").then(ContactCreated)
    story.when(create_contact, mine, "ctc_4").refused(
        ExternalIdIsTaken, holder="ctc_3", position=story.place(ContactCreated)
    )
