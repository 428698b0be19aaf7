"""Taking paid deposits off the invoices of their quote: line by line, tax and all (M62)."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from msgspec import Struct

from domain.deposits.terms import Amount, take_off
from domain.quotes.billing import Billing, line_key
from domain.sales.content import DocumentLink
from domain.sales.document import Line
from domain.sales.invoice import InvoiceValidated
from domain.sales.pricing import Language
from domain.values.money import half_up

_WORDS: dict[Language, str] = {
    "fr": "Acompte facturé {number} du {day:%d/%m/%Y}",
    "nl": "Voorschotfactuur {number} van {day:%d/%m/%Y}",
    "en": "Deposit invoice {number} of {day:%d/%m/%Y}",
}


class Deductible(Struct, frozen=True, kw_only=True):
    """A line of a deposit invoice: what was paid by it, less credit notes, and taken off before."""

    invoice: InvoiceValidated
    line: Line
    paid: Amount
    taken: Amount

    @property
    def left(self) -> Amount:
        """What can still be taken off."""
        return self.paid.plus(-self.taken.net, -self.taken.tax)

    def up_to(self, share: Fraction) -> Amount:
        """What to take off now so that this share of it is, and nothing is given back."""
        net = half_up(self.paid.net * share) - self.taken.net
        tax = half_up(self.paid.tax * share) - self.taken.tax
        return Amount(max(net, 0), max(tax, 0))

    def part(self, gross: int) -> Amount:
        """So much of what is left, with its share of the tax."""
        tax = half_up(Fraction(self.left.tax * gross, self.left.gross))
        return Amount(gross - tax, tax)


def deduct_up_to(billing: Billing, share: Fraction) -> tuple[Line, ...]:
    """The lines that take off each deposit in that share, from 0 to 1 (M62, M65)."""
    parts = [(one, one.up_to(share)) for one in deductibles(billing)]
    return _write(parts, billing.quote.content.language)


def deduct_gross(billing: Billing, gross: int) -> tuple[Line, ...]:
    """The lines that take off so much, in minor units, the oldest deposits first."""
    parts = []
    for one in deductibles(billing):
        most = max(min(gross, one.left.gross), 0)
        if most:
            gross -= most
            parts.append((one, one.part(most)))
    return _write(parts, billing.quote.content.language)


def left_to_deduct(billing: Billing) -> int:
    """The gross of the paid deposits that no invoice has taken off, in minor units."""
    return sum(one.left.gross for one in deductibles(billing))


def deductibles(billing: Billing) -> Iterator[Deductible]:
    """The lines of all deposit invoices of the quote, the oldest first."""
    for _, bill in billing.settled_deposits:
        before = billing.deducted(bill.invoice_id)
        for line, credited in zip(bill.document.lines, bill.credited, strict=True):
            paid = Amount(line.net, line.tax or 0).plus(-credited.net, -credited.tax)
            taken = before.get(line_key(line), Amount())
            yield Deductible(invoice=bill.document, line=line, paid=paid, taken=taken)


def links_to(
    links: Sequence[DocumentLink], deducted: Sequence[Line], billing: Billing
) -> tuple[DocumentLink, ...]:
    """The links of an invoice with one to each deposit invoice it deducts, by number and date."""
    ours = {bill.invoice_id: bill.document for _, bill in billing.settled_deposits}
    others = [link for link in links if link.kind != "invoice" or link.id not in ours]
    named = dict.fromkeys(line.deducts for line in deducted)
    return (*others, *(link_to(ours[invoice_id]) for invoice_id in named))


def link_to(invoice: InvoiceValidated) -> DocumentLink:
    """How other documents name a validated invoice."""
    return DocumentLink(
        kind="invoice",
        id=invoice.invoice_id,
        number=invoice.document_number,
        issue_date=invoice.issue_date,
    )


def name_deduction(invoice: InvoiceValidated, language: Language) -> str:
    """What the line says that deducts a deposit invoice: its number and its date."""
    return _WORDS[language].format(number=invoice.document_number, day=invoice.issue_date)


def _write(parts: Sequence[tuple[Deductible, Amount]], language: Language) -> tuple[Line, ...]:
    return tuple(
        take_off(
            one.line,
            amount,
            one.invoice.invoice_id,
            one.invoice.currency,
            name_deduction(one.invoice, language),
        )
        for one, amount in parts
        if amount != Amount()
    )
