"""Amounts, decimals and days as readers of a language write them on paper."""

from datetime import date
from decimal import Decimal

from services.files.table import Language, places_of

MARKS: dict[Language, dict[int, str]] = {
    "en": str.maketrans({}),
    "fr": str.maketrans({",": "\u202f", ".": ","}),
    "nl": str.maketrans({",": ".", ".": ","}),
}
"""Marks of thousands and decimals; French has a narrow space that no line breaks at."""


def write_amount(amount: int, currency: str, language: Language) -> str:
    """Minor units with all their decimals: 1 234,56."""
    places = places_of(currency)
    exact = Decimal(amount).scaleb(-places)
    return f"{exact:,.{places}f}".translate(MARKS[language])


def write_decimal(text: str, language: Language) -> str:
    """A decimal string with the decimals that it has."""
    return f"{Decimal(text):,f}".translate(MARKS[language])


def write_day(day: date, language: Language) -> str:
    """A day in digits, the year first in English."""
    return day.isoformat() if language == "en" else f"{day:%d/%m/%Y}"
