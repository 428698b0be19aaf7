"""What reminders load by tags: instalments with all that befell them, customers, settings."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from msgspec import Struct

from domain.book.event import Recorded
from domain.book.refusal import Refusals
from domain.ledger.entry import EntryPosted, document_tag
from domain.parties.company import Company
from domain.parties.contact import Contact
from domain.reminders import dispute as disputes
from domain.reminders import dunning, late_fees
from domain.reminders import policy as policies
from domain.reminders import reminder as reminders
from domain.reminders.dispute import Dispute
from domain.reminders.dunning import Circumstances, Instalment
from domain.reminders.late_fees import Claimed
from domain.reminders.late_interest import Settlement
from domain.reminders.policy import POLICY_TAG, suspension_tag
from domain.reminders.refusals import ReminderIsStale, ReminderIsUnknown
from domain.reminders.reminder import Reminder, Sent, reminded_tag, reminder_tag
from domain.reminders.reminding import Named
from domain.sales import debt as debts
from domain.sales.debt import Receivable
from domain.treasury.lettering import EntriesLettered, entry_tag
from domain.values.days import legal_day
from services.store import statements
from services.store.pen import Reader
from services.store.store import Store


class KnownInvoice(Struct, frozen=True, kw_only=True):
    """What an invoice's own events say: the debt, a dispute that goes on, fees claimed."""

    debt: Receivable | None = None
    dispute: Dispute | None = None
    claimed: Claimed = Claimed()


def load_instalments(reader: Reader, places: Sequence[Named]) -> list[Instalment | None]:
    """The instalments at these places, in their order; None where no invoice has its line."""
    positions = sorted({place.entry for place in places})
    entries = {fact.position: fact.event for fact in reader.at(positions)}
    found: dict[int, dict[int, Instalment]] = {}
    for position, entry in entries.items():
        if isinstance(entry, EntryPosted) and entry.document.kind == "invoice":
            found[position] = instalments_of(reader, position, entry)
    return [found.get(place.entry, {}).get(place.line) for place in places]


def instalments_of(reader: Reader, position: int, entry: EntryPosted) -> dict[int, Instalment]:
    """The customer's lines of an invoice's entry, by their place in it."""
    known = find_invoice(reader, entry.document.id)
    if known.debt is None:
        return {}
    settled = _settlements(reader, position)
    named = _reminders_at(reader, position)
    return {
        index: Instalment(
            entry=position,
            line=index,
            posted=line,
            debt=known.debt,
            settlements=tuple(settled.get(index, ())),
            dispute=known.dispute,
            reminders=tuple(dunning.naming(named, index, position)),
            claimed=known.claimed,
        )
        for index, line in enumerate(entry.lines)
        if line.party and line.debit
    }


def find_invoice(reader: Reader, invoice_id: str) -> KnownInvoice:
    """What the events of an invoice's tag say of it as a debt."""
    return reader.fold(_of_invoice, KnownInvoice(), document_tag("invoice", invoice_id))


def find_reminder(reader: Reader, reminder_id: str) -> Reminder | None:
    """A reminder by its id, if there is one."""
    return reader.fold(reminders.evolve, None, reminder_tag(reminder_id))


def get_reminder(reader: Reader, reminder_id: str) -> Reminder:
    """A reminder by its id; raises Refusals when there is none."""
    found = find_reminder(reader, reminder_id)
    if found is None:
        raise Refusals(ReminderIsUnknown(reminder_id=reminder_id))
    return found


def address_of(reader: Reader, reminder: Reminder) -> str:
    """The address a mail went to; empty where there is none, or it was erased."""
    if not isinstance(reminder, Sent):
        return ""
    revealed = reader.reveal(reminder.document.customer_id, reminder.sealed)
    return str(revealed.get("email", ""))


def load_circumstances(
    reader: Reader,
    company: Company,
    customer: Contact,
    *,
    today: date,
    bank_until: date | None,
    credit: int = 0,
) -> Circumstances:
    """What is known beside the instalments; the last two come from the unpaid register."""
    return Circumstances(
        today=today,
        company=company,
        customer=customer,
        policy=policies.policy_of(reader.last(POLICY_TAG)),
        suspension=policies.suspension_of(reader.last(suspension_tag(customer.contact_id))),
        bank_until=bank_until,
        credits=credit,
    )


def today_in(store: Store, book_id: str, company: Company) -> date:
    """Today in the company's legal time zone, by the clock that commands go by."""
    with store.entered(book_id) as conn:
        ((now,),) = conn.execute(statements.CLOCK, binary=True).fetchall()
    return legal_day(store.clock(now), company.time_zone)


def _of_invoice(known: KnownInvoice, fact: Recorded) -> KnownInvoice:
    return KnownInvoice(
        debt=debts.evolve(known.debt, fact),
        dispute=disputes.evolve(known.dispute, fact),
        claimed=late_fees.evolve(known.claimed, fact),
    )


def _reminders_at(reader: Reader, position: int) -> dict[str, Reminder]:
    none: tuple[str, ...] = ()
    ids = reader.fold(dunning.issued_ids, none, reminded_tag(position))
    return {each: get_reminder(reader, each) for each in ids}


def _settlements(reader: Reader, position: int) -> dict[int, list[Settlement]]:
    """What settled the lines of an entry, dated by what settled it: the money, the credit note."""
    nothing: Mapping[str, EntriesLettered] = {}
    standing = reader.fold(dunning.standing_letterings, nothing, entry_tag(position)).values()
    days = _days(reader, standing)
    found: dict[int, list[Settlement]] = {}
    for lettering in standing:
        for pair in lettering.pairs:
            debit, credit = lettering.parts[pair.debit], lettering.parts[pair.credit]
            if debit.entry == position:
                settlement = Settlement(day=days[credit.entry], amount=pair.amount)
                found.setdefault(debit.line, []).append(settlement)
    return found


def _days(reader: Reader, letterings: Iterable[EntriesLettered]) -> dict[int, date]:
    """The accounting dates of the entries that letterings join."""
    places = sorted({part.entry for lettering in letterings for part in lettering.parts})
    facts = reader.at(places) if places else []
    return {fact.position: fact.event.date for fact in facts if isinstance(fact.event, EntryPosted)}


def check_fresh(reader: Reader, reminder: Reminder) -> ReminderIsStale | None:
    """Refuses a letter of which something was paid, disputed, lost or spared since its issue."""
    issued = reminder.document
    found = load_instalments(reader, [Named(item.entry, item.line) for item in issued.items])
    pairs = zip(issued.items, found, strict=True)
    owed = all(each is not None and dunning.still_owed(each, item.open) for item, each in pairs)
    spared = policies.suspension_of(reader.last(suspension_tag(issued.customer_id)))
    if owed and spared is None:
        return None
    return ReminderIsStale(number=issued.document_number, position=reminder.position)
