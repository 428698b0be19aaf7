"""A bank statement: imported whole as one fact, once, and only behind the one before it."""

from datetime import date
from typing import ClassVar, Literal

from msgspec import Struct

from domain.book.event import Event, Recorded
from domain.book.refusal import Refused, words
from domain.treasury.bank_statement import BankStatement, StatementLine
from domain.values import faults

MOST_LINES = 5_000
"""Lines of one statement: they are booked in one transaction."""


class StatementImported(Event, frozen=True, kw_only=True):
    """A bank statement is in the book with every line; each is booked as a payment behind it.

    `payments` are their ids, "" for a line without an amount. `file` is the SHA-256 (hex) of the
    file, which is kept.
    """

    stored_as: ClassVar[str] = "statement.imported.v1"

    statement_id: str
    journal: str
    file: str
    fingerprint: str
    statement: BankStatement
    payments: tuple[str, ...]

    @property
    def tags(self) -> tuple[str, ...]:
        return (
            statement_tag(self.statement_id),
            account_tag(self.statement.account),
            identity_tag(self.statement),
        )


class Imported(Struct, frozen=True, kw_only=True):
    """A statement of the book and the event that imported it."""

    position: int
    event: StatementImported


class StatementIsAnother(Refused, frozen=True, kw_only=True):
    """A statement of that account and number is in the book, and it says something else."""

    code = "statement_differs"
    rule = "C3"
    text = words(
        en="Statement {name} of {account} is in the book with other content.",
        fr="L'extrait {name} de {account} est déjà dans les livres avec un autre contenu.",
        nl="Uittreksel {name} van {account} staat al in de boeken met een andere inhoud.",
    )

    account: str
    name: str


class StatementDoesNotFollow(Refused, frozen=True, kw_only=True):
    """The balance it opens with is not the one that the statement before it closed with."""

    code = "statement_balance_gap"
    rule = "C3"
    text = words(
        en="The statement of {account} opens with {opening}, the one before closed with {closing}.",
        fr="L'extrait de {account} s'ouvre sur {opening}, le précédent se ferme sur {closing}.",
        nl="Het uittreksel van {account} opent met {opening}, het vorige sloot met {closing}.",
    )

    account: str
    opening: int
    closing: int


class StatementIsMissing(Refused, frozen=True, kw_only=True):
    """Its number is not the next one: a statement between is missing, or this one is older."""

    code = "statement_missing"
    rule = "C3"
    text = words(
        en="Statement {number} of {account} does not follow {last}: import what lies between.",
        fr="L'extrait {number} de {account} ne suit pas le {last} : importez les autres d'abord.",
        nl="Uittreksel {number} van {account} volgt niet op {last}: importeer wat ertussen ligt.",
    )

    account: str
    number: int
    last: int


class StatementOverlaps(Refused, frozen=True, kw_only=True):
    """A list without balances begins before the last day that is booked: lines would come twice."""

    code = "statement_overlap"
    rule = "C3"
    text = words(
        en="{account} is booked until {until}: a list without balances begins after that day.",
        fr="{account} est comptabilisé jusqu'au {until} : une liste sans soldes commence après.",
        nl="{account} is geboekt tot {until}: een lijst zonder saldi begint na die dag.",
    )

    account: str
    until: date


class StatementDoesNotAddUp(Refused, frozen=True, kw_only=True):
    """Its lines do not lead from the balance it opens with to the one it closes with."""

    code = "statement_sum"
    rule = "C3"
    text = words(
        en="{opening} and the lines make {made}, but the statement closes with {closing}.",
        fr="{opening} et les lignes font {made}, mais l'extrait se ferme sur {closing}.",
        nl="{opening} en de regels maken {made}, maar het uittreksel sluit met {closing}.",
    )

    opening: int
    made: int
    closing: int


