"""Mandates, collections and transfer orders, as they come in and go out."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from api.fields import Day, In, JournalCode, Label, Money, Out, money
from api.ids import Contact, Payment
from api.models.treasury import EntryPosition, LineIndex
from domain.treasury.collecting import NewCollection
from domain.treasury.collection import CollectedLine, CollectionCreated
from domain.treasury.mandate import Mandate
from domain.treasury.mandating import NewMandate
from domain.treasury.remittance import Remittance
from domain.treasury.remittance_refusals import MOST_LINES
from domain.treasury.remitting import NewLine, NewReturn
from domain.treasury.transfer_order import NewTransferOrder, TransferLine, masked
from services.remittance_settling import NewSettlement

AccountNumber = Annotated[str, StringConstraints(strict=True, min_length=5, max_length=60)]
Scheme = Literal["CORE", "B2B"]


def _in_euro(amount: Money) -> Money:
    if amount.currency != "EUR":
        raise PydanticCustomError("mixed_currencies", "SEPA knows euro only")
    return amount


Euro = Annotated[Money, AfterValidator(_in_euro)]


class CreditorIn(In):
    """The company's SEPA creditor identifier."""

    creditor_id: Annotated[str, StringConstraints(strict=True, max_length=60)] = Field(
        description="ICS in France; its key is checked."
    )


class CreditorOut(Out):
    """The company's SEPA creditor identifier."""

    creditor_id: str = Field(description="Without spaces; empty before it is said.")


class MandateIn(In):
    """A mandate that a customer has signed."""

    contact_id: Contact = Field(description="The customer.")
    iban: AccountNumber = Field(description="The account to collect from; it is stored sealed.")
    bic: Annotated[str, StringConstraints(strict=True, max_length=20)] = Field(
        default="", description="The bank's code; within SEPA the IBAN is enough."
    )
    signed_on: Day = Field(description="The day of the signature.")
    scheme: Scheme = Field(default="CORE", description="B2B is for professionals only.")
    reference: Annotated[str, StringConstraints(strict=True, max_length=60)] = Field(
        default="", description="RUM, up to 35 characters, unique; empty: one is given."
    )

    def new(self) -> NewMandate:
        """The mandate as the domain takes it."""
        return NewMandate(**self.model_dump())


class MandateOut(Out):
    """A mandate as of today."""

    id: str = Field(description="The mandate's id.")
    reference: str = Field(description="RUM.")
    contact_id: str = Field(description="The customer.")
    scheme: str = Field(description="CORE or B2B.")
    signed_on: Day = Field(description="The day of the signature.")
    status: Literal["active", "revoked", "lapsed"] = Field(
        description="Lapsed: unused for 36 months."
    )
    lapses_on: Day = Field(description="The first day on which it is void unless it is used.")
    used_on: Day | None = Field(description="The day of its latest collection.")
    account: str = Field(description="The ends of the account; empty once it is erased.")

    @classmethod
    def of(cls, mandate: Mandate, today: Day) -> "MandateOut":
        """A mandate of the book."""
        signed = mandate.document
        return cls(
            id=signed.mandate_id,
            reference=signed.reference,
            contact_id=signed.contact_id,
            scheme=signed.scheme,
            signed_on=signed.signed_on,
            status=mandate.status(today),
            lapses_on=mandate.lapses_on(today),
            used_on=mandate.used_on,
            account=masked(signed.account.iban) if signed.account.iban else "",
        )


class RemittedLineIn(In):
    """A line to remit."""

    entry: EntryPosition = Field(description="Position of its entry (`entry` in the registers).")
    line: LineIndex = Field(description="Its place in the entry, from 0.")
    amount: Euro | None = Field(default=None, description="Null: all that is open.")


class _RemittanceIn(In):
    execution_date: Day = Field(description="When the bank is to execute it: tomorrow or later.")
    lines: Annotated[list[RemittedLineIn], Field(max_length=MOST_LINES)] = Field(
        default=[], description="Which lines; empty: all that are due by `due_until`."
    )
    due_until: Day | None = Field(
        default=None, description="Without lines: what is due by then; null: by `execution_date`."
    )
    journal: JournalCode | Literal[""] = Field(
        default="", description="Empty: the first bank journal."
    )

    def chosen(self) -> tuple[NewLine, ...]:
        """The lines as the domain takes them."""
        return tuple(
            NewLine(
                entry=line.entry,
                line=line.line,
                amount=None if line.amount is None else line.amount.amount,
            )
            for line in self.lines
        )


class CollectionIn(_RemittanceIn):
    """Instalments to collect by one direct debit file."""

    scheme: Scheme = Field(default="CORE", description="Of the mandates that are used.")

    def new(self, lines: tuple[NewLine, ...]) -> NewCollection:
        """The collection as the domain takes it."""
        return NewCollection(
            execution_date=self.execution_date,
            lines=lines,
            scheme=self.scheme,
            journal=self.journal,
        )


