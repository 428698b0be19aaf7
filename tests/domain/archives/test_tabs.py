"""The four tabs of the archives: which layouts are taken, which are refused, and why."""

import pytest
from hypothesis import given as of_any
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.archives.tabs import (
    TABS_AT_FIRST,
    ArchiveTabsSet,
    RestIsRuled,
    Tab,
    TabNameIsWrong,
    TabRule,
    TabRuleIsHidden,
    TabRuleIsWrong,
    TabsAreNotFour,
    set_tabs,
)
from domain.parties.company import CompanyOpened
from domain.values.faults import FieldIsMissing, TextIsUnreadable
from tests.domain.spec import given
from tests.domain.steps import FRENCH, company, open_book

COMPANY = company(given().when(open_book, FRENCH).then(CompanyOpened))
STAFF = Tab(name="staff", label="Personnel", rules=(TabRule(accounts=("62", "64")),))
SALES, PURCHASES, BANK, REST = TABS_AT_FIRST
LAYOUT = (STAFF, SALES, PURCHASES, REST)


@pytest.mark.feature("C5")
def test_a_company_lays_its_archives_out() -> None:
    assert set_tabs(COMPANY, TABS_AT_FIRST, LAYOUT) == [ArchiveTabsSet(tabs=LAYOUT)]
    assert set_tabs(COMPANY, LAYOUT, LAYOUT) == []
    assert set_tabs(COMPANY, LAYOUT, TABS_AT_FIRST) == [ArchiveTabsSet(tabs=TABS_AT_FIRST)]


def test_words_on_a_tab_are_tidied() -> None:
    untidy = (replace(STAFF, label="  Personnel "), *LAYOUT[1:])
    assert set_tabs(COMPANY, TABS_AT_FIRST, untidy) == [ArchiveTabsSet(tabs=LAYOUT)]


@pytest.mark.feature("C5")
@pytest.mark.parametrize(
    ("tabs", "refusal", "pointer"),
    [
        ((), TabsAreNotFour, "/tabs"),
        ((*LAYOUT, replace(REST, name="more")), TabsAreNotFour, "/tabs"),
        ((replace(STAFF, name="Staff"), *LAYOUT[1:]), TabNameIsWrong, "/tabs/0/name"),
        ((STAFF, replace(SALES, name="staff"), PURCHASES, REST), TabNameIsWrong, "/tabs/1/name"),
        ((replace(STAFF, label=" "), *LAYOUT[1:]), FieldIsMissing, "/tabs/0/label"),
        ((STAFF, SALES, PURCHASES, BANK), RestIsRuled, "/tabs/3/rules"),
        ((STAFF, replace(REST, name="r"), PURCHASES, REST), RestIsRuled, "/tabs/1/rules"),
        ((replace(STAFF, rules=(TabRule(),)), *LAYOUT[1:]), TabRuleIsWrong, "/tabs/0/rules/0"),
        (
            (replace(STAFF, rules=(TabRule(journals=("ZZ",)),)), *LAYOUT[1:]),
            TabRuleIsWrong,
            "/tabs/0/rules/0",
        ),
        (
            (replace(STAFF, rules=(TabRule(accounts=("6%",)),)), *LAYOUT[1:]),
            TabRuleIsWrong,
            "/tabs/0/rules/0",
        ),
        (
            (STAFF, SALES, replace(PURCHASES, rules=(TabRule(accounts=("641",)),)), REST),
            TabRuleIsHidden,
            "/tabs/2/rules/0",
        ),
    ],
)
def test_a_layout_that_cannot_be_is_refused(
    tabs: tuple[Tab, ...], refusal: type, pointer: str
) -> None:
    refused = set_tabs(COMPANY, TABS_AT_FIRST, tabs)
    assert isinstance(refused, refusal)
    assert refused.pointer == pointer  # type: ignore[union-attr]


def test_words_that_nobody_can_read_are_refused() -> None:
    wrong = (replace(STAFF, label="a\u202eb"), *LAYOUT[1:])
    assert isinstance(set_tabs(COMPANY, TABS_AT_FIRST, wrong), TextIsUnreadable)


some = st.lists(st.sampled_from("ABC"), max_size=2, unique=True).map(tuple)
kinds = st.lists(st.sampled_from(["sale", "bank"]), max_size=2, unique=True).map(tuple)
starts = st.lists(st.sampled_from(["6", "64", "641", "4"]), max_size=2, unique=True).map(tuple)
rules = st.builds(TabRule, journals=some, journal_kinds=kinds, accounts=starts)


@of_any(rules, rules, st.sampled_from("ABC"), st.sampled_from(["sale", "bank"]), starts)
def test_a_hidden_rule_takes_nothing_that_is_not_taken(
    earlier: TabRule, later: TabRule, journal: str, kind: str, accounts: tuple[str, ...]
) -> None:
    """Goal: `hides` never lies. Method: any document that the later rule meets meets the other."""

    def meets(rule: TabRule) -> bool:
        return (
            (not rule.journals or journal in rule.journals)
            and (not rule.journal_kinds or kind in rule.journal_kinds)
            and (not rule.accounts or any(each.startswith(rule.accounts) for each in accounts))
        )

    if earlier.hides(later) and meets(later):
        assert meets(earlier)
