"""France: chart of accounts (PCG), VAT rates and exemption mentions (CGI), by date."""

from datetime import date

from domain.countries.country import CountryRules, DatedRate, Mention
from domain.ledger.chart import Journal
from domain.privacy.retention import Retention

_EVER = date(2000, 4, 1)

RULES = CountryRules(
    code="FR",
    currency="EUR",
    time_zone="Europe/Paris",
    # PCG 2026 (ANC 2022-06): no 79 any more, 658 and 758 for differences and penalties, 656 and
    # 756 for exchange on trade. It has no account for VAT that waits for the money: 44574 and
    # 44564 are usual subdivisions.
    accounts={
        "customers": "411000",
        "doubtful": "416000",
        "suppliers": "401000",
        "deposits_received": "419100",
        "deposits_paid": "409100",
        "vat_collected": "445710",
        "vat_pending_sales": "445740",
        "vat_deductible": "445660",
        "vat_pending_purchases": "445640",
        "sales": "707000",
        "sales_services": "706000",
        "shipping": "708500",
        "purchases": "607000",
        "discounts_given": "665000",
        "discounts_received": "765000",
        "bad_debts": "654000",
        "bad_debts_recovered": "758300",
        "penalties_received": "758100",
        "payment_difference_loss": "658000",
        "payment_difference_gain": "758000",
        "exchange_loss": "656000",
        "exchange_gain": "756000",
        "bank": "512000",
        "bank_charges": "627000",
        "cheques_to_collect": "511200",
        "internal_transfers": "580000",
        "suspense": "471000",
    },
    journals=(
        Journal(code="VE", kind="sale", label="Ventes"),
        Journal(code="HA", kind="purchase", label="Achats"),
        Journal(code="BQ", kind="bank", label="Banque"),
        Journal(code="OD", kind="miscellaneous", label="Opérations diverses"),
    ),
    rates=(
        DatedRate(rate="20", valid_from=date(2014, 1, 1)),
        DatedRate(rate="19.6", valid_from=_EVER, valid_to=date(2013, 12, 31)),
        DatedRate(rate="10", valid_from=date(2014, 1, 1)),
        DatedRate(rate="7", valid_from=date(2012, 1, 1), valid_to=date(2013, 12, 31)),
        DatedRate(rate="5.5", valid_from=_EVER),
        DatedRate(rate="2.1", valid_from=_EVER),
        DatedRate(rate="8.5", valid_from=_EVER, territory="overseas"),
        DatedRate(rate="1.75", valid_from=_EVER, territory="overseas"),
        DatedRate(rate="1.05", valid_from=_EVER, territory="overseas"),
        DatedRate(rate="13", valid_from=date(2014, 1, 1), territory="corsica"),
        DatedRate(rate="0.9", valid_from=_EVER, territory="corsica"),
    ),
    # The references move to the CIBS on 2027-01-01; those to the CGI stay valid until 2028-06-30.
    mentions=(
        Mention(
            category="E",
            regime="franchise",
            text="TVA non applicable, art. 293 B du CGI",
            valid_from=_EVER,
        ),
        Mention(category="AE", text="Autoliquidation", valid_from=_EVER),
        Mention(
            category="K",
            text="Exonération de TVA, article 262 ter, I du CGI",
            valid_from=_EVER,
        ),
        Mention(category="G", text="Exonération de TVA, article 262, I du CGI", valid_from=_EVER),
    ),
    reference="RF",
    # Loi 2026-534 of 25 June 2026, art. 36, makes the six years of the tax code ten.
    retention=(
        Retention(law="C. com. art. L123-22", years=10, start="exercise_end", valid_from=_EVER),
        Retention(law="LPF art. L102 B", years=6, start="document", valid_from=_EVER),
        Retention(law="LPF art. L102 B", years=10, start="document", valid_from=date(2027, 1, 1)),
    ),
)
