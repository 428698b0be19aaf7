"""Use cases of money: record a payment, letter lines that settle each other, undo a lettering."""

from functools import partial

from domain.book.event import Recorded
from domain.book.refusal import Refusals, Refused
from domain.deposits import reversing
from domain.ledger.entry import document_tag
from domain.parties.company import COMPANY_TAG, Company
from domain.parties.contact import contact_tag
from domain.sales import credit_note
from domain.treasury import lettering, payment, tolerance
from domain.treasury.lettering import (
    Lettered,
    Lettering,
    NewLettering,
    entry_tag,
    lettering_tag,
)
from domain.treasury.payment import NewPayment, Payment
from domain.treasury.reversal import ReversalStands
from domain.treasury.tolerance import TOLERANCE_TAG, Tolerance
from services.identity import make
from services.lettering import letter
from services.loading import load_company, load_contact, load_standing
from services.open_lines import load_entries
from services.store.pen import Command, Pen, Reader
from services.store.store import Store, Written


def record_payment(
    store: Store, book_id: str, new: NewPayment, command: Command
) -> Written[Payment]:
    """Records money that moved on a bank account or through a till, with its accounting entry."""

    def decide(pen: Pen, payment_id: str) -> None:
        record(pen, load_company(pen), payment_id, new)

    reads = [COMPANY_TAG, *([contact_tag(new.party)] if new.party else [])]
    return make(
        store,
        book_id,
        command,
        "pay",
        tag=partial(document_tag, "payment"),
        decide=decide,
        find=get_payment,
        reads=reads,
    )


def record(pen: Pen, company: Company, payment_id: str, new: NewPayment) -> Recorded:
    """Records a payment within a command and gives its entry; raises Refusals."""
    journal = payment.find_journal(company, new.journal)
    if isinstance(journal, Refused):
        raise Refusals(journal)
    standing = load_standing(pen, company, journal.code, new.date)
    party = load_contact(pen, new.party) if new.party else None
    _, entry = pen.append(payment.record(payment_id, new, party, standing))
    return entry


def letter_entries(
    store: Store, book_id: str, new: NewLettering, command: Command
) -> Written[Lettering]:
    """Settles lines of one third party against each other, wholly or in part."""
    places = list(dict.fromkeys(part.entry for part in new.parts))

    def decide(pen: Pen, lettering_id: str) -> None:
        letter(pen, load_company(pen), lettering_id, new)

    reads = [COMPANY_TAG, *map(entry_tag, places)]
    return make(
        store,
        book_id,
        command,
        "let",
        tag=lettering_tag,
        decide=decide,
        find=get_lettering,
        reads=reads,
    )


def unletter_entries(
    store: Store, book_id: str, lettering_id: str, reason: str, command: Command
) -> Written[Lettering]:
    """Undoes a lettering: its lines are open again, its code is never used again."""
    tag = lettering_tag(lettering_id)

    def decide(pen: Pen) -> None:
        unletter(pen, lettering_id, reason)

    return store.write(book_id, command, decide, lambda r: get_lettering(r, lettering_id), [tag])


def set_tolerance(store: Store, book_id: str, amount: int, command: Command) -> Written[Tolerance]:
    """Sets how small a payment difference may be written off with a lettering (C7)."""

    def decide(pen: Pen) -> None:
        load_company(pen)
        pen.append(tolerance.set_tolerance(get_tolerance(pen), amount))

    return store.write(book_id, command, decide, get_tolerance, [COMPANY_TAG])


def get_tolerance(reader: Reader) -> Tolerance:
    """How small a payment difference may be written off, as of now."""
    return tolerance.of_fact(reader.last(TOLERANCE_TAG))


def get_payment(reader: Reader, payment_id: str) -> Payment:
    """A payment by its id; raises Refusals when there is none."""
    found = reader.fold(payment.evolve, None, document_tag("payment", payment_id))
    if found is None:
        raise Refusals(payment.PaymentIsUnknown(payment_id=payment_id))
    return found


def get_lettering(reader: Reader, lettering_id: str) -> Lettering:
    """A lettering by its id, standing or undone; raises Refusals when there is none."""
    found = reader.fold(lettering.evolve, None, lettering_tag(lettering_id))
    if found is None:
        raise Refusals(lettering.LetteringIsUnknown(lettering_id=lettering_id))
    return found


def unletter(pen: Pen, lettering_id: str, reason: str) -> None:
    """Undoes a lettering within a command; raises Refusals.

    A deposit invoice among the lettered must be credited first (A2.3), and a payment that was
    taken back stays with its reversal.
    """
    known = pen.fold(lettering.evolve, None, lettering_tag(lettering_id))
    if isinstance(known, Lettered):
        _check_undone(pen, known)
    pen.append(lettering.unletter(known, lettering_id, reason))


def _check_undone(pen: Pen, known: Lettered) -> None:
    places = list(dict.fromkeys(part.entry for part in known.lettering.parts))
    for entry in load_entries(pen, places).values():
        if entry.document.kind == "payment_reversal":
            raise Refusals(ReversalStands(letters=known.lettering.code, position=known.position))
        if entry.document.kind == "invoice":
            invoice = pen.fold(credit_note.evolve, None, document_tag("invoice", entry.document.id))
            refused = reversing.check_reversible(invoice)
            if refused is not None:
                raise Refusals(refused)
