"""How much a deposit is: of the whole quote, then of each VAT rate; the gross is the truth (F5)."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from domain.book.refusal import Refused, words
from domain.quotes.quote import DepositTerms, QuoteContent
from domain.sales.document import Line, Totals, add_up
from domain.sales.pricing import lump
from domain.values.money import LARGEST, allocate, half_up
from domain.values.quantity import exact, is_percent
from domain.values.vat import Rate

LONGEST_TERM = 3650


class Amount(Struct, frozen=True):
    """A net amount and its tax, in minor units."""

    net: int = 0
    tax: int = 0

    @property
    def gross(self) -> int:
        """Net and tax."""
        return self.net + self.tax

    def plus(self, net: int, tax: int) -> "Amount":
        """With so much more of both."""
        return Amount(self.net + net, self.tax + tax)


Amounts = Mapping[Rate, Amount]


class DepositTermsAreWrong(Refused, frozen=True, kw_only=True):
    """A deposit is one percentage or one amount, more than nothing and not more than is left."""

    code = "deposit_terms_wrong"
    rule = "M21"
    text = words(
        en="A deposit is a percentage or an amount, more than 0 and not more than {most}.",
        fr="Un acompte est un pourcentage ou un montant, de plus de 0 et d'au plus {most}.",
        nl="Een voorschot is een percentage of een bedrag, meer dan 0 en hoogstens {most}.",
    )

    most: int


def check_terms(content: QuoteContent) -> Refused | None:
    """Refuses a quote that asks for a deposit that is none."""
    if content.deposit is None:
        return None
    most = add_up(content.lines).gross
    asked = ask(content.deposit, most, Fraction(0), 0, most)
    return asked if isinstance(asked, Refused) else None


def ask(
    terms: DepositTerms, whole: int, percents: Fraction, taken: int, left: int
) -> int | Refused:
    """The gross of a deposit, in minor units.

    `percents` of `whole` were asked for before and came to `taken`: the percentages of a quote are
    rounded together, so that two halves are the whole (F12). `left` is the most it can be.
    """
    wrong = DepositTermsAreWrong(most=left, pointer="/deposit")
    if (terms.percent == "") == (terms.amount is None) or not 0 <= terms.days <= LONGEST_TERM:
        return wrong
    if terms.amount is not None:
        gross = terms.amount
    elif is_percent(terms.percent):
        together = percents + exact(terms.percent)
        gross = half_up(whole * together / 100) - taken
    else:
        return wrong
    return gross if 0 < gross <= min(left, LARGEST) else wrong


def share(gross: int, left: Amounts) -> dict[Rate, Amount]:
    """A deposit per VAT rate, by what is left to invoice of each; Σ gross is `gross` (F6).

    Of each rate tax = gross × rate / (100 + rate), half-up, and net the rest. Neither goes beyond
    what is left of it, so that the last deposit, or the balance, closes the rate to the cent.
    """
    weights = [max(amount.gross, 0) for amount in left.values()]
    shares = allocate(gross, weights)
    return {
        rate: _split(part, rate[1], left[rate])
        for rate, part in zip(left, shares, strict=True)
        if part
    }


def write_lines(
    amounts: Amounts, like: Sequence[Line], currency: str, description: str
) -> tuple[Line, ...]:
    """The lines of a deposit invoice: per rate, and of each as the lines of the quote are."""
    lines: list[Line] = []
    for rate, amount in amounts.items():
        kinds = _kinds([line for line in like if rate_of(line) == rate])
        nets = allocate(amount.net, [weight for _, weight in kinds])
        taxes = allocate(amount.tax, [weight for _, weight in kinds])
        lines += [
            lump(
                net,
                currency,
                description=description,
                kind="deposit",
                vat_category=line.vat_category,
                vat_rate=line.vat_rate,
                vat_code=line.vat_code,
                nature=line.nature,
                exemption=line.exemption,
                tax=tax,
            )
            for (line, _), net, tax in zip(kinds, nets, taxes, strict=True)
            if net or tax
        ]
    return tuple(lines)


def take_off(line: Line, amount: Amount, invoice_id: str, currency: str, words: str) -> Line:
    """The line that deducts so much of a line of a deposit invoice, with its exact tax (M62)."""
    taken = lump(
        -amount.net,
        currency,
        description=words,
        kind="deposit",
        vat_category=line.vat_category,
        vat_rate=line.vat_rate,
        vat_code=line.vat_code,
        nature=line.nature,
        exemption=line.exemption,
        tax=-amount.tax,
    )
    return replace(taken, deducts=invoice_id)


def rate_of(line: Line) -> Rate:
    """The VAT category and rate of a line."""
    return line.vat_category, line.vat_rate


def per_rate(totals: Totals) -> dict[Rate, Amount]:
    """The totals of a document per VAT rate."""
    return {(vat.category, vat.rate): Amount(vat.base, vat.tax) for vat in totals.vat}


def less(whole: Amounts, taken: Amounts) -> dict[Rate, Amount]:
    """What is left of each rate."""
    left = dict(whole)
    for rate, amount in taken.items():
        left[rate] = left.get(rate, Amount()).plus(-amount.net, -amount.tax)
    return left


def _split(gross: int, rate: str, left: Amount) -> Amount:
    percent = exact(rate)
    tax = half_up(gross * percent / (100 + percent))
    tax = min(max(tax, gross - left.net), left.tax)
    return Amount(gross - tax, tax)


def _kinds(lines: Sequence[Line]) -> list[tuple[Line, int]]:
    """One line for each VAT code, nature and reason, and what weighs for it."""
    sums: dict[tuple[str, str, str], tuple[Line, int]] = {}
    for line in lines:
        kind = (line.vat_code, line.nature, line.exemption)
        first, net = sums.get(kind, (line, 0))
        sums[kind] = first, net + line.net
    weighed = [(line, max(net, 0)) for line, net in sums.values()]
    return [pair for pair in weighed if pair[1]] or [(lines[0], 1)]
