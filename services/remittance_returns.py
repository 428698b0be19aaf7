"""Use case of R-transactions: one line of a remittance comes back, exactly that is undone (M42).

Before the bank has executed the remittance no money has moved: the line is free again. Afterwards
the money goes back by a payment of its own, on its own day; what had been settled is open again.
"""

from domain.book.refusal import Refusals
from domain.ledger import miscellaneous
from domain.ledger.entry import EntryLine
from domain.ledger.miscellaneous import NewEntry
from domain.treasury import lettering, remitting
from domain.treasury.assigning import NewPart
from domain.treasury.lettering import Lettered, lettering_tag
from domain.treasury.payment import Direction, NewPayment
from domain.treasury.remittance import Remittance, RemittanceLineReturned, SettledLine
from domain.treasury.remittance_refusals import RemittanceIsUnknown
from domain.treasury.remitting import NewReturn
from services.loading import load_company, load_standing, today_of
from services.remittance_settling import (
    Place,
    UnderWay,
    assign_money,
    draw_ids,
    letter_open,
    record_money,
    write_remittance,
)
from services.remitting import find_remittance
from services.store.pen import Command, Pen
from services.store.store import Store, Written


def return_line(
    store: Store, book_id: str, remittance_id: str, new: NewReturn, command: Command
) -> Written[Remittance]:
    """Undoes exactly one line: its money goes back, and what it settled is open again (M42)."""
    ids = draw_ids()

    def decide(pen: Pen) -> None:
        company = load_company(pen)
        known = find_remittance(pen, remittance_id)
        refused = remitting.check_returned(known, remittance_id, new, today_of(pen, company))
        if refused is not None or known is None:
            raise Refusals(refused or RemittanceIsUnknown(remittance_id=remittance_id))
        going = UnderWay(company, known, ids)
        paid = known.settled_line(new.nth)
        if new.payment_id:
            back = _by_bank_line(pen, going, new, was_paid=paid is not None)
        else:
            back = _by_ourselves(pen, going, new, was_paid=paid is not None)
        if paid is not None and back is not None:
            _open_again(pen, going, paid, back, new.reason)
        pen.append([_told(known, new, back)])

    return write_remittance(store, book_id, remittance_id, decide, command)


def _by_bank_line(pen: Pen, going: UnderWay, new: NewReturn, *, was_paid: bool) -> Place | None:
    """The bank's own line leaves suspense: the money of the line, and what the bank charged."""
    line, way = going.known.document.remitted[new.nth], going.way
    back = _other(way.direction)
    fee = new.fee if back == "sent" else -new.fee
    parts = []
    if was_paid:
        parts.append(
            NewPart(role=way.role, amount=line.amount, party=line.party, account=line.account)
        )
    if fee:
        charges = going.company.accounts["bank_charges"]
        parts.append(NewPart(role="account", amount=fee, account=charges))
    expected = back, sum(part.amount for part in parts)
    places = assign_money(
        pen,
        going.company,
        new.payment_id,
        tuple(parts),
        expected,
        day=new.returned_on,
        reason=new.reason,
    )
    return places[0] if was_paid else None


def _by_ourselves(pen: Pen, going: UnderWay, new: NewReturn, *, was_paid: bool) -> Place | None:
    """Records the money that went back, and what the bank charged."""
    document, way = going.known.document, going.way
    if new.fee:
        _charge(pen, going, new)
    if not was_paid:
        return None
    line = document.remitted[new.nth]
    money = NewPayment(
        direction=_other(way.direction),
        date=new.returned_on,
        amount=line.amount,
        currency=document.currency,
        role=way.role,
        party=line.party,
        journal=document.journal,
        reference=line.end_to_end,
        label=f"{line.party_name} {line.document_number} {new.reason}",
        means=way.means,
    )
    return record_money(pen, going.company, going.ids("pay", 0), money)


def _charge(pen: Pen, going: UnderWay, new: NewReturn) -> None:
    """Books what the bank charged, on its own journal (PCG 627, PCMN 65)."""
    company, document = going.company, going.known.document
    journal = company.journal("bank", document.journal)
    bank = (journal.account if journal is not None else "") or company.accounts["bank"]
    label = f"{document.remitted[new.nth].end_to_end} {new.reason}"
    charged = NewEntry(
        date=new.returned_on,
        label=label,
        lines=(
            EntryLine(account=company.accounts["bank_charges"], debit=new.fee, label=label),
            EntryLine(account=bank, credit=new.fee, label=label),
        ),
    )
    standing = load_standing(pen, company, document.journal, new.returned_on)
    pen.append(miscellaneous.post(going.ids("ent", 0), charged, set(), standing))


def _open_again(pen: Pen, going: UnderWay, paid: SettledLine, back: Place, reason: str) -> None:
    """Undoes the lettering of the line, and letters its money with the money that went back."""
    if paid.lettering_id:
        known = pen.fold(lettering.evolve, None, lettering_tag(paid.lettering_id))
        if isinstance(known, Lettered):
            pen.append(lettering.unletter(known, paid.lettering_id, reason))
    both = (paid.entry, paid.line), (back.entry, back.line)
    letter_open(pen, going.company, going.ids("let", 0), both)


def _told(known: Remittance, new: NewReturn, back: Place | None) -> RemittanceLineReturned:
    return RemittanceLineReturned(
        remittance_id=known.document.remittance_id,
        nth=new.nth,
        amount=known.document.remitted[new.nth].amount,
        date=new.returned_on,
        reason=new.reason.strip(),
        payment_id=back.payment_id if back is not None else "",
        fee=new.fee,
    )


def _other(direction: Direction) -> Direction:
    return "sent" if direction == "received" else "received"
