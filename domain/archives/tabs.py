"""The four tabs of the archives: named and filled by the company, every document in exactly one.

A document belongs to the first tab that has a rule for it; the last tab has no rules and takes
whatever no other takes. So no layout can leave a document without a tab, or with two.
"""

import re
from collections.abc import Sequence
from itertools import combinations
from typing import ClassVar

from msgspec import Struct

from domain.book.event import Decision, Event, Recorded
from domain.book.refusal import Refused, words
from domain.ledger.chart import JournalKind
from domain.ledger.entry import DocumentKind
from domain.parties.company import Company
from domain.values import faults
from domain.values.text import tidy

TABS_TAG = "archive_tabs"
TABS = 4
_NAME = re.compile(r"[a-z][a-z0-9_]{0,19}", re.ASCII)
_ACCOUNTS = re.compile(r"[0-9]{1,8}", re.ASCII)


class TabRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Documents that have one of each that is given: journal, its kind, their own kind, account.

    An account is met when a line of the entry stands on one that begins so: 64 means all charges
    of staff.
    """

    journals: tuple[str, ...] = ()
    journal_kinds: tuple[JournalKind, ...] = ()
    kinds: tuple[DocumentKind, ...] = ()
    accounts: tuple[str, ...] = ()

    def hides(self, later: "TabRule") -> bool:
        """Whether whatever `later` takes is taken by this rule already."""
        sets = (
            (self.journals, later.journals),
            (self.journal_kinds, later.journal_kinds),
            (self.kinds, later.kinds),
        )
        wider = all(
            not ours or 0 < len({*theirs} & {*ours}) == len({*theirs}) for ours, theirs in sets
        )
        begun = all(each.startswith(self.accounts) for each in later.accounts)
        return wider and (not self.accounts or (bool(later.accounts) and begun))


class Tab(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A tab: its name in queries, what people read on it, and the documents it takes."""

    name: str
    label: str
    rules: tuple[TabRule, ...] = ()


TABS_AT_FIRST: tuple[Tab, ...] = (
    Tab(name="sales", label="Ventes", rules=(TabRule(journal_kinds=("sale",)),)),
    Tab(name="purchases", label="Achats", rules=(TabRule(journal_kinds=("purchase",)),)),
    Tab(name="bank", label="Banque", rules=(TabRule(journal_kinds=("bank", "cash")),)),
    Tab(name="other", label="Divers"),
)
"""The tabs of a company that has not said otherwise: by the kind of journal (C5, C13)."""


class ArchiveTabsSet(Event, frozen=True, kw_only=True):
    """The archives have these tabs from now on, for documents of before too (C5)."""

    stored_as: ClassVar[str] = "archive_tabs.set.v1"

    tabs: tuple[Tab, ...]

    @property
    def tags(self) -> tuple[str, ...]:
        return (TABS_TAG,)


class TabsAreNotFour(Refused, frozen=True, kw_only=True):
    """The archives have four tabs."""

    code = "archive_tabs_count"
    rule = "C5"
    text = words(
        en="The archives have four tabs, not {count}.",
        fr="Les archives ont quatre onglets, pas {count}.",
        nl="Het archief heeft vier tabbladen, geen {count}.",
    )

    count: int


class TabNameIsWrong(Refused, frozen=True, kw_only=True):
    """A tab's name is malformed, or another tab has it."""

    code = "archive_tab_name"
    rule = "C5"
    text = words(
        en="{name} cannot name a tab: small letters, digits and _, each name once.",
        fr="{name} ne peut nommer un onglet : minuscules, chiffres et _, chaque nom une fois.",
        nl="{name} kan geen tabblad heten: kleine letters, cijfers en _, elke naam één keer.",
    )

    name: str


class RestIsRuled(Refused, frozen=True, kw_only=True):
    """Only the last tab is without rules, for it takes what is left."""

    code = "archive_tab_rest"
    rule = "C5"
    text = words(
        en="Every tab has rules but the last, which takes whatever no other tab takes.",
        fr="Chaque onglet a des règles sauf le dernier, qui prend ce qu'aucun autre ne prend.",
        nl="Elk tabblad heeft regels behalve het laatste, dat neemt wat geen ander neemt.",
    )


