"""A payment difference: the cents by which two sides miss each other, written off by an entry."""

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from domain.book.event import Decision, Event
from domain.ledger.entering import Standing, enter_piece
from domain.ledger.entry import DocumentReference, EntryLine, EntryPosted, document_tag
from domain.ledger.settlement_posting import of_difference
from domain.parties.company import Company
from domain.treasury.matching import OpenLine
from domain.treasury.tolerance import Tolerance, check_tolerated


class PaymentDifferenceBooked(Event, frozen=True, kw_only=True):
    """A difference is written off with the lettering it belongs to: a loss, or a gain if negative.

    It has no effect on VAT: what was owed counts as paid to the last cent.
    """

    stored_as: ClassVar[str] = "payment_difference.booked.v1"

    difference_id: str
    account: str
    party: str
    party_name: str
    currency: str
    date: date
    amount: int

    @property
    def tags(self) -> tuple[str, ...]:
        return (document_tag("payment_difference", self.difference_id),)

    @property
    def label(self) -> str:
        """What its entry says."""
        return f"Écart de règlement {self.party_name}".rstrip()


def gap(lines: Sequence[OpenLine]) -> int:
    """What is left if the lines settle each other as asked: positive is a debit that stays."""
    return sum(line.open if line.wanted is None else line.wanted for line in lines)


def book(
    difference_id: str,
    line: OpenLine,
    party_name: str,
    amount: int,
    tolerance: Tolerance,
    *,
    day: date,
    standing: Standing,
) -> Decision:
    """Writes a difference off the account and third party of `line`, with its entry (C7)."""
    refused = check_tolerated(tolerance, amount)
    if refused is not None:
        return refused
    booked = PaymentDifferenceBooked(
        difference_id=difference_id,
        account=line.account,
        party=line.party,
        party_name=party_name,
        currency=line.currency,
        date=day,
        amount=amount,
    )
    return [booked, _enter(booked, standing)]


def entry_lines(booked: PaymentDifferenceBooked, company: Company) -> tuple[EntryLine, ...]:
    """The lines that book it, with the accounts the company has that day."""
    return of_difference(
        company.accounts, booked.label, booked.account, booked.party, booked.amount
    )


def _enter(booked: PaymentDifferenceBooked, standing: Standing) -> EntryPosted:
    document = DocumentReference(
        kind="payment_difference",
        id=booked.difference_id,
        number="",
        issue_date=booked.date,
        party=booked.party,
        party_name=booked.party_name,
    )
    lines = entry_lines(booked, standing.company)
    return enter_piece(document, lines, standing, currency=booked.currency, label=booked.label)
