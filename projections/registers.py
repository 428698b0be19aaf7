"""Every register there is."""

from projections.archives import Archives
from projections.history import History
from projections.register import Register
from projections.unpaid import Unpaid
from projections.vat_register import VatRegister

REGISTERS: tuple[Register, ...] = (Archives(), History(), Unpaid(), VatRegister())

SEARCH_PATH = ", ".join(register.name for register in REGISTERS)
"""Where queries find their tables: table names are unique across registers."""
