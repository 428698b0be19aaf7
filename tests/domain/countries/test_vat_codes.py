"""VAT codes, words, rates and exigibility of each country: right on each day, never before."""

from datetime import date, timedelta

import pytest

from domain.countries.atlas import RULES
from domain.countries.country import Country
from domain.countries.exigibility import Taxing
from domain.countries.oss import OSS_RATES, has_oss_rate
from domain.countries.vat_code import Supply, VatRegime, place_of
from domain.values.identifiers import EU_MEMBERS
from domain.values.vat import Nature, VatCategory

DAY = date(2026, 11, 21)
ONE_DAY = timedelta(days=1)


def chosen(
    country: Country,
    category: VatCategory,
    rate: str = "0",
    *,
    nature: Nature = "goods",
    to: str = "",
    regime: VatRegime = "normal",
    day: date = DAY,
) -> str:
    """The code that a line gets by itself."""
    code = RULES[country].code_for(
        Supply(
            category=category,
            rate=rate,
            nature=nature,
            place=place_of(to or country, country),
            regime=regime,
            day=day,
        )
    )
    return "" if code is None else code.code


@pytest.mark.feature("M64", "M69")
def test_a_line_gets_the_code_of_its_supply():
    assert chosen("FR", "S", "20") == "COL"
    assert chosen("FR", "S", "10") == "COL"
    assert chosen("FR", "S", "8.5") == "COL-DOM"
    assert chosen("FR", "S", "13") == "COL-CORSE"
    assert chosen("FR", "K", to="BE") == "IC-B"
    assert chosen("FR", "AE", to="BE", nature="services") == "IC-S"
    assert chosen("FR", "AE", nature="services") == "BTP"
    assert chosen("FR", "AE") == "AUTO"
    assert chosen("FR", "G", to="US") == "EXP"
    assert chosen("FR", "O", to="US", nature="services") == "259"
    assert chosen("FR", "E", regime="franchise") == "293B"
    assert chosen("FR", "S", "20", to="MC") == "COL"


@pytest.mark.feature("M64", "M69")
def test_a_belgian_line_gets_the_code_that_stands_for_its_grid():
    assert [chosen("BE", "S", rate) for rate in ("6", "12", "21")] == ["01", "02", "03"]
    assert chosen("BE", "Z") == "00"
    assert chosen("BE", "AE", nature="services") == "45"
    assert chosen("BE", "AE", to="FR", nature="services") == "44"
    assert chosen("BE", "K", to="FR") == "46L"
    assert chosen("BE", "G", to="GB") == "47"
    assert chosen("BE", "O", to="GB", nature="services") == "47"
    assert chosen("BE", "O", to="FR", nature="services") == "NS"
    assert chosen("BE", "E") == "NA"
    assert chosen("BE", "K") == chosen("BE", "G", to="FR") == ""


@pytest.mark.feature("M69")
def test_codes_that_must_be_named_say_which_law_exempts():
    belgian, french = RULES["BE"], RULES["FR"]
    for name, vatex in (("00/44", "VATEX-EU-132"), ("46T", "VATEX-EU-IC"), ("MA", "VATEX-EU-F")):
        code = belgian.code_named(name, "0", DAY)
        assert code is not None
        assert (code.vatex, code.automatic) == (vatex, False)
    margin = french.code_named("MARGE", "0", DAY)
    assert margin is not None
    assert "297 E" in margin.mention["fr"]
    exempt = french.code_named("EXO-261-4", "0", DAY)
    assert exempt is not None
    assert exempt.vatex == "VATEX-FR-CGI261-4"
    assert belgian.code_named("FD", "0", DAY) is not None
    assert french.code_named("nothing", "0", DAY) is None


@pytest.mark.feature("M69")
def test_every_mention_is_there_in_three_languages_and_every_reason_is_one_of_vatex():
    for rules in RULES.values():
        for code in rules.vat_codes:
            assert set(code.mention) in (set(), {"fr", "nl", "en"})
            assert code.vatex == "" or code.vatex.startswith("VATEX-")
            assert (code.rate == "") or code.category in ("S", "Z")
        for note in rules.notes:
            assert set(note.text) == {"fr", "nl", "en"}
            assert note.law


@pytest.mark.feature("M69")
def test_the_words_of_the_belgian_franchise_changed_in_2025():
    change = date(2025, 1, 1)
    old, new = (RULES["BE"].code_named("SC", "0", day) for day in (change - ONE_DAY, change))
    assert old is not None
    assert new is not None
    assert old.mention["fr"].startswith("Petite entreprise")
    assert new.mention["nl"] == "Bijzondere vrijstellingsregeling van belasting"


def exigible(
    country: Country,
    nature: Nature,
    *,
    category: VatCategory = "S",
    deposit: bool = False,
    on_debits: bool = False,
    day: date = DAY,
) -> str:
    """When the tax of such a line is due."""
    taxing = Taxing(nature=nature, category=category, deposit=deposit, on_debits=on_debits, day=day)
    return RULES[country].exigible(None, taxing)


