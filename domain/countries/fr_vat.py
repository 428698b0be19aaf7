"""France: VAT rates, codes with their words, and when the tax is due, by date (CGI).

The references move to the CIBS on 2027-01-01; those to the CGI stay valid until 2028-06-30.
"""

from datetime import date

from domain.countries.exigibility import ExigibilityRule
from domain.countries.rate import DatedRate
from domain.countries.vat_code import VatCode
from domain.values.language import worded

_EVER = date(2000, 4, 1)
_2023 = date(2023, 1, 1)

RATES = (
    DatedRate(rate="20", valid_from=date(2014, 1, 1)),
    DatedRate(rate="19.6", valid_from=_EVER, valid_to=date(2013, 12, 31)),
    DatedRate(rate="10", valid_from=date(2014, 1, 1)),
    DatedRate(rate="7", valid_from=date(2012, 1, 1), valid_to=date(2013, 12, 31)),
    DatedRate(rate="5.5", valid_from=_EVER),
    DatedRate(rate="2.1", valid_from=_EVER),
    DatedRate(rate="8.5", valid_from=_EVER, territory="overseas"),
    DatedRate(rate="2.1", valid_from=_EVER, territory="overseas"),
    DatedRate(rate="1.75", valid_from=_EVER, territory="overseas"),
    DatedRate(rate="1.05", valid_from=_EVER, territory="overseas"),
    DatedRate(rate="13", valid_from=date(2014, 1, 1), territory="corsica"),
    DatedRate(rate="10", valid_from=date(2014, 1, 1), territory="corsica"),
    DatedRate(rate="2.1", valid_from=_EVER, territory="corsica"),
    DatedRate(rate="0.9", valid_from=_EVER, territory="corsica"),
)

_SHARED = ("10", "2.1")
"""Rates that the mainland has too: a line at one of them is elsewhere only when it says so."""

_TERRITORIAL = tuple(
    VatCode(
        code={"overseas": "COL-DOM", "corsica": "COL-CORSE"}[rate.territory],
        category="S",
        rate=rate.rate,
        territory=rate.territory,
        automatic=rate.rate not in _SHARED,
        valid_from=rate.valid_from,
        valid_to=rate.valid_to,
    )
    for rate in RATES
    if rate.territory
)

_EXEMPT_BY_261 = tuple(
    VatCode(
        code=f"EXO-{article}",
        category="E",
        vatex=f"VATEX-FR-CGI{article}",
        automatic=False,
        mention=worded(
            fr=f"Exonération de TVA, article {article} du CGI",
            nl=f"Vrijgesteld van btw, artikel {article} van de Franse CGI",
            en=f"Exempt from VAT, article {article} of the French CGI",
        ),
        valid_from=_EVER,
    )
    for article in ("261-1", "261-2", "261-3", "261-4", "261-5", "261-7", "261-8")
)

_MARGIN = tuple(
    VatCode(
        code=code,
        category="E",
        vatex=vatex,
        automatic=False,
        mention=worded(
            fr=f"Régime particulier – {fr} (article 297 E du CGI)",
            nl=f"Bijzondere regeling – {nl} (artikel 297 E van de Franse CGI)",
            en=f"Margin scheme – {en} (article 297 E of the French CGI)",
        ),
        valid_from=_EVER,
    )
    for code, vatex, fr, nl, en in (
        ("MARGE", "VATEX-EU-F", "Biens d'occasion", "Gebruikte goederen", "Second-hand goods"),
        ("MARGE-ART", "VATEX-EU-I", "Objets d'art", "Kunstvoorwerpen", "Works of art"),
        (
            "MARGE-COLL",
            "VATEX-EU-J",
            "Objets de collection et d'antiquité",
            "Voorwerpen voor verzamelingen of antiquiteiten",
            "Collector's items and antiques",
        ),
        ("MARGE-VOYAGE", "VATEX-EU-D", "Agences de voyages", "Reisbureaus", "Travel agents"),
    )
)

