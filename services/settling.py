"""Use cases of settling: tick what is owed as paid, or take a payment back (M38, M39, M45)."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Literal

from msgspec import Struct

from domain.book.event import Recorded
from domain.book.refusal import Refusals, Refused
from domain.ledger.entry import EntryPosted, document_tag
from domain.parties.company import COMPANY_TAG
from domain.purchases.bill import Bill
from domain.sales.credit_note import CreditNote
from domain.sales.invoice import Invoice
from domain.treasury import assignment, reversal, reversing, ticking
from domain.treasury.lettering import EntriesLettered, EntriesUnlettered, NewLettering, entry_tag
from domain.treasury.matching import PartToLetter
from domain.treasury.payment import Payment
from domain.treasury.reversal import Reversal
from domain.treasury.reversing import Moved, NewReversal
from domain.treasury.ticking import NewTick, NothingToPay, Owed
from services.cheque_deposits import refuse_deposited
from services.identity import make, new_id
from services.invoicing import get_credit_note, get_invoice
from services.lettering import letter
from services.loading import load_company, load_standing, today_of
from services.open_lines import entry_of, load_settled
from services.purchasing import get_bill
from services.store.pen import Command, Pen, Reader
from services.store.store import Store, Written
from services.treasury import get_payment, record, unletter

Holding = dict[str, tuple[int, EntriesLettered]]
Payable = Literal["invoice", "credit_note", "bill"]


class Document(Struct, frozen=True):
    """A document that is ticked: its kind and its id."""

    kind: Payable
    id: str


class Settlement(Struct, frozen=True, kw_only=True):
    """A payment, the letterings of it that hold (the newest first), and its reversal, if any."""

    payment: Payment
    letterings: tuple[tuple[int, EntriesLettered], ...]
    reversal: Reversal | None = None


class Ids:
    """Ids of letterings: drawn as they are asked for, and the same when a command runs again."""

    def __init__(self) -> None:
        self._drawn: list[str] = []

    def __iter__(self) -> Iterator[str]:
        at = 0
        while True:
            if at == len(self._drawn):
                self._drawn.append(new_id("let"))
            yield self._drawn[at]
            at += 1


FINDERS: dict[Payable, Callable[[Reader, str], Invoice | CreditNote | Bill]] = {
    "invoice": get_invoice,
    "credit_note": get_credit_note,
    "bill": get_bill,
}
"""What finds a document; each raises Refusals when there is none."""


def settle_invoice(
    store: Store, book_id: str, invoice_id: str, new: NewTick, command: Command
) -> Written[Settlement]:
    """Ticks an invoice, or one of its instalments, as settled."""
    return settle_document(store, book_id, Document("invoice", invoice_id), new, command)


def settle_document(
    store: Store,
    book_id: str,
    document: Document,
    new: NewTick,
    command: Command,
) -> Written[Settlement]:
    """Ticks a document, or one of its instalments, as settled: payment and lettering at once.

    What a customer owes is received, a credit note to him is sent; a supplier's the other way.
    """
    ids = Ids()

    def decide(pen: Pen, payment_id: str) -> None:
        settle(pen, document, new, payment_id, ids)

    return make(
        store,
        book_id,
        command,
        "pay",
        tag=partial(document_tag, "payment"),
        decide=decide,
        find=get_settlement,
        reads=[COMPANY_TAG, document_tag(document.kind, document.id)],
    )


def settle(pen: Pen, document: Document, new: NewTick, payment_id: str, ids: Ids) -> None:
    """All that ticking a document writes, within a command; raises Refusals."""
    company = load_company(pen)
    ticked = ticking.tick(load_owed(pen, document), new, today=today_of(pen, company))
    if isinstance(ticked, Refused):
        raise Refusals(ticked)
    entry = record(pen, company, payment_id, ticked.payment)
    paid = PartToLetter(entry=entry.position, line=1)
    parts = (*ticked.parts, paid)
    letter(pen, company, next(iter(ids)), NewLettering(parts=parts, difference=new.difference))


def reverse_payment(
    store: Store, book_id: str, payment_id: str, new: NewReversal, command: Command
) -> Written[Settlement]:
    """Takes a payment back whole: its letterings undone, its reversing entry, VAT that is not due.

    Never a deletion: the payment and what it settled stay in the book, and so does the reason.
    """
    ids = Ids()

    def decide(pen: Pen) -> None:
        reverse(pen, payment_id, new, ids)

    reads = [COMPANY_TAG, document_tag("payment", payment_id)]
    return store.write(book_id, command, decide, lambda r: get_settlement(r, payment_id), reads)


def reverse(pen: Pen, payment_id: str, new: NewReversal, ids: Ids) -> None:
    """All that taking a payment back writes, within a command; raises Refusals."""
    company = load_company(pen)
    refuse_deposited(pen, payment_id)
    known = find_reversal(pen, payment_id)
    moved = find_moved(pen, payment_id)
    if moved is not None and known is None:
        for _, lettering in standing_letterings(pen, moved.entry):
            unletter(pen, lettering.lettering_id, new.reason)
    journal = moved.document.journal if moved is not None else ""
    day = new.returned_on or today_of(pen, company)
    standing = load_standing(pen, company, journal, day)
    _, entry = pen.append(reversing.reverse(moved, payment_id, known, new, standing))
    for (nth, line), lettering_id in zip(enumerate(_lines(entry)), ids, strict=False):
        if moved is not None and line:
            sides = (moved.entry, entry.position)
            parts = tuple(PartToLetter(entry=side, line=nth) for side in sides)
            new_lettering = NewLettering(parts=parts, reason=new.reason)
            letter(pen, company, lettering_id, new_lettering)


def get_settlement(reader: Reader, payment_id: str) -> Settlement:
    """A payment with what it settles; raises Refusals when there is none."""
    payment = get_payment(reader, payment_id)
    moved = find_moved(reader, payment_id)
    return Settlement(
        payment=payment,
        letterings=tuple(standing_letterings(reader, moved.entry)) if moved is not None else (),
        reversal=find_reversal(reader, payment_id),
    )


def find_reversal(reader: Reader, payment_id: str) -> Reversal | None:
    """How a payment was taken back, if it was."""
    return reader.fold(reversal.evolve, None, document_tag("payment", payment_id))


def load_owed(reader: Reader, document: Document) -> Owed:
    """A booked document as a debt; raises Refusals when it is not booked."""
    known = FINDERS[document.kind](reader, document.id)
    found = entry_of(reader, document.kind, document.id)
    if found is None:
        raise Refusals(NothingToPay(document_id=document.id, position=known.position))
    position, entry = found
    settled = load_settled(reader, [position])[position]
    return Owed(document_id=document.id, position=position, entry=entry, settled=settled.amounts)


def find_moved(reader: Reader, payment_id: str) -> Moved | None:
    """A payment with the bank's line and those where its money stands now."""
    booked = entry_of(reader, "payment", payment_id)
    if booked is None:
        return None
    position, entry = booked
    bank, *lines = entry.lines
    tag = document_tag("payment", payment_id)
    known = reader.fold(assignment.evolve, None, tag)
    if isinstance(known, assignment.Assigned):
        (fact,) = reader.at([known.entry])
        if isinstance(fact.event, EntryPosted):
            position, lines = known.entry, list(fact.event.lines[1:])
    return Moved(
        document=get_payment(reader, payment_id).document,
        bank=bank.account,
        entry=position,
        lines=tuple(lines),
        number=entry.document.number,
    )


def standing_letterings(reader: Reader, entry: int) -> list[tuple[int, EntriesLettered]]:
    """The letterings of an entry that hold with their positions, the newest first."""
    nothing: Holding = {}
    found = reader.fold(_holding, nothing, entry_tag(entry))
    return list(found.values())[::-1]


def _holding(before: Holding, fact: Recorded) -> Holding:
    match fact.event:
        case EntriesLettered() as lettering:
            return {**before, lettering.lettering_id: (fact.position, lettering)}
        case EntriesUnlettered(lettering_id=undone):
            return {name: held for name, held in before.items() if name != undone}
    return before


def _lines(entry: Recorded) -> list[bool]:
    """Which lines of an entry are a third party's, in their order."""
    assert isinstance(entry.event, EntryPosted)  # noqa: S101  a document is followed by its entry
    return [line.party != "" for line in entry.event.lines]
