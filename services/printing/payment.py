"""How a document says that it is to be paid: account, reference, instalments, and the SEPA code."""

from decimal import Decimal
from typing import Any

import segno.helpers

from domain.parties.company import Company
from domain.sales.template import NewTemplate
from domain.values.money import written
from services.printing import writing
from services.printing.paper import Paper
from services.printing.sheet import Detail, Payment
from services.printing.writing import Writing

_ASKING = ("invoice", "deposit_request", "reminder")
"""What asks for money."""
_LONGEST_NAME = 70
_SMALLEST, _LARGEST = 1, 99_999_999_999


def payment_of(paper: Paper, company: Company, look: NewTemplate, write: Writing) -> Payment | None:
    """The block of payment; None where nothing is to be paid."""
    due = amount_due(paper)
    if due <= 0 or paper.is_settled or paper.document_kind not in _ASKING:
        return None
    reference = paper.payment_reference
    details = [Detail("IBAN", writing.iban(iban)) for iban in company.ibans[:2]]
    if company.profile.bic and company.ibans:
        details.append(Detail("BIC", company.profile.bic))
    if reference:
        name = "communication" if reference.startswith("+++") else "reference"
        details.append(Detail(write.word(name), reference))
    schedule = [
        Detail(write.short_day(part.due_date), write.money(part.amount))
        for part in paper.instalments
        if len(paper.instalments) > 1
    ]
    code = payment_code(paper, company) if look.payment_code else ""
    return Payment(
        details=tuple(details),
        schedule=tuple(schedule),
        code=code,
        code_amount=write.money(first_amount(paper)),
    )


def amount_due(paper: Paper) -> int:
    """What the document asks for, in minor units."""
    return 0 if paper.totals is None else paper.totals.gross


def first_amount(paper: Paper) -> int:
    """What falls due first: the first instalment, or all of it."""
    return paper.instalments[0].amount if paper.instalments else amount_due(paper)


def payment_code(paper: Paper, company: Company) -> str:
    """The code of EPC069-12 as SVG; empty where there is no transfer that it could ask for."""
    transfer = transfer_of(paper, company)
    if transfer is None:
        return ""
    drawn: str = segno.helpers.make_epc_qr(**transfer).svg_inline(omitsize=True, border=1)
    return drawn


def transfer_of(paper: Paper, company: Company) -> dict[str, Any] | None:
    """The transfer that pays what falls due first, as segno wants it; None: there can be none.

    A structured communication is Belgian, not ISO 11649, so it travels as text.
    """
    amount = first_amount(paper)
    remittance = paper.payment_reference or paper.number
    if not company.ibans or paper.currency != "EUR" or not remittance:
        return None
    if not _SMALLEST <= amount <= _LARGEST:
        return None
    is_iso = remittance.startswith("RF")
    return {
        "name": paper.seller.name[:_LONGEST_NAME],
        "iban": company.ibans[0],
        "amount": Decimal(written(amount, "EUR")),
        "bic": company.profile.bic or None,
        "reference": remittance if is_iso else None,
        "text": None if is_iso else remittance,
        "encoding": "utf-8",
    }
