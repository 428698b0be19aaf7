"""What a supplier's document is made of: its lines, and the shares of its VAT."""

from typing import ClassVar

from msgspec import Struct

from domain.countries.purchase_code import PurchaseCodeName
from domain.values.vat import Exigible, Nature, VatCategory


class BillLine(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was bought: `net` in minor units; `account` empty means the purchases account.

    `category` (empty: S) and `rate` name one of the document's rates; an empty rate is the
    document's only one. `vat_code` says how the purchase is treated (empty: by its category and
    the supplier's country), `due_rate` the rate of the tax that the supplier left to the company
    (empty: the standard rate), `deductible` how many percent of its VAT are deducted. `nature`
    says whether it is a service (empty: by its account, see `purchase_nature`).
    """

    description: str
    net: int
    account: str = ""
    category: VatCategory | None = None
    rate: str = ""
    vat_code: str = ""
    due_rate: str = ""
    deductible: str = "100"
    nature: Nature = ""


class PurchaseShare(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What of a rate's base and tax has one treatment and one account, in minor units.

    `tax` is the supplier's, `due` what the company owes itself at `due_rate` on `due_account`;
    `deductible` of both together, and the rest is a cost on `account`. Shares add up to the rate.
    `exigible` says whether it is deductible with the document, or once the supplier is paid.
    """

    AMOUNTS: ClassVar[tuple[str, ...]] = ("base", "tax", "due", "deductible")

    category: VatCategory
    rate: str
    code: PurchaseCodeName
    account: str
    base: int
    tax: int
    due: int
    deductible: int
    due_rate: str = ""
    due_account: str = ""
    nature: Nature = ""
    exigible: Exigible = "issue"

    @property
    def kind(self) -> tuple[str, ...]:
        """What shares have in common that may be added up."""
        treatment = self.category, self.rate, self.code, self.nature, self.exigible
        return *treatment, self.account, self.due_rate, self.due_account

    @property
    def lost(self) -> int:
        """The VAT that is not deducted: a cost."""
        return self.tax + self.due - self.deductible
