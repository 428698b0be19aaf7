"""Use cases of money: record a payment, letter lines that settle each other, undo a lettering."""

from functools import partial

from domain.book.refusal import Refusals
from domain.ledger.entry import document_tag
from domain.parties.company import COMPANY_TAG
from domain.parties.contact import contact_tag
from domain.sales import credit_note, reversing
from domain.treasury import lettering, payment
from domain.treasury.lettering import (
    Lettered,
    Lettering,
    NewLettering,
    entry_tag,
    lettering_tag,
)
from domain.treasury.payment import NewPayment, Payment
from services.identity import make
from services.lettering import letter
from services.loading import choose_journal, load_company, load_contact, load_standing
from services.open_lines import load_entries
from services.store.pen import Command, Pen, Reader
from services.store.store import Store, Written


def record_payment(
    store: Store, book_id: str, new: NewPayment, command: Command
) -> Written[Payment]:
    """Records money that moved on a bank account, with its accounting entry."""

    def decide(pen: Pen, payment_id: str) -> None:
        company = load_company(pen)
        journal = choose_journal(company, "bank", new.journal)
        standing = load_standing(pen, company, journal, new.date)
        party = load_contact(pen, new.party) if new.party else None
        pen.append(payment.record(payment_id, new, party, standing))

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
        known = pen.fold(lettering.evolve, None, tag)
        _check_deposits(pen, known)
        pen.append(lettering.unletter(known, lettering_id, reason))

    return store.write(book_id, command, decide, lambda r: get_lettering(r, lettering_id), [tag])


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


def _check_deposits(pen: Pen, known: Lettering | None) -> None:
    """Raises Refusals where a deposit invoice among the lettered must be credited first (A2.3)."""
    if not isinstance(known, Lettered):
        return
    places = list(dict.fromkeys(part.entry for part in known.lettering.parts))
    for entry in load_entries(pen, places).values():
        if entry.document.kind == "invoice":
            invoice = pen.fold(credit_note.evolve, None, document_tag("invoice", entry.document.id))
            refused = reversing.check_reversible(invoice)
            if refused is not None:
                raise Refusals(refused)