class StatementIsTooLong(Refused, frozen=True, kw_only=True):
    """A statement has more lines than one transaction books."""

    code = "statement_too_long"
    rule = "C3"
    text = words(
        en="A statement has at most {most} lines.",
        fr="Un extrait compte au plus {most} lignes.",
        nl="Een uittreksel telt hoogstens {most} regels.",
    )

    most: int = MOST_LINES


class StatementIsUnknown(Refused, frozen=True, kw_only=True):
    """No statement has that id in this book."""

    code = "statement_unknown"
    rule = "C3"
    text = words(
        en="There is no bank statement {statement_id}.",
        fr="Il n'y a pas d'extrait bancaire {statement_id}.",
        nl="Er is geen bankuittreksel {statement_id}.",
    )

    statement_id: str


def take_in(
    new: BankStatement, same: Imported | None, last: Imported | None
) -> Refused | Literal["taken", "already"]:
    """Whether a statement may come in: `already` when the book has it, else behind the `last`.

    `same` is the statement of the same account and number, `last` the newest of the account.
    """
    if same is not None:
        if same.event.fingerprint == new.fingerprint:
            return "already"
        return StatementIsAnother(account=new.account, name=name(new), position=same.position)
    refused = check_whole(new)
    if refused is None and last is not None:
        refused = _follows(new, last)
    return refused or "taken"


def check_whole(new: BankStatement) -> Refused | None:
    """Refuses a statement that does not add up, or is not one (every format)."""
    refused = faults.unreadable(new) or faults.unknown_currency(new.currency)
    if refused is not None:
        return refused
    if len(new.lines) > MOST_LINES:
        return StatementIsTooLong(pointer="/lines")
    if new.opening is None or new.closing is None:
        return None
    made = new.opening + sum(line.amount for line in new.lines)
    if made == new.closing:
        return None
    return StatementDoesNotAddUp(opening=new.opening, made=made, closing=new.closing)


def _follows(new: BankStatement, last: Imported) -> Refused | None:
    before = last.event.statement
    if new.opening is None:
        until = before.closed_on or max((line.date for line in before.lines), default=None)
        if until is not None and any(line.date <= until for line in new.lines):
            return StatementOverlaps(account=new.account, until=until, position=last.position)
        return None
    if new.number and before.number and not _is_next(new, before):
        return StatementIsMissing(
            account=new.account, number=new.number, last=before.number, position=last.position
        )
    if before.closing is not None and new.opening != before.closing:
        return StatementDoesNotFollow(
            account=new.account,
            opening=new.opening,
            closing=before.closing,
            position=last.position,
        )
    return None


def _is_next(new: BankStatement, before: BankStatement) -> bool:
    """Numbers go on by one; a new year may begin again with 1."""
    begins = new.year > before.year and new.number == 1
    return begins or (new.year >= before.year and new.number == before.number + 1)


def name(statement: BankStatement) -> str:
    """What people call a statement: its year and number, or the bank's reference."""
    if statement.number:
        return f"{statement.year}/{statement.number:03d}"
    return statement.reference or str(statement.closed_on or "")


def line_label(line: StatementLine) -> str:
    """The words of a line's entry: who, and what he says."""
    said = line.communication or line.structured
    return " ".join(filter(None, (line.counterparty.name, said)))[:200]


def of_fact(fact: Recorded | None) -> Imported | None:
    """The statement that the newest event of a tag imported."""
    match fact:
        case Recorded(event=StatementImported() as event):
            return Imported(position=fact.position, event=event)
    return None


def statement_tag(statement_id: str) -> str:
    """The tag of a statement's own event."""
    return f"statement:{statement_id}"


def account_tag(account: str) -> str:
    """The tag of the statements of an account; its newest has the last balance."""
    return f"bank_account:{account}"


def identity_tag(statement: BankStatement) -> str:
    """The tag that makes a statement unique: account, year and number, or its name and day."""
    if statement.number:
        return f"bank_statement:{statement.account}:{statement.year}:{statement.number}"
    named = statement.reference and f"{statement.reference}:{statement.closed_on}"
    known = named or statement.fingerprint
    return f"bank_statement:{statement.account}:{known}"
