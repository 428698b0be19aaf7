"""Intervat XML: the periodic VAT return, the listing of customers, the one of sales to the Union.

Namespaces: what is the form's own is in that of its consignment, what describes a person in
InputCommon. The administration's schemas (version 0.9) say the order of all of it.
"""

import re
from collections.abc import Iterable, Mapping

from lxml import etree
from msgspec import Struct

from domain.ledger.vat_period import VatPeriod
from domain.parties.company import Company
from domain.values.money import written

MEDIA_TYPE = "application/xml"
COMMON = "http://www.minfin.fgov.be/InputCommon"
RETURN = "http://www.minfin.fgov.be/VATConsignment"
CLIENTS = "http://www.minfin.fgov.be/ClientListingConsignment"
UNION = "http://www.minfin.fgov.be/IntraConsignment"
MAIL = re.compile(r"[A-Za-z0-9_.-]+@[A-Za-z0-9_.-]+\.[A-Za-z]{2,5}", re.ASCII)
"""The mail addresses that the schemas take; another one is left out."""
NOT_SENT = ("XX", "YY")
"""Totals of the form that the administration makes itself."""


class ReturnWishes(Struct, frozen=True, kw_only=True):
    """What a filer says beside the grids; `replaces` is Intervat's reference of a filed return."""

    no_clients: bool = False
    refund: bool = False
    payment_slips: bool = False
    replaces: str = ""
    reference: str = ""

    @property
    def said(self) -> tuple[str, ...]:
        """The names of what is wished, to be kept with the filing."""
        return tuple(name for name in WISHES if getattr(self, name))


WISHES = ("no_clients", "refund", "payment_slips")


class Client(Struct, frozen=True, kw_only=True):
    """A customer of the yearly listing: number without its prefix, amounts in cents, signed."""

    vat_number: str
    turnover: int
    tax: int


class UnionClient(Struct, frozen=True, kw_only=True):
    """A customer in the Union: `state` (EL for Greece) and number apart; `code` L, S or T."""

    state: str
    vat_number: str
    code: str
    amount: int
    corrects: VatPeriod | None = None


def write_return(
    company: Company, period: VatPeriod, grids: Mapping[str, int], wishes: ReturnWishes
) -> bytes:
    """The return of a period; grids in cents, never negative, with exactly one of 71 and 72."""
    root, own = _consignment(RETURN, "VATConsignment", VATDeclarationsNbr="1")
    declaration = _add(root, own, "VATDeclaration", SequenceNumber="1", **_named(wishes.reference))
    if wishes.replaces:
        _add(declaration, own, "ReplacedVATDeclaration", wishes.replaces)
    _declare(declaration, own, company)
    _date(_add(declaration, own, "Period"), own, period)
    data = _add(declaration, own, "Data")
    sent = {int(grid): amount for grid, amount in grids.items() if grid not in NOT_SENT}
    for grid, amount in sorted(sent.items()):
        _add(data, own, "Amount", written(amount, "EUR"), GridNumber=str(grid))
    _add(declaration, own, "ClientListingNihil", _yes(wishes.no_clients))
    _add(
        declaration,
        own,
        "Ask",
        Restitution=_yes(wishes.refund),
        Payment=_yes(wishes.payment_slips),
    )
    return _bytes(root)


def write_clients(
    company: Company, year: int, clients: Iterable[Client], reference: str = ""
) -> bytes:
    """The listing of the Belgian customers of a year; it may be empty."""
    listed = list(clients)
    root, own = _consignment(CLIENTS, "ClientListingConsignment", ClientListingsNbr="1")
    listing = _add(
        root,
        own,
        "ClientListing",
        SequenceNumber="1",
        ClientsNbr=str(len(listed)),
        **_named(reference),
        TurnOverSum=written(sum(client.turnover for client in listed), "EUR"),
        VATAmountSum=written(sum(client.tax for client in listed), "EUR"),
    )
    _declare(listing, own, company)
    _add(listing, own, "Period", str(year))
    for number, client in enumerate(listed, start=1):
        each = _add(listing, own, "Client", SequenceNumber=str(number))
        _add(each, own, "CompanyVATNumber", client.vat_number, issuedBy="BE")
        _add(each, own, "TurnOver", written(client.turnover, "EUR"))
        _add(each, own, "VATAmount", written(client.tax, "EUR"))
    return _bytes(root)


def write_union(
    company: Company, period: VatPeriod, clients: Iterable[UnionClient], reference: str = ""
) -> bytes:
    """The listing of sales to the Union in a period; without any there is none to file."""
    listed = list(clients)
    root, own = _consignment(UNION, "IntraConsignment", IntraListingsNbr="1")
    listing = _add(
        root,
        own,
        "IntraListing",
        SequenceNumber="1",
        ClientsNbr=str(len(listed)),
        **_named(reference),
        AmountSum=written(sum(client.amount for client in listed), "EUR"),
    )
    _declare(listing, own, company)
    _date(_add(listing, own, "Period"), own, period)
    for number, client in enumerate(listed, start=1):
        each = _add(listing, own, "IntraClient", SequenceNumber=str(number))
        _add(each, own, "CompanyVATNumber", client.vat_number, issuedBy=client.state)
        _add(each, own, "Code", client.code)
        _add(each, own, "Amount", written(client.amount, "EUR"))
        if client.corrects is not None:
            _date(_add(each, own, "CorrectingPeriod"), own, client.corrects)
    return _bytes(root)


def state_and_number(vat_number: str) -> tuple[str, str]:
    """A VAT number as the listing wants it: the member state, EL for Greece, then the rest."""
    state = {"GR": "EL"}.get(vat_number[:2], vat_number[:2])
    return state, vat_number[2:]


def _consignment(space: str, name: str, **attributes: str) -> tuple[etree._Element, str]:
    root = etree.Element(etree.QName(space, name), attributes, nsmap={None: COMMON, "ns2": space})
    return root, space


def _declare(parent: etree._Element, own: str, company: Company) -> None:
    """The declarant: what describes a person is in the other namespace."""
    declarant = _add(parent, own, "Declarant")
    email = company.profile.email
    said = {
        "VATNumber": company.vat_number.removeprefix("BE"),
        "Name": company.name[:200],
        "Street": company.address.street[:200],
        "PostCode": company.address.postal_code[:15],
        "City": company.address.city[:184],
        "CountryCode": company.address.country,
        "EmailAddress": email if MAIL.fullmatch(email) else "",
        "Phone": "".join(filter(str.isdigit, company.profile.phone)),
    }
    for name, text in said.items():
        if text:
            _add(declarant, COMMON, name, text)


def _date(parent: etree._Element, own: str, period: VatPeriod) -> None:
    if period.months == 1:
        _add(parent, own, "Month", str(period.month))
    else:
        _add(parent, own, "Quarter", str(period.quarter))
    _add(parent, own, "Year", str(period.year))


def _add(
    parent: etree._Element, space: str, name: str, text: str | None = None, **attributes: str
) -> etree._Element:
    element = etree.SubElement(parent, etree.QName(space, name), attributes)
    element.text = text
    return element


def _named(reference: str) -> dict[str, str]:
    return {"DeclarantReference": reference} if reference else {}


def _yes(wanted: bool) -> str:
    return "YES" if wanted else "NO"


def _bytes(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
