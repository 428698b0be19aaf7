"""The company switches options and describes itself anew; nothing issued changes."""

import pytest
from msgspec.structs import replace

from domain.parties import describing, options
from domain.parties.company import (
    BookIsNotOpen,
    CompanyChanged,
    CompanyOpened,
    OptionSet,
    Profile,
)
from domain.parties.describing import Description
from domain.parties.optional import OPTIONS, OPTIONS_AT_FIRST, Option
from domain.parties.options import FeatureIsOff
from domain.parties.profile import ProfileIsWrong
from domain.values.faults import IdentifierIsWrong
from tests.domain.spec import Story, given
from tests.domain.steps import BELGIAN, NAMUR, company, company_of, open_book


def book() -> Story:
    return given().when(open_book, BELGIAN).then(CompanyOpened)


def switch(story: Story, option: Option, *, on: bool):
    return options.set_option(company_of(story), option, on=on)


def describe(story: Story, new: Description):
    return describing.describe(company_of(story), new)


OURS = Description(name=BELGIAN.name, address=NAMUR, vat_number=BELGIAN.vat_number)


@pytest.mark.feature("M10", "M46", "M50")
@pytest.mark.parametrize("option", OPTIONS)
def test_an_option_is_switched_off_and_on(option: Option):
    story = book()
    at_first = option in company(story).options
    assert at_first == (option in OPTIONS_AT_FIRST)
    assert at_first == (option not in ("vat_on_debits", "invoice_deposits", "automatic_lettering"))
    story = story.when(switch, option, on=not at_first).then(OptionSet)
    assert (option in company(story).options) != at_first
    story.when(switch, option, on=not at_first).then()
    story = story.when(switch, option, on=at_first).then(OptionSet)
    assert (option in company(story).options) == at_first


@pytest.mark.feature("M10")
def test_what_is_off_is_refused():
    story = book().when(switch, "quotes", on=False).then(OptionSet)
    assert options.check_on(company(story), "quotes") == FeatureIsOff(option="quotes")
    assert options.check_on(company(story), "orders") is None


@pytest.mark.feature("M11")
def test_the_company_describes_itself_anew():
    moved = replace(OURS, name="Atelier nouveau SRL", profile=Profile(registry="RPM Liège"))
    story = book().when(describe, moved).then(CompanyChanged)
    ours = company(story)
    assert (ours.name, ours.profile.registry) == ("Atelier nouveau SRL", "RPM Liège")
    assert (ours.registration, ours.accounts) == (company(book()).registration, ours.accounts)
    story.when(describe, moved).then()


def test_before_the_opening_there_is_nothing_to_describe():
    given().when(describe, OURS).refused(BookIsNotOpen)
    given().when(switch, "quotes", on=False).refused(BookIsNotOpen)


def test_numbers_are_checked_as_at_the_opening():
    book().when(describe, replace(OURS, ibans=("BE00",))).refused(IdentifierIsWrong)


@pytest.mark.parametrize(
    "profile",
    [
        Profile(capital=-1),
        Profile(email="nobody"),
        Profile(bic="x"),
        Profile(website="a b"),
        Profile(logo="abc"),
    ],
)
def test_a_profile_is_sound(profile: Profile):
    book().when(describe, replace(OURS, profile=profile)).refused(ProfileIsWrong)
