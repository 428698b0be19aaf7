"""Registers: history, unpaid items and VAT, each with its totals."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from api.list_files import answers_of_list, list_out
from api.listing import PageOut, SummaryOut, register_of, summary_out
from api.models.history import BalanceOut, HistoryAsked, HistoryAskedPage, HistoryOut
from api.models.unpaid import UnpaidAsked, UnpaidAskedPage, UnpaidOut, UnpaidTotalOut
from api.models.vat_register import VatAskedPage, VatLineOut, VatTotalOut, VatTotalsAsked
from api.responses import OF_READS, UNCHANGED, Responses, problems
from api.route import Route, needs
from api.visit import Reading
from projections import history_view, unpaid_view, vat_view
from services.lists import kinds

router = APIRouter(prefix="/v1/companies/{company_id}", tags=["registers"], route_class=Route)

Reader = Callable[..., Response]


def _read(path: str, operation: str, summary: str, model: Any) -> Callable[[Reader], Reader]:
    """Declares a GET over a register: a list, which also leaves as a file, or its totals."""
    totals: Responses = {**UNCHANGED, **problems(*OF_READS)}
    return router.get(
        path,
        operation_id=operation,
        summary=summary,
        response_model=model,
        responses=totals if operation.endswith("_summary") else answers_of_list(),
        openapi_extra=needs("registers:read"),
    )


@_read("/history", "history_list", "List the lines of third parties", PageOut[HistoryOut])
def list_history(
    visit: Reading, request: Request, asked: Annotated[HistoryAskedPage, Query()]
) -> Response:
    """Gives every line on customers' and suppliers' accounts, with a running balance (C14)."""
    return list_out(visit, request, asked, kinds.HISTORY, HistoryOut.of)


@_read("/history/summary", "history_summary", "Add up third parties", SummaryOut[BalanceOut])
def sum_history(
    visit: Reading, request: Request, asked: Annotated[HistoryAsked, Query()]
) -> Response:
    """Gives the balance of every third party, by account and currency."""
    with register_of(visit, kinds.HISTORY.register, asked) as conn:
        balances = history_view.balance_parties(conn, visit.book_id, asked.wanted())
    return summary_out(request, *balances, lambda row: BalanceOut.of(row, visit, asked))


@_read("/unpaid", "unpaid_list", "List open items", PageOut[UnpaidOut])
def list_unpaid(
    visit: Reading, request: Request, asked: Annotated[UnpaidAskedPage, Query()]
) -> Response:
    """Gives what customers owe and suppliers are owed; `meta` says how far the books go (C2-C4)."""
    return list_out(visit, request, asked, kinds.UNPAID, UnpaidOut.of)


@_read("/unpaid/summary", "unpaid_summary", "Add up open items", SummaryOut[UnpaidTotalOut])
def sum_unpaid(
    visit: Reading, request: Request, asked: Annotated[UnpaidAsked, Query()]
) -> Response:
    """Gives totals by side and currency."""
    with register_of(visit, kinds.UNPAID.register, asked) as conn:
        totals = unpaid_view.summarise(conn, visit.book_id, asked.wanted())
    return summary_out(request, *totals, UnpaidTotalOut.of)


@_read("/vat_register", "vat_register_list", "List VAT by document", PageOut[VatLineOut])
def list_vat(visit: Reading, request: Request, asked: Annotated[VatAskedPage, Query()]) -> Response:
    """Gives each rate of each document, sales by issue and purchases by entry (V24)."""
    return list_out(visit, request, asked, kinds.VAT_REGISTER, VatLineOut.of)


@_read("/vat_register/summary", "vat_register_summary", "Add up VAT", SummaryOut[VatTotalOut])
def sum_vat(
    visit: Reading, request: Request, asked: Annotated[VatTotalsAsked, Query()]
) -> Response:
    """Gives totals by rate, for each month or over all of them."""
    add_up = {
        "period": vat_view.total_rates,
        "code": vat_view.total_codes,
        "whole": vat_view.summarise,
    }[asked.by]
    with register_of(visit, kinds.VAT_REGISTER.register, asked) as conn:
        totals = add_up(conn, visit.book_id, asked.wanted())
    return summary_out(request, *totals, VatTotalOut.of)
