"""Use case of unticking: one instalment of a document is not paid after all (A2.3, M39)."""

from collections.abc import Sequence
from typing import NamedTuple

from msgspec import Struct

from domain.book.event import Recorded
from domain.book.refusal import Refusals, Refused
from domain.ledger import period
from domain.ledger.entry import document_tag
from domain.ledger.period import PERIOD_TAG
from domain.parties.company import COMPANY_TAG
from domain.treasury import unticking
from domain.treasury.lettering import NewLettering
from domain.treasury.matching import PartToLetter
from domain.treasury.payment import PaymentRecorded
from domain.treasury.reversal import PaymentReversed
from domain.treasury.reversing import Moved
from domain.treasury.unticking import Kept, NewUntick, PaymentIsShared, Place
from services.identity import new_id
from services.lettering import letter
from services.loading import load_company, today_of
from services.open_lines import load_entries
from services.settling import Document, Ids, find_moved, load_owed, reverse, standing_letterings
from services.store.pen import Command, Pen
from services.store.store import Store, Written
from services.treasury import record, unletter

MOST_PAYMENTS = 20
"""Payments of one instalment that are taken back in one command."""


class Unticked(Struct, frozen=True, kw_only=True):
    """An instalment that is open again: the payments taken back, and those recorded anew for what
    else they settled."""

    document: Document
    instalment: int
    taken_back: tuple[str, ...] = ()
    recorded: tuple[str, ...] = ()


Groups = tuple[tuple[PartToLetter, ...], ...]


class Drawn(NamedTuple):
    """Ids for one payment that is taken back, the same when a command runs again."""

    payment: str
    reversal: Ids
    letterings: Ids


def draw() -> list[Drawn]:
    """Ids for as many payments as one instalment may have."""
    return [Drawn(new_id("pay"), Ids(), Ids()) for _ in range(MOST_PAYMENTS)]


def untick_invoice(
    store: Store, book_id: str, invoice_id: str, new: NewUntick, command: Command
) -> Written[Unticked]:
    """Unticks an instalment of an invoice."""
    return untick_document(store, book_id, Document("invoice", invoice_id), new, command)


def untick_document(
    store: Store, book_id: str, document: Document, new: NewUntick, command: Command
) -> Written[Unticked]:
    """Takes back exactly what paid one instalment; what else those payments settled stays settled.

    Money that the bank's statement says stays on the bank: only its lettering is undone.
    Raises Refusals.
    """
    drawn = draw()

    def decide(pen: Pen) -> None:
        untick(pen, document, new, drawn)

    reads = [COMPANY_TAG, document_tag(document.kind, document.id)]
    written = store.write(book_id, command, decide, lambda _: None, reads)
    return Written(
        answer=_answer(document, new.instalment, written.events),
        position=written.position,
        events=written.events,
        replayed=written.replayed,
    )


def untick(pen: Pen, document: Document, new: NewUntick, drawn: Sequence[Drawn]) -> None:
    """All that unticking an instalment writes, within a command; raises Refusals."""
    owed = load_owed(pen, document)
    place = unticking.find_line(owed, new)
    if isinstance(place, Refused):
        raise Refusals(place)
    held = standing_letterings(pen, owed.position)
    others = [entry for _, each in held for entry in unticking.settled_by(each, place)]
    paid = [
        entry.document.id
        for entry in load_entries(pen, dict.fromkeys(others)).values()
        if entry.document.kind == "payment"
    ]
    if not 0 < len(paid) <= len(drawn):
        raise Refusals(unticking.not_paid(owed, new))
    for payment_id, ids in zip(paid, drawn, strict=False):
        moved = find_moved(pen, payment_id)
        if moved is None:
            raise LookupError(payment_id)
        back = _free if moved.document.statement_id else _take_back
        back(pen, moved, place, new, ids)


def _free(pen: Pen, moved: Moved, place: Place, new: NewUntick, ids: Drawn) -> None:
    """What the bank says is there stays: open on the third party's account again."""
    held = [
        each
        for _, each in standing_letterings(pen, moved.entry)
        if moved.entry in unticking.settled_by(each, place)
    ]
    for each in held:
        unletter(pen, each.lettering_id, new.reason)
    _letter_again(pen, unticking.keep(held, moved.entry, place).groups, new, ids)


def _take_back(pen: Pen, moved: Moved, place: Place, new: NewUntick, ids: Drawn) -> None:
    """The payment is taken back, and recorded anew for what else it settled."""
    paid = moved.document
    held = [each for _, each in standing_letterings(pen, moved.entry)]
    kept = unticking.keep(held, moved.entry, place)
    if kept.other and paid.role == "suspense":
        raise Refusals(PaymentIsShared(payment_id=paid.payment_id))
    reverse(pen, paid.payment_id, new.reversal, ids.reversal)
    groups = kept.groups
    if kept.other:
        entry = _record_rest(pen, paid, kept, new, ids)
        groups = tuple(unticking.moved(parts, moved.entry, entry) for parts in groups)
    _letter_again(pen, groups, new, ids)


def _record_rest(pen: Pen, paid: PaymentRecorded, kept: Kept, new: NewUntick, ids: Drawn) -> int:
    """Records the rest on the payment's own day, or if that is locked on the day of the reversal;
    gives the position of its entry."""
    company = load_company(pen)
    lock = period.of_fact(pen.last(PERIOD_TAG))
    day = paid.date
    if period.check_open(lock, day) is not None:
        day = new.returned_on or today_of(pen, company)
    return record(pen, company, ids.payment, unticking.anew(paid, kept.own, day)).position


def _letter_again(pen: Pen, groups: Groups, new: NewUntick, ids: Drawn) -> None:
    """Letters what stays settled."""
    company = load_company(pen)
    for parts, lettering_id in zip(groups, ids.letterings, strict=False):
        letter(pen, company, lettering_id, NewLettering(parts=parts, reason=new.reason))


def _answer(document: Document, instalment: int, facts: Sequence[Recorded]) -> Unticked:
    events = [fact.event for fact in facts]
    return Unticked(
        document=document,
        instalment=instalment,
        taken_back=tuple(e.payment_id for e in events if isinstance(e, PaymentReversed)),
        recorded=tuple(e.payment_id for e in events if isinstance(e, PaymentRecorded)),
    )
