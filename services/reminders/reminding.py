"""Use cases of reminders: who is due which letter today, and issuing one (M43)."""

from collections.abc import Mapping, Sequence
from datetime import date

from msgspec import Struct

from domain.book.refusal import Refused
from domain.ledger.entry import series_tag
from domain.parties.company import COMPANY_TAG, Company
from domain.parties.contact import contact_tag
from domain.reminders import dunning, reminding
from domain.reminders.dunning import Circumstances, Instalment
from domain.reminders.reminder import Issued, Reminder, ReminderItem, reminder_tag
from domain.reminders.reminding import Named, NewReminder, Setting
from projections import dunning_view
from projections.dunning_view import OverdueLine
from projections.page import Standpoint
from services.directory import get_contact
from services.identity import make
from services.loading import load_company, today_of
from services.reminders.loading import (
    get_reminder,
    load_circumstances,
    load_instalments,
    today_in,
)
from services.replay.reading import Readers
from services.store.pen import Command, Pen, Reader
from services.store.store import Store, Written
from services.templates import pin_template

Credits = Mapping[tuple[str, str], int]
"""What is open of a customer's credits, by customer and currency."""


class Proposal(Struct, frozen=True, kw_only=True):
    """A letter that is due today, with the figures it would have."""

    customer_id: str
    customer_name: str
    level: int
    channel: str
    currency: str
    items: tuple[ReminderItem, ...]
    credits: int
    is_whole: bool

    def new(self, channel: str = "") -> NewReminder:
        """The command that issues it."""
        return NewReminder(
            customer_id=self.customer_id,
            level=self.level,
            items=tuple(Named(item.entry, item.line) for item in self.items),
            channel=channel or self.channel,
        )


class Held(Struct, frozen=True, kw_only=True):
    """An overdue instalment that no letter names today, and why."""

    customer_id: str
    entry: int
    line: int
    invoice_number: str
    due_date: date
    refused: Refused


class Proposals(Struct, frozen=True, kw_only=True):
    """The letters that are due today, what is held back, and what was issued and has not left."""

    until: Standpoint
    today: date
    letters: tuple[Proposal, ...]
    held: tuple[Held, ...]
    unsent: tuple[Issued, ...]


def propose(store: Store, readers: Readers, book_id: str) -> Proposals:
    """Who is due which letter today, by the unpaid register and the events of each instalment."""
    now = store.past(book_id)
    company = load_company(now)
    today = today_in(store, book_id, company)
    with readers.still(book_id) as conn:
        until, overdue = dunning_view.list_overdue(conn, book_id, today)
        _, found = dunning_view.list_credits(conn, book_id)
    open_credits = {(each.party, each.currency): each.amount for each in found}
    letters: list[Proposal] = []
    held: list[Held] = []
    unsent: dict[str, Issued] = {}
    for party, currency in dict.fromkeys((line.party, line.currency) for line in overdue):
        theirs = [line for line in overdue if (line.party, line.currency) == (party, currency)]
        known = load_circumstances(
            now,
            company,
            get_contact(now, party),
            today=today,
            bank_until=until.bank_booked_until,
            credit=open_credits.get((party, currency), 0),
        )
        instalments = _load(now, theirs)
        unsent |= {r.document.reminder_id: r for each in instalments for r in _unsent(each)}
        due, not_due = _part(instalments, known)
        held += not_due
        for level, of_level in sorted(due.items()):
            letters += _propose(level, of_level, known, held)
    return Proposals(
        until=until,
        today=today,
        letters=tuple(letters),
        held=tuple(held),
        unsent=tuple(unsent.values()),
    )


def issue_reminder(
    store: Store, readers: Readers, book_id: str, new: NewReminder, command: Command
) -> Written[Reminder]:
    """Issues a letter about instalments of a customer; each must be due at that level today.

    How far the bank is booked and what credits are open is read from the register, which may be a
    moment behind: then it refuses what it need not.
    """
    with readers.still(book_id) as conn:
        until, found = dunning_view.list_credits(conn, book_id)
    open_credits = {(each.party, each.currency): each.amount for each in found}

    def decide(pen: Pen, reminder_id: str) -> None:
        company = load_company(pen)
        instalments = load_instalments(pen, new.items)
        known = load_circumstances(
            pen,
            company,
            get_contact(pen, new.customer_id),
            today=today_of(pen, company),
            bank_until=until.bank_booked_until,
            credit=_credit(open_credits, new.customer_id, instalments),
        )
        setting = _setting(pen, company, known)
        pen.append(reminding.issue(reminder_id, new, instalments, known, setting))

    return make(
        store,
        book_id,
        command,
        "rem",
        tag=reminder_tag,
        decide=decide,
        find=get_reminder,
        reads=[COMPANY_TAG, contact_tag(new.customer_id)],
    )


def _credit(
    open_credits: Credits, customer_id: str, instalments: Sequence[Instalment | None]
) -> int:
    currencies = (each.debt.document.currency for each in instalments if each is not None)
    return open_credits.get((customer_id, next(currencies, "")), 0)


def _setting(pen: Pen, company: Company, known: Circumstances) -> Setting:
    asked = known.customer.details.templates.reminder
    series = reminding.series_on(company, known.today)
    return Setting(template=pin_template(pen, asked, "reminder"), last=pen.last(series_tag(series)))


def _load(reader: Reader, lines: Sequence[OverdueLine]) -> list[Instalment]:
    found = load_instalments(reader, [Named(line.entry, line.line) for line in lines])
    return [each for each in found if each is not None]


def _unsent(instalment: Instalment) -> list[Issued]:
    return [each for each in instalment.reminders if isinstance(each, Issued)]


def _part(
    instalments: Sequence[Instalment], known: Circumstances
) -> tuple[dict[int, list[Instalment]], list[Held]]:
    """The instalments that are due today by level, and the others with what holds them back."""
    due: dict[int, list[Instalment]] = {}
    held: list[Held] = []
    for each in instalments:
        level = dunning.next_level(each)
        refused = dunning.check_due(each, level, known)
        if refused is None:
            due.setdefault(level, []).append(each)
        else:
            held.append(_held(each, known, refused))
    return due, held


def _propose(
    level: int, instalments: Sequence[Instalment], known: Circumstances, held: list[Held]
) -> list[Proposal]:
    """The letter about some instalments; where it is held back, they are."""
    channel = reminding.channel_of("", known)
    refused = reminding.check_letter(instalments, channel, known)
    if refused is not None:
        held += [_held(each, known, refused) for each in instalments]
        return []
    figured = reminding.figure(instalments, level, known)
    proposal = Proposal(
        customer_id=known.customer.contact_id,
        customer_name=known.customer.details.name,
        level=level,
        channel=channel,
        currency=figured.currency,
        items=figured.items,
        credits=known.credits,
        is_whole=figured.is_whole,
    )
    return [proposal]


def _held(instalment: Instalment, known: Circumstances, refused: Refused) -> Held:
    return Held(
        customer_id=known.customer.contact_id,
        entry=instalment.entry,
        line=instalment.line,
        invoice_number=instalment.number,
        due_date=instalment.due_date,
        refused=refused,
    )
