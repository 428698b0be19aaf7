"""Numbers that states and banks give: written in one way, refused when check digits are wrong."""

import re

import stdnum.be.vat
import stdnum.bic
import stdnum.eu.at_02
import stdnum.eu.vat
import stdnum.fr.siren
import stdnum.fr.siret
import stdnum.fr.tva
import stdnum.iban
from stdnum.exceptions import ValidationError

_MEMBERS = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
EU_MEMBERS = frozenset(_MEMBERS.split())

_SEPARATORS = re.compile(r"[\s.\-/\u00a0\u202f]+")
_ANY_CREDITOR = re.compile(r"[A-Z]{2}[0-9]{2}[0-9A-Z]{3}[0-9A-Z]{1,28}", re.ASCII)
_CREDITOR_SHAPES = {"FR": re.compile(r"FR[0-9]{2}[0-9A-Z]{3}[0-9A-Z]{6}", re.ASCII)}


def compact(number: str) -> str:
    """The number in capitals without the spaces, dots, dashes and slashes people put in."""
    return _SEPARATORS.sub("", number).upper()


def siren(number: str) -> str | None:
    """The nine digits of a French company, or None; all zeros pass the check sum but are nobody."""
    digits = compact(number)
    valid = stdnum.fr.siren.is_valid(digits) and digits.strip("0") != ""
    return digits if valid else None


def siret(number: str) -> str | None:
    """The fourteen digits of a French establishment, or None (La Poste has a rule of its own)."""
    digits = compact(number)
    valid = stdnum.fr.siret.is_valid(digits) and siren(digits[:9]) is not None
    return digits if valid else None


def kbo(number: str) -> str | None:
    """The ten digits of a Belgian enterprise, beginning with 0 or 1, or None."""
    digits = compact(number).removeprefix("BE")
    if len(digits) == 9:  # before 2005 the leading zero was not written
        digits = "0" + digits
    valid = (
        len(digits) == 10
        and digits[0] in "01"
        and digits[:8].strip("0") != ""
        and stdnum.be.vat.is_valid(digits)
    )
    return digits if valid else None


def vat_number(number: str) -> str | None:
    """A VAT number with its country prefix, or None when its form or check digits are wrong.

    The key of a French number may be letters. Outside the European Union any form is taken.
    """
    text = compact(number)
    prefix = text[:2]
    if prefix == "FR":
        return text if _is_french_vat(text) else None
    if prefix == "BE":
        digits = kbo(text[2:])
        return None if digits is None else "BE" + digits
    if prefix in EU_MEMBERS or prefix in ("EL", "XI"):
        return _european_vat(text)
    return text if re.fullmatch(r"[0-9A-Z]{4,20}", text, re.ASCII) else None


def agrees(vat: str, registration: str) -> bool:
    """Whether a French or Belgian VAT number belongs to that SIREN, SIRET or KBO number."""
    if vat.startswith("FR"):
        return vat[4:] == registration[:9]
    if vat.startswith("BE"):
        return vat[2:] == registration
    return True


def registration_in(vat: str) -> str:
    """The SIREN or KBO number within a French or Belgian VAT number; empty where there is none.

    Monaco's numbers begin with FR too and hold no SIREN.
    """
    if vat.startswith("FR"):
        return siren(vat[4:]) or ""
    return vat[2:] if vat.startswith("BE") else ""


def iban(number: str) -> str | None:
    """An account number of any country, or None; whether the bank exists is not our question."""
    text = compact(number)
    return text if stdnum.iban.is_valid(text, check_country=False) else None


def bic(code: str) -> str | None:
    """The code of a bank, eight or eleven characters (ISO 9362), or None."""
    text = compact(code)
    return text if stdnum.bic.is_valid(text) else None


def creditor_id(number: str) -> str | None:
    """A SEPA creditor identifier (AT-02), or None; its key leaves the business code out.

    A French one has six characters after the code: FR72ZZZ123456.
    """
    text = compact(number)
    shape = _CREDITOR_SHAPES.get(text[:2], _ANY_CREDITOR)
    sound = shape.fullmatch(text) is not None and stdnum.eu.at_02.is_valid(text)
    return text if sound else None


def _is_french_vat(text: str) -> bool:
    return bool(stdnum.fr.tva.is_valid(text)) and text[4:].strip("0") != ""


def _european_vat(text: str) -> str | None:
    try:
        return str(stdnum.eu.vat.validate(text))
    except ValidationError:
        return None
