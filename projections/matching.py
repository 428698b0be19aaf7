"""The matching register (C4): what a line of the bank is recognised by, and what still waits.

By communication, by the digits of document numbers, and by the accounts that third parties have
used; what is open on a document is the affair of the unpaid register.
"""

from collections.abc import Iterable
from datetime import date

from msgspec.structs import replace

from domain.book.event import Event, Recorded
from domain.ledger.entry import EntryPosted
from domain.purchases.bill import BillRecorded
from domain.sales.invoice import InvoiceValidated
from domain.treasury.assignment import PaymentAssigned
from domain.treasury.named_numbers import digits
from domain.treasury.payment import PaymentRecorded
from domain.treasury.reversal import PaymentReversed
from domain.treasury.statement import StatementImported
from domain.values.structured import structured
from projections.register import Register
from projections.rows import Need, Row, Rows

KINDS = ("invoice", "credit_note", "bill", "bill_credit_note")


class MatchingDocument(Row, frozen=True):
    """What a booked document is recognised by; `reference` as communications are compared."""

    table = "matching_document"
    key = ("document_id",)

    document_id: str
    entry: int
    digits: str
    reference: str


class MatchingAccount(Row, frozen=True):
    """A third party has used a bank account, as a customer or as a supplier.

    `sure`: a person or a bill said so. What only another line of the bank taught proposes, but
    books nothing, so that statements come in any order (C4).
    """

    table = "matching_account"
    key = ("account", "party", "side")

    account: str
    party: str
    side: str
    sure: bool


class WaitingPayment(Row, frozen=True):
    """A payment on the suspense account; `amount` is negative for money sent."""

    table = "waiting_payment"
    key = ("payment_id",)

    payment_id: str
    position: int
    journal: str
    date: date
    amount: int
    currency: str
    name: str
    account: str
    communication: str
    structured: str
    reference: str
    statement_id: str
    statement_line: int


class ImportedStatement(Row, frozen=True):
    """A bank statement of the book; amounts are unknown for lists without balances."""

    table = "bank_statement"
    key = ("statement_id",)

    statement_id: str
    position: int
    journal: str
    account: str
    currency: str
    source: str
    year: int
    number: int
    opening: int | None
    closing: int | None
    closed_on: date | None
    lines: int
    file: str


class Matching(Register):
    """References, accounts and what waits."""

    name = "matching"
    version = 2
    rows = (MatchingDocument, MatchingAccount, WaitingPayment, ImportedStatement)
    events = (
        InvoiceValidated,
        BillRecorded,
        EntryPosted,
        PaymentRecorded,
        PaymentAssigned,
        PaymentReversed,
        StatementImported,
    )

    def needs(self, event: Event) -> Iterable[Need]:
        match event:
            case EntryPosted(document=document) if document.kind in KINDS:
                yield MatchingDocument, document.id
            case BillRecorded():
                yield MatchingDocument, event.bill_id
                for account in event.ibans:
                    yield MatchingAccount, (account, event.supplier_id, "suppliers")
            case PaymentRecorded() if event.party and event.counterparty.iban:
                yield MatchingAccount, (event.counterparty.iban, event.party, event.role)
            case PaymentAssigned():
                yield WaitingPayment, event.payment_id
                for known in _learned(event):
                    yield MatchingAccount, (known.account, known.party, known.side)
            case PaymentReversed():
                yield WaitingPayment, event.payment_id

    def apply(self, fact: Recorded, rows: Rows) -> None:
        match fact.event:
            case InvoiceValidated() as invoice:
                reference = structured(invoice.payment_reference)
                rows.add(MatchingDocument(invoice.invoice_id, 0, "", reference))
            case BillRecorded() as bill:
                reference = structured(bill.payment_reference)
                rows.put(MatchingDocument(bill.bill_id, 0, "", reference))
                for account in bill.ibans:
                    rows.put(MatchingAccount(account, bill.supplier_id, "suppliers", sure=True))
            case EntryPosted() as entry if entry.document.kind in KINDS:
                self._enter(fact.position, entry, rows)
            case PaymentRecorded() as paid:
                self._pay(fact.position, paid, rows)
            case PaymentAssigned() as assigned:
                rows.drop(WaitingPayment, assigned.payment_id)
                for known in _learned(assigned):
                    rows.put(known)
            case PaymentReversed() as reversed_:
                rows.drop(WaitingPayment, reversed_.payment_id)
            case StatementImported() as imported:
                rows.add(_statement(fact.position, imported))

    def _enter(self, position: int, entry: EntryPosted, rows: Rows) -> None:
        """The first entry of a document is the one that others settle."""
        document = entry.document
        known = rows.get(MatchingDocument, document.id)
        found = known or MatchingDocument(document.id, 0, "", "")
        if not found.entry:
            rows.put(replace(found, entry=position, digits=digits(document.number)))

    def _pay(self, position: int, paid: PaymentRecorded, rows: Rows) -> None:
        if paid.party:
            if paid.counterparty.iban:
                key = paid.counterparty.iban, paid.party, paid.role
                before = rows.get(MatchingAccount, key)
                sure = not paid.statement_id or (before is not None and before.sure)
                rows.put(MatchingAccount(*key, sure=sure))
            return
        rows.add(
            WaitingPayment(
                payment_id=paid.payment_id,
                position=position,
                journal=paid.journal,
                date=paid.date,
                amount=paid.amount if paid.direction == "received" else -paid.amount,
                currency=paid.currency,
                name=paid.counterparty.name,
                account=paid.counterparty.iban,
                communication=paid.communication,
                structured=paid.structured,
                reference=paid.reference,
                statement_id=paid.statement_id,
                statement_line=paid.statement_line,
            )
        )


def _learned(assigned: PaymentAssigned) -> list[MatchingAccount]:
    """Whose the other account is, from the one third party that a payment was assigned to."""
    parties = {(part.party, part.role) for part in assigned.parts if part.party}
    if not assigned.counterparty or len(parties) != 1:
        return []
    return [
        MatchingAccount(assigned.counterparty, party, role, sure=True) for party, role in parties
    ]


def _statement(position: int, imported: StatementImported) -> ImportedStatement:
    said = imported.statement
    return ImportedStatement(
        statement_id=imported.statement_id,
        position=position,
        journal=imported.journal,
        account=said.account,
        currency=said.currency,
        source=said.source,
        year=said.year,
        number=said.number,
        opening=said.opening,
        closing=said.closing,
        closed_on=said.closed_on,
        lines=len(said.lines),
        file=imported.file,
    )
