"""A remittance: lines of third parties in one file for the bank, and what became of each.

Direct debits and supplier transfers have the same life: the file is made once, the bank books it,
or takes single lines back; a remittance that was never sent is cancelled whole.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import ClassVar, Literal

from msgspec import Struct
from msgspec.structs import replace

from domain.book.event import Event, Recorded
from domain.ledger.entry import series_tag
from domain.treasury.lettering import entry_tag

Status = Literal["created", "settled", "cancelled"]


class RemittedLine(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A third party's line that is collected or paid: its entry's position, its index from 0.

    `amount` is positive, in minor units. `end_to_end` is the name under which the banks carry it.
    """

    entry: int
    line: int
    account: str
    party: str
    party_name: str
    document_number: str
    amount: int
    end_to_end: str


class RemittanceCreated(Event, frozen=True, kw_only=True):
    """A remittance with its file: `file` is the SHA-256 (hex) of the bytes, which are kept.

    `iban` is the company's account. The file is never made again: a program would draw new ids.
    """

    remittance_id: str
    series: str
    number: int
    document_number: str
    issue_date: date
    execution_date: date
    journal: str
    iban: str
    currency: str
    total: int
    file: str

    @property
    def remitted(self) -> Sequence[RemittedLine]:
        """Its lines, in order."""
        raise NotImplementedError(type(self).__name__)

    @property
    def tags(self) -> tuple[str, ...]:
        """Found by its id, by its series, and by each entry of which it holds a line."""
        return (
            remittance_tag(self.remittance_id),
            series_tag(self.series),
            *dict.fromkeys(entry_tag(line.entry) for line in self.remitted),
        )


class _OfRemittance(Event, frozen=True, kw_only=True):
    """What happens to a remittance afterwards."""

    remittance_id: str

    @property
    def tags(self) -> tuple[str, ...]:
        return (remittance_tag(self.remittance_id),)


class SettledLine(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The `nth` line (from 0) is paid: by which payment, where its own line stands in the books.

    `lettering_id` is empty where nothing was open of what it was to settle.
    """

    nth: int
    payment_id: str
    entry: int
    line: int
    lettering_id: str


class RemittanceSettled(_OfRemittance, frozen=True, kw_only=True):
    """The bank has booked the remittance on `date`: every line that it had not refused is paid."""

    stored_as: ClassVar[str] = "remittance.settled.v1"

    date: date
    lines: tuple[SettledLine, ...]


class RemittanceCancelled(_OfRemittance, frozen=True, kw_only=True):
    """The remittance was never executed: its lines are free again."""

    stored_as: ClassVar[str] = "remittance.cancelled.v1"

    reason: str


class RemittanceLineReturned(_OfRemittance, frozen=True, kw_only=True):
    """One line came back (an R-transaction): refused before it was paid, or returned afterwards.

    `payment_id` is the payment by which the money went back, empty when none had moved. `reason`
    is the bank's code (AM04…) or words, `fee` what the bank charged for it.
    """

    stored_as: ClassVar[str] = "remittance.line_returned.v1"

    nth: int
    amount: int
    date: date
    reason: str
    payment_id: str = ""
    fee: int = 0


class Remittance(Struct, frozen=True, kw_only=True):
    """A remittance and what became of it; `returned` has the lines that came back by their nth."""

    position: int
    document: RemittanceCreated
    settled: RemittanceSettled | None = None
    cancelled: RemittanceCancelled | None = None
    returned: Mapping[int, RemittanceLineReturned] = {}

    @property
    def status(self) -> Status:
        """Where it stands as a whole."""
        if self.cancelled is not None:
            return "cancelled"
        return "created" if self.settled is None else "settled"

    @property
    def unreturned(self) -> list[int]:
        """The lines that the bank did not give back, by their nth."""
        return [nth for nth in range(len(self.document.remitted)) if nth not in self.returned]

    @property
    def expected(self) -> int:
        """What the bank books: the total without the lines that it refused."""
        return sum(self.document.remitted[nth].amount for nth in self.unreturned)

    def holds(self, entry: int, line: int) -> bool:
        """Whether a line of the books waits in it for the bank."""
        lines = self.document.remitted
        return self.status == "created" and any(
            (lines[nth].entry, lines[nth].line) == (entry, line) for nth in self.unreturned
        )

    def settled_line(self, nth: int) -> SettledLine | None:
        """How a line was paid; None before it was, or when the bank refused it."""
        lines = self.settled.lines if self.settled is not None else ()
        return next((line for line in lines if line.nth == nth), None)


def evolve(before: Remittance | None, fact: Recorded) -> Remittance | None:
    """The remittance after one more event of its tag."""
    match fact.event:
        case RemittanceCreated() as created:
            return Remittance(position=fact.position, document=created)
        case RemittanceSettled() as settled if before is not None:
            return replace(before, settled=settled)
        case RemittanceCancelled() as cancelled if before is not None:
            return replace(before, cancelled=cancelled)
        case RemittanceLineReturned() as returned if before is not None:
            return replace(before, returned={**before.returned, returned.nth: returned})
    return before


def remittance_tag(remittance_id: str) -> str:
    """The tag of a remittance's own events."""
    return f"remittance:{remittance_id}"


def remittances_of(before: tuple[str, ...], fact: Recorded) -> tuple[str, ...]:
    """The remittances that ever held a line, after one more event of its entry's tag."""
    if isinstance(fact.event, RemittanceCreated):
        return (*before, fact.event.remittance_id)
    return before
