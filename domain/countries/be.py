"""Belgium: chart of accounts (PCMN/MAR), journals, retention; VAT and sentences are beside it."""

from datetime import date

from domain.countries import be_notes, be_vat
from domain.countries.be_late_payment import LATE_PAYMENT
from domain.countries.buyer_number import BuyerNumberRule
from domain.countries.country import CountryRules
from domain.ledger.chart import Journal
from domain.privacy.retention import Retention

_EVER = date(2000, 1, 1)

RULES = CountryRules(
    code="BE",
    currency="EUR",
    time_zone="Europe/Brussels",
    # PCMN: 642 and 742 are losses and gains on trade receivables, 657 and 757 other financial
    # ones. VAT is due on issue, so that 451900 and 411900 serve only who pays it on receipts. A
    # return is in cents: nothing is rounded on 451200 and 411200.
    accounts={
        "customers": "400000",
        "doubtful": "407000",
        "suppliers": "440000",
        "deposits_received": "460000",
        "deposits_paid": "406000",
        "vat_collected": "451000",
        "vat_pending_sales": "451900",
        "vat_deductible": "411000",
        "vat_pending_purchases": "411900",
        "vat_payable": "451200",
        "vat_to_carry": "411200",
        "vat_rounding_loss": "657800",
        "vat_rounding_gain": "757800",
        "sales": "700000",
        "sales_services": "705000",
        "shipping": "706000",
        "purchases": "604000",
        "discounts_given": "653000",
        "discounts_received": "753000",
        "bad_debts": "642000",
        "bad_debts_recovered": "742000",
        "penalties_received": "744000",
        "payment_difference_loss": "657000",
        "payment_difference_gain": "757000",
        "exchange_loss": "654000",
        "exchange_gain": "754000",
        "bank": "550000",
        "bank_charges": "658000",
        "cheques_to_collect": "540000",
        "internal_transfers": "580000",
        "suspense": "499000",
    },
    journals=(
        Journal(code="VEN", kind="sale", label="Ventes"),
        Journal(code="ACH", kind="purchase", label="Achats"),
        Journal(code="BNK", kind="bank", label="Banque"),
        Journal(code="CAI", kind="cash", label="Caisse", account="570000"),
        Journal(code="OD", kind="miscellaneous", label="Opérations diverses"),
    ),
    rates=be_vat.RATES,
    vat_codes=be_vat.CODES,
    exigibility=be_vat.EXIGIBILITY,
    notes=be_notes.NOTES,
    bad_debt_vat="vat_deductible",
    # CTVA 28, 1°: VAT is calculated on the discounted price at once.
    discount_reduces_vat=False,
    reference="OGM",
    buyer_numbers=(
        BuyerNumberRule(number="KBO", buyer="BE", law="AR n° 1, art. 5, § 1, 3°", valid_from=_EVER),
    ),
    retention=(
        Retention(law="CTVA art. 60", years=10, start="next_january", valid_from=_EVER),
        Retention(law="CDE art. III.88", years=7, start="exercise_end", valid_from=_EVER),
    ),
    late_payment=LATE_PAYMENT,
)
