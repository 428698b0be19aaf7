"""Every register there is."""

from projections.archives import Archives
from projections.articles import Articles
from projections.contacts import Contacts
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
