"""The UBL reader: bytes from a supplier to a checked EN 16931 document, or to named findings.

`read` (bytes) and `read_file` (path) return a `Reading` and never raise. `Reading.accepted` is the
document when it may be booked; `finding.py` says what is refused and why.
"""

from services.files.ubl.document import UblDocument
from services.files.ubl.finding import Finding
from services.files.ubl.identities import is_iban
from services.files.ubl.reader import Reading, read, read_file
from services.files.ubl.rules import check
from services.files.ubl.supplier import supplier_key

__all__ = [
    "Finding",
    "Reading",
    "UblDocument",
    "check",
    "is_iban",
    "read",
    "read_file",
    "supplier_key",
]
