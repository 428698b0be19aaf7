"""How much of an invoice a credit note takes back: by line, never beyond it, to the last cent."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from domain.book.refusal import Refused, words
from domain.sales.document import Line, NewLine, Totals, price, totals_of
from domain.sales.invoice import InvoiceValidated
from domain.values import faults
from domain.values.money import half_up, written
from domain.values.quantity import is_quantity
from domain.values.vat import Rate, Taxable, VatAmount, VatShare, break_down, share_out


class CreditedLine(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line of the invoice (from 0) to credit: a quantity, a net amount, or all that is left."""

    line: int
    quantity: str | None = None
    net: int | None = None


class Credit(Struct, frozen=True, kw_only=True):
    """What a credit note takes back: its lines, the invoice line of each, totals and VAT shares."""

    lines: tuple[Line, ...]
    invoice_lines: tuple[int, ...]
    totals: Totals
    shares: tuple[VatShare, ...]


class InvoiceIsNotValidated(Refused, frozen=True, kw_only=True):
    """A draft is revised or discarded; only a validated invoice is credited."""

    code = "invoice_not_validated"
    rule = "M31"
    text = words(
        en="Invoice {invoice_id} is not validated: there is nothing to credit.",
        fr="La facture {invoice_id} n'est pas validée : il n'y a rien à créditer.",
        nl="Factuur {invoice_id} is niet gevalideerd: er is niets te crediteren.",
    )

    invoice_id: str


class CreditExceedsInvoice(Refused, frozen=True, kw_only=True):
    """More would be credited of a line, or at a rate, than is left of it."""

    code = "credit_exceeds_invoice"
    rule = "M31"
    text = words(
        en="{asked} exceeds the {left} that is left to credit at {pointer}.",
        fr="{asked} dépasse les {left} restant à créditer ({pointer}).",
        nl="{asked} is meer dan de {left} die nog te crediteren is ({pointer}).",
    )

    asked: int
    left: int


class NothingToCredit(Refused, frozen=True, kw_only=True):
    """The invoice is credited already, or the lines asked for amount to nothing."""

    code = "nothing_to_credit"
    rule = "M31"
    text = words(
        en="Nothing is left to credit.",
        fr="Il ne reste rien à créditer.",
        nl="Er blijft niets te crediteren.",
    )


class CreditedLineIsUnknown(Refused, frozen=True, kw_only=True):
    """The invoice has no such line, or the line is asked for twice or in two ways."""

    code = "credited_line_unknown"
    rule = "M31"
    text = words(
        en="Line {line} is not on the invoice, or is asked for twice.",
        fr="La ligne {line} n'est pas sur la facture, ou est demandée deux fois.",
        nl="Regel {line} staat niet op de factuur, of is twee keer gevraagd.",
    )

    line: int


def take_back(
    invoice: InvoiceValidated, credited: Sequence[int], asked: Sequence[CreditedLine]
) -> Credit | Refused:
    """The lines and totals of a credit note; `credited` is what of each line is credited before.

    Without `asked` it is all that is left, and then the sum of all credit notes is the invoice,
    per rate, to the cent.
    """
    wanted = asked or [CreditedLine(line=index) for index in range(len(invoice.lines))]
    refused = _check_named(invoice, wanted)
    if refused is not None:
        return refused
    lines: dict[int, Line] = {}
    for at, want in enumerate(wanted):
        left = invoice.lines[want.line].net - credited[want.line]
        line = _credit_line(invoice, want, left, f"/lines/{at}")
        if isinstance(line, Refused):
            return line
        if line.net:
            lines[want.line] = line
    if not lines:
        return NothingToCredit(pointer="/lines")
    return _add_up(invoice, credited, lines)


def _check_named(invoice: InvoiceValidated, wanted: Sequence[CreditedLine]) -> Refused | None:
    seen: set[int] = set()
    for at, want in enumerate(wanted):
        two_ways = want.quantity is not None and want.net is not None
        if not 0 <= want.line < len(invoice.lines) or want.line in seen or two_ways:
            return CreditedLineIsUnknown(line=want.line, pointer=f"/lines/{at}/line")
        seen.add(want.line)
    return None


def _credit_line(
    invoice: InvoiceValidated, want: CreditedLine, left: int, pointer: str
) -> Line | Refused:
    """One line of the credit note, of the sign of the invoice's line and not beyond `left`."""
    line = invoice.lines[want.line]
    if want.quantity is not None:
        if not is_quantity(want.quantity):
            return faults.NumberIsMalformed(pointer=f"{pointer}/quantity")
        taken = _priced(line, want.quantity, invoice.currency)
        pointer = f"{pointer}/quantity"
    elif want.net is None and left == line.net:
        taken = line
    else:
        taken = _lump(line, left if want.net is None else want.net, invoice.currency)
        pointer = f"{pointer}/net"
    within = 0 <= taken.net <= left if line.net >= 0 else left <= taken.net <= 0
    return taken if within else CreditExceedsInvoice(asked=taken.net, left=left, pointer=pointer)


