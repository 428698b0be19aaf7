"""Every register there is."""

from collections.abc import Iterable

from projections.archives import Archives
from projections.articles import Articles
from projections.contacts import Contacts
from projections.freshness import Freshness
from projections.history import History
from projections.ledger import Ledger
from projections.matching import Matching
from projections.printing import Printing
from projections.register import Register
from projections.sales_documents import SalesDocuments
from projections.unpaid import Unpaid
from projections.vat_register import VatRegister

REGISTERS: tuple[Register, ...] = (
    Archives(),
    Articles(),
    Contacts(),
    Freshness(),
    History(),
    Ledger(),
    Matching(),
    Printing(),
    SalesDocuments(),
    Unpaid(),
    VatRegister(),
)

SEARCH_PATH = ", ".join(register.name for register in REGISTERS)
"""Where queries find their tables: table names are unique across registers."""

ASKED_WITH: dict[str, tuple[str, ...]] = {
    "printing": ("sales_documents",),
    "sales_documents": ("unpaid",),
}
"""The registers that the questions to another one read too."""


def asked_with(registers: Iterable[Register]) -> list[Register]:
    """These registers, and those without which none of their questions has an answer: what they
    are asked with, and the freshness that every answer carries."""
    wanted = {register.name: register for register in registers}
    names = {Freshness.name, *(name for each in wanted for name in ASKED_WITH.get(each, ()))}
    return [*wanted.values(), *(each for each in REGISTERS if each.name in names - wanted.keys())]
