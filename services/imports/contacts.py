"""Lines of a file as contacts: matched by id, own key, VAT number or registration, then decided."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

from msgspec.structs import replace

from domain.book.event import Decision
from domain.imports.batch import BatchKind
from domain.imports.source import ImportSource
from domain.parties import introducing
from domain.parties.contact import Contact, KnownBy, contact_tag, name_tag
from domain.values import identifiers
from domain.values.text import tidy
from services import directory
from services.identity import Prefix
from services.imports import contact_lines
from services.imports.columns import Field
from services.imports.contact_lines import FIELDS, POINTED, ContactLine
from services.imports.planning import Planned
from services.loading import load_company, load_contact
from services.store.pen import Pen

Values = Mapping[str, Any]
KEPT_WHEN_EMPTY = frozenset({"roles", "nature", "country", "payment_means"})


class ContactLines:
    """How lines become contacts."""

    kind: ClassVar[BatchKind] = "contacts"
    fields: ClassVar[Sequence[Field]] = FIELDS
    needed: ClassVar[str] = "name"
    prefix: ClassVar[Prefix] = "ctc"
    pointed: ClassVar[Mapping[str, str]] = POINTED
    kept_when_empty: ClassVar[frozenset[str]] = KEPT_WHEN_EMPTY
    keeps_file: ClassVar[bool] = False

    def foresee(self, pen: Pen, lines: Sequence[Values]) -> None:
        """Looks up all that the lines may name, in two round trips."""
        tags = [tag for values in lines for tag in _tags(values)]
        pen.look_up(list(dict.fromkeys(tags)))
        named = (getattr(fact.event, "contact_id", "") for tag in tags if (fact := pen.last(tag)))
        pen.look_up([contact_tag(each) for each in dict.fromkeys(named) if each])

    def keys(self, values: Values) -> Iterator[tuple[str, str]]:
        """What a line names that no other line of the file may name."""
        for name in ("id", "external_id", "auxiliary"):
            if values.get(name):
                yield name, str(values[name])

    def known(self, pen: Pen, values: Values) -> Contact | None:
        """The contact that a line is about, if it is known, with its personal fields."""
        by_id = load_contact(pen, str(values["id"])) if values.get("id") else None
        if by_id is not None:
            return directory.open_contact(pen, by_id)
        for known_by, name in _names(values):
            found = directory.find_contact(pen, known_by, name)
            if found is not None:
                return found
        return None

    def decide(
        self, pen: Pen, values: Values, known: Contact | None, new_id: str, source: ImportSource
    ) -> tuple[str, Decision]:
        """The contact's id and what happens to it; raises Refusals for words nobody knows."""
        if known is None:
            base = ContactLine(country=load_company(pen).country)
        else:
            base = contact_lines.flattened(known)
        details = contact_lines.details_of(replace(base, **{**values, "id": ""}))
        same = directory.namesakes(pen, details)
        if known is None:
            return new_id, introducing.create(new_id, details, *same, source=source)
        change = partial(introducing.change, known, known.contact_id, details)
        return known.contact_id, change(*same, source=source)

    def compose(self, pen: Pen, planned: Sequence[Planned]) -> None:
        """Contacts have no parts."""


def _names(values: Values) -> Iterator[tuple[KnownBy, str]]:
    vat = str(values.get("vat_number", ""))
    registration = identifiers.compact(str(values.get("registration", "")))
    given: dict[KnownBy, str] = {
        "external": tidy(str(values.get("external_id", ""))),
        "vat": (identifiers.vat_number(vat) or "") if vat else "",
        "registration": registration,
    }
    yield from ((known_by, name) for known_by, name in given.items() if name)
    belgian = identifiers.kbo(registration) if registration else None
    if belgian is not None and belgian != registration:
        yield "registration", belgian


def _tags(values: Values) -> Iterator[str]:
    if values.get("id"):
        yield contact_tag(str(values["id"]))
    if values.get("auxiliary"):
        yield name_tag("auxiliary", str(values["auxiliary"]))
    yield from (name_tag(known_by, name) for known_by, name in _names(values))
