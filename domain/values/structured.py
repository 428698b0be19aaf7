"""Structured communications: the Belgian OGM (VCS) and the RF reference of ISO 11649.

Compared in one form: the twelve digits of an OGM, or RF… in capitals without spaces.
"""

import re

import stdnum.be.ogm_vcs
import stdnum.iso11649

_MARKS = re.compile(r"[+*/\s.\-\u00a0\u202f]+")
# Twelve digits as payers type them: together, or 3/4/5 behind marks of every kind.
_OGM = re.compile(r"(?<!\d)\d{3}[/\s.\-]{0,3}\d{4}[/\s.\-]{0,3}\d{5}(?!\d)", re.ASCII)
_RF = re.compile(r"(?<![0-9A-Z])RF[0-9]{2}(?:[ ]?[0-9A-Z]){1,21}(?![0-9A-Z])", re.ASCII)


def structured(text: str) -> str:
    """The communication in the form in which it is compared, or "" when it is none."""
    bare = _MARKS.sub("", text).upper()
    if len(bare) == 12 and bare.isascii() and bare.isdigit():
        return bare if _is_ogm(bare) else ""
    return bare if bare.startswith("RF") and stdnum.iso11649.is_valid(bare) else ""


def find_structured(text: str) -> tuple[str, ...]:
    """Every valid communication in a free text, in order, each once (payers type them there)."""
    found = [structured(each.group()) for each in _OGM.finditer(text)]
    for each in _RF.finditer(text.upper()):
        found += _references(each.group())
    return tuple(dict.fromkeys(one for one in found if one))


def _is_ogm(digits: str) -> bool:
    """Whether the check digits fit; a base of zeros is nobody's."""
    return digits.strip("0") != "" and bool(stdnum.be.ogm_vcs.is_valid(digits))


def _references(text: str) -> list[str]:
    """The longest valid reference that a text begins with, which words may follow."""
    words = text.split(" ")
    for count in range(len(words), 0, -1):
        reference = structured("".join(words[:count]))
        if reference:
            return [reference]
    return []
