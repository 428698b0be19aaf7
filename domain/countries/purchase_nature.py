"""What the account of a purchase says of its nature: goods or services, where nobody else does.

Only accounts that hold nothing but goods say so. The others say nothing: works stand among fixed
assets, and carriage beside what is carried. What is unknown is deducted like a service, for VAT
that is deducted late is lost to nobody, and VAT deducted early is claimed back with interest.
"""

from domain.countries.country import Country
from domain.values.vat import Nature

# PCG: raw materials and other supplies, goods for resale, and of what is not stocked the small
# equipment and office supplies (606.1, energy, is settled by periods); vehicles, office equipment
# and furniture of the fixed assets. In Belgium no purchase waits, so nothing is asked.
_GOODS: dict[Country, tuple[str, ...]] = {
    "FR": ("601", "602", "6063", "6064", "607", "2182", "2183", "2184"),
    "BE": (),
}


def nature_of(country: Country, account: str) -> Nature:
    """The nature of what is booked on an account that the bill or its supplier names."""
    return "goods" if account.startswith(_GOODS[country]) else ""
