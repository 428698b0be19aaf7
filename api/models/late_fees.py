"""Whom reminders spare, what is disputed, and late fees, as they come in and go out."""

from pydantic import Field

from api.fields import Day, In, Money, Out, money
from domain.reminders.dispute import Dispute
from domain.reminders.late_fees import LateFee
from domain.reminders.policy import Suspension


class SuspensionOut(Out):
    """Whether a customer is reminded."""

    suspended: bool = Field(description="Whether reminders are suspended.")
    reason: str = Field(description="Why, or empty.")

    @classmethod
    def of(cls, suspension: Suspension | None) -> "SuspensionOut":
        """A suspension as it goes out."""
        reason = suspension.reason if suspension else ""
        return cls(suspended=suspension is not None, reason=reason)


class DisputeOut(Out):
    """Whether an invoice is disputed."""

    disputed: bool = Field(description="Whether a dispute goes on.")
    reason: str = Field(description="Why, or empty.")

    @classmethod
    def of(cls, dispute: Dispute | None) -> "DisputeOut":
        """A dispute as it goes out."""
        return cls(disputed=dispute is not None, reason=dispute.reason if dispute else "")


class ClaimIn(In):
    """Which late fees to claim."""

    until: Day | None = Field(default=None, description="Interest up to this day; null: today.")


class LateFeeOut(Out):
    """Late fees that were claimed: what was added to the claims before."""

    id: str = Field(description="The claim's id.")
    invoice_id: str = Field(description="The late invoice.")
    customer_id: str = Field(description="Who owes them.")
    issue_date: Day = Field(description="When they were claimed and booked.")
    until: Day = Field(description="The last day that bears interest.")
    interest: Money = Field(description="Interest, rounded once for each instalment.")
    indemnity: Money = Field(description="The lump sum or indemnity, once an invoice.")
    amount: Money = Field(description="Both, outside VAT.")
    law: str = Field(description="The law that says so.")
    entry: int = Field(description="Position of its entry, to letter it.")

    @classmethod
    def of(cls, known: LateFee) -> "LateFeeOut":
        """A claim of the book; its entry stands right behind it."""
        told = known.document
        return cls(
            id=told.late_fee_id,
            invoice_id=told.invoice_id,
            customer_id=told.customer_id,
            issue_date=told.issue_date,
            until=told.until,
            interest=money(told.amount - told.indemnity, told.currency),
            indemnity=money(told.indemnity, told.currency),
            amount=money(told.amount, told.currency),
            law=told.law,
            entry=known.position + 1,
        )
