"""A VAT rate and the days on which it is in force."""

from datetime import date

from msgspec import Struct


class DatedRate(Struct, frozen=True, kw_only=True):
    """A VAT rate in percent and when it is in force (`valid_to` is its last day)."""

    rate: str
    valid_from: date
    valid_to: date | None = None
    territory: str = ""
