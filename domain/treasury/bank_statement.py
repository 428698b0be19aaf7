"""What a bank statement says, in one shape whatever the format of its file."""

import hashlib
from datetime import date
from typing import Literal

import msgspec
from msgspec import Struct, structs

from domain.sales.terms import PaymentMeans
from domain.treasury.payment import Counterparty

Source = Literal["coda", "camt053", "mt940", "csv"]


class LineDetail(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a line that the bank booked in one sum; it explains, it never counts again."""

    amount: int
    counterparty: Counterparty = Counterparty()
    communication: str = ""
    structured: str = ""


class StatementLine(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Money in (positive) or out (negative), in minor units, as the bank says it.

    `code` is the bank's code of the kind of transaction, in the words of its format; `returned` the
    reason why an earlier order came back. `structured` is twelve digits (OGM) or RF….
    """

    amount: int
    value_date: date | None = None
    date: date
    counterparty: Counterparty = Counterparty()
    communication: str = ""
    structured: str = ""
    reference: str = ""
    code: str = ""
    means: PaymentMeans = "transfer"
    returned: str = ""
    details: tuple[LineDetail, ...] = ()


class BankStatement(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A statement as a file has it; amounts in minor units, overdrawn is negative.

    `number` is its place in the year, 0 where the bank counts none; `reference` the bank's own name
    for it. A list of movements (CSV) may know no balances.
    """

    source: Source
    account: str
    currency: str
    lines: tuple[StatementLine, ...]
    number: int = 0
    reference: str = ""
    opening: int | None = None
    opened_on: date | None = None
    closing: int | None = None
    closed_on: date | None = None
    duplicate: bool = False

    @property
    def year(self) -> int:
        """The year in which it is numbered: that of its last day."""
        last = self.closed_on or max((line.date for line in self.lines), default=None)
        return last.year if last is not None else 0

    @property
    def fingerprint(self) -> str:
        """SHA-256 (hex) of what it says; the mark of a duplicate says nothing new."""
        said = structs.replace(self, duplicate=False)
        return hashlib.sha256(msgspec.json.encode(said, order="sorted")).hexdigest()
