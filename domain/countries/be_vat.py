"""Belgium: VAT rates, codes with their words, and when the tax is due, by date (CTVA).

The codes are those that accounting packages know (UBL.BE, annex 1); each stands for a grid of the
return: 46 is kept apart for goods (46L) and triangular sales (46T), as the listings want it.
"""

from datetime import date

from domain.countries.exigibility import ExigibilityRule
from domain.countries.rate import DatedRate
from domain.countries.vat_code import VatCode
from domain.values.language import worded

_EVER = date(2000, 1, 1)

RATES = (
    DatedRate(rate="21", valid_from=_EVER),
    DatedRate(rate="12", valid_from=_EVER),
    DatedRate(rate="6", valid_from=_EVER),
)

_REVERSED = worded(fr="Autoliquidation", nl="Btw verlegd", en="Reverse charge")

CODES = (
    VatCode(code="01", category="S", rate="6", valid_from=_EVER),
    VatCode(code="02", category="S", rate="12", valid_from=_EVER),
    VatCode(code="03", category="S", rate="21", valid_from=_EVER),
    VatCode(code="00", category="Z", rate="0", valid_from=_EVER),
    VatCode(
        code="OSS",
        category="S",
        place="union",
        foreign_rates=True,
        automatic=False,
        valid_from=date(2021, 7, 1),
    ),
    VatCode(
        code="44",
        category="AE",
        place="union",
        vatex="VATEX-EU-AE",
        mention=_REVERSED,
        valid_from=_EVER,
    ),
    VatCode(
        code="45",
        category="AE",
        place="home",
        vatex="VATEX-EU-AE",
        mention=_REVERSED,
        valid_from=_EVER,
    ),
    VatCode(
        code="46L",
        category="K",
        place="union",
        vatex="VATEX-EU-IC",
        mention=worded(
            fr="Autoliquidation – art. 39bis CTVA",
            nl="Btw verlegd – art. 39bis W.Btw",
            en="Reverse charge – art. 39bis of the Belgian VAT Code",
        ),
        valid_from=_EVER,
    ),
    VatCode(
        code="46T",
        category="K",
        place="union",
        vatex="VATEX-EU-IC",
        automatic=False,
        mention=worded(
            fr="Autoliquidation – art. 25ter, § 1er, alinéa 2, 3° CTVA",
            nl="Btw verlegd – art. 25ter, § 1, tweede lid, 3° W.Btw",
            en="Reverse charge – art. 25ter, § 1, 2nd paragraph, 3° of the Belgian VAT Code",
        ),
        valid_from=_EVER,
    ),
    VatCode(
        code="47",
        category="G",
        place="outside",
        vatex="VATEX-EU-G",
        mention=worded(
            fr="Exonération de TVA – art. 39 CTVA",
            nl="Vrijgesteld van btw – art. 39 W.Btw",
            en="Exempt from VAT – art. 39 of the Belgian VAT Code",
        ),
        valid_from=_EVER,
    ),
    VatCode(
        code="47",
        category="O",
        nature="services",
        place="outside",
        vatex="VATEX-EU-O",
        mention=worded(
            fr="Non soumis à la TVA belge – art. 21, § 2 CTVA",
            nl="Niet onderworpen aan Belgische btw – art. 21, § 2 W.Btw",
            en="Not subject to Belgian VAT – art. 21, § 2 of the Belgian VAT Code",
        ),
        valid_from=date(2010, 1, 1),
    ),
    VatCode(
        code="47",
        category="AE",
        place="outside",
        vatex="VATEX-EU-AE",
        mention=_REVERSED,
        valid_from=_EVER,
    ),
    VatCode(
        code="SC",
        category="E",
        regime="franchise",
        mention=worded(
            fr="Petite entreprise soumise au régime de la franchise de taxe",
            nl="Kleine onderneming onderworpen aan de vrijstellingsregeling van belasting",
            en="Small enterprise under the tax exemption scheme",
        ),
        valid_from=_EVER,
        valid_to=date(2024, 12, 31),
    ),
    VatCode(
        code="SC",
        category="E",
        regime="franchise",
        mention=worded(
            fr="Régime particulier de la franchise de taxe",
            nl="Bijzondere vrijstellingsregeling van belasting",
            en="Special tax exemption scheme",
        ),
        valid_from=date(2025, 1, 1),
    ),
    VatCode(
        code="00/44",
        category="E",
        automatic=False,
        vatex="VATEX-EU-132",
        mention=worded(
            fr="Exonération de TVA – art. 44 CTVA",
            nl="Vrijgesteld van btw – art. 44 W.Btw",
            en="Exempt from VAT – art. 44 of the Belgian VAT Code",
        ),
        valid_from=_EVER,
    ),
    VatCode(
        code="MA",
        category="E",
        automatic=False,
        vatex="VATEX-EU-F",
        mention=worded(
            fr="Régime particulier – Biens d'occasion",
            nl="Bijzondere regeling – Gebruikte goederen",
            en="Margin scheme – Second-hand goods",
        ),
        valid_from=_EVER,
    ),
    VatCode(
        code="FD",
        category="E",
        automatic=False,
        mention=worded(
            fr="Escompte – art. 28, 1° CTVA",
            nl="Korting voor contant – art. 28, 1° W.Btw",
            en="Discount for early payment – art. 28, 1° of the Belgian VAT Code",
        ),
        valid_from=_EVER,
    ),
    VatCode(code="NA", category="E", valid_from=_EVER),
    VatCode(code="NS", category="O", valid_from=_EVER),
)

# Since 2016 the invoice makes the tax due for what it asks (art. 17, § 1 CTVA), deposits included;
# the deposit on an intra-Community supply does not (art. 17, § 2).
EXIGIBILITY = (
    ExigibilityRule(
        exigible="none", deposit=True, category="K", law="CTVA 17, § 2", valid_from=_EVER
    ),
    ExigibilityRule(exigible="issue", law="CTVA 17, § 1", valid_from=_EVER),
)
