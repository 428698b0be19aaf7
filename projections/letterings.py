"""The letterings register (M45, C7): who settled what with what, when, and who undid it and why.

A row a lettering, and nothing else: what its lines are is asked of the unpaid register, whose items
never change.
"""

from collections.abc import Iterable
from datetime import date, datetime

from msgspec.structs import replace

from domain.book.event import Event, Recorded
from domain.parties.company import CompanyOpened
from domain.treasury.lettering import EntriesLettered, EntriesUnlettered
from projections.register import Register
from projections.rows import Need, Row, Rows


class Lettering(Row, frozen=True):
    """A lettering, whether it holds or not; `amount` is what its debits are settled by.

    `matched` has its `parts`, each an entry, a line and an amount (debit positive), and its
    `pairs`: the places in `parts` of a debit and of the credit that settles it, and how much.
    """

    table = "lettering"
    key = ("lettering_id",)

    lettering_id: str
    position: int
    lettered_at: datetime
    lettered_by: str
    account: str
    party: str
    currency: str
    code: str
    year: int
    ordinal: int
    complete: bool
    amount: int
    reason: str
    matched: dict[str, list[list[int]]]
    undone_position: int | None
    undone_at: datetime | None
    undone_by: str
    undone_reason: str
    date: date


class LetteringBook(Row, frozen=True):
    """The time zone in which the company's days are."""

    table = "lettering_book"
    key = ()

    time_zone: str


class Letterings(Register):
    """Every act of lettering and of undoing one."""

    name = "letterings"
    version = 1
    rows = (Lettering, LetteringBook)
    events = (CompanyOpened, EntriesLettered, EntriesUnlettered)

    def needs(self, event: Event) -> Iterable[Need]:
        if isinstance(event, EntriesUnlettered):
            yield Lettering, event.lettering_id

    def apply(self, fact: Recorded, rows: Rows) -> None:
        match fact.event:
            case EntriesLettered() as lettering:
                rows.add(_lettered(fact, lettering))
            case EntriesUnlettered() as undone:
                known = rows.get(Lettering, undone.lettering_id)
                if known is None:
                    raise LookupError(f"lettering {undone.lettering_id} was never made")
                rows.put(
                    replace(
                        known,
                        undone_position=fact.position,
                        undone_at=fact.recorded_at,
                        undone_by=fact.actor,
                        undone_reason=undone.reason,
                    )
                )
            case CompanyOpened(time_zone=time_zone):
                rows.add(LetteringBook(time_zone))


def _lettered(fact: Recorded, lettering: EntriesLettered) -> Lettering:
    parts = lettering.parts
    return Lettering(
        lettering_id=lettering.lettering_id,
        position=fact.position,
        lettered_at=fact.recorded_at,
        lettered_by=fact.actor,
        account=lettering.account,
        party=lettering.party,
        currency=lettering.currency,
        code=lettering.code,
        year=lettering.year,
        ordinal=lettering.ordinal,
        complete=lettering.complete,
        date=lettering.date,
        amount=sum(part.amount for part in parts if part.amount > 0),
        reason=lettering.reason,
        matched={
            "parts": [[part.entry, part.line, part.amount] for part in parts],
            "pairs": [[pair.debit, pair.credit, pair.amount] for pair in lettering.pairs],
        },
        undone_position=None,
        undone_at=None,
        undone_by="",
        undone_reason="",
    )
