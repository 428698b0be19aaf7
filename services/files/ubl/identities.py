"""Do the identifiers of a document name anybody? Check digits, by python-stdnum.

Belgian and French ones are refused when wrong; those of other countries get a remark, because
the published examples themselves carry invented numbers (see `finding.py`).
"""

from collections.abc import Iterator
from typing import Any

from stdnum import ean, get_cc_module, iban, iso11649
from stdnum.be import ogm_vcs
from stdnum.be import vat as be_vat
from stdnum.fr import siren, siret
from stdnum.fr import tva as fr_vat

from services.files.ubl.document import Identifier, Party, UblDocument
from services.files.ubl.finding import Finding, Severity
from services.files.ubl.supplier import belgian_enterprise, compact, french_siren

_HOME = frozenset({"BE", "FR"})
# Countries whose VAT numbers python-stdnum knows; a prefix outside is never looked up.
_VAT_COUNTRIES = frozenset(
    [
        "AT", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "FI", "GB", "GR", "HR", "HU",
        "IE", "IT", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
    ]
)  # fmt: skip


def belgian_numbers(document: UblDocument) -> Iterator[Finding]:
    """Check enterprise numbers (scheme 0208): ten digits, modulo 97 (PEPPOL-COMMON-R043)."""
    for party in _parties(document):
        for pointer, identifier in _identifiers(party):
            if identifier.scheme == "0208":
                value = identifier.value
                if not (_digits(value, 10) and be_vat.is_valid(value)):
                    message = "not a Belgian enterprise number: ten digits, the last two a check"
                    yield Finding("PEPPOL-COMMON-R043", "error", pointer, message)
            elif identifier.scheme == "9925" and not _is_belgian_vat(identifier.value):
                message = "not a Belgian VAT number: its check digits are wrong"
                yield Finding("VAT-CHECK-DIGITS", "error", pointer, message)


def french_numbers(document: UblDocument) -> Iterator[Finding]:
    """Check SIREN (scheme 0002) and SIRET (0009); refused only where the party is French."""
    for party in _parties(document):
        severity: Severity = "error" if party.address.country == "FR" else "remark"
        for pointer, identifier in _identifiers(party):
            value = identifier.value
            if identifier.scheme == "0002" and not (_digits(value, 9) and siren.is_valid(value)):
                message = "not a SIREN: its check digit is wrong"
                yield Finding("SIREN-CHECK-DIGIT", severity, pointer, message)
            elif identifier.scheme == "0009" and not (_digits(value, 14) and siret.is_valid(value)):
                message = "not a SIRET: its check digits are wrong"
                yield Finding("SIRET-CHECK-DIGIT", severity, pointer, message)
            elif identifier.scheme == "9957" and not _is_french_vat(value):
                message = "not a French VAT number: its check digits are wrong"
                yield Finding("VAT-CHECK-DIGITS", "error", pointer, message)


def location_numbers(document: UblDocument) -> Iterator[Finding]:
    """Check global location numbers under scheme 0088 (PEPPOL-COMMON-R040)."""
    for party in _parties(document):
        for pointer, identifier in _identifiers(party):
            value = identifier.value
            if identifier.scheme == "0088" and not (_digits(value, 13) and ean.is_valid(value)):
                message = "not a global location number: its check digit is wrong"
                yield Finding("PEPPOL-COMMON-R040", "remark", pointer, message)


def vat_numbers(document: UblDocument) -> Iterator[Finding]:
    """Check the VAT numbers: country prefix (BR-CO-09) and the check digits of that country."""
    for party in _parties(document):
        if party.vat_number is None:
            continue
        number = compact(party.vat_number)
        pointer = f"{party.pointer}/cac:PartyTaxScheme/cbc:CompanyID"
        country = number[:2]
        home = country if country in _HOME else party.address.country
        if not country.isalpha():
            severity: Severity = "error" if home in _HOME else "remark"
            message = "the VAT number does not begin with the code of a country"
            yield Finding("BR-CO-09", severity, pointer, message)
        elif country in _HOME:
            valid = _is_belgian_vat(number) if country == "BE" else _is_french_vat(number)
            if not valid:
                message = "not a VAT number of its country: its check digits are wrong"
                yield Finding("VAT-CHECK-DIGITS", "error", pointer, message)
        elif country not in _VAT_COUNTRIES or not _is_foreign_vat(country, number):
            message = "no VAT number of its country as far as we can check"
            yield Finding("VAT-CHECK-DIGITS", "remark", pointer, message)


