"""What is ticked as settled, taken back, and tolerated, as it comes in and goes out."""

from typing import Annotated

from pydantic import Field

from api.fields import Day, In, JournalCode, Money, Out, Text, money
from api.models.treasury import LetteringOut, PaymentOut
from domain.sales.terms import PaymentMeans
from domain.treasury.lettering import Difference, Lettered
from domain.treasury.reversing import NewReversal
from domain.treasury.ticking import NewTick
from domain.treasury.tolerance import MOST, Tolerance
from domain.treasury.unticking import NewUntick
from services.settling import Settlement
from services.unticking import Unticked

InstalmentIndex = Annotated[int, Field(strict=True, ge=0, le=9999)]


class TickIn(In):
    """How a document, or one of its instalments, was settled; nothing said: all of it, today."""

    instalment: InstalmentIndex | None = Field(
        default=None, description="Which instalment, from 0; null: all that is open."
    )
    amount: Money | None = Field(
        default=None, description="How much was paid; null: what is open there."
    )
    paid_on: Day | None = Field(default=None, description="When; null: today.")
    journal: JournalCode | None = Field(
        default=None, description="A bank or cash journal; null: the first of the bank."
    )
    means: PaymentMeans = Field(default="transfer", description="How it was paid.")
    reference: Text = Field(default="", description="The bank's or the payer's reference.")
    difference: Difference = Field(
        default="open", description="What becomes of what was paid too little or too much."
    )

    def new(self) -> NewTick:
        """The tick as the domain takes it."""
        return NewTick(
            instalment=self.instalment,
            amount=None if self.amount is None else self.amount.amount,
            paid_on=self.paid_on,
            journal=self.journal or "",
            reference=self.reference,
            means=self.means,
            difference=self.difference,
        )


class ReversalIn(In):
    """Why a payment is taken back, and when."""

    reason: Text = Field(description="In a few words; kept for ever.")
    returned_on: Day | None = Field(default=None, description="When it went back; null: today.")

    def new(self) -> NewReversal:
        """The reversal as the domain takes it."""
        return NewReversal(reason=self.reason, returned_on=self.returned_on)


class UntickIn(In):
    """Which instalment was not paid after all, why, and when its money went back."""

    instalment: InstalmentIndex = Field(description="Which instalment, from 0.")
    reason: Text = Field(description="In a few words; kept for ever.")
    returned_on: Day | None = Field(default=None, description="When it went back; null: today.")

    def new(self) -> NewUntick:
        """The untick as the domain takes it."""
        return NewUntick(
            instalment=self.instalment, reason=self.reason, returned_on=self.returned_on
        )


class UntickedOut(Out):
    """An instalment that is open again."""

    id: str = Field(description="The document.")
    instalment: int = Field(description="Which of its instalments, from 0.")
    taken_back: list[str] = Field(
        description="The payments that were reversed; none where the bank's statement says them: "
        "then only their letterings are undone."
    )
    recorded: list[str] = Field(
        description="The payments recorded anew for what else those had settled."
    )

    @classmethod
    def of(cls, known: Unticked) -> "UntickedOut":
        """What was unticked."""
        return cls(
            id=known.document.id,
            instalment=known.instalment,
            taken_back=list(known.taken_back),
            recorded=list(known.recorded),
        )


class SettlementOut(Out):
    """A payment with the letterings of it that hold."""

    payment: PaymentOut = Field(description="The payment, taken back or not.")
    letterings: list[LetteringOut] = Field(
        description="The letterings that hold; of a payment taken back, with its reversal."
    )

    @classmethod
    def of(cls, known: Settlement) -> "SettlementOut":
        """A settlement of the book."""
        return cls(
            payment=PaymentOut.of(known.payment, known.reversal),
            letterings=[
                LetteringOut.of(Lettered(position=position, lettering=lettering))
                for position, lettering in known.letterings
            ],
        )


class ToleranceIn(In):
    """The largest difference to write off."""

    amount: Annotated[int, Field(strict=True, ge=0, le=MOST)] = Field(
        description="Minor units of the company's currency."
    )


class ToleranceOut(Out):
    """The largest difference that a lettering may write off."""

    amount: Money = Field(description="One euro until the company says otherwise.")

    @classmethod
    def of(cls, known: Tolerance, currency: str) -> "ToleranceOut":
        """The tolerance of the book."""
        return cls(amount=money(known.amount, currency))
