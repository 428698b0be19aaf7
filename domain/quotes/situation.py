"""Situation invoices: a quote invoiced by its progress, until the last one closes it (M65–M68)."""

from collections.abc import Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from domain.book.event import Decision
from domain.book.refusal import Refused, judge, words
from domain.deposits.deducting import deduct_gross, deduct_up_to, left_to_deduct, links_to
from domain.quotes.balance import carried, check_not_invoiced, check_settled, without
from domain.quotes.billing import Billing, Pending, lines_of
from domain.quotes.progress import Advance, Progress, advance, billed_before
from domain.quotes.quote import SituationInvoiced
from domain.sales.content import (
    TOTAL_RULES,
    DocumentLink,
    InvoiceContent,
    Situation,
    foreign,
)
from domain.sales.document import Line, add_up
from domain.sales.invoice import InvoiceDrafted, InvoiceRevised
from domain.values import faults
from domain.values.money import half_up, written
from domain.values.quantity import exact, shortest
from domain.values.text import tidy


class NewSituation(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The next situation of a quote: how far its lines are, and what of the deposits to deduct.

    `deduct` is a gross amount in minor units; without it deposits go off as the quote advances.
    Amounts are in `currency`; empty, it is that of the quote.
    """

    progress: tuple[Progress, ...] = ()
    deduct: int | None = None
    currency: str = ""
    due_date: date | None = None
    supply_date: date | None = None


class OfQuote(Struct, frozen=True, kw_only=True):
    """The quote that a draft comes from: what it says of the draft's validation."""

    billing: Billing

    def check(self, content: InvoiceContent) -> Refused | None:
        """Refuses a situation that moves nothing, and to close a quote before its deposits."""
        if content.kind == "deposit":
            return None
        refused = check_moves(content)
        if refused is None and closes_quote(content):
            return check_settled(self.billing)
        return refused


class DraftIsPending(Refused, frozen=True, kw_only=True):
    """A situation goes on from the one before, which must be validated or discarded first."""

    code = "situation_pending"
    rule = "M65"
    text = words(
        en="Draft {invoice_id} waits: validate or discard it before the next situation.",
        fr="Le brouillon {invoice_id} est en attente : validez-le ou abandonnez-le d'abord.",
        nl="Ontwerp {invoice_id} wacht: valideer of verwerp het voor de volgende staat.",
    )

    invoice_id: str


class SituationIsUnknown(Refused, frozen=True, kw_only=True):
    """The quote has no situation in draft under that id."""

    code = "situation_unknown"
    rule = "M65"
    text = words(
        en="{invoice_id} is not a situation of the quote that is still a draft.",
        fr="{invoice_id} n'est pas une situation du devis encore en brouillon.",
        nl="{invoice_id} is geen vorderingsstaat van de offerte die nog ontwerp is.",
    )

    invoice_id: str


class SituationIsEmpty(Refused, frozen=True, kw_only=True):
    """A situation in which no line moves invoices nothing: it takes no number."""

    code = "situation_empty"
    rule = "M66"
    text = words(
        en="No line of the situation has moved: it invoices nothing.",
        fr="Aucune ligne de la situation n'avance : elle ne facture rien.",
        nl="Geen regel van de vorderingsstaat vordert: ze factureert niets.",
    )


class DeductionIsOutOfBounds(Refused, frozen=True, kw_only=True):
    """A situation deducts deposits up to its own amount, and leaves no more than can follow."""

    code = "deduction_out_of_bounds"
    rule = "M62"
    text = words(
        en="{asked} of the deposits cannot be deducted here: from {least} to {most}.",
        fr="{asked} d'acomptes ne peuvent être déduits ici : de {least} à {most}.",
        nl="{asked} aan voorschotten kan hier niet in mindering: van {least} tot {most}.",
    )

    asked: int
    least: int
    most: int


def invoice_situation(
    billing: Billing,
    invoice_id: str,
    new: NewSituation,
    links: tuple[DocumentLink, ...] = (),
) -> Decision:
    """Drafts the next situation; lines that do not move stand on it at zero (M65, M66)."""
    refused = check_not_invoiced(billing) or _check_nothing_pending(billing)
    if refused is not None:
        return refused
    ordinal = 1 + len(billing.situations)
    content = _write(billing, new, ordinal, links)
    if isinstance(content, Refused):
        return content
    quote_id = billing.quote.quote_id
    return [
        InvoiceDrafted(invoice_id=invoice_id, content=content),
        SituationInvoiced(quote_id=quote_id, invoice_id=invoice_id, ordinal=ordinal),
    ]


def revise_situation(billing: Billing, invoice_id: str, new: NewSituation) -> Decision:
    """Draws a situation that is still a draft anew, from what was invoiced before it."""
    draft = billing.pending
    if draft is None or draft.invoice_id != invoice_id or draft.content.situation is None:
        return SituationIsUnknown(invoice_id=invoice_id)
    before = without(billing, draft)
    kept = tuple(link for link in draft.content.links if link.kind == "copy")
    content = _write(before, new, draft.content.situation.ordinal, kept)
    if isinstance(content, Refused):
        return content
    return [InvoiceRevised(invoice_id=invoice_id, content=content)]


def is_closed(billing: Billing) -> bool:
    """Whether nothing of the quote is left to invoice: it stands as invoiced (M23)."""
    if billing.whole is not None:
        return True
    quoted = billing.quote.content.lines
    reached = billed_before(quoted, billing.situations)
    nets = [amount.net for amount in reached]
    return bool(billing.situations) and nets == [line.net for line in quoted]


def check_moves(content: InvoiceContent) -> Refused | None:
    """Refuses to validate a situation in which nothing moves (M66)."""
    situation = content.situation
    if situation is None or any(line.cumulative != line.before for line in situation.lines):
        return None
    return SituationIsEmpty()


def closes_quote(content: InvoiceContent) -> bool:
    """Whether nothing of its quote is left to invoice after this document."""
    situation = content.situation
    return situation is None or all(line.cumulative == line.quoted for line in situation.lines)


def _write(
    billing: Billing, new: NewSituation, ordinal: int, links: tuple[DocumentLink, ...]
) -> InvoiceContent | Refused:
    new = tidy(new)
    quote = billing.quote
    before = billed_before(quote.content.lines, billing.situations)
    step = (
        faults.unreadable(new)
        or foreign(new.currency, quote.content.currency, "/progress")
        or advance(quote.content.lines, before, new.progress)
    )
    if isinstance(step, Refused):
        return step
    lines = _lines(_named(billing, new.progress), step, quote.content.currency)
    deducted = _deduct(billing, new.deduct, lines, step)
    if isinstance(deducted, Refused):
        return deducted
    content = InvoiceContent(
        **{**carried(quote), "lines": (*lines, *deducted), "discount": None, "shipping": None},
        kind="situation",
        due_date=new.due_date,
        supply_date=new.supply_date,
        links=links_to((quote.link, *links), deducted, billing),
        situation=Situation(ordinal=ordinal, lines=step.lines),
    )
    refused = faults.out_of_years(new.due_date, "/due_date")
    refused = refused or faults.out_of_years(new.supply_date, "/supply_date")
    return refused or judge(TOTAL_RULES, add_up(content.lines)) or content


def _lines(quote: Sequence[Line], step: Advance, currency: str) -> tuple[Line, ...]:
    """The lines of the quote with the net and tax of this step, each as one lump."""
    return tuple(
        line if line.kind == "text" else _lump(line, done.cumulative - done.before, tax, currency)
        for line, done, tax in zip(quote, step.lines, step.taxes, strict=True)
    )


def _lump(line: Line, net: int, tax: int, currency: str) -> Line:
    return replace(
        line,
        quantity="1" if net >= 0 else "-1",
        unit_price=shortest(written(abs(net), currency)),
        discount_percent="0",
        unit="",
        net=net,
        tax=tax,
        unit_cost=_cost(line, net, currency),
    )


def _cost(line: Line, net: int, currency: str) -> str:
    """The share of the line's cost that goes with this step."""
    if not line.unit_cost or not line.net:
        return line.unit_cost and "0"
    whole = exact(line.unit_cost) * abs(exact(line.quantity))
    unit = 10 ** len(written(0, currency).partition(".")[2])
    return shortest(written(half_up(whole * abs(net) * unit / abs(line.net)), currency))


def _named(billing: Billing, asked: Sequence[Progress]) -> list[Line]:
    """The lines of the quote under the names they have by now: renamed here or before (M67)."""
    lines = list(billing.quote.content.lines)
    if billing.situations:
        last = lines_of(billing.situations[-1])
        lines = [
            replace(line, description=named.description)
            for line, named in zip(lines, last, strict=False)
        ]
    for want in asked:
        if want.label:
            lines[want.line] = replace(lines[want.line], description=want.label)
    return lines


def _deduct(
    billing: Billing, asked: int | None, lines: Sequence[Line], step: Advance
) -> tuple[Line, ...] | Refused:
    """The deposits this situation takes off: as asked, or as far as the quote has come.

    Never more than the situation itself, and so much that the situations to come can take the
    rest: the last one takes all that is left.
    """
    gross = sum(line.net + (line.tax or 0) for line in lines)
    quoted = add_up(billing.quote.content.lines).gross
    before = sum(
        amount.gross for amount in billed_before(billing.quote.content.lines, billing.situations)
    )
    left = left_to_deduct(billing)
    least = max(0, left - (quoted - before - gross))
    most = max(min(left, gross), 0)
    if asked is not None:
        if least <= asked <= most:
            return deduct_gross(billing, asked)
        return DeductionIsOutOfBounds(asked=asked, least=least, most=most, pointer="/deduct")
    deducted = deduct_up_to(billing, step.share)
    taken = -sum(line.net + (line.tax or 0) for line in deducted)
    if least <= taken <= most:
        return deducted
    return deduct_gross(billing, min(max(taken, least), most))


def _check_nothing_pending(billing: Billing) -> Refused | None:
    draft: Pending | None = billing.pending
    if draft is None:
        return None
    return DraftIsPending(invoice_id=draft.invoice_id, position=draft.position)
