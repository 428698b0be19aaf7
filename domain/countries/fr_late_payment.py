"""France: penalties for late payment by half-year (C. com. L441-10 and D441-5, CCP R2192-31)."""

from domain.countries.late_payment import Bounds, LatePaymentRules, LateRate, Tariff, half_years

# The ECB's rate for main refinancing on 1 January and 1 July was 2.5, 4; 4.5, 4.25; 3.15, 2.15;
# 2.15. That of 1 July 2026 is not known here: its half-year has no row.
_BUSINESS = half_years(2023, "12.5", "14", "14.5", "14.25", "13.15", "12.15", "12.15")
_PUBLIC = half_years(2023, "10.5", "12", "12.5", "12.25", "11.15", "10.15", "10.15")
# The legal rate between professionals was 4.92, 3.71, 2.76 and 2.62 %: a contract says three times
# as much or more (L441-10, II). That of other half-years is not known here.
_LEAST: tuple[LateRate, ...] = half_years(2024, "", "14.76", "11.13", "8.28", "7.86")[1:]

LATE_PAYMENT = LatePaymentRules(
    # Without another rate in the terms: that of the ECB and ten points; due without a reminder.
    company=Tariff(law="L441-10", rates=_BUSINESS, lump_sum=40_00, bounds=Bounds(least=_LEAST)),
    # Public buyers: eight points, at the rate of the half-year in which interest begins.
    public=Tariff(law="R2192-31-CCP", rates=_PUBLIC, lump_sum=40_00, settled_at_start=True),
    # Consumers owe what a judge or their contract says, and nothing that a reminder could reckon.
    private=Tariff(),
)
