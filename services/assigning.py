"""Use cases of what waits in suspense: what it may be, and whose it becomes (C4, M45)."""

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from domain.book.refusal import Refusals
from domain.ledger.entry import document_tag
from domain.parties.company import COMPANY_TAG
from domain.parties.contact import Contact, contact_tag
from domain.treasury import assigning, assignment, statement
from domain.treasury.assigning import NewAssignment
from domain.treasury.assignment import Assignable, Assigned
from domain.treasury.lettering import NewLettering, entry_tag
from domain.treasury.matching import PartToLetter
from domain.treasury.payment import PaymentIsUnknown
from domain.treasury.proposal import BankLine, Proposal
from domain.treasury.proposing import propose
from services.banking import load_journals, own_accounts
from services.identity import new_id
from services.lettering import letter
from services.loading import choose_journal, load_company, load_contact, load_standing
from services.matching import Registers, bank_line, find_matches
from services.store.pen import Command, Pen, Reader
from services.store.store import Store, Written


class Settles(Struct, frozen=True, kw_only=True):
    """Lines that the nth part of an assignment (from 0) settles, in that order."""

    part: int
    lines: tuple[PartToLetter, ...]


def propose_for(
    store: Store, registers: Registers, book_id: str, payment_id: str
) -> tuple[Assignable, list[Proposal]]:
    """What a payment of the bank may settle, the likeliest first; raises Refusals."""
    past = store.past(book_id)
    known = get_assignable(past, payment_id)
    company = load_company(past)
    line = _line(past, known)
    own = own_accounts(company, load_journals(past))
    matches = find_matches(store, registers, book_id, company, own=own, lines=[line])
    return known, propose(line, matches.known(line))


def assign_payment(
    store: Store,
    book_id: str,
    payment_id: str,
    new: NewAssignment,
    command: Command,
    *,
    settles: Sequence[Settles] = (),
) -> Written[Assigned]:
    """Moves a payment from suspense to whose it is, and letters what it pays, in one command."""
    letterings = [new_id("let") for _ in settles]
    named = sorted({part.party for part in new.parts if part.party})
    own = document_tag("payment", payment_id)

    def decide(pen: Pen) -> None:
        company = load_company(pen)
        known = pen.fold(assignment.evolve, None, own)
        journal = choose_journal(company, "miscellaneous")
        day = new.assigned_on or (known.document.date if known is not None else date.min)
        contacts = {party: load_contact(pen, party) for party in named}
        found: dict[str, Contact] = {k: v for k, v in contacts.items() if v is not None}
        standing = load_standing(pen, company, journal, day)
        entry = pen.append(assigning.assign(known, payment_id, new, found, standing))[-1]
        for lettering_id, each in zip(letterings, settles, strict=True):
            # The line of suspense stands first in the entry, then the parts in their order.
            own_part = PartToLetter(entry=entry.position, line=each.part + 1)
            lines = NewLettering(parts=(own_part, *each.lines), reason=new.reason)
            letter(pen, company, lettering_id, lines)

    reads = [COMPANY_TAG, own, *map(contact_tag, named)]
    reads += sorted({entry_tag(line.entry) for each in settles for line in each.lines})
    return store.write(book_id, command, decide, lambda r: _assigned(r, payment_id), reads)


def get_assignable(reader: Reader, payment_id: str) -> Assignable:
    """Where a payment stands; raises Refusals when there is none."""
    nothing: Assignable | None = None
    known = reader.fold(assignment.evolve, nothing, document_tag("payment", payment_id))
    if known is None:
        raise Refusals(PaymentIsUnknown(payment_id=payment_id[:60]))
    return known


def _assigned(reader: Reader, payment_id: str) -> Assigned:
    known = get_assignable(reader, payment_id)
    if isinstance(known, Assigned):
        return known
    raise LookupError(payment_id)


def _line(reader: Reader, known: Assignable) -> BankLine:
    """The line of a payment: that of its statement, which knows more, or the payment itself."""
    paid = known.document
    if paid.statement_id:
        found = statement.of_fact(reader.last(statement.statement_tag(paid.statement_id)))
        if found is not None:
            said = found.event.statement
            return bank_line(said.lines[paid.statement_line - 1], said.currency)
    return BankLine(
        amount=paid.amount if paid.direction == "received" else -paid.amount,
        currency=paid.currency,
        counterparty=paid.counterparty,
        communication=paid.communication or paid.reference,
        structured=paid.structured,
    )
