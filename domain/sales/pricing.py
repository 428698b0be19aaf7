"""From lines as asked to lines as charged: each priced, then discount and shipping as lines too."""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from domain.book.refusal import Refused, words
from domain.countries.country import CountryRules
from domain.ledger.chart import is_account
from domain.sales.document import Line, LineKind, Nature, NewLine, price
from domain.values import faults
from domain.values.language import Language as Language  # noqa: PLC0414
from domain.values.money import allocate, half_up, written
from domain.values.quantity import exact, is_percent, shortest
from domain.values.vat import VatCategory

_WORDS: dict[LineKind, dict[Language, str]] = {
    "discount": {"fr": "Remise", "nl": "Korting", "en": "Discount"},
    "shipping": {"fr": "Frais de port", "nl": "Verzendkosten", "en": "Shipping"},
}


class Discount(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A discount on the whole document: a percentage or an amount in minor units, not both."""

    percent: str = ""
    amount: int | None = None


class Shipping(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Shipping before tax, in minor units.

    Without a rate it shares the rates of the goods it brings, to which it is accessory.
    """

    amount: int
    vat_rate: str = ""
    vat_category: VatCategory = "S"
    account: str = ""


class DiscountIsWrong(Refused, frozen=True, kw_only=True):
    """A discount is one percentage or one amount, and not more than what it is taken off."""

    code = "discount_wrong"
    rule = "M21"
    text = words(
        en="The discount is a percentage or an amount, from 0 to the {most} of the lines.",
        fr="La remise est un pourcentage ou un montant, de 0 aux {most} des lignes.",
        nl="De korting is een percentage of een bedrag, van 0 tot de {most} van de regels.",
    )

    most: int


class ShippingIsWrong(Refused, frozen=True, kw_only=True):
    """Shipping is not negative, and has a rate where there is no line to share one with."""

    code = "shipping_wrong"
    rule = "M21"
    text = words(
        en="Shipping is an amount of 0 or more, with a rate where no line has one.",
        fr="Le port est un montant positif ou nul, avec un taux si aucune ligne n'en a.",
        nl="Verzendkosten zijn 0 of meer, met een tarief als geen regel er een heeft.",
    )


def price_lines(
    lines: Sequence[NewLine],
    discount: Discount | None,
    shipping: Shipping | None,
    *,
    currency: str,
    language: Language = "fr",
) -> tuple[Line, ...] | Refused:
    """The lines with their amounts, then those of the discount and of shipping, cent-exact.

    The discount is shared over the rates, accounts and codes of the items by what they weigh, the
    cents that are left going to the largest remainders; shipping without a rate likewise.
    """
    priced = [price(line, currency) for line in lines]
    kinds = _alike([line for line in priced if line.kind == "item"])
    added: list[Line] = []
    if discount is not None:
        shares = _discounted(discount, kinds)
        if isinstance(shares, Refused):
            return shares
        added += _spread("discount", shares, kinds, currency, language)
    if shipping is not None:
        refused = _unshippable(shipping, kinds)
        if refused is not None:
            return refused
        added += _shipped(shipping, kinds, currency, language)
    return (*priced, *added)


def by_code(line: NewLine, rules: CountryRules) -> NewLine:
    """A line as asked for with what its VAT code says of it: the category, and the rate of one."""
    row = next((row for row in rules.vat_codes if row.code == line.vat_code), None)
    if row is None:
        return line
    only = row.rate or ("" if row.category == "S" else "0")
    return replace(line, vat_category=row.category, vat_rate=line.vat_rate or only)


Kind = tuple[VatCategory, str, str, Nature, str, str]
"""What lines have in common that share a discount: VAT, code, nature, account, exemption."""


def _alike(items: Sequence[Line]) -> dict[Kind, int]:
    sums: dict[Kind, int] = {}
    for line in items:
        kind = (
            line.vat_category,
            line.vat_rate,
            line.vat_code,
            line.nature,
            line.account,
            line.exemption,
        )
        sums[kind] = sums.get(kind, 0) + line.net
    return sums


def _discounted(discount: Discount, kinds: dict[Kind, int]) -> list[int] | Refused:
    """The share of each kind of line, negative."""
    whole = sum(kinds.values())
    one_way = (discount.percent == "") != (discount.amount is None)
    if not one_way or (discount.percent and not is_percent(discount.percent)):
        return DiscountIsWrong(most=whole, pointer="/discount")
    amount = discount.amount
    if amount is None:
        amount = half_up(whole * exact(discount.percent) / 100)
    weights = [max(net, 0) for net in kinds.values()]
    if not 0 <= amount <= whole or not any(weights):
        return DiscountIsWrong(most=whole, pointer="/discount")
    return [-share for share in allocate(amount, weights)]


def _unshippable(shipping: Shipping, kinds: dict[Kind, int]) -> Refused | None:
    sound_rate = not shipping.vat_rate or is_percent(shipping.vat_rate)
    rated = bool(shipping.vat_rate) or any(net > 0 for net in kinds.values())
    if shipping.amount < 0 or not sound_rate or not rated:
        return ShippingIsWrong(pointer="/shipping")
    if shipping.account and not is_account(shipping.account):
        return faults.NumberIsMalformed(pointer="/shipping/account")
    return faults.out_of_bounds(shipping.amount, "/shipping/amount")


def _shipped(
    shipping: Shipping, kinds: dict[Kind, int], currency: str, language: Language
) -> list[Line]:
    if shipping.vat_rate:
        rate = shortest(shipping.vat_rate)
        alone: Kind = (shipping.vat_category, rate, "", "", shipping.account, "")
        return _spread("shipping", [shipping.amount], {alone: 0}, currency, language)
    shares = allocate(shipping.amount, [max(net, 0) for net in kinds.values()])
    rates: dict[Kind, int] = {}
    for (category, rate, code, nature, _, exemption), share in zip(kinds, shares, strict=True):
        kind = (category, rate, code, nature, shipping.account, exemption)
        rates[kind] = rates.get(kind, 0) + share
    return _spread("shipping", list(rates.values()), rates, currency, language)


def _spread(
    kind: LineKind,
    shares: Sequence[int],
    kinds: dict[Kind, int],
    currency: str,
    language: Language,
) -> list[Line]:
    """One line for each share that is not nothing."""
    return [
        lump(
            net,
            currency,
            description=_WORDS[kind][language],
            kind=kind,
            vat_category=category,
            vat_rate=rate,
            vat_code=code,
            nature=nature,
            account=account,
            exemption=exemption,
        )
        for (category, rate, code, nature, account, exemption), net in zip(
            kinds, shares, strict=True
        )
        if net
    ]


def lump(
    net: int,
    currency: str,
    *,
    description: str,
    kind: LineKind,
    vat_category: VatCategory,
    vat_rate: str,
    vat_code: str = "",
    nature: Nature = "",
    account: str = "",
    exemption: str = "",
    tax: int | None = None,
) -> Line:
    """A line of one amount: less than nothing is a quantity of minus one (BT-146 is positive)."""
    return Line(
        description=description,
        quantity="1" if net >= 0 else "-1",
        unit_price=shortest(written(abs(net), currency)),
        net=net,
        vat_category=vat_category,
        vat_rate=vat_rate,
        vat_code=vat_code,
        nature=nature,
        account=account,
        exemption=exemption,
        kind=kind,
        tax=tax,
    )
