"""What the rows of a list come to: which columns add up, and over which groups of rows."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from services.files.table import Language, Total
from services.lists.headings import CODES


class Summed(NamedTuple):
    """The columns of amounts that add up; rows of another `group` are other totals."""

    group: str
    amounts: tuple[str, ...]


SUMMED: dict[str, Summed] = {
    "aged_balance": Summed("side", ("open",)),
    "archives": Summed("journal", ("amount", "open")),
    "bank_transactions": Summed("journal", ("amount",)),
    "documents_received": Summed("kind", ("amount", "open")),
    "documents_sent": Summed("kind", ("amount",)),
    "expenses": Summed("", ("amount",)),
    "history": Summed("side", ("debit", "credit")),
    "instalments": Summed("side", ("amount", "paid", "open")),
    "journals": Summed("", ("debit", "credit")),
    "ledger": Summed("", ("debit", "credit")),
    "letterings": Summed("state", ("amount",)),
    "oss": Summed("kind", ("base", "tax")),
    "party_balances": Summed("side", ("debit", "credit", "balance")),
    "payments": Summed("direction", ("amount",)),
    "remittances": Summed("kind", ("amount", "returned")),
    "revenues": Summed("", ("amount",)),
    "sales_documents": Summed("kind", ("net", "tax", "gross", "credited", "open")),
    "sales_lines": Summed("", ("net", "cost", "margin")),
    "trial_balance": Summed("", ("opening", "debit", "credit", "closing")),
    "unpaid": Summed("side", ("amount", "open")),
    "vat_register": Summed("direction", ("base", "tax")),
}
"""By list; one that is not here has no totals. Running balances add up to nothing."""


class Sums:
    """The totals of a list while it is written: one a group and currency, in the order met."""

    def __init__(self, name: str, more: Iterable[str] = ()) -> None:
        found = SUMMED.get(name, Summed("", ()))
        self._group, self._amounts = found.group, (*more, *found.amounts)
        self._sums: dict[tuple[str, str], list[int]] = {}

    def add(self, row: Any) -> None:
        """Takes a row in."""
        if not self._amounts:
            return
        key = (getattr(row, self._group) if self._group else "", row.currency)
        sums = self._sums.setdefault(key, [0] * (len(self._amounts) + 1))
        sums[-1] += 1
        for at, name in enumerate(self._amounts):
            sums[at] += getattr(row, name) or 0

    def totals(self, language: Language) -> tuple[Total, ...]:
        """The totals, their groups in the reader's words."""
        return tuple(
            Total(
                group=CODES.get(group, {}).get(language, group),
                currency=currency,
                rows=sums[-1],
                amounts=dict(zip(self._amounts, sums, strict=False)),
            )
            for (group, currency), sums in sorted(self._sums.items())
        )
