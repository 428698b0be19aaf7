"""The people on an invoice: reading BG-4, BG-7, BG-10 and BG-11, and who pays where (BG-16)."""

from services.files.ubl.document import Address, Identifier, Party, PayeeAccount
from services.files.ubl.terms import Terms

_NOWHERE = Address(lines=(), city=None, postcode=None, subdivision=None, country="")

# Which rule is broken when the name or the country is missing; no rule: it may be missing.
SELLER = ("BR-06", "BR-09")
BUYER = ("BR-07", "BR-11")
OTHER = (None, None)


def read_party(party: Terms, mandatory: tuple[str | None, str | None]) -> Party:
    """Read a party element (`cac:Party` or one shaped like it)."""
    name_rule, country_rule = mandatory
    trading_name = party.text("cac:PartyName/cbc:Name")
    legal_name = party.text("cac:PartyLegalEntity/cbc:RegistrationName")
    name = legal_name or trading_name
    if not name and name_rule:
        party.findings.error(name_rule, party.pointer, "the party has no name")
    elif not legal_name and name_rule:
        message = "the party has no legal name; its trading name stands in"
        party.findings.remark(name_rule, party.pointer, message)
    vat_number, tax_registration = _tax_numbers(party)
    return Party(
        pointer=party.pointer,
        name=name or "",
        trading_name=trading_name,
        address=_address(party, country_rule),
        vat_number=vat_number,
        tax_registration=tax_registration,
        legal_id=party.identifier("cac:PartyLegalEntity/cbc:CompanyID"),
        endpoint=party.identifier("cbc:EndpointID"),
        identifiers=_identifiers(party),
        email=party.text("cac:Contact/cbc:ElectronicMail"),
    )


def read_accounts(document: Terms) -> tuple[PayeeAccount, ...]:
    """Read the accounts to pay to, each once, in the order of the file."""
    accounts: dict[str, PayeeAccount] = {}
    for means in document.each("cac:PaymentMeans"):
        for account in means.each("cac:PayeeFinancialAccount"):
            identifier = (account.code("cbc:ID", missing="BR-50") or "").replace(" ", "")
            if identifier and identifier not in accounts:
                accounts[identifier] = PayeeAccount(
                    pointer=account.pointer,
                    identifier=identifier,
                    name=account.text("cbc:Name"),
                    bic=account.code("cac:FinancialInstitutionBranch/cbc:ID"),
                )
    return tuple(accounts.values())


def read_payment_references(document: Terms) -> tuple[str, ...]:
    """Read BT-83, also from the older place Belgian files use, each once."""
    references: dict[str, None] = {}
    for means in document.each("cac:PaymentMeans"):
        named = [r.code() for r in means.each("cbc:PaymentID")]
        for reference in named or [means.code("cbc:InstructionID")]:
            if reference:
                references[reference] = None
    return tuple(references)


def _address(party: Terms, country_rule: str | None) -> Address:
    address = party.one("cac:PostalAddress")
    if address is None:
        if country_rule:
            message = "the party has no address, so not even a country"
            party.findings.error(country_rule, party.pointer, message)
        return _NOWHERE
    lines = ("cbc:StreetName", "cbc:AdditionalStreetName", "cac:AddressLine/cbc:Line")
    country = address.code("cac:Country/cbc:IdentificationCode", missing=country_rule)
    return Address(
        lines=tuple(line for path in lines if (line := address.text(path))),
        city=address.text("cbc:CityName"),
        postcode=address.text("cbc:PostalZone"),
        subdivision=address.text("cbc:CountrySubentity"),
        country=country or "",
    )


def _tax_numbers(party: Terms) -> tuple[str | None, str | None]:
    """Give the number for VAT and the other one: the tax scheme beside each tells them apart."""
    vat_number = other = None
    for scheme in party.each("cac:PartyTaxScheme"):
        number = scheme.code("cbc:CompanyID")
        if (scheme.code("cac:TaxScheme/cbc:ID") or "").upper() != "VAT":
            other = other or number
        elif vat_number and number and number != vat_number:
            message = "a second VAT number; which one counts cannot be told"
            party.findings.error("UBL-REPEATED", scheme.pointer, message)
        else:
            vat_number = number or vat_number
    return vat_number, other


def _identifiers(party: Terms) -> tuple[Identifier, ...]:
    found = (p.identifier("cbc:ID") for p in party.each("cac:PartyIdentification"))
    return tuple(identifier for identifier in found if identifier)
