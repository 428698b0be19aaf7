"""The tabs of the archives and the client's marks, as they come in and go out."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field, StringConstraints

from api.fields import In, JournalCode, Label, Out
from domain.archives.tabs import Tab, TabRule
from domain.ledger.chart import JournalKind
from domain.ledger.entry import DocumentKind

AccountStart = Annotated[str, StringConstraints(strict=True, pattern=r"^[0-9]{1,8}$")]
Entry = Annotated[int, Field(strict=True, ge=1, le=2**62)]
MOST = 500
"""So many documents are marked at once."""


class TabRuleIn(In):
    """Documents that meet everything given here; at least one thing is."""

    journals: list[JournalCode] = Field(
        default=[], max_length=50, description="Booked in one of these journals."
    )
    journal_kinds: list[JournalKind] = Field(
        default=[], max_length=5, description="Booked in a journal of one of these kinds."
    )
    kinds: list[DocumentKind] = Field(
        default=[], max_length=20, description="Being one of these kinds of document."
    )
    accounts: list[AccountStart] = Field(
        default=[], max_length=50, description="With a line on an account that begins so."
    )

    def rule(self) -> TabRule:
        """The rule as the domain has it."""
        return TabRule(
            journals=tuple(self.journals),
            journal_kinds=tuple(self.journal_kinds),
            kinds=tuple(self.kinds),
            accounts=tuple(self.accounts),
        )


class TabIn(In):
    """A tab of the archives."""

    name: str = Field(max_length=40, description="Its name in queries: small letters, digits, _.")
    label: Label = Field(description="What people read on it.")
    rules: list[TabRuleIn] = Field(
        default=[],
        max_length=50,
        description="It takes what meets one of them and no earlier tab takes; the last has none.",
    )

    def tab(self) -> Tab:
        """The tab as the domain has it."""
        rules = tuple(rule.rule() for rule in self.rules)
        return Tab(name=self.name, label=self.label, rules=rules)


class TabsIn(In):
    """The archives as they are to be laid out."""

    tabs: list[TabIn] = Field(max_length=20, description="Four tabs; the last takes the rest.")

    def new(self) -> list[Tab]:
        """The tabs as the domain has them."""
        return [tab.tab() for tab in self.tabs]


class TabRuleOut(Out):
    """Documents that meet everything said here."""

    journals: list[str] = Field(description="Booked in one of these journals; empty: any.")
    journal_kinds: list[JournalKind] = Field(
        description="Booked in a journal of one of these kinds; empty: any."
    )
    kinds: list[DocumentKind] = Field(description="Being one of these kinds; empty: any.")
    accounts: list[str] = Field(description="With a line on an account that begins so; empty: any.")


class TabOut(Out):
    """A tab of the archives."""

    name: str = Field(description="Its name in queries: `tab=`.")
    label: str = Field(description="What people read on it.")
    rules: list[TabRuleOut] = Field(description="What it takes; empty: whatever no other takes.")


class TabsOut(Out):
    """The archives as they are laid out: every document stands in the first tab that takes it."""

    tabs: list[TabOut] = Field(description="Four tabs, in their order.")

    @classmethod
    def of(cls, tabs: Sequence[Tab]) -> "TabsOut":
        """The tabs of the company."""
        return cls(
            tabs=[
                TabOut(
                    name=tab.name,
                    label=tab.label,
                    rules=[
                        TabRuleOut(
                            journals=list(rule.journals),
                            journal_kinds=list(rule.journal_kinds),
                            kinds=list(rule.kinds),
                            accounts=list(rule.accounts),
                        )
                        for rule in tab.rules
                    ],
                )
                for tab in tabs
            ]
        )


class MarksIn(In):
    """Documents of the archives."""

    entries: list[Entry] = Field(
        min_length=1, max_length=MOST, description="Each by `entry`, as the archives list it."
    )


class MarksOut(Out):
    """Documents, as they are marked now."""

    entries: list[int] = Field(description="The documents, each once.")
    treated: bool = Field(description="Whether they are marked as treated now.")
