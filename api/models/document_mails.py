"""Documents that are mailed to their customers as links, as they come in."""

from typing import Annotated, Literal

from pydantic import Field

from api.fields import In
from api.models.printing import ChosenIn
from services.link_jobs import MOST_DAYS, NewMails
from services.printing.selection import MOST, Chosen

Days = Annotated[int, Field(strict=True, ge=1, le=MOST_DAYS)]


class DocumentMailsIn(In):
    """Documents whose links are mailed to their customers."""

    documents: list[ChosenIn] = Field(
        min_length=1, max_length=MOST, description="Each once; all of them issued."
    )
    days: Days = Field(default=30, description="So many days each link can be opened.")
    language: Literal["fr", "nl", "en"] | None = Field(
        default=None, description="The language of the mails; null: that of each document."
    )

    def new(self) -> NewMails:
        """The mails as they are asked for."""
        return NewMails(
            documents=tuple(Chosen(each.kind, each.id) for each in self.documents),
            days=self.days,
            language=self.language,
        )
