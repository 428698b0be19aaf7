"""Booking the lines of a bank statement: each a payment with its entry, certain ones lettered."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from domain.book.refusal import Refusals, Refused
from domain.ledger.entering import Standing, entry_series
from domain.parties.company import Company
from domain.parties.contact import Contact, contact_tag
from domain.treasury import payment, statement
from domain.treasury.bank_statement import BankStatement, StatementLine
from domain.treasury.lettering import NewLettering
from domain.treasury.matching import PartToLetter
from domain.treasury.payment import NewPayment, ThirdParty
from domain.treasury.proposal import Proposal, Settling
from domain.treasury.proposing import propose, third_party
from domain.treasury.statement import StatementImported
from services.identity import new_id
from services.lettering import letter
from services.loading import load_contact, load_standing
from services.matching import Matches, bank_line
from services.open_lines import load_entries, load_settled
from services.store.pen import Pen

OF_PAYMENT = 1
"""The line of a payment's entry that stands on the third party's account."""


class PlannedLine(NamedTuple):
    """How a line is to be booked; ids are drawn with the plan. No payment where nothing moved.

    `settles` is what it certainly pays, `open_before` what was then left of each of these.
    """

    payment_id: str
    lettering_id: str
    role: ThirdParty = "suspense"
    party: str = ""
    settles: tuple[Settling, ...] = ()
    open_before: tuple[int, ...] = ()
    rule: str = ""


class Booked(Struct, frozen=True, kw_only=True):
    """How many lines became payments, how many of them wait in suspense, and were lettered."""

    payments: int = 0
    waiting: int = 0
    lettered: int = 0


def plan(new: BankStatement, company: Company, matches: Matches) -> list[PlannedLine]:
    """Whose each line is, as far as that is certain, and what it settles."""
    automatic = "automatic_lettering" in company.options
    planned = []
    for line in new.lines:
        if not line.amount:
            planned.append(PlannedLine("", ""))
            continue
        asked = bank_line(line, new.currency)
        known = matches.known(asked, sure=True)
        whose = third_party(asked, propose(asked, known), known)
        planned.append(_planned(whose, company, matches, automatic=automatic))
    return planned


def book(
    pen: Pen, company: Company, imported: StatementImported, lines: Sequence[PlannedLine]
) -> Booked:
    """Appends the payment and entry of each line, then the letterings that still hold.

    What they look up is read before, all together: the book waits while a statement is booked.
    """
    clerk = _Clerk(pen, company, imported)
    pen.look_up([contact_tag(line.party) for line in lines if line.party])
    places = {item.entry for line in lines for item in line.settles}
    pen.at([position for place in places for position in (place - 1, place)])
    entries = [
        clerk.pay(nth, said, planned)
        for nth, (said, planned) in enumerate(
            zip(imported.statement.lines, lines, strict=True), start=1
        )
    ]
    lettered = sum(
        settle(pen, company, planned, entry)
        for planned, entry in zip(lines, entries, strict=True)
        if planned.settles
    )
    made = [planned for planned in lines if planned.payment_id]
    waiting = sum(planned.role == "suspense" for planned in made)
    return Booked(payments=len(made), waiting=waiting, lettered=lettered)


def settle(pen: Pen, company: Company, planned: PlannedLine, entry: int) -> bool:
    """Letters a payment with what it certainly pays, unless that changed since it was planned.

    The payment then stays open on its third party's account, and a person letters it.
    """
    places = {item.entry for item in planned.settles}
    entries = load_entries(pen, sorted(places))
    settled = load_settled(pen, entries)
    for item, before in zip(planned.settles, planned.open_before, strict=True):
        posted = entries.get(item.entry)
        if posted is None:
            return False
        line = posted.lines[item.line]
        if line.debit - line.credit - settled[item.entry].amounts.get(item.line, 0) != before:
            return False
    parts = [
        PartToLetter(entry=item.entry, line=item.line, amount=abs(item.amount))
        for item in planned.settles
    ]
    own = PartToLetter(
        entry=entry, line=OF_PAYMENT, amount=abs(sum(item.amount for item in planned.settles))
    )
    new = NewLettering(parts=(own, *parts), reason=planned.rule)
    letter(pen, company, planned.lettering_id, new)
    return True


class _Clerk:
    """Writes payments one after the other: what they all stand on is looked up once."""

    def __init__(self, pen: Pen, company: Company, imported: StatementImported) -> None:
        self._pen = pen
        self._company = company
        self._imported = imported
        self._standings: dict[str, Standing] = {}
        self._contacts: dict[str, Contact | None] = {"": None}

    def pay(self, nth: int, line: StatementLine, planned: PlannedLine) -> int:
        """Appends the payment of the nth line (from 1); the position of its entry, or 0."""
        if not planned.payment_id:
            return 0
        new = self._new(nth, line, planned)
        standing = self._standing(line.date)
        decided = payment.record(planned.payment_id, new, self._contact(planned.party), standing)
        if isinstance(decided, Refused):
            raise Refusals(replace(decided, pointer=f"/lines/{nth}{decided.pointer}"))
        facts = self._pen.append(decided)
        series = entry_series(self._company, self._imported.journal, line.date)
        self._standings[series] = replace(standing, last_entry=facts[-1])
        return facts[-1].position

    def _new(self, nth: int, line: StatementLine, planned: PlannedLine) -> NewPayment:
        return NewPayment(
            direction="received" if line.amount > 0 else "sent",
            date=line.date,
            value_date=line.value_date,
            amount=abs(line.amount),
            currency=self._imported.statement.currency,
            role=planned.role,
            party=planned.party,
            journal=self._imported.journal,
            reference=line.reference,
            label=statement.line_label(line),
            means=line.means,
            statement_id=self._imported.statement_id,
            statement_line=nth,
            counterparty=line.counterparty,
            communication=line.communication,
            structured=line.structured,
        )

    def _standing(self, day: date) -> Standing:
        series = entry_series(self._company, self._imported.journal, day)
        if series not in self._standings:
            self._standings[series] = load_standing(
                self._pen, self._company, self._imported.journal, day
            )
        return self._standings[series]

    def _contact(self, party: str) -> Contact | None:
        if party not in self._contacts:
            self._contacts[party] = load_contact(self._pen, party)
        return self._contacts[party]


def _planned(
    whose: Proposal | None, company: Company, matches: Matches, *, automatic: bool
) -> PlannedLine:
    """A line on its third party's account, if it is the one that the company uses today."""
    suspense = PlannedLine(new_id("pay"), new_id("let"))
    if whose is None or whose.side == "account":
        return suspense
    if whose.account not in ("", company.accounts[whose.side]):
        return suspense
    items = whose.items if automatic and whose.is_certain else ()
    planned = suspense._replace(
        role=whose.side,
        party=whose.party,
        settles=items,
        open_before=tuple(matches.open_of(item) for item in items),
        rule=whose.rule,
    )
    matches.take(items)
    return planned
