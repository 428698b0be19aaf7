"""What there is to print of a sales document, whatever its kind: one shape for all of them."""

from datetime import date

from msgspec import Struct

from domain.sales.content import DocumentLink, Situation
from domain.sales.document import Instalment, Line, PrintedParty, Totals
from domain.sales.pricing import Language
from domain.sales.printing import PrintedKind
from domain.sales.template import TemplateKind


class Delivered(Struct, frozen=True, kw_only=True):
    """What of a line was ordered before, on a delivery note: a decimal string, or nothing."""

    ordered: str = ""


class Paper(Struct, frozen=True, kw_only=True):
    """A document to print; `position` is the event that issued it, 0 for a draft.

    `template` is what its event pins: `tpl_…@3`, a template without version, or nothing.
    `asked` is what a request without lines asks for, in minor units.
    """

    position: int
    document_kind: PrintedKind
    document_id: str
    kind: TemplateKind
    number: str
    issue_date: date
    seller: PrintedParty
    customer: PrintedParty
    currency: str
    language: Language
    template: str = ""
    lines: tuple[Line, ...] = ()
    totals: Totals | None = None
    due_date: date | None = None
    valid_until: date | None = None
    supply_date: date | None = None
    instalments: tuple[Instalment, ...] = ()
    links: tuple[DocumentLink, ...] = ()
    situation: Situation | None = None
    payment_reference: str = ""
    note: str = ""
    buyer_reference: str = ""
    reason: str = ""
    mentions: tuple[str, ...] = ()
    is_settled: bool = False

    @property
    def is_issued(self) -> bool:
        """Whether it has been issued, and so has an original."""
        return self.position > 0

    @property
    def is_charged(self) -> bool:
        """Whether it charges VAT: an invoice of any kind, or what takes one back."""
        return self.document_kind in ("invoice", "credit_note")
