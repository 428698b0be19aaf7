"""A part of a document by what is paid of it: each rate's VAT in proportion, the price the rest."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import chain
from typing import Generic, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from domain.purchases.lines import PurchaseShare
from domain.values.money import half_up
from domain.values.vat import Rate, VatShare, round_together

Share = TypeVar("Share", bound=VatShare | PurchaseShare)


class Portion(Struct, Generic[Share], frozen=True, kw_only=True):
    """A price and the VAT on it, in minor units; of a sale or of a purchase."""

    net: int
    shares: tuple[Share, ...]

    @property
    def gross(self) -> int:
        """Price and VAT together."""
        return self.net + sum(share.tax for share in self.shares)

    def part(self, amount: int) -> "Portion[Share]":
        """What `amount` of the gross is made of; the VAT of a rate is rounded once, half-up.

        Parts of growing amounts differ by what each payment adds; the last closes the cents.
        """
        if amount == self.gross:
            return self
        ratio = Fraction(amount, self.gross)
        shares: list[Share] = []
        for rate in dict.fromkeys(map(_rate, self.shares)):
            shares += _parts([share for share in self.shares if _rate(share) == rate], ratio)
        return Portion(net=amount - sum(share.tax for share in shares), shares=tuple(shares))

    def off(self, amount: int, *, with_vat: bool) -> "Portion[Share]":
        """What a discount of `amount` takes off: the end, so that the parts before it close the
        cents; where it does not reduce VAT, the price alone."""
        if not with_vat:
            return Portion(net=amount, shares=())
        return self.less(self.part(self.gross - amount))

    def less(self, other: "Portion[Share]") -> "Portion[Share]":
        """What is left without `other`, share by share of the same kind; another kind is owed."""
        taken = (times(share, -1) for share in other.shares)
        return Portion(net=self.net - other.net, shares=added(self.shares, taken))


def added(shares: Iterable[Share], others: Iterable[Share]) -> tuple[Share, ...]:
    """The sums of shares of the same kind, in the order first met."""
    sums: dict[tuple[str, ...], Share] = {}
    for share in chain(shares, others):
        known = sums.get(share.kind)
        sums[share.kind] = share if known is None else _plus(known, share)
    return tuple(sums.values())


def times(share: Share, factor: int) -> Share:
    """A share with each of its amounts multiplied."""
    return replace(share, **{name: factor * getattr(share, name) for name in share.AMOUNTS})


def is_empty(share: VatShare | PurchaseShare) -> bool:
    """Whether all amounts of a share are zero."""
    return not any(getattr(share, name) for name in share.AMOUNTS)


def _plus(share: Share, other: Share) -> Share:
    amounts = {name: getattr(share, name) + getattr(other, name) for name in share.AMOUNTS}
    return replace(share, **amounts)


def _parts(shares: Sequence[Share], ratio: Fraction) -> list[Share]:
    """The shares of one rate in proportion: the sum of each amount is rounded once."""
    columns = [
        _rounded([getattr(share, name) for share in shares], ratio) for name in shares[0].AMOUNTS
    ]
    return [
        replace(share, **dict(zip(share.AMOUNTS, amounts, strict=True)))
        for share, amounts in zip(shares, zip(*columns, strict=True), strict=True)
    ]


def _rounded(amounts: Sequence[int], ratio: Fraction) -> list[int]:
    return round_together([amount * ratio for amount in amounts], half_up(sum(amounts) * ratio))


def _rate(share: VatShare | PurchaseShare) -> Rate:
    return share.category, share.rate
