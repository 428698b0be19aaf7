"""How far each line of a quote is invoiced: cumulated, never back, never above 100 % (M65, M66)."""

from collections.abc import Sequence
from fractions import Fraction

from msgspec import Struct

from domain.book.refusal import Refused, words
from domain.deposits.terms import Amount, rate_of
from domain.quotes.billing import Issued, Pending, lines_left
from domain.sales.content import SituationLine
from domain.sales.document import Line
from domain.values import faults
from domain.values.money import half_up
from domain.values.quantity import exact, is_percent, shortest
from domain.values.vat import Rate, tax_on


class Progress(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How far a line of the quote (from 0) is done in all: a percentage, or a net amount.

    `cumulated` is in minor units and counts all situations, like `percent`. `label` renames the
    line from now on.
    """

    line: int
    percent: str = ""
    cumulated: int | None = None
    label: str = ""


class ProgressLineIsUnknown(Refused, frozen=True, kw_only=True):
    """The quote has no such line with an amount, or it is asked for twice or in two ways."""

    code = "progress_line_unknown"
    rule = "M65"
    text = words(
        en="Line {line} is not an amount of the quote, or is asked for twice or in two ways.",
        fr="La ligne {line} n'est pas un montant du devis, ou est demandée deux fois.",
        nl="Regel {line} is geen bedrag van de offerte, of is twee keer gevraagd.",
    )

    line: int


class ProgressIsOutOfBounds(Refused, frozen=True, kw_only=True):
    """A line is invoiced from what it was before up to all of it: never back, never above 100 %."""

    code = "progress_out_of_bounds"
    rule = "M66"
    text = words(
        en="{asked} is not between {before}, invoiced before, and {quoted}, the whole line.",
        fr="{asked} n'est pas compris entre {before}, déjà facturé, et {quoted}, la ligne entière.",
        nl="{asked} ligt niet tussen {before}, al gefactureerd, en {quoted}, de hele regel.",
    )

    asked: int
    before: int
    quoted: int


class Advance(Struct, frozen=True, kw_only=True):
    """Each line of a quote up to now and after one more situation, net; and the tax of the step."""

    lines: tuple[SituationLine, ...]
    taxes: tuple[int, ...]

    @property
    def share(self) -> Fraction:
        """How much of the whole quote is invoiced after it, from 0 to 1."""
        quoted = sum(line.quoted for line in self.lines)
        if all(line.cumulative == line.quoted for line in self.lines):
            return Fraction(1)
        done = Fraction(sum(line.cumulative for line in self.lines), quoted or 1)
        return min(max(done, Fraction(0)), Fraction(1))


def billed_before(quote: Sequence[Line], situations: Sequence[Pending | Issued]) -> list[Amount]:
    """What of each line of the quote situations have invoiced, less what was credited of them."""
    sums = [Amount()] * len(quote)
    for bill in situations:
        for index, (_, amount) in enumerate(lines_left(bill)):
            if index < len(quote):
                sums[index] = sums[index].plus(amount.net, amount.tax)
    return sums


def advance(
    quote: Sequence[Line], before: Sequence[Amount], asked: Sequence[Progress]
) -> Advance | Refused:
    """The next step of a quote; what is not asked for stays where it is (M65).

    Discount and shipping follow the items of their rate unless they are asked for themselves.
    """
    reached = [amount.net for amount in before]
    named: set[int] = set()
    for at, want in enumerate(asked):
        net = _reach(quote, before, want, f"/progress/{at}")
        if isinstance(net, Refused):
            return net
        if want.line in named:
            return ProgressLineIsUnknown(line=want.line, pointer=f"/progress/{at}/line")
        named.add(want.line)
        reached[want.line] = net
    for index, line in enumerate(quote):
        if line.kind in ("discount", "shipping") and index not in named:
            reached[index] = _follow(quote, reached, line)
    lines = tuple(
        SituationLine(quoted=line.net, before=old.net, cumulative=new, percent=_percent(line, new))
        for line, old, new in zip(quote, before, reached, strict=True)
    )
    return Advance(lines=lines, taxes=_taxes(quote, before, reached))


def _reach(
    quote: Sequence[Line], before: Sequence[Amount], want: Progress, pointer: str
) -> int | Refused:
    """The cumulated net that is asked for of a line."""
    known = 0 <= want.line < len(quote) and quote[want.line].kind != "text"
    ways = (want.percent != "") + (want.cumulated is not None)
    if not known or ways > 1:
        return ProgressLineIsUnknown(line=want.line, pointer=f"{pointer}/line")
    quoted, old = quote[want.line].net, before[want.line].net
    if ways == 0:
        return old
    if want.cumulated is not None:
        reached = want.cumulated
    elif is_percent(want.percent):
        reached = half_up(quoted * exact(want.percent) / 100)
    else:
        return faults.NumberIsMalformed(pointer=f"{pointer}/percent")
    if min(old, quoted) <= reached <= max(old, quoted):
        return reached
    return ProgressIsOutOfBounds(asked=reached, before=old, quoted=quoted, pointer=pointer)


def _follow(quote: Sequence[Line], reached: Sequence[int], line: Line) -> int:
    """The share of a discount or of shipping that goes with the items of its rate."""
    items = [index for index, other in enumerate(quote) if other.kind == "item"]
    alike = [index for index in items if rate_of(quote[index]) == rate_of(line)] or items
    quoted = sum(quote[index].net for index in alike)
    done = sum(reached[index] for index in alike)
    return half_up(Fraction(line.net * done, quoted)) if quoted else 0


def _percent(line: Line, reached: int) -> str:
    """The progress in percent, cut to two decimals: 100 is said of a whole line only."""
    if not line.net:
        return "0"
    hundredths = max(reached * 10_000 // line.net, 0)
    return shortest(f"{hundredths // 100}.{hundredths % 100:02d}")


def _taxes(
    quote: Sequence[Line], before: Sequence[Amount], reached: Sequence[int]
) -> tuple[int, ...]:
    """The tax of each line's step: per rate it is the tax on all that is reached, less before.

    So the last situation closes each rate to the cent; what rounding leaves goes to the line of
    the rate that moves most.
    """
    taxes = [0] * len(quote)
    rates: dict[Rate, list[int]] = {}
    for index, line in enumerate(quote):
        if line.kind != "text":
            rates.setdefault(rate_of(line), []).append(index)
    for (_, rate), members in rates.items():
        together = tax_on(sum(reached[index] for index in members), rate)
        due = together - sum(before[index].tax for index in members)
        steps = {index: reached[index] - before[index].net for index in members}
        for index, step in steps.items():
            taxes[index] = tax_on(step, rate)
        most = max(members, key=lambda index: abs(steps[index]))
        taxes[most] += due - sum(taxes[index] for index in members)
    return tuple(taxes)
