"""Movements of the bank, the till and the cards by journal, and what is wrong with the journals."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.list_files import answers_of_list, list_out
from api.listing import PageOut, SummaryOut, register_of, summary_out
from api.models.bank_transactions import (
    DiagnosisAsked,
    FindingOut,
    TransactionOut,
    TransactionsAsked,
    TransactionsAskedPage,
    TransactionTotalOut,
)
from api.responses import OF_READS, UNCHANGED, problems
from api.route import Route, needs
from api.visit import Reading
from projections import bank_diagnosis_view, bank_transactions_view
from services.lists.treasury import BANK_TRANSACTIONS

router = APIRouter(
    prefix="/v1/companies/{company_id}/bank_transactions", tags=["registers"], route_class=Route
)


@router.get(
    "",
    operation_id="bank_transactions_list",
    summary="List bank transactions",
    response_model=PageOut[TransactionOut],
    responses=answers_of_list(),
    openapi_extra=needs("registers:read"),
)
def list_transactions(
    visit: Reading, request: Request, asked: Annotated[TransactionsAskedPage, Query()]
) -> Response:
    """Gives every movement with its statement, where it stands and the journal's balance (C11)."""
    return list_out(visit, request, asked, BANK_TRANSACTIONS, TransactionOut.of)


@router.get(
    "/summary",
    operation_id="bank_transactions_summary",
    summary="Add up bank transactions",
    response_model=SummaryOut[TransactionTotalOut],
    responses={**UNCHANGED, **problems(*OF_READS)},
    openapi_extra=needs("registers:read"),
)
def sum_transactions(
    visit: Reading, request: Request, asked: Annotated[TransactionsAsked, Query()]
) -> Response:
    """Gives totals by journal and currency, with what waits in suspense (C4)."""
    with register_of(visit, BANK_TRANSACTIONS.register, asked) as conn:
        totals = bank_transactions_view.summarise(conn, visit.book_id, asked.wanted())
    return summary_out(request, *totals, TransactionTotalOut.of)


@router.get(
    "/diagnosis",
    operation_id="bank_transactions_diagnose",
    summary="See what is missing from the bank",
    response_model=SummaryOut[FindingOut],
    responses={**UNCHANGED, **problems(*OF_READS)},
    openapi_extra=needs("registers:read"),
)
def diagnose(
    visit: Reading, request: Request, asked: Annotated[DiagnosisAsked, Query()]
) -> Response:
    """Names the journals whose movements are not all here: without statements, with a gap in them,
    late, or with money in suspense (C12). How journals are set up: `journals/diagnostics`."""
    with register_of(visit, BANK_TRANSACTIONS.register, asked) as conn:
        found = bank_diagnosis_view.diagnose(conn, visit.book_id, days=asked.days, on=asked.on)
    return summary_out(request, *found, FindingOut.of)
