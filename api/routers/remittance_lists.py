"""Lists of what goes to the bank: files, cheque slips, and the mandates to collect."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.list_files import answers_of_list, list_out
from api.listing import PageOut
from api.models.remittance_lists import (
    ListedMandateOut,
    ListedRemittanceOut,
    MandatesAsked,
    RemittancesAsked,
    RemittancesOfKindAsked,
)
from api.route import Route, needs
from api.visit import Reading
from projections.remittances_view import Kind
from services.lists.remittances import MANDATES, REMITTANCES

router = APIRouter(prefix="/v1/companies/{company_id}", tags=["registers"], route_class=Route)
OfKind = Annotated[RemittancesOfKindAsked, Query()]


@router.get(
    "/remittances",
    operation_id="remittances_list",
    summary="List files for the bank and cheque slips",
    response_model=PageOut[ListedRemittanceOut],
    responses=answers_of_list(),
    openapi_extra=needs("remittances:read"),
)
def list_remittances(
    visit: Reading, request: Request, asked: Annotated[RemittancesAsked, Query()]
) -> Response:
    """Gives direct debits, transfers and cheque deposits, the newest first (M41, M42)."""
    return _listed(visit, request, asked, asked.kind)


@router.get(
    "/collections",
    operation_id="collections_list",
    summary="List direct debit files",
    response_model=PageOut[ListedRemittanceOut],
    responses=answers_of_list(),
    openapi_extra=needs("remittances:read"),
)
def list_collections(visit: Reading, request: Request, asked: OfKind) -> Response:
    """Gives the direct debit files, the newest first (M42)."""
    return _listed(visit, request, asked, "collection")


@router.get(
    "/transfer_orders",
    operation_id="transfer_orders_list",
    summary="List transfer orders",
    response_model=PageOut[ListedRemittanceOut],
    responses=answers_of_list(),
    openapi_extra=needs("remittances:read"),
)
def list_transfer_orders(visit: Reading, request: Request, asked: OfKind) -> Response:
    """Gives the transfer files to suppliers, the newest first."""
    return _listed(visit, request, asked, "transfer_order")


@router.get(
    "/cheque_deposits",
    operation_id="cheque_deposits_list",
    summary="List cheque slips",
    response_model=PageOut[ListedRemittanceOut],
    responses=answers_of_list(),
    openapi_extra=needs("remittances:read"),
)
def list_cheque_deposits(visit: Reading, request: Request, asked: OfKind) -> Response:
    """Gives the cheque slips, the newest first (M41)."""
    return _listed(visit, request, asked, "cheque_deposit")


@router.get(
    "/mandates",
    operation_id="mandates_list",
    summary="List mandates",
    response_model=PageOut[ListedMandateOut],
    responses=answers_of_list(),
    openapi_extra=needs("remittances:read"),
)
def list_mandates(
    visit: Reading, request: Request, asked: Annotated[MandatesAsked, Query()]
) -> Response:
    """Gives every mandate, the newest first, revoked and lapsed ones too (M42)."""
    return list_out(visit, request, asked, MANDATES, ListedMandateOut.of)


def _listed(
    visit: Reading, request: Request, asked: RemittancesOfKindAsked, kind: Kind | None
) -> Response:
    wanted = asked.of(kind)
    return list_out(visit, request, asked, REMITTANCES, ListedRemittanceOut.of, wanted=wanted)