CODES = (
    *_TERRITORIAL,
    VatCode(code="COL", category="S", valid_from=_EVER),
    VatCode(
        code="OSS",
        category="S",
        place="union",
        foreign_rates=True,
        automatic=False,
        valid_from=date(2021, 7, 1),
    ),
    VatCode(code="ZERO", category="Z", valid_from=_EVER),
    VatCode(
        code="IC-B",
        category="K",
        place="union",
        vatex="VATEX-EU-IC",
        mention=worded(
            fr="Exonération de TVA, article 262 ter, I du CGI",
            nl="Vrijgesteld van btw, artikel 262 ter, I van de Franse CGI",
            en="Exempt from VAT, article 262 ter, I of the French CGI",
        ),
        valid_from=_EVER,
    ),
    VatCode(
        code="IC-S",
        category="AE",
        place="union",
        vatex="VATEX-EU-AE",
        exigible="issue",
        mention=worded(
            fr="Autoliquidation – article 283, 2 du CGI",
            nl="Btw verlegd – artikel 283, 2 van de Franse CGI",
            en="Reverse charge – article 283, 2 of the French CGI",
        ),
        valid_from=_EVER,
    ),
    VatCode(
        code="BTP",
        category="AE",
        nature="services",
        place="home",
        vatex="VATEX-EU-AE",
        exigible="payment",
        mention=worded(
            fr="Autoliquidation – article 283, 2 nonies du CGI",
            nl="Btw verlegd – artikel 283, 2 nonies van de Franse CGI",
            en="Reverse charge – article 283, 2 nonies of the French CGI",
        ),
        valid_from=date(2014, 1, 1),
    ),
    VatCode(
        code="AUTO",
        category="AE",
        vatex="VATEX-EU-AE",
        mention=worded(fr="Autoliquidation", nl="Btw verlegd", en="Reverse charge"),
        valid_from=_EVER,
    ),
    VatCode(
        code="EXP",
        category="G",
        place="outside",
        vatex="VATEX-EU-G",
        exigible="issue",
        mention=worded(
            fr="Exonération de TVA, article 262, I du CGI",
            nl="Vrijgesteld van btw, artikel 262, I van de Franse CGI",
            en="Exempt from VAT, article 262, I of the French CGI",
        ),
        valid_from=_EVER,
    ),
    VatCode(
        code="293B",
        category="E",
        regime="franchise",
        vatex="VATEX-FR-FRANCHISE",
        mention=worded(
            fr="TVA non applicable, art. 293 B du CGI",
            nl="Btw niet van toepassing, art. 293 B van de Franse CGI",
            en="VAT not applicable, art. 293 B of the French CGI",
        ),
        valid_from=_EVER,
    ),
    *_EXEMPT_BY_261,
    *_MARGIN,
    VatCode(code="EXO", category="E", valid_from=_EVER),
    VatCode(
        code="294",
        category="O",
        vatex="VATEX-EU-O",
        automatic=False,
        mention=worded(
            fr="TVA non applicable, art. 294, 1 du CGI",
            nl="Btw niet van toepassing, art. 294, 1 van de Franse CGI",
            en="VAT not applicable, art. 294, 1 of the French CGI",
        ),
        valid_from=_EVER,
    ),
    VatCode(
        code="259",
        category="O",
        nature="services",
        place="outside",
        vatex="VATEX-EU-O",
        exigible="issue",
        mention=worded(
            fr="TVA non applicable – art. 259-1 du CGI",
            nl="Btw niet van toepassing – art. 259-1 van de Franse CGI",
            en="VAT not applicable – art. 259-1 of the French CGI",
        ),
        valid_from=date(2010, 1, 1),
    ),
    VatCode(code="HORS", category="O", valid_from=_EVER),
)

EXIGIBILITY = (
    ExigibilityRule(
        exigible="none", deposit=True, category="K", law="CGI 269, 2, d", valid_from=_EVER
    ),
    ExigibilityRule(
        exigible="none",
        deposit=True,
        nature="goods",
        law="CGI 269, 2, a",
        valid_from=_EVER,
        valid_to=date(2022, 12, 31),
    ),
    ExigibilityRule(
        exigible="payment",
        deposit=True,
        nature="goods",
        law="CGI 269, 2, a (loi 2021-1900, art. 30)",
        valid_from=_2023,
    ),
    ExigibilityRule(
        exigible="payment",
        nature="services",
        on_debits=False,
        law="CGI 269, 2, c",
        valid_from=_EVER,
    ),
)
