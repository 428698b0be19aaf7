"""Cheque deposits, as they come in and go out."""

from typing import Annotated, Literal

from pydantic import Field

from api.fields import Day, In, JournalCode, Label, Money, Out, Text, money
from api.ids import Payment
from domain.treasury.cheque_deposit import ChequeDeposit, DepositedCheque
from domain.treasury.cheque_refusals import MOST_CHEQUES
from domain.treasury.depositing_cheques import NewCheque, NewChequeDeposit


class ChequeIn(In):
    """A cheque for a slip."""

    payment_id: Payment = Field(description="The payment by cheque that received it.")
    bank: Text = Field(default="", description="The drawer's bank.")
    number: Text = Field(default="", description="Its number; empty: the payment's reference.")


class ChequeDepositIn(In):
    """Cheques for one slip."""

    cheques: Annotated[list[ChequeIn], Field(min_length=1, max_length=MOST_CHEQUES)] = Field(
        description="Each once."
    )
    deposited_on: Day | None = Field(default=None, description="When; null: today.")
    journal: JournalCode | Literal[""] = Field(
        default="", description="Empty: the first bank journal."
    )

    def new(self) -> NewChequeDeposit:
        """The deposit as the domain takes it."""
        return NewChequeDeposit(
            cheques=tuple(
                NewCheque(payment_id=each.payment_id, bank=each.bank, number=each.number)
                for each in self.cheques
            ),
            deposited_on=self.deposited_on,
            journal=self.journal,
        )


class DepositReversalIn(In):
    """Why a slip is undone."""

    reason: Label = Field(description="Kept with it.")
    reversed_on: Day | None = Field(default=None, description="When; null: today.")


class ChequeOut(Out):
    """A cheque on a slip."""

    payment_id: str = Field(description="The payment that received it.")
    party: str = Field(description="The customer.")
    drawer: str = Field(description="Who wrote it.")
    bank: str = Field(description="The drawer's bank, or empty.")
    number: str = Field(description="Its number, or empty.")
    amount: Money = Field(description="Positive.")
    documents: list[str] = Field(description="Numbers of what it pays.")


class ChequeDepositOut(Out):
    """A slip of cheques; its PDF is under `pdf`."""

    id: str = Field(description="The deposit's id.")
    number: str = Field(description="The slip's number, gapless in its own series.")
    status: Literal["deposited", "reversed"] = Field(description="Whether it holds.")
    issue_date: Day = Field(description="The day of the deposit.")
    journal: str = Field(description="The bank journal.")
    total: Money = Field(description="Σ of the cheques.")
    cheques: list[ChequeOut] = Field(description="The cheques.")
    reversed_on: Day | None = Field(description="When it was undone; null: it holds.")
    reversal_reason: str = Field(description="Why it was undone, or empty.")

    @classmethod
    def of(cls, known: ChequeDeposit) -> "ChequeDepositOut":
        """A deposit of the book."""
        document, undone = known.document, known.reversed
        return cls(
            id=document.deposit_id,
            number=document.document_number,
            status="deposited" if undone is None else "reversed",
            issue_date=document.issue_date,
            journal=document.journal,
            total=money(document.total, document.currency),
            cheques=[_cheque(each, document.currency) for each in document.cheques],
            reversed_on=None if undone is None else undone.date,
            reversal_reason="" if undone is None else undone.reason,
        )


def _cheque(cheque: DepositedCheque, currency: str) -> ChequeOut:
    return ChequeOut(
        payment_id=cheque.payment_id,
        party=cheque.party,
        drawer=cheque.drawer,
        bank=cheque.bank,
        number=cheque.number,
        amount=money(cheque.amount, currency),
        documents=list(cheque.documents),
    )
