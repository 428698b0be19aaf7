"""The third parties of a FEC as contacts: those known by their code, the others made once.

Codes that no auxiliary account can have are kept as the contact's key in other programs (`fec:…`).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256

from domain.imports.source import ImportSource
from domain.parties import introducing
from domain.parties.company import Address
from domain.parties.contact import Contact, ContactDetails, KnownBy, contact_tag, name_tag
from domain.parties.particulars import AccountingData, ContactRole
from domain.values.text import tidy
from services import directory
from services.identity import Prefix
from services.imports.fec_survey import CUSTOMERS, DOUBTFUL, SUPPLIERS, Party, Survey
from services.loading import load_company
from services.store.pen import Pen, Reader

_AUXILIARY = re.compile(r"[0-9A-Za-z._-]{1,20}", re.ASCII)
_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"


def derived_id(prefix: Prefix, *words: object) -> str:
    """The id that an import gives to what it makes: the same words, the same id, again and again.

    A UUID of version 8 (RFC 9562) in the digits of every other id.
    """
    number = int.from_bytes(sha256("\n".join(map(str, words)).encode()).digest()[:16])
    number = number & ~(0xF << 76) | 8 << 76
    number = number & ~(0x3 << 62) | 2 << 62
    return f"{prefix}_" + "".join(_DIGITS[number >> shift & 31] for shift in range(125, -1, -5))


class Parties:
    """The contacts behind the codes of a file, as far as they were met."""

    def __init__(self, survey: Survey, batch_id: str) -> None:
        self.ids: dict[str, str] = {}
        self._survey = survey
        self._batch_id = batch_id

    @property
    def made(self) -> tuple[str, ...]:
        """The contacts that the import made, in the order of the file."""
        return tuple(id_ for code, id_ in self.ids.items() if id_ == self._own(code))

    def meet(self, pen: Pen, codes: Sequence[str]) -> None:
        """Finds the contacts of codes, and makes those that are not known; raises Refusals."""
        foresee(pen, codes)
        country = load_company(pen).country
        for code in codes:
            known = find(pen, code)
            if known is None:
                party = self._survey.parties[code]
                pen.append(
                    introducing.create(
                        self._own(code),
                        _details(code, party, country),
                        None,
                        source=ImportSource(file=self._survey.text.sha256, line=party.line),
                    )
                )
            elif known.archived:
                pen.append(introducing.restore(known, known.contact_id))
            self.ids[code] = self._own(code) if known is None else known.contact_id

    def recall(self, reader: Reader, codes: Iterable[str]) -> None:
        """Finds the contacts of codes that were met before."""
        for code in codes:
            known = find(reader, code)
            self.ids[code] = self._own(code) if known is None else known.contact_id

    def _own(self, code: str) -> str:
        return derived_id("ctc", self._batch_id, code)


def find(reader: Reader, code: str) -> Contact | None:
    """The contact of a code, if it is known."""
    for known_by, name in _names(code):
        found = directory.find_contact(reader, known_by, name)
        if found is not None:
            return found
    return None


def foresee(pen: Pen, codes: Sequence[str]) -> None:
    """Looks up all that the codes may name, in two round trips."""
    tags = [name_tag(*name) for code in codes for name in _names(code)]
    pen.look_up(tags)
    named = (getattr(fact.event, "contact_id", "") for tag in tags if (fact := pen.last(tag)))
    pen.look_up([contact_tag(each) for each in dict.fromkeys(named) if each])


def _names(code: str) -> Iterator[tuple[KnownBy, str]]:
    if _AUXILIARY.fullmatch(code):
        yield "auxiliary", code
    yield "external", f"fec:{code}"


def _details(code: str, party: Party, country: str) -> ContactDetails:
    fits = _AUXILIARY.fullmatch(code) is not None
    return ContactDetails(
        name=tidy(party.name) or code,
        roles=tuple(_roles(party.accounts)),
        address=Address(country=country),
        accounting=AccountingData(auxiliary=code if fits else ""),
        external_id="" if fits else f"fec:{code}",
    )


def _roles(accounts: Iterable[str]) -> Iterator[ContactRole]:
    customer = any(each.startswith((*CUSTOMERS, *DOUBTFUL)) for each in accounts)
    supplier = any(each.startswith(SUPPLIERS) for each in accounts)
    if customer:
        yield "customer"
    if supplier:
        yield "supplier"
    if not customer and not supplier:
        yield "partner"