class TabRuleIsWrong(Refused, frozen=True, kw_only=True):
    """A rule says nothing, or names a journal or account that cannot be."""

    code = "archive_tab_rule"
    rule = "C5"
    text = words(
        en="This rule of tab {name} says nothing, or names an unknown journal or account.",
        fr="Cette règle de l'onglet {name} ne dit rien, ou nomme un journal ou compte inconnu.",
        nl="Deze regel van tabblad {name} zegt niets, of noemt een onbekend dagboek of rekening.",
    )

    name: str


class TabRuleIsHidden(Refused, frozen=True, kw_only=True):
    """An earlier rule takes every document that a rule could take."""

    code = "archive_tab_rule_hidden"
    rule = "C5"
    text = words(
        en="This rule of tab {name} takes nothing: an earlier rule takes all of it.",
        fr="Cette règle de l'onglet {name} ne prend rien : une règle d'avant prend tout.",
        nl="Deze regel van tabblad {name} neemt niets: een eerdere regel neemt alles.",
    )

    name: str


class TabIsNotThere(Refused, frozen=True, kw_only=True):
    """The archives have no such tab."""

    code = "archive_tab_missing"
    rule = "C5"
    text = words(
        en="The archives have no tab {name}: they have {known}.",
        fr="Les archives n'ont pas d'onglet {name} : elles ont {known}.",
        nl="Het archief heeft geen tabblad {name}: het heeft {known}.",
    )

    name: str
    known: str


def set_tabs(company: Company, before: Sequence[Tab], tabs: Sequence[Tab]) -> Decision:
    """Lays the archives out; nothing when they stand so."""
    tidied = tuple(Tab(name=each.name, label=tidy(each.label), rules=each.rules) for each in tabs)
    refused = _misnamed(tidied) or _misruled(company, tidied) or _hidden(tidied)
    if refused is not None:
        return refused
    return [] if tidied == tuple(before) else [ArchiveTabsSet(tabs=tidied)]


def tabs_of(fact: Recorded | None) -> tuple[Tab, ...]:
    """The tabs that the newest event of their tag sets; the usual ones before the first."""
    match fact:
        case Recorded(event=ArchiveTabsSet(tabs=tabs)):
            return tabs
    return TABS_AT_FIRST


def _misnamed(tabs: tuple[Tab, ...]) -> Refused | None:
    if len(tabs) != TABS:
        return TabsAreNotFour(count=len(tabs), pointer="/tabs")
    for nth, tab in enumerate(tabs):
        if not _NAME.fullmatch(tab.name) or tab.name in {each.name for each in tabs[:nth]}:
            return TabNameIsWrong(name=tab.name[:40], pointer=f"/tabs/{nth}/name")
        pointer = f"/tabs/{nth}/label"
        wrong = faults.unreadable(tab.label) or faults.missing(tab.label, pointer)
        if wrong is not None:
            return wrong
        if bool(tab.rules) == (nth == TABS - 1):
            return RestIsRuled(pointer=f"/tabs/{nth}/rules")
    return None


def _misruled(company: Company, tabs: tuple[Tab, ...]) -> TabRuleIsWrong | None:
    known = {journal.code for journal in company.journals}
    for nth, tab in enumerate(tabs):
        for place, rule in enumerate(tab.rules):
            is_made = rule != TabRule() and known.issuperset(rule.journals)
            if not is_made or not all(map(_ACCOUNTS.fullmatch, rule.accounts)):
                return TabRuleIsWrong(name=tab.name, pointer=f"/tabs/{nth}/rules/{place}")
    return None


def _hidden(tabs: tuple[Tab, ...]) -> TabRuleIsHidden | None:
    places = [
        (tab.name, f"/tabs/{nth}/rules/{place}", rule)
        for nth, tab in enumerate(tabs)
        for place, rule in enumerate(tab.rules)
    ]
    for (_, _, earlier), (name, pointer, later) in combinations(places, 2):
        if earlier.hides(later):
            return TabRuleIsHidden(name=name, pointer=pointer)
    return None
