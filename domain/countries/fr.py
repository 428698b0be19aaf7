"""France: chart of accounts (PCG), journals, retention; VAT and sentences are beside it."""

from datetime import date

from domain.countries import fr_notes, fr_vat
from domain.countries.buyer_number import BuyerNumberRule
from domain.countries.country import CountryRules
from domain.countries.fr_late_payment import LATE_PAYMENT
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
        "vat_payable": "445510",
        "vat_to_carry": "445670",
        "vat_rounding_loss": "658800",
        "vat_rounding_gain": "758800",
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
        Journal(code="CA", kind="cash", label="Caisse", account="530000"),
        Journal(code="OD", kind="miscellaneous", label="Opérations diverses"),
    ),
    rates=fr_vat.RATES,
    vat_codes=fr_vat.CODES,
    exigibility=fr_vat.EXIGIBILITY,
    notes=fr_notes.NOTES,
    bad_debt_vat="vat_collected",
    # CGI 267, II, 1°: a discount reduces the taxable amount once it is granted.
    discount_reduces_vat=True,
    reference="RF",
    # Décret 2022-1299 of 7 October 2022, put off with the invoices by law to these days.
    buyer_numbers=(
        BuyerNumberRule(
            number="SIREN",
            buyer="FR",
            law="CGI ann. II 242 nonies A, I, 1°",
            valid_from=date(2026, 9, 1),
            sizes=("large",),
        ),
        BuyerNumberRule(
            number="SIREN",
            buyer="FR",
            law="CGI ann. II 242 nonies A, I, 1°",
            valid_from=date(2027, 9, 1),
            sizes=("small",),
        ),
    ),
    # Loi 2026-534 of 25 June 2026, art. 36, makes the six years of the tax code ten.
    retention=(
        Retention(law="C. com. art. L123-22", years=10, start="exercise_end", valid_from=_EVER),
        Retention(law="LPF art. L102 B", years=6, start="document", valid_from=_EVER),
        Retention(law="LPF art. L102 B", years=10, start="document", valid_from=date(2027, 1, 1)),
    ),
    late_payment=LATE_PAYMENT,
)
