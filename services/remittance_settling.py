"""Use cases of remittances under way: the bank has executed one, or it is cancelled (M42)."""

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Literal

from msgspec import Struct

from domain.book.refusal import Refusals
from domain.ledger.entry import document_tag
from domain.parties.company import COMPANY_TAG, Company
from domain.parties.contact import Contact
from domain.sales.terms import PaymentMeans
from domain.treasury import assigning, assignment, payment, remitting
from domain.treasury.assigning import NewAssignment, NewPart
from domain.treasury.assignment import Assignable
from domain.treasury.collection import CollectionCreated
from domain.treasury.lettering import NewLettering
from domain.treasury.matching import PartToLetter
from domain.treasury.payment import Direction, NewPayment
from domain.treasury.remittance import (
    Remittance,
    RemittanceCreated,
    RemittanceSettled,
    SettledLine,
    remittance_tag,
)
from domain.treasury.remittance_refusals import RemittanceIsUnknown
from services.identity import Prefix, new_id
from services.lettering import letter
from services.loading import choose_journal, load_company, load_contact, load_standing, today_of
from services.open_lines import load_entries, load_settled, open_parts
from services.remitting import find_remittance, get_remittance
from services.store.pen import Command, Pen
from services.store.store import Store, Written

Ids = Callable[[Prefix, int], str]
"""Ids of what a command makes, the same however often it is run."""


