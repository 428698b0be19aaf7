"""Which rules hold in which country."""

from domain.countries import be, fr
from domain.countries.country import Country, CountryRules

RULES: dict[Country, CountryRules] = {"FR": fr.RULES, "BE": be.RULES}
