"""Dossiers: how a firm calls its companies, who manages them, and which of them it asks for."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from api.fields import In, Instant, Limit, Out, Search, Truth
from api.listing import Cursor
from api.models.parties import CompanyOut
from services.dossiers import SORT_COLUMNS, Card, CardFilter

Code = Annotated[str, StringConstraints(strict=True, max_length=20)]
Manager = Annotated[str, StringConstraints(strict=True, max_length=100)]
Sort = Annotated[str, StringConstraints(pattern=rf"^-?({'|'.join(SORT_COLUMNS)})$")]


class DossierIn(In):
    """A dossier as the firm wants it, whole."""

    code: Code = Field(default="", description="The firm's own code.")
    manager: Manager = Field(default="", description="Who manages it: initials, or a login.")
    active: bool = Field(default=True, description="False: the firm puts it away.")


class DossierOut(Out):
    """A company as a dossier of its firm."""

    code: str = Field(description="The firm's own code, or empty.")
    manager: str = Field(description="Who manages it, or empty.")
    active: bool = Field(description="Whether the firm works on it; it changes nothing in it.")
    active_since: Instant | None = Field(description="When it was opened, or taken up again.")

    @classmethod
    def of(cls, card: Card) -> "DossierOut":
        """The dossier of a company."""
        known = card.dossier
        return cls(
            code=known.code,
            manager=known.manager,
            active=known.active,
            active_since=known.since,
        )


class ListedCompanyOut(CompanyOut):
    """A company in the list of those that a key reaches."""

    dossier: DossierOut = Field(description="How the firm calls it, and whether it is active.")

    @classmethod
    def listed(cls, card: Card) -> "ListedCompanyOut":
        """A company with its dossier."""
        known = dict(CompanyOut.of(card.book_id, card.company))
        return cls(**known, dossier=DossierOut.of(card))


class CompaniesAsked(BaseModel):
    """Which companies, in which order."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    limit: Limit = Field(default=50, description="At most so many companies.")
    cursor: Cursor | None = Field(default=None, description="`next_cursor` of the page before.")
    sort: Sort = Field(default="id", description="Any column; `-` descends.")
    active: Truth | None = Field(default=None, description="Those that are active, or not.")
    country: Annotated[str, StringConstraints(pattern="^(FR|BE)$")] | None = Field(
        default=None, description="`FR` or `BE`."
    )
    registration: Search | None = Field(default=None, description="With this number.")
    code: Search | None = Field(default=None, description="With this code.")
    manager: Search | None = Field(default=None, description="Managed by this person.")
    q: Search | None = Field(default=None, description="This text in name, number or code.")

    def wanted(self) -> CardFilter:
        """The filter."""
        return CardFilter(**self.model_dump(exclude={"limit", "cursor", "sort"}))

    @property
    def listing(self) -> str:
        """What a cursor belongs to."""
        return f"companies {self.sort} {self.wanted()!r}"
