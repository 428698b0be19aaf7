"""An invoice names seller and customer in full: a refusal for each field that is missing (M69)."""

from datetime import date, timedelta

import pytest
from msgspec.structs import replace

from domain.countries.atlas import RULES
from domain.countries.buyer_number import number_wanted
from domain.ledger.entry import EntryPosted
from domain.parties.company import CompanyChanged, Profile
from domain.parties.contact import ContactChanged
from domain.parties.describing import Description, describe
from domain.parties.opening import NewCompany
from domain.parties.profile import ProfileIsWrong
from domain.sales.invoice import InvoiceDrafted, InvoiceValidated
from domain.sales.named_parties import (
    BuyerEnterpriseNumberIsMissing,
    BuyerSirenIsMissing,
    CapitalIsMissing,
    CustomerCityIsMissing,
    CustomerStreetIsMissing,
    RegistryIsMissing,
)
from tests.domain.spec import Story, given
from tests.domain.steps import (
    BELGIAN,
    CUSTOMER,
    DAY,
    FRENCH,
    NAMUR,
    change_contact,
    company,
    draft,
    new_invoice,
    new_line,
    open_book,
    opened,
    validate,
)

ONE_DAY = timedelta(days=1)
WHOLE = Profile(registry="RCS Paris", capital=1_000_000)


def drafted(new: NewCompany = FRENCH, **customer: object) -> Story:
    """A draft of a company to a customer."""
    story = opened(new)
    if customer:
        story.when(change_contact, replace(CUSTOMER, **customer)).then(ContactChanged)
    rate = "20" if new.country == "FR" else "21"
    return story.when(draft, new_invoice(new_line(rate=rate))).then(InvoiceDrafted)


def describe_as(story: Story, profile: Profile):
    ours = company(story)
    said = Description(
        name=ours.name,
        address=ours.address,
        legal_form=ours.legal_form,
        vat_number=ours.vat_number,
        profile=profile,
    )
    return describe(ours, said)


@pytest.mark.feature("M69")
def test_a_company_of_capital_prints_its_register_and_its_capital():
    story = drafted(replace(FRENCH, legal_form="S.A.S."))
    story.when(validate).refused(RegistryIsMissing, pointer="/profile/registry", legal_form="SAS")
    story.when(describe_as, Profile(registry="RCS Paris")).then(CompanyChanged)
    story.when(validate).refused(CapitalIsMissing, pointer="/profile/capital")
    story.when(describe_as, WHOLE).then(CompanyChanged)
    story.when(validate).then(InvoiceValidated, EntryPosted)


@pytest.mark.feature("M69")
@pytest.mark.parametrize(
    ("new", "profile"),
    [
        (replace(FRENCH, legal_form="SARL"), WHOLE),
        (replace(FRENCH, legal_form="SNC"), Profile(registry="RCS Lille")),
        (replace(FRENCH, legal_form="EI"), Profile()),
        (replace(BELGIAN, legal_form="SRL"), Profile(registry="RPM Namur")),
    ],
)
def test_a_profile_given_at_the_opening_is_enough(new: NewCompany, profile: Profile):
    drafted(replace(new, profile=profile)).when(validate).then(InvoiceValidated, EntryPosted)


def test_a_profile_is_checked_at_the_opening_too():
    new = replace(FRENCH, profile=Profile(bic="x"))
    given().when(open_book, new).refused(ProfileIsWrong, pointer="/profile/bic")


@pytest.mark.feature("M69")
@pytest.mark.parametrize(
    ("field", "kind"),
    [("street", CustomerStreetIsMissing), ("city", CustomerCityIsMissing)],
)
def test_the_customers_address_is_whole(field: str, kind: type):
    story = drafted(address=replace(CUSTOMER.address, **{field: ""}))
    story.when(validate).refused(kind, customer="Café Éric", pointer="/customer_id")


@pytest.mark.feature("M69")
@pytest.mark.parametrize(
    ("size", "first_day"), [("large", date(2026, 9, 1)), ("small", date(2027, 9, 1))]
)
def test_a_french_business_is_named_with_its_siren_from_a_day_on(size, first_day: date):
    """CGI ann. II 242 nonies A, I, 1°: with the issuing of electronic invoices, by size."""
    story = drafted(replace(FRENCH, size=size))
    story.when(validate, today=first_day).refused(
        BuyerSirenIsMissing, customer="Café Éric", pointer="/customer_id"
    )
    story.when(validate, today=first_day - ONE_DAY).then(InvoiceValidated, EntryPosted)


@pytest.mark.feature("M69")
@pytest.mark.parametrize(
    "customer",
    [
        {"registration": "732829320"},
        {"vat_number": "FR44732829320"},
        {"nature": "private"},
        {"nature": "public"},
        {"address": NAMUR},
    ],
)
def test_whose_siren_is_known_or_not_wanted(customer: dict[str, object]):
    story = drafted(**customer)
    story.when(validate, today=date(2027, 9, 1)).then(InvoiceValidated, EntryPosted)
    printed = story.newest(InvoiceValidated).customer
    known = {"registration", "vat_number"} & customer.keys()
    assert printed.registration == ("732829320" if known else "")


@pytest.mark.feature("M69")
def test_a_belgian_business_is_named_with_its_number():
    """AR n° 1 art. 5: the VAT number, or the enterprise number of who has none."""
    story = drafted(BELGIAN, address=NAMUR)
    story.when(validate).refused(BuyerEnterpriseNumberIsMissing, pointer="/customer_id")
    for known in ({"registration": "0403170701"}, {"vat_number": "BE0403170701"}):
        story = drafted(BELGIAN, address=NAMUR, **known)
        story.when(validate).then(InvoiceValidated, EntryPosted)
        assert story.newest(InvoiceValidated).customer.registration == "0403170701"
    drafted(BELGIAN).when(validate).then(InvoiceValidated, EntryPosted)


def test_numbers_of_buyers_are_dated_rows():
    rules = RULES["FR"].buyer_numbers
    assert number_wanted(rules, "FR", "small", DAY) is None
    assert number_wanted(rules, "FR", "large", date(2026, 9, 1)) == "SIREN"
    assert number_wanted(rules, "BE", "large", date(2030, 1, 1)) is None
    assert all(row.law for each in RULES.values() for row in each.buyer_numbers)
