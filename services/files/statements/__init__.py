"""Files of bank statements: CODA, CAMT.053, MT940 and CSV, each into the same shape.

`read` finds out which it is. What cannot be read whole is refused with the place of the fault.
"""

from domain.treasury.bank_statement import BankStatement
from domain.treasury.csv_layout import Layouts
from services.files.statements import camt053, coda, movements, mt940
from services.files.statements.fault import StatementFileIsWrong, refuse

__all__ = ["StatementFileIsWrong", "media_type", "read"]

MOST_STATEMENTS = 200


def read(content: bytes, layouts: Layouts, account: str = "") -> tuple[BankStatement, ...]:
    """The statements of a file, in its order; raises Refusals.

    A list of movements does not say whose it is: it is read by the layout of `account`, or by the
    only one that has its headings.
    """
    if coda.looks_like(content):
        found = coda.read(content)
    elif camt053.looks_like(content):
        found = camt053.read(content)
    elif mt940.looks_like(content):
        found = mt940.read(content)
    else:
        found = _read_movements(content, layouts, account)
    if len(found) > MOST_STATEMENTS:
        refuse("", 0, 0, "too_complex")
    return found


def media_type(content: bytes) -> str:
    """What a file of statements is kept as."""
    if camt053.looks_like(content):
        return "application/xml"
    is_text = coda.looks_like(content) or mt940.looks_like(content)
    return "text/plain" if is_text else "text/csv"


def _read_movements(content: bytes, layouts: Layouts, account: str) -> tuple[BankStatement, ...]:
    if account and account not in layouts:
        refuse("CSV", 0, 0, "no_layout", account)
    if account:
        return movements.read(content, layouts[account])
    fitting = [each for each in layouts.values() if movements.looks_like(content, each)]
    if len(fitting) != 1:
        refuse("CSV" if fitting else "", 0, 0, "not_a_statement")
    return movements.read(content, fitting[0])
