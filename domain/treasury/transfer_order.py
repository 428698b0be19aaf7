"""A transfer order: suppliers' bills paid by one credit transfer file (pain.001)."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import ClassVar

from msgspec import Struct

from domain.book.event import Decision
from domain.book.refusal import Refused, words
from domain.treasury.remittance import RemittanceCreated, RemittedLine
from domain.treasury.remitting import Chosen, NewLine, Outset, check_day

CODE = "VI"
"""Of its series: VI-2026-00001, as in virement."""


class TransferLine(RemittedLine, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A bill that is paid; `payee` is the account, all but its ends hidden: the file has it whole.

    `communication` is what the supplier asked to be told: an OGM, an RF reference, or his number.
    """

    payee: str
    communication: str


class TransferOrdered(RemittanceCreated, frozen=True, kw_only=True):
    """A credit transfer file is made of bills; each waits in one such file at a time."""

    stored_as: ClassVar[str] = "transfer_order.created.v1"

    lines: tuple[TransferLine, ...]

    @property
    def remitted(self) -> tuple[TransferLine, ...]:
        """The bills, in order."""
        return self.lines


class NewTransferOrder(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Bills to pay on a day; an empty journal is the first of the bank."""

    execution_date: date
    lines: tuple[NewLine, ...]
    journal: str = ""


class Payee(Struct, frozen=True, kw_only=True):
    """Where a bill is paid and what is said with it."""

    iban: str
    communication: str


class PayeeAccountIsMissing(Refused, frozen=True, kw_only=True):
    """Neither the contact nor the bill names an account, or the bill's is not one of the contact's.

    A bill with another account than the supplier's own is how money is stolen.
    """

    code = "payee_account_missing"
    rule = "M42"
    text = words(
        en="No account of {party} is known, or the one on the bill is not among them.",
        fr="Aucun compte de {party} n'est connu, ou celui de la facture n'en fait pas partie.",
        nl="Er is geen rekening van {party} bekend, of die van de factuur is er geen van.",
    )

    party: str


def plan(
    new: NewTransferOrder,
    chosen: Sequence[Chosen],
    payees: Mapping[int, Payee | None],
    outset: Outset,
) -> tuple[TransferLine, ...] | Refused:
    """What will be in the file; `payees` has, by the position of its entry, whom a bill pays."""
    refused = check_day(new.execution_date, outset.today)
    if refused is not None:
        return refused
    lines: list[TransferLine] = []
    for nth, each in enumerate(chosen):
        payee = payees[each.entry]
        if payee is None:
            return PayeeAccountIsMissing(
                party=each.posted.document.party_name,
                position=each.entry,
                pointer=f"/lines/{nth}",
            )
        lines.append(
            TransferLine(
                **each.as_line(outset.end_to_end(nth)),
                payee=masked(payee.iban),
                communication=payee.communication,
            )
        )
    return tuple(lines)


def order(
    remittance_id: str,
    new: NewTransferOrder,
    lines: tuple[TransferLine, ...],
    *,
    file: str,
    outset: Outset,
) -> Decision:
    """The order with its file, whose SHA-256 (hex) is `file`."""
    return [
        TransferOrdered(
            remittance_id=remittance_id,
            series=outset.series,
            number=outset.number,
            document_number=outset.document_number,
            issue_date=outset.today,
            execution_date=new.execution_date,
            journal=outset.journal,
            iban=outset.iban,
            currency="EUR",
            total=sum(line.amount for line in lines),
            file=file,
            lines=lines,
        )
    ]


def account_of(known: Sequence[str], billed: Sequence[str]) -> str | None:
    """The account to pay: one of the contact's own that the bill names, or his first.

    Where the contact has none, that of the bill. A bill that names only others is not paid.
    """
    if known and billed:
        return next((iban for iban in billed if iban in known), None)
    return next(iter([*known, *billed]), None)


def masked(iban: str) -> str:
    """The ends of an account, which tell it from others and are no use to a thief."""
    return f"{iban[:4]}…{iban[-4:]}"
