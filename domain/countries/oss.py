"""Rates of the other member states, for sales to private customers there (One Stop Shop).

A company charges what its customer's country asks that day. Compared on 2026-11-22 with a copy of
the Commission's database of taxes (TEDB, edition of 2026-09-29: every rate in force, and the dates
of the standard rates since 2017); the dates of reduced rates are those of notices of the Commission
and of the states. Rates that one region alone has stand with its name. To be compared again each
quarter, which is why a rate is a row with its dates.
"""

from datetime import date
from decimal import Decimal

from domain.countries.rate import DatedRate
from domain.values.days import is_in_force

_START = date(2021, 7, 1)

_RATES: dict[str, tuple[str, ...]] = {
    "AT": ("20", "13", "10"),
    "BE": ("21", "12", "6"),
    "BG": ("20", "9"),
    "CY": ("19", "9", "5"),
    "CZ": ("21",),
    "DE": ("19", "7"),
    "DK": ("25",),
    "EE": ("9",),
    "ES": ("21", "10", "4"),
    "FI": ("10",),
    "FR": ("20", "10", "5.5", "2.1"),
    "GR": ("24", "13", "6"),
    "HR": ("25", "13", "5"),
    "HU": ("27", "18", "5"),
    "IE": ("23", "13.5", "9", "4.8"),
    "IT": ("22", "10", "5", "4"),
    "LT": ("21", "5"),
    "LU": ("3",),
    "LV": ("21", "12", "5"),
    "MT": ("18", "7", "5"),
    "NL": ("21", "9"),
    "PL": ("23", "8", "5"),
    "PT": ("23", "13", "6"),
    "RO": (),
    "SE": ("25", "12", "6"),
    "SI": ("22", "9.5", "5"),
    "SK": (),
}
"""What did not change since the scheme began."""

_CHANGED: dict[str, tuple[DatedRate, ...]] = {
    "AT": (
        DatedRate(rate="5", valid_from=_START, valid_to=date(2021, 12, 31)),
        DatedRate(rate="4.9", valid_from=date(2026, 7, 1)),
        DatedRate(rate="19", valid_from=_START, territory="Jungholz, Mittelberg"),
    ),
    "CY": (DatedRate(rate="3", valid_from=date(2023, 7, 21)),),
    "CZ": (
        DatedRate(rate="15", valid_from=_START, valid_to=date(2023, 12, 31)),
        DatedRate(rate="10", valid_from=_START, valid_to=date(2023, 12, 31)),
        DatedRate(rate="12", valid_from=date(2024, 1, 1)),
    ),
    "EE": (
        DatedRate(rate="20", valid_from=_START, valid_to=date(2023, 12, 31)),
        DatedRate(rate="22", valid_from=date(2024, 1, 1), valid_to=date(2025, 6, 30)),
        DatedRate(rate="24", valid_from=date(2025, 7, 1)),
        DatedRate(rate="13", valid_from=date(2025, 1, 1)),
        DatedRate(rate="5", valid_from=date(2022, 8, 1), valid_to=date(2024, 12, 31)),
    ),
    "ES": (
        DatedRate(rate="5", valid_from=date(2022, 7, 1), valid_to=date(2024, 9, 30)),
        DatedRate(rate="7.5", valid_from=date(2024, 10, 1), valid_to=date(2024, 12, 31)),
        DatedRate(rate="2", valid_from=date(2024, 10, 1), valid_to=date(2024, 12, 31)),
    ),
    "FI": (
        DatedRate(rate="24", valid_from=_START, valid_to=date(2024, 8, 31)),
        DatedRate(rate="25.5", valid_from=date(2024, 9, 1)),
        DatedRate(rate="14", valid_from=_START, valid_to=date(2025, 12, 31)),
        DatedRate(rate="13.5", valid_from=date(2026, 1, 1)),
    ),
    "FR": (
        DatedRate(rate="13", valid_from=_START, territory="Corse"),
        DatedRate(rate="0.9", valid_from=_START, territory="Corse"),
    ),
    "GR": (
        DatedRate(rate="17", valid_from=_START, territory="Aegean islands"),
        DatedRate(rate="4", valid_from=_START, territory="Aegean islands"),
    ),
    "LT": (
        DatedRate(rate="9", valid_from=_START, valid_to=date(2025, 12, 31)),
        DatedRate(rate="12", valid_from=date(2026, 1, 1)),
    ),
    "LU": (
        DatedRate(rate="17", valid_from=_START, valid_to=date(2022, 12, 31)),
        DatedRate(rate="16", valid_from=date(2023, 1, 1), valid_to=date(2023, 12, 31)),
        DatedRate(rate="17", valid_from=date(2024, 1, 1)),
        DatedRate(rate="14", valid_from=_START, valid_to=date(2022, 12, 31)),
        DatedRate(rate="13", valid_from=date(2023, 1, 1), valid_to=date(2023, 12, 31)),
        DatedRate(rate="14", valid_from=date(2024, 1, 1)),
        DatedRate(rate="8", valid_from=_START, valid_to=date(2022, 12, 31)),
        DatedRate(rate="7", valid_from=date(2023, 1, 1), valid_to=date(2023, 12, 31)),
        DatedRate(rate="8", valid_from=date(2024, 1, 1)),
    ),
    "MT": (DatedRate(rate="12", valid_from=date(2024, 1, 1)),),
    "PT": (
        DatedRate(rate="22", valid_from=_START, territory="Madeira"),
        DatedRate(rate="16", valid_from=_START, territory="Açores"),
    ),
    "RO": (
        DatedRate(rate="19", valid_from=_START, valid_to=date(2025, 7, 31)),
        DatedRate(rate="21", valid_from=date(2025, 8, 1)),
        DatedRate(rate="11", valid_from=date(2025, 8, 1)),
        DatedRate(rate="9", valid_from=_START, valid_to=date(2026, 7, 31)),
        DatedRate(rate="5", valid_from=_START, valid_to=date(2025, 7, 31)),
    ),
    "SK": (
        DatedRate(rate="20", valid_from=_START, valid_to=date(2024, 12, 31)),
        DatedRate(rate="10", valid_from=_START, valid_to=date(2024, 12, 31)),
        DatedRate(rate="23", valid_from=date(2025, 1, 1)),
        DatedRate(rate="19", valid_from=date(2025, 1, 1)),
        DatedRate(rate="5", valid_from=date(2023, 1, 1)),
    ),
}

OSS_RATES: dict[str, tuple[DatedRate, ...]] = {
    country: (
        *(DatedRate(rate=rate, valid_from=_START) for rate in rates),
        *_CHANGED.get(country, ()),
    )
    for country, rates in _RATES.items()
}
"""The rates of each member state, by its ISO code."""


def has_oss_rate(country: str, rate: str, day: date) -> bool:
    """Whether `rate` (shortest form) is one of that member state's on `day`."""
    return any(
        known.rate == rate and is_in_force(known.valid_from, known.valid_to, day)
        for known in OSS_RATES.get(country, ())
    )


def is_standard_rate(country: str, rate: str, day: date) -> bool:
    """Whether `rate` is that member state's standard one on `day`: its highest."""
    in_force = [
        Decimal(known.rate)
        for known in OSS_RATES.get(country, ())
        if not known.territory and is_in_force(known.valid_from, known.valid_to, day)
    ]
    return bool(in_force) and Decimal(rate) == max(in_force)
