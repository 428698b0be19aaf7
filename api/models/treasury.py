"""Payments and letterings, as they come in and go out."""

from typing import Annotated, Literal

from pydantic import Field

from api.fields import Day, In, JournalCode, Money, Out, Text, money
from api.ids import Contact
from domain.sales.terms import PaymentMeans
from domain.treasury.lettering import Difference, Lettered, Lettering, NewLettering, Undone
from domain.treasury.matching import PartToLetter
from domain.treasury.payment import NewPayment, Payment
from domain.treasury.reversal import Reversal

EntryPosition = Annotated[int, Field(strict=True, ge=1, le=2**62)]
LineIndex = Annotated[int, Field(strict=True, ge=0, le=9999)]


class PaymentIn(In):
    """Money that moved on a bank account or through a till."""

    direction: Literal["received", "sent"] = Field(description="Which way.")
    date: Day = Field(description="The day on the bank statement.")
    amount: Money = Field(description="Positive, whichever way.")
    role: Literal["customers", "suppliers", "suspense"] = Field(
        description="On which account its other side stands; `suspense` while nobody knows."
    )
    party: Contact | Literal[""] = Field(default="", description="Who; empty in suspense.")
    journal: JournalCode | Literal[""] = Field(
        default="", description="A bank or cash journal; empty: the first of the bank."
    )
    reference: Text = Field(default="", description="The bank's or the payer's reference.")
    label: Text = Field(default="", description="Words of the entry.")
    means: PaymentMeans = Field(default="transfer", description="How it was paid.")
    value_date: Day | None = Field(default=None, description="The bank's value date, if told.")

    def new(self) -> NewPayment:
        """The payment as the domain takes it."""
        return NewPayment(
            direction=self.direction,
            date=self.date,
            amount=self.amount.amount,
            currency=self.amount.currency,
            role=self.role,
            party=self.party,
            journal=self.journal,
            reference=self.reference,
            label=self.label,
            means=self.means,
            value_date=self.value_date,
        )


class PaymentOut(Out):
    """A recorded payment."""

    id: str = Field(description="The payment's id.")
    direction: str = Field(description="Which way the money went.")
    date: Day = Field(description="The day on the bank statement.")
    amount: Money = Field(description="Positive, whichever way.")
    role: str = Field(description="On which account its other side stands.")
    party: str = Field(description="Who, or empty.")
    party_name: str = Field(description="The name then, or empty.")
    journal: str = Field(description="The bank journal.")
    reference: str = Field(description="The bank's or the payer's reference.")
    label: str = Field(description="Words of the entry.")
    means: str = Field(description="How it was paid.")
    value_date: Day | None = Field(description="The bank's value date, or null.")
    name: str = Field(description="The other side as the bank names it, or empty.")
    iban: str = Field(description="Its account, or empty.")
    communication: str = Field(description="Free communication, or empty.")
    structured: str = Field(description="Structured: twelve digits (OGM) or RF…, or empty.")
    statement: str = Field(description="The bank statement that it is from, or empty.")
    statement_line: int = Field(description="Its line there, from 1; 0 without one.")
    reversed_on: Day | None = Field(description="The day it was taken back, or null.")
    reversed_reason: str = Field(description="Why it was taken back, or empty.")
    entry: int = Field(description="Position of its entry, to letter its line.")

    @classmethod
    def of(cls, known: Payment, back: Reversal | None = None) -> "PaymentOut":
        """A payment of the book, perhaps taken back; its entry stands right behind it."""
        payment = known.document
        return cls(
            id=payment.payment_id,
            direction=payment.direction,
            date=payment.date,
            amount=money(payment.amount, payment.currency),
            role=payment.role,
            party=payment.party,
            party_name=payment.party_name,
            journal=payment.journal,
            reference=payment.reference,
            label=payment.label,
            means=payment.means,
            value_date=payment.value_date,
            name=payment.counterparty.name,
            iban=payment.counterparty.iban,
            communication=payment.communication,
            structured=payment.structured,
            statement=payment.statement_id,
            statement_line=payment.statement_line,
            reversed_on=None if back is None else back.document.date,
            reversed_reason="" if back is None else back.document.reason,
            entry=known.position + 1,
        )


class PartIn(In):
    """A line to letter."""

    entry: EntryPosition = Field(description="Position of its entry (`entry` in the registers).")
    line: LineIndex = Field(description="Its place in the entry, from 0.")
    amount: Money | None = Field(
        default=None, description="How much, positive; null: as much as the other side allows."
    )


class LetteringIn(In):
    """Lines of one account and third party that settle each other."""

    parts: Annotated[list[PartIn], Field(min_length=2, max_length=1000)] = Field(
        description="The lines, in the order in which they are to be settled."
    )
    difference: Difference = Field(
        default="open",
        description="What becomes of what the two sides differ by: it stays `open`, is written "
        "off within the tolerance (`write_off`), or is a cash `discount` on the one invoice.",
    )
    reason: Text = Field(default="", description="Why, if it needs saying; kept for ever.")

    def new(self) -> NewLettering:
        """The lettering as the domain takes it."""
        parts = tuple(
            PartToLetter(
                entry=part.entry,
                line=part.line,
                amount=None if part.amount is None else part.amount.amount,
            )
            for part in self.parts
        )
        return NewLettering(parts=parts, difference=self.difference, reason=self.reason)


class PartOut(Out):
    """How much of a line is settled."""

    entry: int = Field(description="Position of its entry.")
    line: int = Field(description="Its place in the entry, from 0.")
    amount: Money = Field(description="Positive for a debit line, negative for a credit line.")


class AllocationOut(Out):
    """How much of one line is settled by another; both are places in `parts`, from 0."""

    debit: int = Field(description="The debit.")
    credit: int = Field(description="The credit that settles it.")
    amount: Money = Field(description="Positive.")


class LetteringOut(Out):
    """A lettering, standing or undone."""

    id: str = Field(description="The lettering's id.")
    status: Literal["standing", "undone"] = Field(description="Whether it holds.")
    code: str = Field(description="Capitals when complete; never used again.")
    complete: bool = Field(description="Whether every line is settled to its last cent.")
    account: str = Field(description="The account.")
    party: str = Field(description="The third party.")
    date: Day = Field(description="The day from which the lines count as settled.")
    parts: list[PartOut] = Field(description="The lines.")
    allocations: list[AllocationOut] = Field(
        description="Which debit is settled by which credit, and by how much."
    )
    reason: str = Field(description="Why they were lettered, or empty.")
    undone_reason: str = Field(description="Why it was undone, or empty.")

    @classmethod
    def of(cls, known: Lettering) -> "LetteringOut":
        """A lettering of the book."""
        lettering = known.lettering
        return cls(
            id=lettering.lettering_id,
            status="standing" if isinstance(known, Lettered) else "undone",
            code=lettering.code,
            complete=lettering.complete,
            account=lettering.account,
            party=lettering.party,
            date=lettering.date,
            parts=[
                PartOut(
                    entry=part.entry,
                    line=part.line,
                    amount=money(part.amount, lettering.currency),
                )
                for part in lettering.parts
            ],
            allocations=[
                AllocationOut(
                    debit=pair.debit,
                    credit=pair.credit,
                    amount=money(pair.amount, lettering.currency),
                )
                for pair in lettering.pairs
            ],
            reason=lettering.reason,
            undone_reason=known.reason if isinstance(known, Undone) else "",
        )
