"""Ticking what is owed as settled: an instalment, or all that is open of a document (M38, M45)."""

from collections.abc import Mapping
from datetime import date

from msgspec import Struct

from domain.book.refusal import Refused, words
from domain.ledger.entry import EntryPosted
from domain.sales.terms import PaymentMeans
from domain.treasury.lettering import Difference
from domain.treasury.matching import PartToLetter
from domain.treasury.payment import NewPayment


class NewTick(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is settled of a document, and how: by default all that is open, today.

    `instalment` is one of its instalments, from 0. An `amount` (minor units) may be less than what
    is open, or more: the rest stays open on its side, unless it is a `difference` to close.
    """

    instalment: int | None = None
    amount: int | None = None
    paid_on: date | None = None
    journal: str = ""
    reference: str = ""
    means: PaymentMeans = "transfer"
    difference: Difference = "open"


class Owed(Struct, frozen=True, kw_only=True):
    """A booked document: the position of its entry, the entry, and what is settled of its lines."""

    document_id: str
    position: int
    entry: EntryPosted
    settled: Mapping[int, int]


class Ticked(Struct, frozen=True, kw_only=True):
    """The payment that settles what was ticked, and the lines it settles, the oldest due first."""

    payment: NewPayment
    parts: tuple[PartToLetter, ...]


class NothingToPay(Refused, frozen=True, kw_only=True):
    """Nothing is open of the document, or of the instalment, or there is no such instalment."""

    code = "nothing_to_pay"
    rule = "M38"
    text = words(
        en="Nothing is open of {document_id} there.",
        fr="Rien n'est dû sur {document_id} à cet endroit.",
        nl="Daar staat niets open op {document_id}.",
    )

    document_id: str


def tick(owed: Owed, new: NewTick, *, today: date) -> Ticked | Refused:
    """The payment of what is open: received where it is a debit, sent where it is a credit."""
    due = _due(owed)
    if new.instalment is not None:
        due = due[new.instalment : new.instalment + 1] if new.instalment >= 0 else []
    left = [(index, amount) for _, index, amount in sorted(due) if amount]
    total = sum(amount for _, amount in left)
    if not total:
        pointer = "/instalment" if new.instalment is not None else ""
        return NothingToPay(document_id=owed.document_id, position=owed.position, pointer=pointer)
    entry = owed.entry
    sales = entry.document.kind in ("invoice", "credit_note")
    payment = NewPayment(
        direction="received" if total > 0 else "sent",
        date=new.paid_on or today,
        amount=abs(total) if new.amount is None else new.amount,
        role="customers" if sales else "suppliers",
        party=entry.document.party,
        journal=new.journal,
        currency=entry.currency,
        reference=new.reference,
        means=new.means,
    )
    parts = tuple(PartToLetter(entry=owed.position, line=index) for index, _ in left)
    return Ticked(payment=payment, parts=parts)


def _due(owed: Owed) -> list[tuple[date, int, int]]:
    """The third party's lines of the entry: when each falls due, its index, what is open of it."""
    return [
        (
            line.due_date or owed.entry.date,
            index,
            line.debit - line.credit - owed.settled.get(index, 0),
        )
        for index, line in enumerate(owed.entry.lines)
        if line.party
    ]