def vat_and_enterprise_agree(document: UblDocument) -> Iterator[Finding]:
    """Point out a Belgian or French party whose numbers name two different enterprises."""
    for party in _parties(document):
        for found in (belgian_enterprise(party), french_siren(party)):
            if len(found) > 1:
                message = f"its identifiers name different enterprises: {', '.join(sorted(found))}"
                yield Finding("IDENTIFIERS-DIFFER", "remark", party.pointer, message)


def bank_accounts(document: UblDocument) -> Iterator[Finding]:
    """Check accounts that are IBANs by modulo 97; a Belgian or French one must be right."""
    for account in document.payment.accounts:
        value = compact(account.identifier)
        if not (value[:2].isalpha() and value[2:4].isdigit()):
            message = "the account is not an IBAN"
            yield Finding("IBAN-MISSING", "remark", account.pointer, message)
        elif not is_iban(value):
            severity: Severity = "error" if value[:2] in _HOME else "remark"
            message = "not an IBAN: its check digits or its length are wrong"
            yield Finding("IBAN-CHECK-DIGITS", severity, account.pointer, message)


def payment_references(document: UblDocument) -> Iterator[Finding]:
    """Point out a structured communication (+++…+++) or RF reference with wrong check digits."""
    for reference in document.payment.references:
        structured = reference.startswith(("+++", "***"))
        if (structured and not ogm_vcs.is_valid(reference)) or (
            _looks_like_rf(reference) and not iso11649.is_valid(reference)
        ):
            message = "the check digits of the payment reference are wrong; the bank may refuse it"
            pointer = (
                f"/{'Invoice' if document.kind == 'invoice' else 'CreditNote'}/cac:PaymentMeans"
            )
            yield Finding("PAYMENT-REFERENCE", "remark", pointer, message)


def is_iban(value: str) -> bool:
    """Say whether `value` is an IBAN by length and modulo 97; bank lists of countries not asked."""
    try:
        return bool(iban.validate(value, check_country=False))
    except ValueError:  # python-stdnum's own errors derive from it
        return False


def _parties(document: UblDocument) -> Iterator[Party]:
    everybody = (document.seller, document.buyer, document.payee, document.tax_representative)
    return (party for party in everybody if party is not None)


def _identifiers(party: Party) -> Iterator[tuple[str, Identifier]]:
    """Give every identifier that names a scheme, with its pointer."""
    if party.endpoint:
        yield f"{party.pointer}/cbc:EndpointID", party.endpoint
    if party.legal_id:
        yield f"{party.pointer}/cac:PartyLegalEntity/cbc:CompanyID", party.legal_id
    for identifier in party.identifiers:
        yield f"{party.pointer}/cac:PartyIdentification/cbc:ID", identifier


def _digits(value: str, length: int) -> bool:
    return len(value) == length and value.isascii() and value.isdigit()


def _is_belgian_vat(number: str) -> bool:
    digits = compact(number).removeprefix("BE").zfill(10)
    return _digits(digits, 10) and be_vat.is_valid(digits)


def _is_french_vat(number: str) -> bool:
    digits = compact(number)
    return digits.startswith("FR") and len(digits) == 13 and fr_vat.is_valid(digits)


def _is_foreign_vat(country: str, number: str) -> bool:
    module: Any = get_cc_module("GR" if country == "EL" else country.lower(), "vat")
    return module is not None and bool(module.is_valid(number))


def _looks_like_rf(reference: str) -> bool:
    return reference[:2] == "RF" and reference[2:4].isdigit()
