"""Words, amounts, quantities and dates as a company of France or Belgium writes them."""

from datetime import date
from decimal import Decimal

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_currency, format_decimal

from domain.countries.country import Country
from domain.sales.pricing import Language
from domain.sales.template import TemplateKind
from domain.values.money import written
from services.printing.words import BELGIAN_CREDIT_NOTE, IN_BELGIUM, LABELS, TITLES


class Writing:
    """How a document of one language, from a company of one country, says what it says."""

    def __init__(self, language: Language, country: Country, currency: str) -> None:
        self.language: Language = language
        self.country = country
        at_home = {"fr": country, "nl": "BE", "en": "GB"}
        self._locale = Locale(language, at_home[language])
        self._currency = currency

    def money(self, amount: int) -> str:
        """An amount of minor units with its currency: 1 210,00 €."""
        return format_currency(self._exact(amount), self._currency, locale=self._locale)

    def amount(self, amount: int) -> str:
        """The same without the currency, for columns."""
        value = self._exact(amount)
        places = -int(value.as_tuple().exponent)
        pattern = "#,##0." + "0" * places if places else "#,##0"
        return format_decimal(value, pattern, locale=self._locale)

    def price(self, text: str) -> str:
        """A unit price with all its decimals, two at least."""
        return format_decimal(Decimal(text), "#,##0.00####", locale=self._locale)

    def quantity(self, text: str) -> str:
        """A quantity with the decimals that it has."""
        return format_decimal(Decimal(text), "#,##0.####", locale=self._locale)

    def percent(self, text: str) -> str:
        """A percentage: 5,5 %."""
        value = format_decimal(Decimal(text), "0.##", locale=self._locale)
        return f"{value}\u00a0%" if self._locale.language != "en" else f"{value}%"

    def day(self, day: date) -> str:
        """A date in words: 16 mars 2026."""
        return format_date(day, "d MMMM y", locale=self._locale)

    def short_day(self, day: date) -> str:
        """A date in digits, for columns: 16/03/2026."""
        return format_date(day, "dd/MM/y", locale=self._locale)

    def word(self, name: str) -> str:
        """A word of the page; French has some of its own in Belgium."""
        if self.country == "BE" and self.language == "fr" and name in IN_BELGIUM:
            return IN_BELGIUM[name]
        return LABELS[name][self.language]

    def title(self, kind: TemplateKind) -> str:
        """What a document is called; a Belgian credit note is no "avoir"."""
        if kind == "credit_note" and self.country == "BE":
            return BELGIAN_CREDIT_NOTE[self.language]
        return TITLES[kind][self.language]

    def month(self, day: date) -> str:
        """The month of a date: mars 2026."""
        return format_date(day, "MMMM y", locale=self._locale)

    def country_name(self, code: str) -> str:
        """The name of a country; an unknown code as it is."""
        return str(self._locale.territories.get(code, code))

    def _exact(self, amount: int) -> Decimal:
        return Decimal(written(amount, self._currency))


def siren(number: str) -> str:
    """A SIREN in groups of three, a SIRET with its last five apart; anything else as it is."""
    if not (number.isdigit() and len(number) in (9, 14)):
        return number
    groups = [number[at : at + 3] for at in (0, 3, 6)]
    return "\u00a0".join([*groups, *filter(None, [number[9:]])])


def enterprise(number: str) -> str:
    """A Belgian enterprise number with its dots: 0477.472.701."""
    if not (number.isdigit() and len(number) == 10):
        return number
    return f"{number[:4]}.{number[4:7]}.{number[7:]}"


def vat_number(number: str) -> str:
    """A VAT number with its country apart, and in groups where it is ours."""
    country, rest = number[:2], number[2:]
    if country == "BE":
        return f"BE\u00a0{enterprise(rest)}"
    if country == "FR" and len(rest) == 11:
        return f"FR\u00a0{rest[:2]}\u00a0{siren(rest[2:])}"
    return number


def iban(number: str) -> str:
    """An IBAN in groups of four."""
    return "\u00a0".join(number[at : at + 4] for at in range(0, len(number), 4))
