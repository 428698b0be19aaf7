"""A cheque deposit: cheques that were received go to the bank under one slip (M41)."""

from datetime import date
from typing import ClassVar

from msgspec import Struct
from msgspec.structs import replace

from domain.book.event import Event, Recorded
from domain.ledger.entry import EntryLine, EntryPosted, document_tag, series_tag
from domain.ledger.posting import Share, of_assignment
from domain.treasury.payment import PaymentRecorded, is_to_collect
from domain.treasury.reversal import PaymentReversed


class DepositedCheque(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A cheque on a slip: its payment, the account it waited on, and what the slip says of it.

    `bank` and `number` are those of the cheque, empty where nobody wrote them down; `documents`
    are the numbers of what it pays.
    """

    payment_id: str
    account: str
    amount: int
    party: str
    drawer: str
    bank: str
    number: str
    documents: tuple[str, ...]


class _OfDeposit(Event, frozen=True, kw_only=True):
    """What happens to a deposit: `bank` is the account of the company's bank, `total` = Σ cheques.

    Each cheque's payment finds it too.
    """

    deposit_id: str
    document_number: str
    journal: str
    bank: str
    currency: str
    total: int
    cheques: tuple[DepositedCheque, ...]

    @property
    def tags(self) -> tuple[str, ...]:
        payments = (document_tag("payment", cheque.payment_id) for cheque in self.cheques)
        return (document_tag("cheque_deposit", self.deposit_id), *payments)

    @property
    def shares(self) -> list[Share]:
        """What leaves each account on which cheques waited."""
        sums: dict[str, int] = {}
        for cheque in self.cheques:
            sums[cheque.account] = sums.get(cheque.account, 0) + cheque.amount
        return [Share(account, "", amount) for account, amount in sums.items()]


class ChequeDepositCreated(_OfDeposit, frozen=True, kw_only=True):
    """Cheques are handed to the bank under the next slip number: 512 from 5112 (M41).

    `iban` is the company's account, empty where its journal has none.
    """

    stored_as: ClassVar[str] = "cheque_deposit.created.v1"

    series: str
    number: int
    issue_date: date
    iban: str

    @property
    def tags(self) -> tuple[str, ...]:
        return (*super().tags, series_tag(self.series))


class ChequeDepositReversed(_OfDeposit, frozen=True, kw_only=True):
    """A deposit is undone whole on a day: its cheques are to be collected again."""

    stored_as: ClassVar[str] = "cheque_deposit.reversed.v1"

    date: date
    reason: str


class ChequeDeposit(Struct, frozen=True, kw_only=True):
    """A deposit of the book and, perhaps, its reversal."""

    position: int
    document: ChequeDepositCreated
    reversed: ChequeDepositReversed | None = None


class Cheque(Struct, frozen=True, kw_only=True):
    """A cheque that was received: its payment's entry, its account, the slip it stands on.

    `is_lost` once its payment was taken back.
    """

    position: int
    document: PaymentRecorded
    entry: int = 0
    account: str = ""
    deposit_number: str = ""
    deposit_position: int = 0
    is_lost: bool = False


def entry_lines(document: ChequeDepositCreated | ChequeDepositReversed) -> tuple[EntryLine, ...]:
    """The lines that book it: the bank, then each account that the cheques waited on."""
    handed_in = isinstance(document, ChequeDepositCreated)
    return of_assignment(
        document.bank, document.shares, document.document_number, received=handed_in
    )


def evolve(before: ChequeDeposit | None, fact: Recorded) -> ChequeDeposit | None:
    """The deposit after one more event of its tag; its entries change nothing."""
    match fact.event:
        case ChequeDepositCreated() as created:
            return ChequeDeposit(position=fact.position, document=created)
        case ChequeDepositReversed() as undone if before is not None:
            return replace(before, reversed=undone)
    return before


def evolve_cheque(before: Cheque | None, fact: Recorded) -> Cheque | None:
    """A cheque after one more event of its payment's tag; None for any other payment."""
    match fact.event:
        case PaymentRecorded() as recorded if is_to_collect(recorded):
            return Cheque(position=fact.position, document=recorded)
        case EntryPosted() as entry if before is not None and not before.entry:
            return replace(before, entry=fact.position, account=entry.lines[0].account)
        case ChequeDepositCreated(document_number=number) if before is not None:
            return replace(before, deposit_number=number, deposit_position=fact.position)
        case ChequeDepositReversed() if before is not None:
            return replace(before, deposit_number="", deposit_position=0)
        case PaymentReversed() if before is not None:
            return replace(before, is_lost=True)
    return before
