"""Every check of a document that could be read, as one list of small named functions.

Codes are those of EN 16931 (BR-…) and Peppol BIS Billing 3 (PEPPOL-…); a check that neither has
carries a name of its own. `services/files/ubl/finding.py` says what is refused and why.
"""

from collections.abc import Callable, Iterator

from services.files.ubl import arithmetic, conformity, identities
from services.files.ubl.document import UblDocument
from services.files.ubl.finding import Finding

Rule = Callable[[UblDocument], Iterator[Finding]]

RULES: tuple[Rule, ...] = (
    arithmetic.lines_add_up,
    arithmetic.allowances_add_up,
    arithmetic.charges_add_up,
    arithmetic.tax_exclusive_follows,
    arithmetic.tax_total_adds_up,
    arithmetic.tax_inclusive_follows,
    arithmetic.payable_follows,
    arithmetic.tax_follows_from_base_and_rate,
    arithmetic.taxable_bases_add_up,
    arithmetic.line_nets_follow_from_price,
    arithmetic.percentages_give_amounts,
    conformity.type_is_an_accounting_document,
    conformity.vat_categories_are_known,
    conformity.exempt_categories_have_no_rate,
    conformity.standard_rate_is_given,
    conformity.exemption_has_a_reason,
    conformity.reverse_charge_names_both_parties,
    conformity.payment_is_dated,
    conformity.prices_are_not_negative,
    conformity.peppol_header_is_complete,
    conformity.sign_is_worth_a_look,
    identities.belgian_numbers,
    identities.french_numbers,
    identities.location_numbers,
    identities.vat_numbers,
    identities.vat_and_enterprise_agree,
    identities.bank_accounts,
    identities.payment_references,
)


def check(document: UblDocument) -> tuple[Finding, ...]:
    """Give what each rule finds, in the order of `RULES`."""
    return tuple(finding for rule in RULES for finding in rule(document))
