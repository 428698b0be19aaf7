"""What a country's rules are made of: its chart, journals, rates and mentions, each with dates."""

from datetime import date
from typing import Literal

from msgspec import Struct

from domain.ledger.chart import AccountRole, Journal
from domain.privacy.retention import Retention
from domain.values.vat import VatCategory

Country = Literal["FR", "BE"]
VatRegime = Literal["normal", "simplified", "franchise"]
ReferenceKind = Literal["OGM", "RF"]


class DatedRate(Struct, frozen=True, kw_only=True):
    """A VAT rate in percent and when it is in force (`valid_to` is its last day)."""

    rate: str
    valid_from: date
    valid_to: date | None = None
    territory: str = ""


class Mention(Struct, frozen=True, kw_only=True):
    """The words the law wants on a document without VAT, and when they are the right words."""

    category: VatCategory
    text: str
    valid_from: date
    valid_to: date | None = None
    regime: VatRegime | None = None


class CountryRules(Struct, frozen=True, kw_only=True):
    """The rules of one country that this domain needs, as data."""

    code: Country
    currency: str
    time_zone: str
    accounts: dict[AccountRole, str]
    journals: tuple[Journal, ...]
    rates: tuple[DatedRate, ...]
    mentions: tuple[Mention, ...]
    reference: ReferenceKind
    retention: tuple[Retention, ...]

    def has_rate(self, rate: str, day: date) -> bool:
        """Whether `rate` (shortest form) is in force on `day`."""
        return any(
            known.rate == rate and is_in_force(known.valid_from, known.valid_to, day)
            for known in self.rates
        )

    def mention(self, category: VatCategory, regime: VatRegime, day: date) -> str:
        """The words for a line of `category` on `day`, or an empty text when there are none.

        Words of the company's own regime go before words that hold for every company.
        """
        fitting = [
            mention
            for mention in self.mentions
            if mention.category == category
            and mention.regime in (regime, None)
            and is_in_force(mention.valid_from, mention.valid_to, day)
        ]
        fitting.sort(key=lambda mention: mention.regime is None)
        return fitting[0].text if fitting else ""


def is_in_force(valid_from: date, valid_to: date | None, day: date) -> bool:
    """Whether `day` lies between the two days, both counted."""
    return valid_from <= day and (valid_to is None or day <= valid_to)
