"""What a proposal is made from and what it says: a line of the bank, open items, and why."""

from datetime import date
from typing import Literal

from msgspec import Struct

from domain.treasury.explaining import Rule
from domain.treasury.payment import Counterparty

Side = Literal["customers", "suppliers"]
CERTAIN = 85
"""From this confidence on (percent) nobody needs to look."""
CONFIDENCE: dict[Rule, int] = {
    "structured_and_account": 100,
    "structured": 98,
    "structured_in_text": 95,
    "numbers": 92,
    "account_and_amount": 88,
    "paid_before": 86,
    "account_and_sum": 75,
    "charges": 70,
    "numbers_in_part": 60,
    "account_and_one_of": 55,
    "account": 50,
    "internal_transfer": 84,
}


class Open(Struct, frozen=True, kw_only=True):
    """A line on a third party's account; `open` is what is left of it, debit minus credit.

    `reference` is the communication to be paid with, as it is compared; settled items come with
    nothing open, for who pays them again is known.
    """

    entry: int
    line: int
    account: str
    side: Side
    party: str
    party_name: str
    currency: str
    open: int
    due_date: date
    kind: str
    number: str
    reference: str = ""


class Acquaintance(Struct, frozen=True, kw_only=True):
    """A third party who has used an account before, as a customer or as a supplier.

    `sure` where a person, a bill or his card says so: what another line of the bank taught is
    proposed, never booked by itself, or the order of statements would matter.
    """

    party: str
    side: Side
    party_name: str = ""
    sure: bool = True


class BankLine(Struct, frozen=True, kw_only=True):
    """A line of the bank: money in is positive."""

    amount: int
    currency: str
    counterparty: Counterparty = Counterparty()
    communication: str = ""
    structured: str = ""
    code: str = ""


class Known(Struct, frozen=True, kw_only=True):
    """What is known about a line: items it may settle, who uses the account it names.

    `own` is true for an account of the company itself, whose money only moves between its banks.
    """

    items: tuple[Open, ...] = ()
    acquaintances: tuple[Acquaintance, ...] = ()
    own: bool = False
    transfers: str = ""
    charges: str = ""


class Settling(Struct, frozen=True, kw_only=True):
    """How much of an item is settled, with the item's own sign."""

    entry: int
    line: int
    number: str
    amount: int


class Proposal(Struct, frozen=True, kw_only=True):
    """Where a line may belong: an account, its party if it has one, and what it settles there.

    `left` is what then stays open of the line itself (paid too much, or in advance). `confidence`
    is in percent; `explanation` says why, by language.
    """

    rule: Rule
    confidence: int
    side: Side | Literal["account"]
    account: str
    party: str = ""
    party_name: str = ""
    items: tuple[Settling, ...] = ()
    left: int = 0
    explanation: dict[str, str] = {}

    @property
    def is_certain(self) -> bool:
        """Whether it may be carried out without anybody looking."""
        return self.confidence >= CERTAIN
