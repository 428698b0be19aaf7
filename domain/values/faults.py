"""Refusals of values, whatever the command: text, numbers, amounts, codes, identifiers."""

from datetime import date

from domain.book.refusal import Refused, words
from domain.values.currency import EXPONENTS
from domain.values.money import LARGEST
from domain.values.text import find_unreadable


class TextIsUnreadable(Refused, frozen=True, kw_only=True):
    """A text holds control or direction characters, or is too long."""

    code = "text_unreadable"
    rule = "M54"
    text = words(
        en="The text holds characters that cannot be read safely, or is longer than 2000.",
        fr="Le texte contient des caractères illisibles ou dépasse 2000 caractères.",
        nl="De tekst bevat onleesbare tekens of is langer dan 2000 tekens.",
    )


class FieldIsMissing(Refused, frozen=True, kw_only=True):
    """A field that must be filled is empty."""

    code = "field_missing"
    rule = "L441-9"
    text = words(
        en="{pointer} must be filled in.",
        fr="{pointer} doit être renseigné.",
        nl="{pointer} moet worden ingevuld.",
    )


class NumberIsMalformed(Refused, frozen=True, kw_only=True):
    """A quantity, price or percentage is not a decimal string within its bounds."""

    code = "number_malformed"
    rule = "BR-FR-DEC"
    text = words(
        en="{pointer} is not a plain decimal number within its bounds.",
        fr="{pointer} n'est pas un nombre décimal dans les bornes admises.",
        nl="{pointer} is geen decimaal getal binnen de toegelaten grenzen.",
    )


class AmountIsOutOfBounds(Refused, frozen=True, kw_only=True):
    """An amount is negative or zero where it must not be, or too large to be true."""

    code = "amount_out_of_bounds"
    rule = "BR-FR-DEC"
    text = words(
        en="The amount {amount} at {pointer} is out of bounds.",
        fr="Le montant {amount} ({pointer}) est hors des bornes.",
        nl="Het bedrag {amount} ({pointer}) ligt buiten de grenzen.",
    )

    amount: int


class CurrencyIsUnknown(Refused, frozen=True, kw_only=True):
    """A currency code is not one of ISO 4217."""

    code = "currency_unknown"
    rule = "ISO-4217"
    text = words(
        en="{currency} is not a currency.",
        fr="{currency} n'est pas une devise.",
        nl="{currency} is geen munteenheid.",
    )

    currency: str


class IdentifierIsWrong(Refused, frozen=True, kw_only=True):
    """A SIREN, SIRET, KBO, VAT number or IBAN has a wrong form or wrong check digits."""

    code = "identifier_wrong"
    rule = "242-nonies-A"
    text = words(
        en="The {kind} number has a wrong form or wrong check digits.",
        fr="Le numéro {kind} a une forme ou une clé de contrôle erronée.",
        nl="Het {kind}-nummer heeft een foute vorm of een fout controlegetal.",
    )

    kind: str


class IdentifiersDisagree(Refused, frozen=True, kw_only=True):
    """A VAT number or SIRET belongs to another enterprise than the registration number."""

    code = "identifiers_disagree"
    rule = "242-nonies-A"
    text = words(
        en="The {kind} number does not belong to registration number {registration}.",
        fr="Le numéro {kind} ne correspond pas au numéro d'entreprise {registration}.",
        nl="Het {kind}-nummer hoort niet bij ondernemingsnummer {registration}.",
    )

    kind: str
    registration: str


class DayIsOutOfBounds(Refused, frozen=True, kw_only=True):
    """A date lies outside the years that documents may carry."""

    code = "day_out_of_bounds"
    rule = "BR-FR-03"
    text = words(
        en="{day} is not in the years 2000 to 2099.",
        fr="Le {day} n'est pas dans les années 2000 à 2099.",
        nl="{day} ligt niet in de jaren 2000 tot 2099.",
    )

    day: date


def unreadable(value: object) -> Refused | None:
    """Refuses a command that holds a text nobody can read safely."""
    pointer = find_unreadable(value)
    return None if pointer is None else TextIsUnreadable(pointer=pointer)


def missing(text: str, pointer: str) -> Refused | None:
    """Refuses an empty text."""
    return None if text else FieldIsMissing(pointer=pointer)


def unknown_currency(currency: str) -> Refused | None:
    """Refuses a currency that ISO 4217 does not list."""
    if currency in EXPONENTS:
        return None
    return CurrencyIsUnknown(currency=currency[:10], pointer="/currency")


def out_of_years(day: date | None, pointer: str) -> Refused | None:
    """Refuses a date outside 2000 to 2099; no date at all is no fault."""
    if day is None or 2000 <= day.year <= 2099:
        return None
    return DayIsOutOfBounds(day=day, pointer=pointer)


def out_of_bounds(amount: int, pointer: str, *, least: int = -LARGEST) -> Refused | None:
    """Refuses an amount below `least` or above what is possible."""
    if least <= amount <= LARGEST:
        return None
    return AmountIsOutOfBounds(amount=amount, pointer=pointer)
