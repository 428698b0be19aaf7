"""An invoice written off: its loss, its VAT taken back, and money that comes after all (M29, M44).

The invoice itself never changes, and a write-off is no credit note: what was sold stays sold.
"""

from datetime import date
from typing import ClassVar

from domain.book.event import Event
from domain.book.refusal import Refused, words
from domain.ledger.entry import document_tag, series_tag
from domain.values.language import Language
from domain.values.vat import VatShare


class _OfWriteOff(Event, frozen=True, kw_only=True):
    """What happens to a debt that is lost; amounts are positive, in minor units.

    `net` is what was lost of the price, `shares` what was lost of the VAT.
    """

    write_off_id: str
    invoice_id: str
    document_number: str
    customer_id: str
    customer_name: str
    currency: str
    net: int
    shares: tuple[VatShare, ...]

    @property
    def tags(self) -> tuple[str, ...]:
        return (
            document_tag("write_off", self.write_off_id),
            document_tag("invoice", self.invoice_id),
        )

    @property
    def pending_tax(self) -> int:
        """The VAT that waited for the money: it was never declared and is not owed any more."""
        return sum(share.tax for share in self.shares if share.exigible == "payment")

    @property
    def declared_tax(self) -> int:
        """The VAT that was due with the invoice: a claim on the State once the debt is lost."""
        return sum(share.tax for share in self.shares if share.exigible == "issue")

    @property
    def amount(self) -> int:
        """The whole debt."""
        return self.net + sum(share.tax for share in self.shares)


class InvoiceWrittenOff(_OfWriteOff, frozen=True, kw_only=True):
    """What is open of an invoice is lost: it leaves the customer's `account` (M44).

    `mentions` are the words of the duplicate that is sent to the customer (CGI 272), or of the
    document that stands for it in Belgium.
    """

    stored_as: ClassVar[str] = "invoice.written_off.v1"

    account: str
    invoice_number: str
    invoice_date: date
    series: str
    number: int
    issue_date: date
    reason: str
    mentions: tuple[str, ...]
    language: Language

    @property
    def tags(self) -> tuple[str, ...]:
        return (*super().tags, series_tag(self.series))


class BadDebtVatReclaimed(_OfWriteOff, frozen=True, kw_only=True):
    """The debt is lost for good, on this evidence: the VAT declared on it is taken back."""

    stored_as: ClassVar[str] = "bad_debt.vat_reclaimed.v1"

    issue_date: date
    evidence: str


class BadDebtRecovered(_OfWriteOff, frozen=True, kw_only=True):
    """A customer pays after all: his debt stands again by that much, and its VAT is due again.

    `vat_reclaimed` says whether the VAT declared at first had been taken back by then.
    """

    stored_as: ClassVar[str] = "bad_debt.recovered.v1"

    issue_date: date
    vat_reclaimed: bool


class NothingIsOpen(Refused, frozen=True, kw_only=True):
    """Nothing of the invoice is owed: it is settled, or credited."""

    code = "nothing_open"
    rule = "M44"
    text = words(
        en="Nothing is open of invoice {number}.",
        fr="Il ne reste rien dû sur la facture {number}.",
        nl="Er staat niets open op factuur {number}.",
    )

    number: str


class CreditNoteIsOpen(Refused, frozen=True, kw_only=True):
    """A credit note on the invoice is not lettered: what is lost cannot be told yet."""

    code = "credit_note_open"
    rule = "M44"
    text = words(
        en="Letter credit note {number} with the invoice first: {open} of it is open.",
        fr="Lettrez d'abord l'avoir {number} avec la facture : {open} reste ouvert.",
        nl="Punt eerst creditnota {number} af met de factuur: {open} staat open.",
    )

    number: str
    open: int


class InvoiceIsWrittenOff(Refused, frozen=True, kw_only=True):
    """The invoice is lost already; it is neither lost twice nor credited."""

    code = "invoice_written_off"
    rule = "M44"
    text = words(
        en="Invoice {number} is written off by {write_off}.",
        fr="La facture {number} est passée en perte par {write_off}.",
        nl="Factuur {number} is afgeboekt door {write_off}.",
    )

    number: str
    write_off: str


class WriteOffIsUnknown(Refused, frozen=True, kw_only=True):
    """No write-off has that id in this book."""

    code = "write_off_unknown"
    rule = "M44"
    text = words(
        en="There is no write-off {write_off_id}.",
        fr="Il n'y a pas de passage en perte {write_off_id}.",
        nl="Er is geen afboeking {write_off_id}.",
    )

    write_off_id: str


class NothingToReclaim(Refused, frozen=True, kw_only=True):
    """No VAT was declared on the debt, or it was taken back already."""

    code = "nothing_to_reclaim"
    rule = "272-CGI"
    text = words(
        en="{number} leaves no VAT to take back.",
        fr="{number} ne laisse aucune TVA à récupérer.",
        nl="{number} laat geen btw terug te nemen.",
    )

    number: str


class RecoveryExceedsLoss(Refused, frozen=True, kw_only=True):
    """More would be recovered than was lost and not recovered yet."""

    code = "recovery_exceeds_loss"
    rule = "M29"
    text = words(
        en="{asked} exceeds the {left} that is lost.",
        fr="{asked} dépasse la perte restante de {left}.",
        nl="{asked} is meer dan het verlies van {left}.",
    )

    asked: int
    left: int
