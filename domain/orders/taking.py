"""Taking from an order: what of its lines is delivered or invoiced, and what is left."""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Literal

from msgspec import Struct

from domain.book.refusal import Refused, words
from domain.sales.document import Line, NewLine, price
from domain.sales.pricing import lump
from domain.values import faults
from domain.values.money import half_up
from domain.values.quantity import exact, is_quantity, write_quantity


class Taken(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """So much of a line of an order (from 0), as a decimal string."""

    line: int
    quantity: str


class QuantityExceedsRemainder(Refused, frozen=True, kw_only=True):
    """More is asked of a line than is left of it: what remains is never negative (M46)."""

    code = "quantity_exceeds_remainder"
    rule = "M46"
    text = words(
        en="{asked} was asked of line {line}, of which {left} is left.",
        fr="{asked} demandé sur la ligne {line}, dont il reste {left}.",
        nl="{asked} gevraagd van regel {line}, waarvan {left} overblijft.",
    )

    line: int
    asked: str
    left: str


class NothingIsLeft(Refused, frozen=True, kw_only=True):
    """All of it is delivered or invoiced already, or nothing was asked for."""

    code = "nothing_left"
    rule = "M46"
    text = words(
        en="Nothing of {number} is left to take.",
        fr="Il ne reste rien à prendre sur {number}.",
        nl="Er blijft niets over van {number}.",
    )

    number: str


class OrderLineIsUnknown(Refused, frozen=True, kw_only=True):
    """The order has no such item, or it is asked for twice."""

    code = "order_line_unknown"
    rule = "M46"
    text = words(
        en="Line {line} is not an item of the order, or is asked for twice.",
        fr="La ligne {line} n'est pas un article de la commande, ou est demandée deux fois.",
        nl="Regel {line} is geen artikel van de bestelling, of is twee keer gevraagd.",
    )

    line: int


Amounts = Mapping[int, Fraction]
"""Quantities by line of an order; a line that is not there has nothing taken."""


def added(before: Amounts, taken: Iterable[Taken], sign: Literal[1, -1] = 1) -> dict[int, Fraction]:
    """The quantities after more was taken, or given back."""
    sums = dict(before)
    for part in taken:
        sums[part.line] = sums.get(part.line, Fraction(0)) + sign * exact(part.quantity)
    return sums


def left_of(lines: Sequence[Line], before: Amounts) -> dict[int, Fraction]:
    """What is left of each item, by line; a line of which nothing is left is not there."""
    remainders = {
        index: exact(line.quantity) - before.get(index, Fraction(0))
        for index, line in enumerate(lines)
        if line.kind == "item"
    }
    return {index: left for index, left in remainders.items() if left}


def take(
    number: str, lines: Sequence[Line], before: Amounts, asked: Sequence[Taken]
) -> tuple[Taken, ...] | Refused:
    """What is taken: as asked, never beyond what is left; without asking, all that is left."""
    left = left_of(lines, before)
    if not asked:
        whole = tuple(Taken(line=i, quantity=write_quantity(q)) for i, q in left.items())
        return whole or NothingIsLeft(number=number, pointer="/lines")
    seen: set[int] = set()
    for at, part in enumerate(asked):
        refused = _check(part, lines, left, seen, f"/lines/{at}")
        if refused is not None:
            return refused
        seen.add(part.line)
    some = tuple(
        Taken(line=part.line, quantity=write_quantity(exact(part.quantity)))
        for part in asked
        if exact(part.quantity)
    )
    return some or NothingIsLeft(number=number, pointer="/lines")


def items_of(lines: Sequence[Line], taken: Iterable[Taken], currency: str) -> list[Line]:
    """The lines of what is taken, each priced at its quantity."""
    return [price(_at(lines[part.line], part.quantity), currency) for part in taken]


def surcharges_of(
    lines: Sequence[Line], before: Amounts, taken: Sequence[Taken], currency: str
) -> list[Line]:
    """The shares of discount and shipping that go with what is taken, by value.

    They are cumulative: with the last quantity the last cent is charged.
    """
    after = added(before, taken)
    shares = []
    for line in lines:
        if line.kind not in ("discount", "shipping"):
            continue
        basis = [i for i, item in enumerate(lines) if item.kind == "item" and _belong(line, item)]
        basis = basis or [i for i, item in enumerate(lines) if item.kind == "item"]
        whole = sum((_value(lines[i], exact(lines[i].quantity)) for i in basis), Fraction(0))
        net = _share(line.net, lines, basis, after, whole) - _share(
            line.net, lines, basis, before, whole
        )
        if net:
            shares.append(_shared(line, net, currency))
    return shares


def _check(
    part: Taken, lines: Sequence[Line], left: Mapping[int, Fraction], seen: set[int], pointer: str
) -> Refused | None:
    known = 0 <= part.line < len(lines) and lines[part.line].kind == "item"
    if not known or part.line in seen:
        return OrderLineIsUnknown(line=part.line, pointer=f"{pointer}/line")
    if not is_quantity(part.quantity):
        return faults.NumberIsMalformed(pointer=f"{pointer}/quantity")
    remainder = left.get(part.line, Fraction(0))
    if 0 <= exact(part.quantity) <= remainder:
        return None
    return QuantityExceedsRemainder(
        line=part.line,
        asked=part.quantity,
        left=write_quantity(remainder),
        pointer=f"{pointer}/quantity",
    )


def _at(line: Line, quantity: str) -> NewLine:
    return NewLine(
        description=line.description,
        quantity=quantity,
        unit_price=line.unit_price,
        vat_rate=line.vat_rate,
        vat_category=line.vat_category,
        unit=line.unit,
        discount_percent=line.discount_percent,
        exemption=line.exemption,
        account=line.account,
        vat_code=line.vat_code,
        nature=line.nature,
        article_id=line.article_id,
        unit_cost=line.unit_cost,
    )


def _belong(surcharge: Line, item: Line) -> bool:
    """Whether a share was taken of this item: they have their VAT in common."""
    vat = item.vat_category, item.vat_rate, item.vat_code, item.nature, item.exemption
    same = vat == (
        surcharge.vat_category,
        surcharge.vat_rate,
        surcharge.vat_code,
        surcharge.nature,
        surcharge.exemption,
    )
    return same and (surcharge.kind == "shipping" or item.account == surcharge.account)


def _value(line: Line, quantity: Fraction) -> Fraction:
    return quantity * exact(line.unit_price) * (1 - exact(line.discount_percent) / 100)


def _share(
    net: int, lines: Sequence[Line], basis: Sequence[int], taken: Amounts, whole: Fraction
) -> int:
    if not whole:
        return net if any(taken.values()) else 0
    part = sum((_value(lines[i], taken.get(i, Fraction(0))) for i in basis), Fraction(0))
    return half_up(net * part / whole)


def _shared(line: Line, net: int, currency: str) -> Line:
    return lump(
        net,
        currency,
        description=line.description,
        kind=line.kind,
        vat_category=line.vat_category,
        vat_rate=line.vat_rate,
        vat_code=line.vat_code,
        nature=line.nature,
        account=line.account,
        exemption=line.exemption,
    )