class NewSettlement(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The bank has executed a remittance: on a day (today), or by its own line `payment_id`."""

    settled_on: date | None = None
    payment_id: str = ""


class Way(Struct, frozen=True):
    """Which way the money of a remittance goes, between whom, by which means."""

    direction: Direction
    role: Literal["customers", "suppliers"]
    means: PaymentMeans


class Place(Struct, frozen=True):
    """Where money stands in the books: the payment, its entry's position, the line's index."""

    payment_id: str
    entry: int
    line: int


class UnderWay(Struct, frozen=True):
    """A remittance in the hands of the bank, the company, and the ids of what is made now."""

    company: Company
    known: Remittance
    ids: Ids

    @property
    def way(self) -> Way:
        """Which way its money goes."""
        return way_of(self.known.document)


def way_of(document: RemittanceCreated) -> Way:
    """Money is collected from customers, and sent to suppliers."""
    if isinstance(document, CollectionCreated):
        return Way("received", "customers", "direct_debit")
    return Way("sent", "suppliers", "transfer")


def settle_remittance(
    store: Store, book_id: str, remittance_id: str, new: NewSettlement, command: Command
) -> Written[Remittance]:
    """Books and letters every line that the bank did not refuse, in one command (M42).

    Without the bank's own line each is a payment of its own; with it, that payment leaves the
    suspense account in as many parts.
    """
    ids = draw_ids()

    def decide(pen: Pen) -> None:
        company = load_company(pen)
        known = find_remittance(pen, remittance_id)
        bank_line = find_payment(pen, new.payment_id)
        today = today_of(pen, company)
        day = new.settled_on or (bank_line.document.date if bank_line is not None else today)
        refused = remitting.check_settled(known, remittance_id, day, today)
        if refused is not None or known is None:
            raise Refusals(refused or RemittanceIsUnknown(remittance_id=remittance_id))
        going = UnderWay(company, known, ids)
        if new.payment_id:
            places = _assign(pen, going, new.payment_id, day)
        else:
            places = [_pay(pen, going, nth, day) for nth in known.unreturned]
        lines = tuple(
            _settle(pen, going, nth, place)
            for nth, place in zip(known.unreturned, places, strict=True)
        )
        pen.append([RemittanceSettled(remittance_id=remittance_id, date=day, lines=lines)])

    return write_remittance(store, book_id, remittance_id, decide, command)


def cancel_remittance(
    store: Store, book_id: str, remittance_id: str, reason: str, command: Command
) -> Written[Remittance]:
    """Cancels a remittance that the bank never executed: its lines are free again (M42)."""

    def decide(pen: Pen) -> None:
        known = find_remittance(pen, remittance_id)
        pen.append(remitting.cancel(known, remittance_id, reason))

    return write_remittance(store, book_id, remittance_id, decide, command)


def write_remittance(
    store: Store,
    book_id: str,
    remittance_id: str,
    decide: Callable[[Pen], None],
    command: Command,
) -> Written[Remittance]:
    """Writes a command about a remittance, and answers with the remittance."""
    reads = [COMPANY_TAG, remittance_tag(remittance_id)]
    return store.write(book_id, command, decide, lambda r: get_remittance(r, remittance_id), reads)


def draw_ids() -> Ids:
    """Draws each id when it is first asked for, and gives the same ever after."""
    return cache(lambda prefix, _: new_id(prefix))


def find_payment(pen: Pen, payment_id: str) -> Assignable | None:
    """A payment and where it stands; None without an id, and where there is none."""
    return pen.fold(assignment.evolve, None, document_tag("payment", payment_id))


def record_money(pen: Pen, company: Company, payment_id: str, new: NewPayment) -> Place:
    """Records a payment in the books, and says where the third party's line stands."""
    standing = load_standing(pen, company, choose_journal(company, "bank", new.journal), new.date)
    party = load_contact(pen, new.party)
    entry = pen.append(payment.record(payment_id, new, party, standing))[-1].position
    return Place(payment_id, entry, 1)


def assign_money(
    pen: Pen,
    company: Company,
    payment_id: str,
    parts: tuple[NewPart, ...],
    expected: tuple[Direction, int],
    *,
    day: date,
    reason: str,
) -> list[Place]:
    """Assigns a payment that waits in suspense, and says where each part stands.

    `expected` are the way and the amount it must have; raises Refusals.
    """
    known = find_payment(pen, payment_id)
    if known is not None:
        refused = remitting.check_bank_line(known.document, *expected)
        if refused is not None:
            raise Refusals(refused)
    named = {part.party: load_contact(pen, part.party) for part in parts if part.party}
    contacts: dict[str, Contact] = {
        party: found for party, found in named.items() if found is not None
    }
    new = NewAssignment(parts=parts, assigned_on=day, reason=reason)
    standing = load_standing(pen, company, choose_journal(company, "miscellaneous"), day)
    facts = pen.append(assigning.assign(known, payment_id, new, contacts, standing))
    entry = facts[-1].position
    return [Place(payment_id, entry, nth + 1) for nth in range(len(parts))]


def letter_open(
    pen: Pen, company: Company, lettering_id: str, lines: tuple[tuple[int, int], ...]
) -> str:
    """Letters what is open of these lines; gives the lettering, or "" where a side has nothing."""
    entries = load_entries(pen, [entry for entry, _ in lines])
    left = {(part.entry, part.line) for part in open_parts(entries, load_settled(pen, entries))}
    if not left.issuperset(lines):
        return ""
    parts = tuple(PartToLetter(entry=entry, line=line) for entry, line in lines)
    letter(pen, company, lettering_id, NewLettering(parts=parts))
    return lettering_id


def _pay(pen: Pen, going: UnderWay, nth: int, day: date) -> Place:
    """Records the payment of one line, which the bank names by its end-to-end id."""
    document, way = going.known.document, going.way
    line = document.remitted[nth]
    new = NewPayment(
        direction=way.direction,
        date=day,
        amount=line.amount,
        currency=document.currency,
        role=way.role,
        party=line.party,
        journal=document.journal,
        reference=line.end_to_end,
        means=way.means,
    )
    return record_money(pen, going.company, going.ids("pay", nth), new)


def _assign(pen: Pen, going: UnderWay, payment_id: str, day: date) -> list[Place]:
    """Gives each line its part of the one sum that the bank has booked."""
    known, way = going.known, going.way
    lines = [known.document.remitted[nth] for nth in known.unreturned]
    parts = tuple(
        NewPart(role=way.role, amount=line.amount, party=line.party, account=line.account)
        for line in lines
    )
    expected = way.direction, known.expected
    number = known.document.document_number
    return assign_money(pen, going.company, payment_id, parts, expected, day=day, reason=number)


def _settle(pen: Pen, going: UnderWay, nth: int, place: Place) -> SettledLine:
    """Letters the payment of a line with what it settles."""
    line = going.known.document.remitted[nth]
    both = (line.entry, line.line), (place.entry, place.line)
    return SettledLine(
        nth=nth,
        payment_id=place.payment_id,
        entry=place.entry,
        line=place.line,
        lettering_id=letter_open(pen, going.company, going.ids("let", nth), both),
    )