def _priced(line: Line, quantity: str, currency: str) -> Line:
    """The line with another quantity, at its own price and discount."""
    asked = NewLine(
        description=line.description,
        quantity=quantity,
        unit_price=line.unit_price,
        vat_rate=line.vat_rate,
        discount_percent=line.discount_percent,
    )
    again = price(asked, currency)
    return replace(line, quantity=again.quantity, net=again.net)


def _lump(line: Line, net: int, currency: str) -> Line:
    """The line as one unit of `net`: what is left of it has no price of its own any more."""
    return replace(
        line,
        quantity="-1" if net < 0 else "1",
        unit_price=written(abs(net), currency),
        discount_percent="0",
        unit="",
        net=net,
    )


def _add_up(
    invoice: InvoiceValidated, credited: Sequence[int], lines: dict[int, Line]
) -> Credit | Refused:
    """Each note takes what the sum of all notes owes so far: the last one closes the cents."""
    nets = list(credited)
    for index, line in lines.items():
        nets[index] += line.net
    before, after = _taxables(invoice, credited), _taxables(invoice, nets)
    exceeding = _check_bases(invoice, before, after)
    if exceeding is not None:
        return exceeding
    vat = _less(break_down(after), break_down(before), _rates(lines.values()))
    shares = _less_shares(
        share_out(after, break_down(after)), share_out(before, break_down(before))
    )
    totals = totals_of(sum(line.net for line in lines.values()), vat)
    if totals.gross < 0:
        return NothingToCredit(pointer="/lines")
    taxed = {
        index: replace(line, tax=_part(invoice.lines[index], nets[index], credited[index]))
        for index, line in lines.items()
    }
    return Credit(
        lines=tuple(taxed.values()), invoice_lines=tuple(taxed), totals=totals, shares=shares
    )


def _taxables(invoice: InvoiceValidated, nets: Sequence[int]) -> list[Taxable]:
    """The invoice's lines as far as they are credited, with the exigibility they were issued at."""
    due = {
        (share.category, share.rate, share.code, share.nature): share.exigible
        for share in invoice.shares
    }
    return [
        Taxable(
            line.vat_category,
            line.vat_rate,
            net,
            line.exemption,
            tax=credited_tax(line, net),
            code=line.vat_code,
            nature=line.nature,
            exigible=due.get(
                (line.vat_category, line.vat_rate, line.vat_code, line.nature), "issue"
            ),
        )
        for line, net in zip(invoice.lines, nets, strict=True)
        if net
    ]


def credited_tax(line: Line, net: int) -> int | None:
    """Of a tax that the line tells, what `net` of it credited so far owes: at the end, all."""
    if line.tax is None:
        return None
    return line.tax if net == line.net else half_up(Fraction(line.tax * net, line.net))


def _part(line: Line, after: int, before: int) -> int | None:
    """The tax that one note takes back of a line that tells its tax."""
    whole, taken = credited_tax(line, after), credited_tax(line, before) if before else 0
    return None if whole is None else whole - (taken or 0)


def _check_bases(
    invoice: InvoiceValidated, before: Sequence[Taxable], after: Sequence[Taxable]
) -> Refused | None:
    """Refuses a note after which more is credited at a rate than was invoiced."""
    bases, sums = _bases(before), _bases(after)
    for whole in invoice.totals.vat:
        rate = (whole.category, whole.rate)
        had, has = bases.get(rate, 0), sums.get(rate, 0)
        if had != has and not min(0, whole.base) <= has <= max(0, whole.base):
            return CreditExceedsInvoice(asked=has - had, left=whole.base - had, pointer="/lines")
    return None


def _less(
    after: Iterable[VatAmount], before: Iterable[VatAmount], rates: frozenset[Rate]
) -> tuple[VatAmount, ...]:
    """The tax of the rates of a note: what all notes owe with it less what they owed before."""
    owed = {(amount.category, amount.rate): amount for amount in before}
    vat: list[VatAmount] = []
    for amount in after:
        rate = (amount.category, amount.rate)
        if rate in rates:
            had = owed.get(rate)
            base, tax = (had.base, had.tax) if had is not None else (0, 0)
            vat.append(replace(amount, base=amount.base - base, tax=amount.tax - tax))
    return tuple(vat)


def _less_shares(after: Iterable[VatShare], before: Iterable[VatShare]) -> tuple[VatShare, ...]:
    owed = {_kind(share): share for share in before}
    shares: list[VatShare] = []
    for share in after:
        had = owed.get(_kind(share))
        base, tax = (had.base, had.tax) if had is not None else (0, 0)
        if (share.base, share.tax) != (base, tax):
            shares.append(replace(share, base=share.base - base, tax=share.tax - tax))
    return tuple(shares)


def _kind(share: VatShare) -> tuple[str, ...]:
    return share.category, share.rate, share.code, share.nature, share.exigible


def _rates(lines: Iterable[Line]) -> frozenset[Rate]:
    return frozenset((line.vat_category, line.vat_rate) for line in lines)


def _bases(amounts: Iterable[Taxable]) -> dict[Rate, int]:
    sums: dict[Rate, int] = {}
    for amount in amounts:
        rate = (amount.category, amount.rate)
        sums[rate] = sums.get(rate, 0) + amount.net
    return sums
