"""Questions to the letterings and the rows of their answers."""

from typing import Annotated, cast

from pydantic import Field, StringConstraints, WithJsonSchema

from api.fields import (
    Account,
    Currency,
    Day,
    Instant,
    Money,
    Number,
    OfCountry,
    Out,
    Position,
    Search,
    money,
)
from api.ids import Contact
from api.listing import Asked, AskedPage
from projections.letterings_view import (
    SORT_COLUMNS,
    LetteringFilter,
    LetteringRow,
    LetteringTotal,
    State,
)

Sort = Annotated[str, StringConstraints(pattern=rf"^-?({'|'.join(SORT_COLUMNS)})$")]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{3,8}$")]
Actor = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Year = Annotated[
    Number, Field(le=9_999), WithJsonSchema({"type": "integer", "minimum": 0, "maximum": 9_999})
]


class LetteringsAsked(Asked):
    """Which letterings."""

    party: Contact | None = Field(default=None, description="Of this third party.")
    country: OfCountry = None
    account: Account | None = Field(default=None, description="On this account.")
    code: Code | None = Field(default=None, description="With this code: AAA, aab…")
    year: Year | None = Field(default=None, description="Coded in this fiscal year.")
    currency: Currency | None = Field(default=None, description="In this currency.")
    state: State | None = Field(default=None, description="In this state.")
    actor: Actor | None = Field(default=None, description="Made or undone by this key.")
    entry: Position | None = Field(default=None, description="Of a line of this entry.")
    date_gte: Day | None = Field(default=None, description="Settled on this value date or later.")
    date_lte: Day | None = Field(default=None, description="Settled on this value date or earlier.")
    lettered_at_gte: Day | None = Field(default=None, description="Made on this day or later.")
    lettered_at_lte: Day | None = Field(default=None, description="Made on this day or earlier.")
    undone_at_gte: Day | None = Field(default=None, description="Undone on this day or later.")
    undone_at_lte: Day | None = Field(default=None, description="Undone on this day or earlier.")
    as_of: Day | None = Field(default=None, description="Of this value date or earlier.")
    q: Search | None = Field(
        default=None, description="These words in code, reasons or third party's name."
    )

    def wanted(self) -> LetteringFilter:
        """The filter of the register."""
        return LetteringFilter(
            party=self.party,
            country=self.country,
            account=self.account,
            code=self.code,
            year=self.year,
            currency=self.currency,
            state=self.state,
            actor=self.actor,
            entry=self.entry,
            date_from=self.date_gte,
            date_to=self.date_lte,
            made_from=self.lettered_at_gte,
            made_to=self.lettered_at_lte,
            undone_from=self.undone_at_gte,
            undone_to=self.undone_at_lte,
            as_of=self.as_of,
            q=self.q,
        )


class LetteringsAskedPage(LetteringsAsked, AskedPage):
    """Which letterings, in which order."""

    sort: Sort = Field(default="-lettered_at", description="Any column; `-` descends.")


class LetteredLineOut(Out):
    """A line of a lettering."""

    entry: int = Field(description="Position of its entry.")
    line: int = Field(description="Its place in the entry, from 0.")
    amount: Money = Field(description="How much of it is settled; a debit is positive.")
    date: Day | None = Field(description="Accounting date.")
    due_date: Day | None = Field(description="When it was due.")
    journal: str | None = Field(description="The journal.")
    document_kind: str | None = Field(description="What it comes from.")
    document_id: str | None = Field(description="Id of that document.")
    document_number: str | None = Field(description="Number of that document.")
    label: str | None = Field(description="Words of the line.")


class PairOut(Out):
    """Which debit is settled by which credit."""

    debit: int = Field(description="Place in `lines`, from 0.")
    credit: int = Field(description="Place in `lines`, from 0.")
    amount: Money = Field(description="How much.")


class UndoneOut(Out):
    """That a lettering was undone."""

    at: Instant = Field(description="When.")
    by: str = Field(description="By which key, or job.")
    reason: str = Field(description="Why, or empty.")
    position: int = Field(description="The event.")


class LetteringActOut(Out):
    """A lettering: who settled what with what, and what became of it."""

    id: str = Field(description="Its id.")
    position: int = Field(description="The event.")
    lettered_at: Instant = Field(description="When it was made.")
    lettered_by: str = Field(description="By which key, or job.")
    reason: str = Field(description="Why, or empty.")
    account: str = Field(description="The account.")
    party: str = Field(description="The third party.")
    party_name: str = Field(description="Its name today.")
    code: str = Field(description="Its code; in capitals when every line is settled whole.")
    year: int = Field(description="The fiscal year of the code.")
    date: Day = Field(description="Value date: from then on its lines count as settled.")
    amount: Money = Field(description="Σ debits, which is Σ credits.")
    state: State = Field(description="`complete`, `partial`, or `undone`.")
    lines: list[LetteredLineOut] = Field(description="Its lines.")
    allocations: list[PairOut] = Field(description="Which debit is settled by which credit.")
    undone: UndoneOut | None = Field(description="When, by whom and why it was undone; or null.")

    @classmethod
    def of(cls, row: LetteringRow) -> "LetteringActOut":
        """A row of the register."""
        undone = None
        if row.undone_at is not None and row.undone_position is not None:
            undone = UndoneOut(
                at=row.undone_at,
                by=row.undone_by,
                reason=row.undone_reason,
                position=row.undone_position,
            )
        return cls(
            id=row.lettering_id,
            position=row.position,
            lettered_at=row.lettered_at,
            lettered_by=row.lettered_by,
            reason=row.reason,
            account=row.account,
            party=row.party,
            party_name=row.party_name,
            code=row.code,
            year=row.year,
            date=row.date,
            amount=money(row.amount, row.currency),
            state=cast("State", row.state),
            lines=[
                LetteredLineOut(**{**line, "amount": money(line["amount"], row.currency)})
                for line in row.lines
            ],
            allocations=[
                PairOut(debit=debit, credit=credit, amount=money(amount, row.currency))
                for debit, credit, amount in row.pairs
            ],
            undone=undone,
        )


class LetteringTotalOut(Out):
    """The letterings of an account in one state and currency."""

    account: str = Field(description="The account.")
    state: State = Field(description="`complete`, `partial`, or `undone`.")
    letterings: int = Field(description="How many.")
    amount: Money = Field(description="Σ of what they settle, or did.")

    @classmethod
    def of(cls, total: LetteringTotal) -> "LetteringTotalOut":
        """A total of the register."""
        return cls(
            account=total.account,
            state=cast("State", total.state),
            letterings=total.letterings,
            amount=money(total.amount, total.currency),
        )
