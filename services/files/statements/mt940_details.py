"""Field 86 of MT940: who and why, in the three ways in which banks structure it, or in none."""

import re
from typing import NamedTuple

from domain.values import identifiers
from domain.values.structured import find_structured, structured
from services.files.statements.text import clean

_GERMAN = re.compile(r"^[0-9]{3}(?=[^0-9a-zA-Z\s])")
_SLASHED = re.compile(
    r"/(TRTP|IBAN|BIC|NAME|REMI|EREF|MARF|CSID|RTRN|ORDP|BENM|ISDT|PURP|ULTD|ULTC)/"
)
_IBAN = re.compile(r"(?<![A-Z0-9])[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?")
_PURPOSE = range(20, 30)


class About(NamedTuple):
    """What a line says about itself."""

    name: str = ""
    iban: str = ""
    communication: str = ""
    structured: str = ""
    returned: str = ""


def read_details(text: str) -> About:
    """The parts of a field 86; a form that is not known is free text with an IBAN in it perhaps."""
    flat = text.replace("\n", "")
    if _GERMAN.match(flat):
        return _german(flat)
    if _SLASHED.search(flat):
        return _slashed(flat)
    return _free(text.replace("\n", " "))


def _slashed(text: str) -> About:
    """/IBAN/…/NAME/…/REMI/…: a code, then what it means."""
    parts = _SLASHED.split(text)
    said = dict(zip(parts[1::2], parts[2::2], strict=False))
    words = re.sub(r"^(USTD|STRD)//?", "", said.get("REMI", "").strip("/ "))
    words = re.sub(r"^CUR/", "", words)
    free = clean(words)
    return About(
        name=clean(said.get("NAME", "").strip("/")),
        iban=identifiers.iban(said.get("IBAN", "").strip("/ ")) or "",
        communication=free,
        structured=structured(free),
        returned=clean(said.get("RTRN", "").strip("/")),
    )


def _german(text: str) -> About:
    """Three digits of a transaction code, a mark, then subfields of two digits behind that mark."""
    mark = text[3]
    said: dict[int, str] = {}
    for part in text[4:].split(mark):
        if part[:2].isascii() and part[:2].isdigit():
            said[int(part[:2])] = part[2:]
    purpose = "".join(said.get(number, "") for number in [*_PURPOSE, *range(60, 64)])
    purpose = re.sub(r"(EREF|KREF|MREF|CRED|SVWZ|ABWA|PURP)\+", r" \1+", purpose)
    wanted = re.search(r"SVWZ\+(.*?)(?= (?:EREF|KREF|MREF|CRED|ABWA|PURP)\+|$)", purpose)
    free = clean(wanted.group(1) if wanted else purpose)
    return About(
        name=clean(said.get(32, "") + said.get(33, "")),
        iban=identifiers.iban(said.get(38, "") or said.get(31, "")) or "",
        communication=free,
        structured=structured(free),
    )


def _free(text: str) -> About:
    found = (identifiers.iban(each.group()) for each in _IBAN.finditer(text.upper()))
    free = clean(text)
    references = find_structured(free)
    return About(
        iban=next((iban for iban in found if iban), ""),
        communication=free,
        structured=references[0] if free and len(references) == 1 and len(free) < 25 else "",
    )
