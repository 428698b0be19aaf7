"""Who is this seller, the same on every document? One stable key per supplier."""

import unicodedata

from stdnum.be import vat as be_vat
from stdnum.fr import siren

from services.files.ubl.document import Party

_SIREN_DIGITS = 9


def supplier_key(party: Party) -> str:
    """Give the identity of a seller: enterprise, else VAT number, else legal id, else name.

    A Belgian VAT number holds the enterprise number and a French one the SIREN, so that a supplier
    keeps its key whether a document gives its VAT number, its legal identifier, or both.
    """
    belgian, french = belgian_enterprise(party), french_siren(party)
    if len(belgian) == 1:
        return f"be:{belgian.pop()}"
    if len(french) == 1:
        return f"fr:{french.pop()}"
    country = party.address.country
    if party.vat_number and (number := compact(party.vat_number)):
        return f"vat:{number if number[:2].isalpha() else country + number}"
    if party.legal_id and (legal := compact(party.legal_id.value)):
        return f"id:{party.legal_id.scheme or country}:{legal}"
    return f"name:{country}:{_letters(party.name)}"


def belgian_enterprise(party: Party) -> set[str]:
    """Give the valid Belgian enterprise numbers the VAT number and the legal identifier name."""
    written = []
    if party.vat_number and compact(party.vat_number).startswith("BE"):
        written.append(compact(party.vat_number)[2:].zfill(10))
    if party.legal_id and party.legal_id.scheme == "0208":
        written.append(party.legal_id.value)
    return {number for number in written if len(number) == 10 and be_vat.is_valid(number)}


def french_siren(party: Party) -> set[str]:
    """Give the valid SIREN the VAT number and the legal identifier (SIREN or SIRET) name."""
    written = []
    if party.vat_number and compact(party.vat_number).startswith("FR"):
        written.append(compact(party.vat_number)[4:])
    if party.legal_id and party.legal_id.scheme in ("0002", "0009"):
        written.append(party.legal_id.value[:_SIREN_DIGITS])
    return {n for n in written if len(n) == _SIREN_DIGITS and siren.is_valid(n)}


def compact(number: str) -> str:
    """Give the ASCII letters and digits of an identifier, in capitals."""
    return "".join(c for c in number.upper() if c.isascii() and c.isalnum())


def _letters(name: str) -> str:
    """Give the letters and digits of a name without case and accents."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in plain if c.isalnum())
