"""VAT: the category and rate of a line, and the tax of a document, per rate and exact."""

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from domain.values.money import half_up
from domain.values.quantity import exact

# EN 16931 (UNCL 5305): S standard, Z zero, E exempt, AE reverse charge, K intra-Community,
# G export, O outside scope, L/M Canaries and Ceuta/Melilla, B transferred (Italy).
VatCategory = Literal["S", "Z", "E", "AE", "K", "G", "O", "L", "M", "B"]


class VatAmount(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The tax of one rate of a document: `base` and `tax` in minor units, `rate` in percent."""

    category: VatCategory
    rate: str
    base: int
    tax: int
    exemption: str = ""


class Taxable(Struct, frozen=True):
    """One amount to be taxed: `net` in minor units, `rate` in percent in its shortest form.

    `tax` is given where the amount is a part of a larger whole whose tax is known; it is then not
    calculated again, so that the parts add up to the whole.
    """

    category: VatCategory
    rate: str
    net: int
    exemption: str = ""
    tax: int | None = None


def tax_on(base: int, rate: str) -> int:
    """The tax on `base` at `rate` percent, in minor units, half-up (EN 16931 BT-117)."""
    return half_up(base * exact(rate) / 100)


def break_down(amounts: Iterable[Taxable]) -> tuple[VatAmount, ...]:
    """The tax per category and rate, on the sum of the net amounts, in the order first met.

    Rounding a tax per line is not allowed in structured invoices and loses cents
    (EN 16931 BR-CO-17, Belgian royal decree of 8 July 2025); each rate is rounded once.
    """
    groups: dict[tuple[VatCategory, str], list[Taxable]] = {}
    for amount in amounts:
        groups.setdefault((amount.category, amount.rate), []).append(amount)
    return tuple(_tax_group(category, rate, group) for (category, rate), group in groups.items())


def _tax_group(category: VatCategory, rate: str, group: list[Taxable]) -> VatAmount:
    base = sum(amount.net for amount in group)
    free = sum(amount.net for amount in group if amount.tax is None)
    given = sum(amount.tax for amount in group if amount.tax is not None)
    reasons = dict.fromkeys(amount.exemption for amount in group if amount.exemption)
    return VatAmount(
        category=category,
        rate=rate,
        base=base,
        tax=tax_on(free, rate) + given,
        exemption="; ".join(reasons),
    )
