"""Every register there is."""

from collections.abc import Iterable

from projections.archives import Archives
from projections.articles import Articles
from projections.bank_transactions import BankTransactions
from projections.contacts import Contacts
from projections.freshness import Freshness
from projections.history import History
from projections.instalments import Instalments
from projections.ledger import Ledger
from projections.letterings import Letterings
from projections.matching import Matching
from projections.printing import Printing
from projections.register import Register
from projections.remittances import Remittances
from projections.sales_documents import SalesDocuments
from projections.unpaid import Unpaid
from projections.vat_register import VatRegister

REGISTERS: tuple[Register, ...] = (
    Archives(),
    Articles(),
    BankTransactions(),
    Contacts(),
    Freshness(),
    History(),
    Instalments(),
    Ledger(),
    Letterings(),
    Matching(),
    Printing(),
    Remittances(),
    SalesDocuments(),
    Unpaid(),
    VatRegister(),
)

SEARCH_PATH = ", ".join(register.name for register in REGISTERS)
"""Where queries find their tables: table names are unique across registers."""

ASKED_WITH: dict[str, tuple[str, ...]] = {
    "bank_transactions": ("unpaid",),
    "letterings": ("unpaid",),
    "printing": ("sales_documents",),
    "sales_documents": ("unpaid",),
}
"""The registers that the questions to another one read too."""


def read_by(names: Iterable[str], question: object) -> list[str]:
    """The names of the registers that a question to these reads: a country is the contacts' to say.

    The question is a filter, or what one is made from. `asked_with` adds what every one needs.
    """
    asks = getattr(question, "country", None) is not None
    return [*names, *((Contacts.name,) if asks else ())]


def asked_with(registers: Iterable[Register]) -> list[Register]:
    """These registers, and those without which none of their questions has an answer: what they
    are asked with, and the freshness that every answer carries."""
    wanted = {register.name: register for register in registers}
    known = {register.name: register for register in REGISTERS}
    waiting = [Freshness.name, *wanted]
    while waiting:
        name = waiting.pop()
        if name not in wanted:
            wanted[name] = known[name]
        waiting += [each for each in ASKED_WITH.get(name, ()) if each not in wanted]
    return list(wanted.values())
