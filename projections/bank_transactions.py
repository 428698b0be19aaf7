"""The bank transactions (C11): every movement on the money accounts, and whose it turned out to be.

A movement is a line on the account of a journal of the bank or the till, whatever journal its entry
is in, so that a journal's movements add up to its account. How far it is lettered is asked of the
unpaid register, by the entry on which it stands now.
"""

from collections.abc import Iterable
from datetime import date

from msgspec.structs import replace

from domain.book.event import Event, Recorded
from domain.ledger.entry import EntryPosted
from domain.parties.company import AccountMapped, CompanyOpened
from domain.treasury import statement as statements
from domain.treasury.assignment import PaymentAssigned
from domain.treasury.payment import PaymentRecorded, is_to_collect
from domain.treasury.reversal import PaymentReversed
from domain.treasury.statement import StatementImported
from projections.money_accounts import (
    MoneyAccounts,
    MovedLine,
    money_after,
    money_of,
    moved_lines,
)
from projections.register import Register
from projections.rows import Need, Row, Rows


class BankTransaction(Row, frozen=True):
    """A movement; `amount` is positive for money in. A payment has its own id, any other movement
    that of its line.

    `stands_at` is the entry that has it on its third party: its own, or that of its assignment.
    `entry` is 0 while a payment waits for its entry, which comes with the next event.
    """

    table = "bank_transaction"
    key = ("id",)

    id: str
    entry: int
    line: int
    journal: str
    account: str
    booked_in: str
    series: str
    number: int
    document_kind: str
    document_id: str
    document_number: str
    label: str
    means: str
    value_date: date | None
    statement: str
    statement_line: int
    parties: tuple[str, ...]
    party_name: str
    name: str
    iban: str
    communication: str
    structured: str
    currency: str
    amount: int
    waits: bool
    assigned_on: date | None
    stands_at: int
    reversed_on: date | None
    date: date


class BankTransactionStatement(Row, frozen=True):
    """A bank statement in its place: its number and both balances, where it has them."""

    table = "bank_transaction_statement"
    key = ("statement",)

    statement: str
    position: int
    journal: str
    account: str
    currency: str
    name: str
    year: int
    number: int
    opening: int | None
    closing: int | None
    closed_on: date | None


class BankTransactions(Register):
    """Movements of the bank, the till and the cards, by journal."""

    name = "bank_transactions"
    version = 1
    rows = (BankTransaction, BankTransactionStatement, MoneyAccounts)
    events = (
        CompanyOpened,
        AccountMapped,
        PaymentRecorded,
        PaymentAssigned,
        PaymentReversed,
        StatementImported,
        EntryPosted,
    )

    def needs(self, event: Event) -> Iterable[Need]:
        match event:
            case EntryPosted(document=document):
                yield MoneyAccounts, ()
                if document.kind == "payment":
                    yield BankTransaction, document.id
            case PaymentAssigned() | PaymentReversed():
                yield BankTransaction, event.payment_id
            case AccountMapped(role="bank"):
                yield MoneyAccounts, ()

    def apply(self, fact: Recorded, rows: Rows) -> None:
        match fact.event:
            case EntryPosted() as entry:
                _post(fact.position, entry, rows)
            case PaymentRecorded() as paid if not is_to_collect(paid):
                rows.add(_paid(paid))
            case PaymentAssigned() | PaymentReversed() as moved:
                _move(moved, rows)
            case StatementImported() as imported:
                rows.add(_statement(fact.position, imported))
            case CompanyOpened() as company:
                rows.add(money_of(company))
            case AccountMapped(role="bank", account=account):
                money = rows.get(MoneyAccounts, ())
                if money is not None:
                    rows.put(money_after(money, account))


def _post(position: int, entry: EntryPosted, rows: Rows) -> None:
    """The movements of an entry: that of its payment first, if it has one."""
    money = rows.get(MoneyAccounts, ())
    moved = [] if money is None else list(moved_lines(entry, money))
    if entry.document.kind == "payment":
        paid = rows.get(BankTransaction, entry.document.id)
        if paid is not None and paid.entry:
            rows.put(replace(paid, stands_at=position))  # it has left the suspense account
        elif paid is not None and moved:
            rows.put(_placed(paid, position, entry, moved.pop(0)))
    for each in moved:
        rows.add(_placed(_other(position, each.nth, entry), position, entry, each))


def _placed(
    movement: BankTransaction, position: int, entry: EntryPosted, moved: MovedLine
) -> BankTransaction:
    """The movement with what its entry says."""
    line = moved.line
    return replace(
        movement,
        entry=position,
        line=moved.nth,
        journal=moved.journal,
        account=line.account,
        booked_in=entry.journal,
        series=entry.series,
        number=entry.number,
        document_number=entry.document.number,
        label=line.label or entry.label,
        amount=line.debit - line.credit,
        stands_at=position,
        date=entry.date,
    )


def _other(position: int, nth: int, entry: EntryPosted) -> BankTransaction:
    """A movement that is no payment: cheques handed in, money between accounts, an opening."""
    document = entry.document
    parties = tuple(dict.fromkeys(line.party for line in entry.lines if line.party))
    return BankTransaction(
        id=f"{position}:{nth}",
        entry=position,
        line=nth,
        journal="",
        account="",
        booked_in="",
        series="",
        number=0,
        document_kind=document.kind,
        document_id=document.id,
        document_number="",
        label="",
        means="",
        value_date=None,
        statement="",
        statement_line=0,
        parties=parties,
        party_name=document.party_name,
        name="",
        iban="",
        communication="",
        structured="",
        currency=entry.currency,
        amount=0,
        waits=False,
        assigned_on=None,
        stands_at=position,
        reversed_on=entry.date if document.kind == "payment_reversal" else None,
        date=entry.date,
    )


def _paid(paid: PaymentRecorded) -> BankTransaction:
    return BankTransaction(
        id=paid.payment_id,
        entry=0,
        line=0,
        journal=paid.journal,
        account="",
        booked_in=paid.journal,
        series="",
        number=0,
        document_kind="payment",
        document_id=paid.payment_id,
        document_number=paid.reference,
        label=paid.label,
        means=paid.means,
        value_date=paid.value_date,
        statement=paid.statement_id,
        statement_line=paid.statement_line,
        parties=(paid.party,) if paid.party else (),
        party_name=paid.party_name,
        name=paid.counterparty.name,
        iban=paid.counterparty.iban,
        communication=paid.communication,
        structured=paid.structured,
        currency=paid.currency,
        amount=0,
        waits=paid.role == "suspense",
        assigned_on=None,
        stands_at=0,
        reversed_on=None,
        date=paid.date,
    )


def _move(moved: PaymentAssigned | PaymentReversed, rows: Rows) -> None:
    """A payment is somebody's now, or nobody's any more; a cheque in hand is no movement yet."""
    known = rows.get(BankTransaction, moved.payment_id)
    if known is None:
        return
    if isinstance(moved, PaymentReversed):
        rows.put(replace(known, reversed_on=moved.date))
        return
    names = {part.party: part.party_name for part in moved.parts if part.party}
    named = ", ".join(dict.fromkeys(names.values()))
    rows.put(replace(known, parties=tuple(names), party_name=named, assigned_on=moved.date))


def _statement(position: int, imported: StatementImported) -> BankTransactionStatement:
    said = imported.statement
    return BankTransactionStatement(
        statement=imported.statement_id,
        position=position,
        journal=imported.journal,
        account=said.account,
        currency=said.currency,
        name=statements.name(said),
        year=said.year,
        number=said.number,
        opening=said.opening,
        closing=said.closing,
        closed_on=said.closed_on,
    )
