"""One complete example of every event about the archives."""

from domain.archives.tabs import ArchiveTabsSet, Tab, TabRule
from domain.archives.treated import DocumentsMarkedTreated, DocumentsMarkedUntreated
from domain.book.event import Event

ARCHIVES: list[Event] = [
    ArchiveTabsSet(
        tabs=(
            Tab(
                name="staff",
                label="Frais de personnel",
                rules=(
                    TabRule(journals=("HA2",), kinds=("bill",), accounts=("64", "62")),
                    TabRule(journal_kinds=("miscellaneous",), accounts=("64",)),
                ),
            ),
            Tab(name="purchases", label="Achats", rules=(TabRule(journal_kinds=("purchase",)),)),
            Tab(name="sales", label="Ventes", rules=(TabRule(journal_kinds=("sale",)),)),
            Tab(name="other", label="Banque et divers"),
        )
    ),
    DocumentsMarkedTreated(entries=(12, 31)),
    DocumentsMarkedUntreated(entries=(12,)),
]