class TransferOrderIn(_RemittanceIn):
    """Bills to pay by one credit transfer file."""

    def new(self, lines: tuple[NewLine, ...]) -> NewTransferOrder:
        """The order as the domain takes it."""
        return NewTransferOrder(
            execution_date=self.execution_date, lines=lines, journal=self.journal
        )


class SettlementIn(In):
    """The bank has executed a remittance."""

    settled_on: Day | None = Field(
        default=None, description="When; null: on the day of the payment, or today."
    )
    payment_id: Payment | None = Field(
        default=None,
        description="The bank's own line, in suspense; null: there is none.",
    )

    def new(self) -> NewSettlement:
        """The settlement as the use case takes it."""
        return NewSettlement(settled_on=self.settled_on, payment_id=self.payment_id or "")


class ReturnIn(In):
    """One line came back (an R-transaction)."""

    nth: LineIndex = Field(description="Which line, from 0.")
    returned_on: Day = Field(description="When.")
    reason: Label = Field(description="The bank's code (AM04, MD06…), or words.")
    fee: Euro | None = Field(default=None, description="What the bank charged for it.")
    payment_id: Payment | None = Field(
        default=None,
        description="The bank's own line, in suspense; null: there is none.",
    )

    def new(self) -> NewReturn:
        """The return as the domain takes it."""
        return NewReturn(
            nth=self.nth,
            returned_on=self.returned_on,
            reason=self.reason,
            fee=0 if self.fee is None else self.fee.amount,
            payment_id=self.payment_id or "",
        )


class RemittedLineOut(Out):
    """A line of a remittance, and what became of it."""

    nth: int = Field(description="Its place, from 0.")
    entry: int = Field(description="Position of the entry that it settles.")
    line: int = Field(description="The line in that entry, from 0.")
    party: str = Field(description="The third party.")
    party_name: str = Field(description="The name then.")
    document_number: str = Field(description="The invoice's or the bill's number.")
    amount: Money = Field(description="Positive.")
    end_to_end: str = Field(description="The name under which the banks carry it.")
    mandate_id: str = Field(description="Collections: the mandate.")
    sequence: str = Field(description="Collections: FRST or RCUR.")
    account: str = Field(description="Transfers: the ends of the supplier's account.")
    payment_id: str = Field(description="The payment by which it was settled, or empty.")
    lettering_id: str = Field(description="The lettering that settled it, or empty.")
    returned_on: Day | None = Field(description="When it came back; null: it did not.")
    return_reason: str = Field(description="Why it came back, or empty.")


class RemittanceOut(Out):
    """A collection or transfer order."""

    id: str = Field(description="The remittance's id.")
    kind: Literal["collection", "transfer_order"] = Field(description="Which way the money goes.")
    number: str = Field(description="As the file and the bank name it.")
    status: Literal["created", "settled", "cancelled"] = Field(description="Where it stands.")
    scheme: str = Field(description="Collections: CORE or B2B; else empty.")
    issue_date: Day = Field(description="When its file was made.")
    execution_date: Day = Field(description="When the bank is to execute it.")
    settled_on: Day | None = Field(description="When the bank did.")
    journal: str = Field(description="The bank journal.")
    total: Money = Field(description="Σ of all lines.")
    expected: Money = Field(description="Without the lines that came back.")
    file: str = Field(description="SHA-256 of the file in hex: made once, kept for ever.")
    lines: list[RemittedLineOut] = Field(description="The lines.")

    @classmethod
    def of(cls, known: Remittance) -> "RemittanceOut":
        """A remittance of the book."""
        document = known.document
        collected = isinstance(document, CollectionCreated)
        return cls(
            id=document.remittance_id,
            kind="collection" if collected else "transfer_order",
            number=document.document_number,
            status=known.status,
            scheme=document.scheme if isinstance(document, CollectionCreated) else "",
            issue_date=document.issue_date,
            execution_date=document.execution_date,
            settled_on=None if known.settled is None else known.settled.date,
            journal=document.journal,
            total=money(document.total, document.currency),
            expected=money(known.expected, document.currency),
            file=document.file,
            lines=[_line(known, nth) for nth in range(len(document.remitted))],
        )


def _line(known: Remittance, nth: int) -> RemittedLineOut:
    line, paid, back = (
        known.document.remitted[nth],
        known.settled_line(nth),
        known.returned.get(nth),
    )
    collected = line if isinstance(line, CollectedLine) else None
    return RemittedLineOut(
        nth=nth,
        entry=line.entry,
        line=line.line,
        party=line.party,
        party_name=line.party_name,
        document_number=line.document_number,
        amount=money(line.amount, known.document.currency),
        end_to_end=line.end_to_end,
        mandate_id=collected.mandate_id if collected is not None else "",
        sequence=collected.sequence if collected is not None else "",
        account=line.payee if isinstance(line, TransferLine) else "",
        payment_id=paid.payment_id if paid is not None else "",
        lettering_id=paid.lettering_id if paid is not None else "",
        returned_on=back.date if back is not None else None,
        return_reason=back.reason if back is not None else "",
    )
