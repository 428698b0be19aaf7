"""An accounting entry: balanced lines in a journal, posted once and never changed."""

from datetime import date
from typing import ClassVar, Literal

from msgspec import Struct

from domain.book.event import Event
from domain.imports.fec_source import FecSource

DocumentKind = Literal[
    "quote",
    "order",
    "delivery",
    "deposit_request",
    "invoice",
    "credit_note",
    "write_off",
    "bill",
    "bill_credit_note",
    "payment",
    "payment_reversal",
    "payment_difference",
    "cash_discount",
    "vat_due",
    "vat_deductible",
    "cheque_deposit",
    "late_fee",
    "vat_return",
    "reminder",
    "entry",
]
"""What is found under a tag of its kind; only some of them are booked by an entry."""


class DocumentReference(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The document an entry books: its kind, id, legal number, dates, third party and files.

    `number` is the number people read (the supplier's own for a bill). `files` are the SHA-256
    digests (hex) of the originals kept with it.
    """

    kind: DocumentKind
    id: str
    number: str
    issue_date: date
    due_date: date | None = None
    party: str = ""
    party_name: str = ""
    files: tuple[str, ...] = ()


class EntryLine(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line: `debit` or `credit` in minor units of the entry's currency, the other zero.

    `party` is the contact id on a third-party (customers, suppliers) account, else empty.
    """

    account: str
    debit: int = 0
    credit: int = 0
    party: str = ""
    label: str = ""
    due_date: date | None = None


Piece = tuple[str, date]
"""The number and the day of a document."""


class EntryPosted(Event, frozen=True, kw_only=True):
    """A balanced entry is posted in a journal under the next number of its journal and year.

    One that another program posted has a `source`.
    """

    stored_as: ClassVar[str] = "entry.posted.v1"

    journal: str
    series: str
    number: int
    date: date
    label: str
    currency: str
    document: DocumentReference
    lines: tuple[EntryLine, ...]
    source: FecSource | None = None

    @property
    def tags(self) -> tuple[str, ...]:
        own = series_tag(self.series), document_tag(self.document.kind, self.document.id)
        return (*own, suspense_tag(self.date)) if self._may_wait else own

    @property
    def _may_wait(self) -> bool:
        """Whether a line may stand on the suspense account, wherever the company has mapped it."""
        known = any(line.account.startswith(TRANSITORY) for line in self.lines)
        return known or (
            self.document.kind in ("payment", "payment_reversal")
            and any(not line.party for line in self.lines[1:])
        )

    def piece_of(self, nth: int) -> Piece:
        """The document that a line (from 0) books."""
        if self.source is None or not self.source.pieces:
            return self.document.number, self.document.issue_date
        return self.source.pieces[nth], self.source.piece_days[nth]


TRANSITORY = ("47", "48", "49")
"""The classes of accounts in which money waits, in the French chart and in the Belgian."""


def suspense_tag(day: date) -> str:
    """The tag of the entries of a month that may move the suspense account."""
    return f"suspense:{day.isoformat()[:7]}"


def series_tag(series: str) -> str:
    """The tag of every event that takes a number in `series`; its newest has the last number."""
    return f"series:{series}"


def document_tag(kind: DocumentKind, document_id: str) -> str:
    """The tag of a document's own events and of the entry that books it."""
    return f"{OWN_TAGS.get(kind, kind)}:{document_id}"


OWN_TAGS: dict[DocumentKind, DocumentKind] = {
    "bill_credit_note": "bill",
    "payment_reversal": "payment",
    "vat_due": "invoice",
    "vat_deductible": "bill",
}
"""The kinds whose documents are told by the events of another kind's."""