@pytest.mark.feature("M64")
def test_french_services_are_taxed_as_they_are_paid_unless_the_company_opted_for_debits():
    assert exigible("FR", "services") == "payment"
    assert exigible("FR", "services", on_debits=True) == "issue"
    assert exigible("FR", "goods") == exigible("FR", "goods", on_debits=True) == "issue"


@pytest.mark.feature("M64")
def test_deposits_on_goods_are_taxed_in_france_since_2023():
    change = date(2023, 1, 1)
    assert exigible("FR", "goods", deposit=True, day=change - ONE_DAY) == "none"
    assert exigible("FR", "goods", deposit=True, day=change) == "payment"
    assert exigible("FR", "services", deposit=True, day=change - ONE_DAY) == "payment"


@pytest.mark.feature("M64")
def test_belgian_tax_is_due_with_the_invoice_deposits_included():
    for nature in ("goods", "services"):
        for deposit in (False, True):
            assert exigible("BE", nature, deposit=deposit) == "issue"  # type: ignore[arg-type]


@pytest.mark.feature("M64")
@pytest.mark.parametrize("country", ["FR", "BE"])
def test_a_deposit_on_an_intra_community_supply_makes_nothing_due(country: Country):
    assert exigible(country, "goods", category="K", deposit=True) == "none"
    assert exigible(country, "goods", category="K") == "issue"


@pytest.mark.feature("M64")
def test_the_codes_own_rule_goes_before_the_countrys():
    rules = RULES["FR"]
    services = Taxing(nature="services", category="AE", deposit=False, on_debits=False, day=DAY)
    abroad, building = (rules.code_named(name, "0", DAY) for name in ("IC-S", "BTP"))
    assert rules.exigible(abroad, services) == "issue"
    assert rules.exigible(building, services) == "payment"


STANDARD_RATES = (
    "AT 20 BE 21 BG 20 CY 19 CZ 21 DE 19 DK 25 EE 24 ES 21 FI 25.5 FR 20 GR 24 HR 25 HU 27 IE 23 "
    "IT 22 LT 21 LU 17 LV 21 MT 18 NL 21 PL 23 PT 23 RO 21 SE 25 SI 22 SK 23"
)
"""As the Commission's database of taxes has them on 29 September 2026."""


@pytest.mark.feature("V25")
def test_every_standard_rate_is_that_of_the_commission():
    said = STANDARD_RATES.split()
    day = date(2026, 9, 29)
    assert set(said[::2]) == EU_MEMBERS
    pairs = zip(said[::2], said[1::2], strict=True)
    assert all(has_oss_rate(country, rate, day) for country, rate in pairs)


@pytest.mark.feature("V25")
@pytest.mark.parametrize(
    ("country", "before", "after", "change"),
    [
        ("AT", "5", "", date(2022, 1, 1)),
        ("AT", "", "4.9", date(2026, 7, 1)),
        ("CY", "", "3", date(2023, 7, 21)),
        ("EE", "20", "22", date(2024, 1, 1)),
        ("EE", "22", "24", date(2025, 7, 1)),
        ("EE", "5", "13", date(2025, 1, 1)),
        ("ES", "5", "7.5", date(2024, 10, 1)),
        ("ES", "2", "", date(2025, 1, 1)),
        ("FI", "24", "25.5", date(2024, 9, 1)),
        ("LU", "17", "16", date(2023, 1, 1)),
        ("LU", "8", "7", date(2023, 1, 1)),
        ("LU", "13", "14", date(2024, 1, 1)),
        ("MT", "", "12", date(2024, 1, 1)),
        ("SK", "", "5", date(2023, 1, 1)),
        ("SK", "20", "23", date(2025, 1, 1)),
    ],
)
def test_a_rate_abroad_changes_on_its_day(country: str, before: str, after: str, change: date):
    eve = change - ONE_DAY
    if before:
        assert has_oss_rate(country, before, eve)
        assert not has_oss_rate(country, before, change)
    if after:
        assert not has_oss_rate(country, after, eve)
        assert has_oss_rate(country, after, change)


@pytest.mark.feature("V25")
def test_rates_of_other_member_states_have_dates():
    assert OSS_RATES.keys() == EU_MEMBERS
    assert all(
        any(has_oss_rate(country, rate.rate, DAY) for rate in rates)
        for country, rates in OSS_RATES.items()
    )
    change = date(2025, 8, 1)
    assert has_oss_rate("RO", "19", change - ONE_DAY)
    assert not has_oss_rate("RO", "19", change)
    assert has_oss_rate("RO", "21", change)
    assert not has_oss_rate("DE", "21", DAY)
    oss = RULES["BE"].code_named("OSS", "19", DAY)
    assert oss is not None
    assert RULES["BE"].charges_rate(oss, "19", "DE", DAY)
    assert not RULES["BE"].charges_rate(oss, "21", "DE", DAY)
