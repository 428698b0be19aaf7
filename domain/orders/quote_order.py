"""An order that takes over an accepted quote: from then on it is invoiced by the order (M46)."""

from datetime import date
from typing import Any

from msgspec import structs

from domain.book.event import Decision, Recorded
from domain.book.refusal import Refused, words
from domain.deposits.deposit import Deleted
from domain.orders import order
from domain.parties.company import Company
from domain.parties.contact import Contact, ContactIsUnknown
from domain.parties.options import check_on
from domain.quotes.balance import check_whole
from domain.quotes.billing import Billing
from domain.quotes.quote import Accepted
from domain.sales.content import Content


class QuoteHasDeposits(Refused, frozen=True, kw_only=True):
    """Deposits are deducted by the invoices of their quote: it cannot become an order."""

    code = "quote_has_deposits"
    rule = "M62"
    text = words(
        en="Quote {number} has deposits: invoice it as a quote, not by an order.",
        fr="Le devis {number} a des acomptes : facturez-le comme devis, pas par une commande.",
        nl="Offerte {number} heeft voorschotten: factureer ze als offerte, niet via een order.",
    )

    number: str


def take_over(
    order_id: str,
    billing: Billing,
    *,
    company: Company,
    customer: Contact | None,
    last: Recorded | None,
    today: date,
) -> Decision:
    """Takes an accepted quote as an order today; `last` is the newest order of the series."""
    quote = billing.quote
    refused = check_on(company, "orders") or check_whole(billing) or _check_deposits(billing)
    if refused is not None:
        return refused
    if customer is None:
        return ContactIsUnknown(contact_id=quote.content.customer_id)
    return order.take_down(
        order_id,
        Content(**_said(quote)),
        company=company,
        customer=customer,
        last=last,
        today=today,
        links=(quote.link,),
    )


def _check_deposits(billing: Billing) -> Refused | None:
    if all(isinstance(deposit, Deleted) for deposit in billing.deposits.values()):
        return None
    return QuoteHasDeposits(number=billing.quote.number, position=billing.quote.position)


def _said(quote: Accepted) -> dict[str, Any]:
    """What an order says of what its quote says; a template is for one kind of document."""
    said = structs.asdict(quote.content)
    kept = {name: said[name] for name in Content.__struct_fields__}
    return {**kept, "template": "", "external_id": ""}
