"""Belgium: interest for late payment by half-year (law of 2 August 2002), and CDE book XIX."""

from datetime import date

from domain.countries.be_holidays import is_working_day
from domain.countries.late_payment import (
    Bounds,
    ConsumerLaw,
    LatePaymentRules,
    Tariff,
    Tier,
    half_years,
    years,
)

# The ECB's rate and eight points, rounded up to the half point. That of the second half of 2026
# is not known here: it has no row.
_BUSINESS = half_years(2023, "10.5", "12", "12.5", "12.5", "11.5", "10.5", "10.5")
# The legal rate in civil matters, which is below what the law lets a contract ask of a consumer.
_CIVIL = years(2023, "5.25", "5.75", "4.5", "4.5")

_CONSUMER = ConsumerLaw(
    law="CDE XIX.2-XIX.4",
    valid_from=date(2023, 9, 1),
    days=14,
    posted=3,
    is_working_day=is_working_day,
    tiers=(
        Tier(above=0, fixed=20_00),
        Tier(above=150_00, fixed=30_00, percent=10),
        Tier(above=500_00, fixed=65_00, percent=5),
    ),
    most=2000_00,
)

LATE_PAYMENT = LatePaymentRules(
    # Businesses agree on what they like, short of what is manifestly unfair.
    company=Tariff(law="L-2002-08-02", rates=_BUSINESS, lump_sum=40_00, bounds=Bounds()),
    public=Tariff(law="L-2002-08-02", rates=_BUSINESS, lump_sum=40_00),
    # A contract asks of a consumer at most what a business would owe (XIX.4, 1°).
    private=Tariff(
        law="CDE-XIX.4", rates=_CIVIL, consumer=_CONSUMER, bounds=Bounds(most=_BUSINESS)
    ),
)
