"""VAT: the category and rate of a line, and the tax of a document, per rate and exact."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import ClassVar, Literal

from msgspec import Struct

from domain.values.money import half_up
from domain.values.quantity import exact

# EN 16931 (UNCL 5305): S standard, Z zero, E exempt, AE reverse charge, K intra-Community,
# G export, O outside scope, L/M Canaries and Ceuta/Melilla, B transferred (Italy).
VatCategory = Literal["S", "Z", "E", "AE", "K", "G", "O", "L", "M", "B"]
Nature = Literal["", "goods", "services"]
Exigible = Literal["issue", "payment", "none"]
Rate = tuple[VatCategory, str]
"""A category and a rate: what EN 16931 breaks VAT down by."""


class VatAmount(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The tax of one rate of a document: `base` and `tax` in minor units, `rate` in percent."""

    category: VatCategory
    rate: str
    base: int
    tax: int
    exemption: str = ""


class VatShare(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What of a rate's base and tax has one national code, one nature and one exigibility.

    `exigible` says when the tax becomes due: with the document, with its payment, or not at all
    (a deposit that the law leaves out). The shares of a rate add up to its base and its tax.
    """

    AMOUNTS: ClassVar[tuple[str, ...]] = ("base", "tax")

    category: VatCategory
    rate: str
    code: str
    nature: Nature
    exigible: Exigible
    base: int
    tax: int

    @property
    def kind(self) -> tuple[str, ...]:
        """What shares have in common that may be added up."""
        return self.category, self.rate, self.code, self.nature, self.exigible


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
    code: str = ""
    nature: Nature = ""
    exigible: Exigible = "issue"


Kind = tuple[str, Nature, Exigible]
"""What the amounts of a share have in common: code, nature, exigibility."""


def tax_on(base: int, rate: str) -> int:
    """The tax on `base` at `rate` percent, in minor units, half-up (EN 16931 BT-117)."""
    return half_up(base * exact(rate) / 100)


def break_down(amounts: Iterable[Taxable]) -> tuple[VatAmount, ...]:
    """The tax per category and rate, on the sum of the net amounts, in the order first met.

    Rounding a tax per line is not allowed in structured invoices and loses cents
    (EN 16931 BR-CO-17, Belgian royal decree of 8 July 2025); each rate is rounded once.
    """
    return tuple(
        _tax_group(category, rate, group) for (category, rate), group in _by_rate(amounts).items()
    )


def share_out(amounts: Iterable[Taxable], vat: Iterable[VatAmount]) -> tuple[VatShare, ...]:
    """The shares of each rate of `vat`, in the order first met; the cents that rounding leaves go

    to the largest remainders, so that Σ shares is the rate's tax exactly.
    """
    groups = _by_rate(amounts)
    return tuple(
        share
        for whole in vat
        for share in _share_rate(whole, groups.get((whole.category, whole.rate), []))
    )


def undivided(vat: Iterable[VatAmount]) -> tuple[VatShare, ...]:
    """One share for each rate, without a code, due with the document."""
    return tuple(
        VatShare(
            category=whole.category,
            rate=whole.rate,
            code="",
            nature="",
            exigible="issue",
            base=whole.base,
            tax=whole.tax,
        )
        for whole in vat
    )


def exact_tax(amounts: Iterable[Taxable]) -> Fraction:
    """The tax of amounts before any rounding: calculated, or as it was given."""
    return sum(
        (
            amount.net * exact(amount.rate) / 100 if amount.tax is None else Fraction(amount.tax)
            for amount in amounts
        ),
        Fraction(0),
    )


def round_together(values: Sequence[Fraction], total: int) -> list[int]:
    """Whole numbers next to `values` that add up to `total`, their rounded sum.

    Each is rounded down, then the largest remainders are rounded up; equal ones in their order.
    """
    rounded = [value.numerator // value.denominator for value in values]
    remainders = [value - down for value, down in zip(values, rounded, strict=True)]
    by_remainder = sorted(range(len(values)), key=lambda index: -remainders[index])
    for index in by_remainder[: total - sum(rounded)]:
        rounded[index] += 1
    return rounded


def _by_rate(amounts: Iterable[Taxable]) -> dict[Rate, list[Taxable]]:
    groups: dict[Rate, list[Taxable]] = {}
    for amount in amounts:
        groups.setdefault((amount.category, amount.rate), []).append(amount)
    return groups


def _share_rate(whole: VatAmount, amounts: Sequence[Taxable]) -> Iterable[VatShare]:
    kinds: dict[Kind, list[Taxable]] = {}
    for amount in amounts:
        kinds.setdefault((amount.code, amount.nature, amount.exigible), []).append(amount)
    taxes = round_together([exact_tax(group) for group in kinds.values()], whole.tax)
    for ((code, nature, exigible), group), tax in zip(kinds.items(), taxes, strict=True):
        yield VatShare(
            category=whole.category,
            rate=whole.rate,
            code=code,
            nature=nature,
            exigible=exigible,
            base=sum(amount.net for amount in group),
            tax=tax,
        )


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
