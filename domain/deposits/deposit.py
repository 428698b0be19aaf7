"""A deposit of a quote: its instalment is opened, perhaps requested, then settled (M56–M59)."""

from datetime import date
from typing import Any, ClassVar

from msgspec import Struct
from msgspec.structs import replace

from domain.book.event import Event, Recorded
from domain.ledger.entry import series_tag
from domain.quotes.quote import quote_tag
from domain.sales.content import DocumentLink
from domain.sales.document import PrintedParty
from domain.sales.pricing import Language

REQUESTS = "DA"


class _OfDeposit(Event, frozen=True, kw_only=True):
    """What happens to a deposit of a quote."""

    deposit_id: str
    quote_id: str

    @property
    def tags(self) -> tuple[str, ...]:
        return (deposit_tag(self.deposit_id), quote_tag(self.quote_id))


class DepositInstalmentOpened(_OfDeposit, frozen=True, kw_only=True):
    """A deposit is due on an accepted quote: `gross` in minor units (M57).

    `ordinal` counts the deposits of the quote from 1; `percent` is of the quote's gross, or empty.
    """

    stored_as: ClassVar[str] = "deposit.instalment_opened.v1"

    customer_id: str
    ordinal: int
    percent: str
    gross: int
    currency: str
    due_date: date


class DepositInstalmentChanged(_OfDeposit, frozen=True, kw_only=True):
    """An unsettled deposit is of another amount, or due on another day (M56)."""

    stored_as: ClassVar[str] = "deposit.instalment_changed.v1"

    percent: str
    gross: int
    due_date: date


class DepositInstalmentDeleted(_OfDeposit, frozen=True, kw_only=True):
    """An unsettled deposit is no longer asked for (M56, M61)."""

    stored_as: ClassVar[str] = "deposit.instalment_deleted.v1"

    reason: str


class DepositRequested(_OfDeposit, frozen=True, kw_only=True):
    """The customer is asked to pay the deposit: a document that is no invoice (M58).

    It has a number of its own series, says no VAT and causes no entry.
    """

    stored_as: ClassVar[str] = "deposit.requested.v1"

    series: str
    number: int
    document_number: str
    issue_date: date
    due_date: date
    quote: DocumentLink
    customer_id: str
    seller: PrintedParty
    customer: PrintedParty
    gross: int
    percent: str
    currency: str
    payment_reference: str
    language: Language

    @property
    def tags(self) -> tuple[str, ...]:
        return (*super().tags, series_tag(self.series))


class DepositSettled(_OfDeposit, frozen=True, kw_only=True):
    """The deposit was paid: its invoice was issued and settled in the same command (M59)."""

    stored_as: ClassVar[str] = "deposit.settled.v1"

    invoice_id: str
    invoice_number: str
    issue_date: date
    payment_id: str
    gross: int


DEPOSIT_EVENTS: tuple[type[Event], ...] = (
    DepositInstalmentOpened,
    DepositInstalmentChanged,
    DepositInstalmentDeleted,
    DepositRequested,
    DepositSettled,
)


class Instalment(Struct, frozen=True, kw_only=True):
    """What is known of a deposit at every stage; `position` is what last changed it."""

    position: int
    opened: DepositInstalmentOpened
    percent: str
    gross: int
    due_date: date
    request: DepositRequested | None = None

    @property
    def deposit_id(self) -> str:
        """The deposit's id."""
        return self.opened.deposit_id

    @property
    def quote_id(self) -> str:
        """The quote whose deposit it is."""
        return self.opened.quote_id


class Open(Instalment, frozen=True, kw_only=True):
    """A deposit that is asked for and not paid."""


class Settled(Instalment, frozen=True, kw_only=True):
    """A deposit that was paid and invoiced; only a credit note undoes it (A2.3)."""

    settlement: DepositSettled


class Deleted(Instalment, frozen=True, kw_only=True):
    """A deposit that is no longer asked for, and why."""

    reason: str


Deposit = Open | Settled | Deleted
Deposits = dict[str, Deposit]
"""The deposits of a quote by id, in the order in which they were opened."""


def evolve(deposits: Deposits, fact: Recorded) -> Deposits:
    """The deposits of a quote after one more event of the quote's tag."""
    event = fact.event
    if not isinstance(event, _OfDeposit):
        return deposits
    moved = _moved(deposits.get(event.deposit_id), event, fact.position)
    return deposits if moved is None else {**deposits, event.deposit_id: moved}


def deposit_tag(deposit_id: str) -> str:
    """The tag of a deposit's own events."""
    return f"deposit:{deposit_id}"


def quote_of(fact: Recorded | None) -> str:
    """The quote whose deposit an event of `deposit_tag` is about, or an empty text."""
    event = fact.event if fact is not None else None
    return event.quote_id if isinstance(event, _OfDeposit) else ""


def _moved(deposit: Deposit | None, event: _OfDeposit, position: int) -> Deposit | None:
    match event:
        case DepositInstalmentOpened(percent=percent, gross=gross, due_date=due):
            return Open(position=position, opened=event, percent=percent, gross=gross, due_date=due)
        case DepositInstalmentChanged(percent=percent, gross=gross, due_date=due):
            if isinstance(deposit, Open):
                return replace(
                    deposit, position=position, percent=percent, gross=gross, due_date=due
                )
        case DepositRequested() if isinstance(deposit, Open):
            return replace(deposit, position=position, request=event)
        case DepositSettled() if isinstance(deposit, Open):
            return Settled(**_known(deposit, position), settlement=event)
        case DepositInstalmentDeleted(reason=reason) if isinstance(deposit, Open):
            return Deleted(**_known(deposit, position), reason=reason)
    return deposit


def _known(deposit: Open, position: int) -> dict[str, Any]:
    """What a deposit keeps when it is settled or deleted."""
    return {
        "position": position,
        "opened": deposit.opened,
        "percent": deposit.percent,
        "gross": deposit.gross,
        "due_date": deposit.due_date,
        "request": deposit.request,
    }
