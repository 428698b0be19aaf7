"""How the lines of a sale are taxed: their nature, their VAT code, its words, when it falls due."""

from collections.abc import Iterable, Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from domain.countries.atlas import RULES
from domain.countries.country import CountryRules
from domain.countries.exigibility import Taxing
from domain.countries.notes import Occasion, Printed, notes_for
from domain.countries.vat_code import Supply, VatCode, place_of
from domain.parties.company import Company
from domain.parties.contact import ContactDetails
from domain.sales.content import InvoiceKind
from domain.sales.document import Line
from domain.values.language import Language
from domain.values.vat import Exigible, Nature, Taxable, VatAmount, VatShare, share_out


class Sale(Struct, frozen=True, kw_only=True):
    """A sale about to be invoiced: by whom, to whom, as what, on which day, in which language.

    `supplied` is the day of supply, `paid` that the money of a deposit has come in.
    """

    company: Company
    customer: ContactDetails
    day: date
    kind: InvoiceKind = "invoice"
    language: Language = "fr"
    supplied: date | None = None
    paid: bool = False

    @property
    def rules(self) -> CountryRules:
        """The rules of the company's country."""
        return RULES[self.company.country]

    @property
    def chargeable_on(self) -> date:
        """The day that decides on rate and words: of the supply, or of the invoice before it."""
        return self.day if self.supplied is None else min(self.supplied, self.day)

    @property
    def on_debits(self) -> bool:
        """Whether the company pays the tax on services as it invoices them."""
        return "vat_on_debits" in self.company.options


def complete(lines: Sequence[Line], sale: Sale) -> tuple[Line, ...]:
    """The lines with the nature, the VAT code and the legal words that they do not give."""
    return tuple(line if line.kind == "text" else _completed(line, sale) for line in lines)


def code_of(line: Line, sale: Sale) -> VatCode | None:
    """The VAT code of a line on the day its tax becomes chargeable, if it has a right one."""
    if line.vat_code:
        return sale.rules.code_named(line.vat_code, line.vat_rate, sale.chargeable_on)
    return sale.rules.code_for(
        Supply(
            category=line.vat_category,
            rate=line.vat_rate,
            nature=line.nature,
            place=place_of(sale.customer.address.country, sale.company.country),
            regime=sale.company.vat_regime,
            day=sale.chargeable_on,
        )
    )


def share(lines: Iterable[Line], vat: Iterable[VatAmount], sale: Sale) -> tuple[VatShare, ...]:
    """The VAT of a document beneath its rates: by code, nature and exigibility (M64)."""
    return share_out(
        (
            Taxable(
                line.vat_category,
                line.vat_rate,
                line.net,
                tax=line.tax,
                code=line.vat_code,
                nature=line.nature,
                exigible=_exigible(line, sale),
            )
            for line in lines
            if line.kind != "text"
        ),
        vat,
    )


def notes(lines: Iterable[Line], document: Printed, sale: Sale) -> tuple[str, ...]:
    """The sentences that the document must carry beside its lines, in its language (M69)."""
    charged = [line for line in lines if line.kind != "text"]
    services = any(line.nature == "services" for line in charged)
    occasion = Occasion(
        document=document,
        on_debits=sale.on_debits and services,
        business=sale.customer.nature != "private",
        vat_codes=frozenset(line.vat_code for line in charged),
        day=sale.chargeable_on,
    )
    return notes_for(sale.rules.notes, occasion, sale.language)


def _completed(line: Line, sale: Sale) -> Line:
    line = replace(line, nature=line.nature or _nature_of(line, sale.company))
    row = code_of(line, sale)
    if row is None:
        return line
    words = line.exemption or row.mention.get(sale.language, "")
    return replace(line, vat_code=row.code, exemption=words)


def _nature_of(line: Line, company: Company) -> Nature:
    """Services where the account says so, else goods, whose tax is due the soonest."""
    return "services" if line.account == company.accounts["sales_services"] else "goods"


def _exigible(line: Line, sale: Sale) -> Exigible:
    row = code_of(line, sale)
    taxing = Taxing(
        nature=line.nature,
        category=line.vat_category,
        deposit=sale.kind == "deposit",
        on_debits=sale.on_debits,
        day=sale.day,
    )
    # A deposit is invoiced as it is paid: what its payment makes due is due with the invoice.
    exigible = sale.rules.exigible(row, taxing)
    return "issue" if exigible == "payment" and sale.paid else exigible
