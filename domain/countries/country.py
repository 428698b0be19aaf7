"""What a country's rules are made of: its chart, journals, rates, VAT codes, each with dates."""

from datetime import date
from typing import Literal

from msgspec import Struct

from domain.countries import exigibility, vat_code
from domain.countries.buyer_number import BuyerNumberRule
from domain.countries.exigibility import ExigibilityRule, Taxing
from domain.countries.late_payment import LatePaymentRules
from domain.countries.notes import LegalNote
from domain.countries.oss import has_oss_rate
from domain.countries.rate import DatedRate
from domain.countries.vat_code import Supply, VatCode
from domain.countries.vat_code import VatRegime as VatRegime  # noqa: PLC0414
from domain.ledger.chart import AccountRole, Journal
from domain.privacy.retention import Retention
from domain.values.days import is_in_force
from domain.values.vat import Exigible

Country = Literal["FR", "BE"]
ReferenceKind = Literal["OGM", "RF"]


class CountryRules(Struct, frozen=True, kw_only=True):
    """The rules of one country that this domain needs, as data.

    `bad_debt_vat` is the account that takes back the VAT of a debt that is lost. A cash discount
    takes VAT off with the price only where `discount_reduces_vat`.
    """

    code: Country
    currency: str
    time_zone: str
    accounts: dict[AccountRole, str]
    journals: tuple[Journal, ...]
    rates: tuple[DatedRate, ...]
    vat_codes: tuple[VatCode, ...]
    exigibility: tuple[ExigibilityRule, ...]
    notes: tuple[LegalNote, ...]
    bad_debt_vat: AccountRole
    discount_reduces_vat: bool
    reference: ReferenceKind
    buyer_numbers: tuple[BuyerNumberRule, ...]
    retention: tuple[Retention, ...]
    late_payment: LatePaymentRules

    def has_rate(self, rate: str, day: date) -> bool:
        """Whether `rate` (shortest form) is in force on `day`."""
        return any(
            known.rate == rate and is_in_force(known.valid_from, known.valid_to, day)
            for known in self.rates
        )

    def charges_rate(self, code: VatCode, rate: str, customer: str, day: date) -> bool:
        """Whether a line of that code may have that rate, to a customer of that country."""
        if code.category != "S":
            return rate == "0"
        if code.foreign_rates:
            return has_oss_rate(customer, rate, day)
        return code.rate in ("", rate) and self.has_rate(rate, day)

    def code_for(self, supply: Supply) -> VatCode | None:
        """The VAT code of a supply that names none (M64)."""
        return vat_code.choose(self.vat_codes, supply)

    def code_named(self, name: str, rate: str, day: date) -> VatCode | None:
        """The VAT code of that name on that day; where it has several rows, the one of the rate."""
        named = [row for row in self.vat_codes if row.code == name]
        fitting = [row for row in named if row.rate in ("", rate)] or named
        return vat_code.find(fitting, name, day)

    def exigible(self, code: VatCode | None, taxing: Taxing) -> Exigible:
        """When the tax of a line of that code is due; the code's own rule goes first."""
        if code is not None and code.exigible is not None and not taxing.deposit:
            return code.exigible
        return exigibility.exigible_by(self.exigibility, taxing)
