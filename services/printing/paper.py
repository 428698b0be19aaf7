"""What there is to print of a sales document, whatever its kind: one shape for all of them."""

from datetime import date

from msgspec import Struct

from domain.parties.company import Address
from domain.reminders.reminder import ReminderIssued
from domain.sales.content import DocumentLink, Situation
from domain.sales.document import Instalment, Line, PrintedParty, Totals
from domain.sales.pricing import Language
from domain.sales.printing import PrintedKind
from domain.sales.template import TemplateKind
from domain.treasury.cheque_deposit import ChequeDepositCreated


class Paper(Struct, frozen=True, kw_only=True):
    """A document to print; a draft has neither number nor date.

    `template` is what its event pins: `tpl_…@3`, a template without version, or nothing.
    `mentions` are the sentences that the law wants on it. `delivered_to` is where the goods went,
    `percent` what part of a quote a deposit is, `customer_id` the contact; a slip has none.
    """

    document_kind: PrintedKind
    document_id: str
    kind: TemplateKind
    seller: PrintedParty
    customer: PrintedParty
    customer_id: str = ""
    delivered_to: Address | None = None
    currency: str
    language: Language
    number: str = ""
    issue_date: date | None = None
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
    percent: str = ""
    is_settled: bool = False
    reminder: ReminderIssued | None = None
    deposit: ChequeDepositCreated | None = None

    @property
    def is_charged(self) -> bool:
        """Whether it charges VAT: an invoice of any kind, or what takes one back."""
        return self.document_kind in ("invoice", "credit_note")
