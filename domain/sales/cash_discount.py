"""A cash discount: what a customer keeps for paying early, and the VAT that goes with it."""

from datetime import date
from typing import ClassVar

from domain.book.event import Event
from domain.book.refusal import Refused, words
from domain.ledger.entry import document_tag
from domain.values.vat import VatShare


class CashDiscountGranted(Event, frozen=True, kw_only=True):
    """A customer pays less than an invoice, as agreed for early payment; amounts are positive.

    `net` and `shares` are what the discount takes off price and VAT. Where the law has VAT
    calculated on the discounted price at once (CTVA 28, 1°), it takes off nothing but the price.
    """

    stored_as: ClassVar[str] = "cash_discount.granted.v1"

    discount_id: str
    invoice_id: str
    invoice_number: str
    account: str
    customer_id: str
    customer_name: str
    currency: str
    date: date
    net: int
    shares: tuple[VatShare, ...] = ()

    @property
    def tags(self) -> tuple[str, ...]:
        return (
            document_tag("cash_discount", self.discount_id),
            document_tag("invoice", self.invoice_id),
        )

    @property
    def label(self) -> str:
        """What its entry says."""
        return f"{self.invoice_number} {self.customer_name}"


class DiscountIsMisplaced(Refused, frozen=True, kw_only=True):
    """A cash discount is on one invoice or bill, for less paid than is owed on it."""

    code = "discount_misplaced"
    rule = "L441-9"
    text = words(
        en="A cash discount needs one invoice or bill among the lines, and less paid.",
        fr="Un escompte suppose une seule facture parmi les lignes, payée pour moins.",
        nl="Een korting voor contante betaling vergt één factuur, voor minder betaald.",
    )
