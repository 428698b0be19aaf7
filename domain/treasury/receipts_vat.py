"""VAT on receipts follows the cash, not the lettering (CGI 269, 2, c; 271, I, 2; F2, F3).

Cash counts for an invoice or a bill the first time they are lettered. Unlettering takes nothing
back, and the same cash lettered again counts once: only where it is lettered with something else
does it leave the document that it counted for.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from domain.book.event import Decision, Recorded
from domain.ledger.entering import Standing, enter
from domain.ledger.period import Lock
from domain.sales.invoice import InvoiceValidated
from domain.treasury.lettering import EntriesLettered, EntriesUnlettered
from domain.treasury.vat_due import (
    VatBecameDeductible,
    VatBecameDue,
    Waiting,
    entry_lines,
)

Line = tuple[int, int]
"""The position of an entry, and the index of a line in it."""


class Paid(Struct, frozen=True, kw_only=True):
    """What a line of cash is lettered with by a lettering that holds: the entry, and how much."""

    line: int
    entry: int
    amount: int


class Counted(Struct, frozen=True, kw_only=True):
    """What of a line of cash counts as payment of a document whose VAT waits for it."""

    debt: str
    amount: int


class Traced(Struct, frozen=True, kw_only=True):
    """Where the cash of the entry at `entry` went.

    `lettered` are the letterings that hold, by their id; `counted` what counts for
    documents, by the line of the cash and the entry of the document.
    """

    entry: int
    lettered: Mapping[str, tuple[Paid, ...]] = {}
    counted: Mapping[Line, Counted] = {}


class Cash(Struct, frozen=True, kw_only=True):
    """An amount (positive) on a third party's account that pays, wherever it comes from."""

    entry: int
    line: int
    date: date
    amount: int


class Change(Struct, frozen=True, kw_only=True):
    """By how much what counts of a cash line for a document changes, and on which day.

    `debt` is the tag of the invoice or bill.
    """

    debt: str
    cash: Cash
    paid: int
    date: date


def trace(before: Traced, fact: Recorded) -> Traced:
    """Where the cash went after one more event of its entry's tag."""
    match fact.event:
        case EntriesLettered() as lettering:
            found = tuple(_paid(lettering, before.entry))
            return replace(before, lettered={**before.lettered, lettering.lettering_id: found})
        case EntriesUnlettered(lettering_id=undone):
            held = {name: paid for name, paid in before.lettered.items() if name != undone}
            return replace(before, lettered=held)
        case (VatBecameDue() | VatBecameDeductible()) as due if due.cash_entry == before.entry:
            place = due.cash_line, due.debt_entry
            known = before.counted.get(place)
            amount = due.paid + (known.amount if known is not None else 0)
            counted = Counted(debt=due.debt, amount=amount)
            return replace(before, counted={**before.counted, place: counted})
    return before


def attribute(
    cash: Cash, traced: Traced, awaiting: Mapping[int, str], lettering: EntriesLettered
) -> list[Change]:
    """How what counts of a cash line changes once it is lettered, the documents it leaves first.

    `awaiting` names, by the position of its entry, each document of `lettering` that waits for cash
    and is not reduced by the same document. Cash that goes back leaves on the day it does; all
    else counts from the day on which the cash came.
    """
    lettered = _lettered(traced, cash.line)
    before = {
        entry: counted for (line, entry), counted in traced.counted.items() if line == cash.line
    }
    names = {**{entry: counted.debt for entry, counted in before.items()}, **awaiting}
    after = {entry: before[entry].amount if entry in before else 0 for entry in names}
    for entry in awaiting:
        after[entry] = max(after[entry], lettered.get(entry, 0))
    elsewhere = sum(amount for entry, amount in lettered.items() if entry not in after)
    excess = sum(after.values()) + elsewhere - cash.amount
    for entry, amount in after.items():
        leaves = max(0, min(amount - lettered.get(entry, 0), excess))
        after[entry] -= leaves
        excess -= leaves
    went_back = any(entry not in names for entry in lettered)
    changes = [
        Change(
            debt=names[entry],
            cash=cash,
            paid=amount - (before[entry].amount if entry in before else 0),
            date=cash.date,
        )
        for entry, amount in after.items()
    ]
    return [
        replace(change, date=lettering.date) if went_back and change.paid < 0 else change
        for change in sorted(changes, key=lambda change: change.paid > 0)
        if change.paid
    ]


def become_due(awaiting: Waiting, change: Change, standing: Standing) -> Decision:
    """Makes due, or deductible, what the change brings, with its entry from pending.

    `standing` is that of the miscellaneous journal on the first open day from that of the change.
    """
    due = _due(awaiting, change, open_day(standing.lock, change.date))
    if not due.paid and not due.shares:
        return []
    lines = entry_lines(due, standing.company)
    if lines is None:
        return [due]
    entry = enter(
        due.reference, lines, standing, day=due.date, currency=due.currency, label=due.label
    )
    return [due, entry]


def open_day(lock: Lock | None, day: date) -> date:
    """The day itself, or the first one that is not locked."""
    if lock is None or lock.until is None or day > lock.until:
        return day
    return lock.until + timedelta(days=1)


def _paid(lettering: EntriesLettered, entry: int) -> list[Paid]:
    """What the lines of an entry are lettered with."""
    found: list[Paid] = []
    for pair in lettering.pairs:
        debit, credit = lettering.parts[pair.debit], lettering.parts[pair.credit]
        if credit.entry == entry:
            found.append(Paid(line=credit.line, entry=debit.entry, amount=pair.amount))
        if debit.entry == entry:
            found.append(Paid(line=debit.line, entry=credit.entry, amount=pair.amount))
    return found


def _lettered(traced: Traced, line: int) -> dict[int, int]:
    """With which entries a line of cash is lettered now, and how much of it with each."""
    sums: dict[int, int] = {}
    for paid in (one for part in traced.lettered.values() for one in part):
        if paid.line == line:
            sums[paid.entry] = sums.get(paid.entry, 0) + paid.amount
    return sums


def _due(awaiting: Waiting, change: Change, day: date) -> VatBecameDue | VatBecameDeductible:
    document = awaiting.document
    shares: Any = awaiting.outstanding(awaiting.paid + change.paid)
    if isinstance(document, InvoiceValidated):
        return VatBecameDue(
            invoice_id=document.invoice_id,
            invoice_number=document.document_number,
            invoice_date=document.issue_date,
            invoice_entry=awaiting.entry,
            customer_id=document.customer_id,
            customer_name=document.customer.name,
            shares=shares,
            **_cash(document.currency, change, day),
        )
    return VatBecameDeductible(
        bill_id=document.bill_id,
        supplier_reference=document.supplier_reference,
        bill_date=document.issue_date,
        bill_entry=awaiting.entry,
        supplier_id=document.supplier_id,
        supplier_name=document.supplier_name,
        shares=shares,
        **_cash(document.currency, change, day),
    )


def _cash(currency: str, change: Change, day: date) -> dict[str, Any]:
    """What both events say of the cash."""
    return {
        "currency": currency,
        "cash_entry": change.cash.entry if change.paid else 0,
        "cash_line": change.cash.line if change.paid else 0,
        "cash_date": change.cash.date,
        "date": day,
        "paid": change.paid,
    }
