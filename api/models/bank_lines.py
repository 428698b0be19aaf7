"""What waits on the suspense account, what it may settle, and whose it becomes."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from api.fields import Account, Day, In, Money, Out, Text, money, of_one_currency
from api.ids import Contact
from api.models.treasury import EntryPosition, LineIndex
from domain.treasury.assigning import NewAssignment, NewPart
from domain.treasury.assignment import Assigned
from domain.treasury.matching import PartToLetter
from domain.treasury.proposal import Proposal
from projections.matching_view import WaitingLine
from services.assigning import Settles

Role = Literal["customers", "suppliers", "account"]


class BankLineOut(Out):
    """A payment on the suspense account."""

    id: str = Field(description="The payment's id.")
    journal: str = Field(description="The bank journal.")
    date: Day = Field(description="The day on the bank statement.")
    amount: Money = Field(description="Money in is positive.")
    name: str = Field(description="The other side, as the bank names it.")
    iban: str = Field(description="Its account, or empty.")
    communication: str = Field(description="Free communication.")
    structured: str = Field(description="Structured: twelve digits (OGM) or RF…, or empty.")
    reference: str = Field(description="The bank's reference.")
    statement: str = Field(description="The bank statement, or empty.")
    line: int = Field(description="Its line of the statement, from 1; 0 without one.")

    @classmethod
    def of(cls, row: WaitingLine) -> "BankLineOut":
        """A row of the register."""
        return cls(
            id=row.payment_id,
            journal=row.journal,
            date=row.date,
            amount=money(row.amount, row.currency),
            name=row.name,
            iban=row.account,
            communication=row.communication,
            structured=row.structured,
            reference=row.reference,
            statement=row.statement_id,
            line=row.statement_line,
        )


class SettlesIn(In):
    """A line that a part settles."""

    entry: EntryPosition = Field(description="Position of its entry.")
    line: LineIndex = Field(description="Its place in the entry, from 0.")
    amount: Money | None = Field(
        default=None, description="How much, positive; null: as much as there is."
    )


class AssignedPartIn(In):
    """A part of a payment."""

    role: Role = Field(description="A third party's account, or any other.")
    party: Contact | Literal[""] = Field(default="", description="Who; empty for `account`.")
    account: Account | Literal[""] = Field(
        default="", description="For `account`; else empty, or another that the role has had."
    )
    amount: Money = Field(description="In the payment's direction; negative: kept back (charges).")
    settles: Annotated[list[SettlesIn], Field(max_length=500)] = Field(
        default=[], description="Lines of the same party that it settles, in this order."
    )


class AssignmentIn(In):
    """Whose a payment is; the parts make its amount."""

    parts: Annotated[list[AssignedPartIn], Field(min_length=1, max_length=200)] = Field(
        description="The parts."
    )
    assigned_on: Day | None = Field(default=None, description="Null: on the payment's own day.")
    reason: Text = Field(default="", description="Why.")

    def new(self) -> NewAssignment:
        """The assignment as the domain takes it."""
        return NewAssignment(
            parts=tuple(
                NewPart(
                    role=part.role,
                    party=part.party,
                    account=part.account,
                    amount=part.amount.amount,
                )
                for part in self.parts
            ),
            assigned_on=self.assigned_on,
            reason=self.reason,
            currency=self.parts[0].amount.currency,
        )

    @model_validator(mode="after")
    def _one_currency(self) -> Self:
        of_one_currency(part.amount for part in self.parts)
        return self

    def settles(self) -> list[Settles]:
        """What the parts settle."""
        return [
            Settles(
                part=nth,
                lines=tuple(
                    PartToLetter(
                        entry=line.entry,
                        line=line.line,
                        amount=None if line.amount is None else line.amount.amount,
                    )
                    for line in part.settles
                ),
            )
            for nth, part in enumerate(self.parts)
            if part.settles
        ]


class ProposedItemOut(Out):
    """How much of an open item a proposal settles."""

    entry: int = Field(description="Position of its entry.")
    line: int = Field(description="Its place in the entry, from 0.")
    number: str = Field(description="Number of its document.")
    amount: Money = Field(description="With the sign of the item: what customers owe is positive.")


class ProposalOut(Out):
    """Where a payment may belong, and why; accept it by posting its parts to `assign`."""

    rule: str = Field(description="Stable name of the rule that found it.")
    confidence: Annotated[int, Field(ge=0, le=100)] = Field(description="In percent.")
    certain: bool = Field(description="Whether nobody needs to look.")
    role: Role = Field(description="A third party's account, or any other.")
    party: str = Field(description="The third party, or empty.")
    party_name: str = Field(description="Its name.")
    account: str = Field(description="The account; empty: the one that the role has.")
    items: list[ProposedItemOut] = Field(description="What it would settle.")
    left: Money = Field(description="What would stay open of the payment itself.")
    explanation: str = Field(description="Why, in the reader's language.")

    @classmethod
    def of(cls, proposal: Proposal, currency: str, language: str) -> "ProposalOut":
        """A proposal of the domain."""
        words = proposal.explanation
        return cls(
            rule=proposal.rule,
            confidence=proposal.confidence,
            certain=proposal.is_certain,
            role=proposal.side,
            party=proposal.party,
            party_name=proposal.party_name,
            account=proposal.account,
            items=[
                ProposedItemOut(
                    entry=item.entry,
                    line=item.line,
                    number=item.number,
                    amount=money(item.amount, currency),
                )
                for item in proposal.items
            ],
            left=money(proposal.left, currency),
            explanation=words.get(language) or words["en"],
        )


class ProposalsOut(Out):
    """What a payment may settle."""

    status: Literal["waiting", "assigned", "elsewhere"] = Field(
        description="Whether it waits; only then can it be assigned."
    )
    data: list[ProposalOut] = Field(description="The likeliest first.")


class AssignedPartOut(Out):
    """A part of an assigned payment."""

    account: str = Field(description="The account.")
    party: str = Field(description="The third party, or empty.")
    party_name: str = Field(description="Its name then, or empty.")
    amount: Money = Field(description="In the payment's direction.")


class AssignmentOut(Out):
    """A payment that has left the suspense account."""

    payment: str = Field(description="The payment's id.")
    date: Day = Field(description="Date of the entry that moved it.")
    entry: int = Field(description="Position of that entry; its line 0 is that of suspense.")
    parts: list[AssignedPartOut] = Field(description="Its parts, in the order of its lines.")
    reason: str = Field(description="Why.")

    @classmethod
    def of(cls, known: Assigned) -> "AssignmentOut":
        """An assignment of the book."""
        assigned = known.assigned
        return cls(
            payment=assigned.payment_id,
            date=assigned.date,
            entry=known.entry,
            parts=[
                AssignedPartOut(
                    account=part.account,
                    party=part.party,
                    party_name=part.party_name,
                    amount=money(part.amount, assigned.currency),
                )
                for part in assigned.parts
            ],
            reason=assigned.reason,
        )
