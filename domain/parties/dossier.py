"""A company as a dossier of its firm: a code, who manages it, and whether it is active (C16).

Nothing of the books depends on it: an inactive dossier is only one that the firm has put away.
"""

from datetime import datetime
from typing import ClassVar

from msgspec import Struct

from domain.book.event import Decision, Event, Recorded
from domain.book.refusal import Refused, words
from domain.values import faults
from domain.values.text import tidy

DOSSIER_TAG = "dossier"


class DossierKept(Event, frozen=True, kw_only=True):
    """The firm calls the dossier so, and it is active from now on, or not."""

    stored_as: ClassVar[str] = "dossier.kept.v1"

    code: str
    manager: str
    active: bool

    @property
    def tags(self) -> tuple[str, ...]:
        return (DOSSIER_TAG,)


class NewDossier(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A dossier as the firm wants it, whole."""

    code: str = ""
    manager: str = ""
    active: bool = True


class Dossier(Struct, frozen=True, kw_only=True):
    """A dossier as it stands; a company that opened is active `since` then (None: put away)."""

    code: str = ""
    manager: str = ""
    active: bool = True
    since: datetime | None = None


class RegistrationIsTaken(Refused, frozen=True, kw_only=True):
    """A registration number has one active dossier in an installation."""

    code = "registration_taken"
    rule = "C16"
    text = words(
        en="{registration} has an active book here already.",
        fr="{registration} a déjà un livre actif ici.",
        nl="{registration} heeft hier al een actief boek.",
    )

    registration: str


def keep(dossier: Dossier, new: NewDossier) -> Decision:
    """Says what the dossier is called and whether it is active; nothing where it is so already."""
    new = tidy(new)
    refused = faults.unreadable(new)
    if refused is not None:
        return refused
    said = DossierKept(code=new.code, manager=new.manager, active=new.active)
    is_known = (dossier.code, dossier.manager, dossier.active) == (
        new.code,
        new.manager,
        new.active,
    )
    return [] if is_known else [said]


def evolve(dossier: Dossier, fact: Recorded) -> Dossier:
    """A dossier after one more event of its tag."""
    match fact.event:
        case DossierKept() as kept:
            began = dossier.since if dossier.active else fact.recorded_at
            return Dossier(
                code=kept.code,
                manager=kept.manager,
                active=kept.active,
                since=began if kept.active else None,
            )
    return dossier
