"""The invoice of a quote: all that it says, less the deposits that were paid (M25, M26, M62)."""

from datetime import date
from fractions import Fraction
from typing import Any

from msgspec import Struct, structs

from domain.book.event import Decision
from domain.book.refusal import Refused, judge, words
from domain.deposits.deducting import deduct_up_to, links_to
from domain.quotes.billing import Billing, Pending
from domain.quotes.quote import Accepted, Quote, QuoteInvoiced
from domain.quotes.quoting import QuoteIsUnknown
from domain.sales.content import TOTAL_RULES, Content, InvoiceContent, NewInstalment
from domain.sales.document import add_up
from domain.sales.instalments import after_prepayment, check_instalments
from domain.sales.invoice import InvoiceDrafted, InvoiceRevised
from domain.values import faults


class InvoicingTerms(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When the invoice of a quote falls due and when what it charges was supplied."""

    due_date: date | None = None
    supply_date: date | None = None
    instalments: tuple[NewInstalment, ...] = ()


class QuoteIsNotAccepted(Refused, frozen=True, kw_only=True):
    """Deposits and invoices come from a quote that the customer accepted."""

    code = "quote_not_accepted"
    rule = "M23"
    text = words(
        en="Quote {number} is not accepted.",
        fr="Le devis {number} n'est pas accepté.",
        nl="Offerte {number} is niet aanvaard.",
    )

    number: str


class QuoteIsInvoiced(Refused, frozen=True, kw_only=True):
    """The quote is invoiced: it is not invoiced again, and its deposits are frozen."""

    code = "quote_invoiced"
    rule = "M56"
    text = words(
        en="Quote {number} is invoiced by {invoice_id}: its deposits are frozen.",
        fr="Le devis {number} est facturé ({invoice_id}) : ses acomptes sont figés.",
        nl="Offerte {number} is gefactureerd ({invoice_id}): haar voorschotten staan vast.",
    )

    number: str
    invoice_id: str


class QuoteIsInSituations(Refused, frozen=True, kw_only=True):
    """A quote that is invoiced by situations is closed by its last one."""

    code = "quote_in_situations"
    rule = "M65"
    text = words(
        en="Quote {number} is invoiced by situations: the last one closes it.",
        fr="Le devis {number} est facturé par situations : la dernière le solde.",
        nl="Offerte {number} wordt per vorderingsstaat gefactureerd: de laatste sluit ze af.",
    )

    number: str


class DepositChoiceIsRequired(Refused, frozen=True, kw_only=True):
    """A deposit of the quote is not settled: say whether it was paid, stays unpaid, or goes."""

    code = "deposit_choice_required"
    rule = "M26"
    text = words(
        en="Deposit {deposit_id} is not settled: choose paid, unpaid or delete.",
        fr="L'acompte {deposit_id} n'est pas réglé : choisissez paid, unpaid ou delete.",
        nl="Voorschot {deposit_id} is niet betaald: kies paid, unpaid of delete.",
    )

    deposit_id: str


class DepositComesFirst(Refused, frozen=True, kw_only=True):
    """The invoice that closes a quote is validated once each deposit is settled or deleted."""

    code = "deposit_first"
    rule = "M35"
    text = words(
        en="Deposit {deposit_id} comes first: settle it or delete it.",
        fr="L'acompte {deposit_id} passe d'abord : réglez-le ou supprimez-le.",
        nl="Voorschot {deposit_id} komt eerst: betaal of verwijder het.",
    )

    deposit_id: str


class QuoteIsOrdered(Refused, frozen=True, kw_only=True):
    """An order has taken the quote over: it is delivered and invoiced by the order (M46)."""

    code = "quote_ordered"
    rule = "M46"
    text = words(
        en="Quote {number} is order {order_number}: invoice the order.",
        fr="Le devis {number} est la commande {order_number} : facturez la commande.",
        nl="Offerte {number} is bestelling {order_number}: factureer de bestelling.",
    )

    number: str
    order_number: str


def invoice_quote(
    billing: Billing, invoice_id: str, terms: InvoicingTerms, *, leave_open: bool
) -> Decision:
    """Drafts the invoice of a whole quote, less its paid deposits (M25, M62).

    `leave_open` says that deposits may stay unpaid for now; each is settled or deleted before the
    draft is validated (M61).
    """
    refused = check_whole(billing) or (None if leave_open else check_chosen(billing))
    refused = refused or faults.out_of_years(terms.due_date, "/due_date")
    refused = refused or faults.out_of_years(terms.supply_date, "/supply_date")
    if refused is not None:
        return refused
    quote = billing.quote
    bare = InvoiceContent(
        **carried(quote),
        due_date=terms.due_date,
        supply_date=terms.supply_date,
        instalments=() if terms.due_date is not None else quote.content.instalments,
        links=(quote.link,),
    )
    content = with_deposits(bare, billing)
    if isinstance(content, Refused):
        return content
    if terms.instalments:
        content = structs.replace(content, instalments=terms.instalments)
    refused = check_instalments(content.instalments, add_up(content.lines).gross)
    return refused or [
        InvoiceDrafted(invoice_id=invoice_id, content=content),
        QuoteInvoiced(quote_id=quote.quote_id, invoice_id=invoice_id),
    ]


def deduct_again(billing: Billing, draft: Pending) -> Decision:
    """Rewrites the draft of a whole quote with the deposits that are paid by now (M61)."""
    content = with_deposits(draft.content, without(billing, draft))
    if isinstance(content, Refused):
        return content
    return [InvoiceRevised(invoice_id=draft.invoice_id, content=content)]


def check_chosen(billing: Billing) -> Refused | None:
    """Refuses to go on while a deposit is open and nobody said what becomes of it (M26)."""
    for deposit in billing.open_deposits:
        return DepositChoiceIsRequired(
            deposit_id=deposit.deposit_id, position=deposit.position, pointer="/deposit"
        )
    return None


def check_settled(billing: Billing) -> Refused | None:
    """Refuses to validate what closes a quote before each of its deposits is settled (M35, M61)."""
    for deposit in billing.open_deposits:
        return DepositComesFirst(deposit_id=deposit.deposit_id, position=deposit.position)
    return None


def check_whole(billing: Billing) -> Refused | None:
    """Refuses a quote that is invoiced already, wholly or by situations."""
    refused = check_not_invoiced(billing)
    if refused is None and any(bill.content.kind == "situation" for bill in billing.live):
        return QuoteIsInSituations(number=billing.quote.number, position=billing.quote.position)
    return refused


def check_not_invoiced(billing: Billing) -> Refused | None:
    """Refuses a quote that one invoice has taken over."""
    if billing.order is not None:
        return QuoteIsOrdered(
            number=billing.quote.number, order_number=billing.order.document_number
        )
    bill = billing.whole
    if bill is None:
        return None
    return QuoteIsInvoiced(
        number=billing.quote.number, invoice_id=bill.invoice_id, position=bill.position
    )


def check_accepted(quote: Quote | None, quote_id: str) -> Accepted | Refused:
    """The quote, if it is accepted."""
    if quote is None:
        return QuoteIsUnknown(quote_id=quote_id)
    if not isinstance(quote, Accepted):
        return QuoteIsNotAccepted(number=quote.number, position=quote.position)
    return quote


def carried(quote: Accepted) -> dict[str, Any]:
    """What the content of an invoice takes over from its quote; a template is for one kind."""
    said = structs.asdict(quote.content)
    own = {"external_id": "", "template": ""}
    return {name: said[name] for name in Content.__struct_fields__} | own


def without(billing: Billing, draft: Pending) -> Billing:
    """The billing as if that draft were not there."""
    others = {key: bill for key, bill in billing.bills.items() if key != draft.invoice_id}
    return structs.replace(billing, bills=others)


def with_deposits(content: InvoiceContent, billing: Billing) -> InvoiceContent | Refused:
    """The content with all that is left to deduct of the deposits, and links to their invoices.

    What the deposits paid takes off its first instalments.
    """
    kept = tuple(line for line in content.lines if line.kind != "deposit")
    deducted = deduct_up_to(billing, Fraction(1))
    said = structs.replace(
        content,
        kind="balance" if deducted else "invoice",
        lines=(*kept, *deducted),
        links=links_to(content.links, deducted, billing),
    )
    before, after = add_up(content.lines).gross, add_up(said.lines).gross
    parts = after_prepayment(content.instalments, before, before - after)
    said = structs.replace(said, instalments=parts)
    return judge(TOTAL_RULES, add_up(said.lines)) or said
