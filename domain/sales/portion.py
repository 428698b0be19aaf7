"""A part of a document by what is paid of it: each rate's VAT in proportion, the price the rest."""

from collections.abc import Sequence
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from domain.values.money import half_up
from domain.values.vat import Rate, VatShare, round_together


class Portion(Struct, frozen=True, kw_only=True):
    """A price and the VAT on it, in minor units."""

    net: int
    shares: tuple[VatShare, ...]

    @property
    def gross(self) -> int:
        """Price and VAT together."""
        return self.net + sum(share.tax for share in self.shares)

    def part(self, amount: int) -> "Portion":
        """What `amount` of the gross is made of; the VAT of a rate is rounded once, half-up.

        Parts of growing amounts differ by what each payment adds; the last closes the cents.
        """
        if amount == self.gross:
            return self
        ratio = Fraction(amount, self.gross)
        shares: list[VatShare] = []
        for rate in dict.fromkeys(map(_rate, self.shares)):
            of_rate = [share for share in self.shares if _rate(share) == rate]
            taxes = _parts([share.tax for share in of_rate], ratio)
            bases = _parts([share.base for share in of_rate], ratio)
            shares += [
                replace(share, base=base, tax=tax)
                for share, base, tax in zip(of_rate, bases, taxes, strict=True)
            ]
        return Portion(net=amount - sum(share.tax for share in shares), shares=tuple(shares))

    def less(self, other: "Portion") -> "Portion":
        """What is left without `other`, share by share of the same kind."""
        known = {_kind(share): share for share in other.shares}
        shares = tuple(_subtract(share, known.get(_kind(share))) for share in self.shares)
        return Portion(net=self.net - other.net, shares=shares)


def _subtract(share: VatShare, other: VatShare | None) -> VatShare:
    if other is None:
        return share
    return replace(share, base=share.base - other.base, tax=share.tax - other.tax)


def _parts(amounts: Sequence[int], ratio: Fraction) -> list[int]:
    return round_together([amount * ratio for amount in amounts], half_up(sum(amounts) * ratio))


def _rate(share: VatShare) -> Rate:
    return share.category, share.rate


def _kind(share: VatShare) -> tuple[str, ...]:
    return share.category, share.rate, share.code, share.nature, share.exigible
