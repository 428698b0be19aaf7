"""The books themselves: general ledger, journals, trial balance."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.list_files import answers_of_list, file_out, list_out
from api.listing import PageOut, SummaryOut, register_of, summary_out
from api.models.books import (
    AccountBalanceOut,
    BalanceAsked,
    JournalOut,
    JournalsAskedPage,
    JournalTotalOut,
    LedgerAsked,
    LedgerAskedPage,
    LedgerOut,
)
from api.responses import OF_READS, UNCHANGED, problems
from api.route import Route, needs
from api.visit import Reading
from projections import ledger_view
from services.lists import kinds
from services.lists.reports import REPORTS

router = APIRouter(prefix="/v1/companies/{company_id}", tags=["registers"], route_class=Route)


@router.get(
    "/ledger",
    operation_id="ledger_list",
    summary="List the general ledger",
    response_model=PageOut[LedgerOut],
    responses=answers_of_list(),
    openapi_extra=needs("registers:read"),
)
def list_ledger(
    visit: Reading, request: Request, asked: Annotated[LedgerAskedPage, Query()]
) -> Response:
    """Gives every line of every account with a running balance; each names its document."""
    return list_out(visit, request, asked, kinds.LEDGER, LedgerOut.of)


@router.get(
    "/journal_lines",
    operation_id="journal_lines_list",
    summary="List the journals",
    response_model=PageOut[JournalOut],
    responses=answers_of_list(),
    openapi_extra=needs("registers:read"),
)
def list_journals(
    visit: Reading, request: Request, asked: Annotated[JournalsAskedPage, Query()]
) -> Response:
    """Gives every line in the order of its journal: what the firm's software takes in (M53)."""
    return list_out(visit, request, asked, kinds.JOURNALS, JournalOut.of)


@router.get(
    "/journal_lines/summary",
    operation_id="journal_lines_summary",
    summary="Add up the journals",
    response_model=SummaryOut[JournalTotalOut],
    responses={**UNCHANGED, **problems(*OF_READS)},
    openapi_extra=needs("registers:read"),
)
def sum_journals(
    visit: Reading, request: Request, asked: Annotated[LedgerAsked, Query()]
) -> Response:
    """Gives what each journal moved, with the same filters."""
    with register_of(visit, kinds.JOURNALS.register, asked) as conn:
        totals = ledger_view.total_journals(conn, visit.book_id, asked.wanted())
    return summary_out(request, *totals, JournalTotalOut.of)


@router.get(
    "/trial_balance",
    operation_id="trial_balance_list",
    summary="Balance the accounts",
    response_model=SummaryOut[AccountBalanceOut],
    responses=answers_of_list(),
    openapi_extra=needs("registers:read"),
)
def balance_accounts(
    visit: Reading, request: Request, asked: Annotated[BalanceAsked, Query()]
) -> Response:
    """Gives each account's opening, movements and closing over a period; they add up to zero."""
    if asked.format is not None:
        return file_out(visit, request, asked, REPORTS["trial_balance"], asked.report())
    first, last = asked.report().days
    with register_of(visit, kinds.LEDGER.register, asked) as conn:
        balances = ledger_view.balance_accounts(
            conn, visit.book_id, date_from=first, date_to=last, account=asked.account
        )
    return summary_out(request, *balances, lambda row: AccountBalanceOut.of(row, visit, asked))
