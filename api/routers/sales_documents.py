"""Lists of sales documents: all of them, and each kind where it lives (M12, M27, M36)."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from api.list_files import answers_of_list, list_out
from api.listing import PageOut, SummaryOut, register_of, summary_out
from api.models.contacts import ContactOut
from api.models.sales import lines_out
from api.models.sales_documents import (
    AnyDocumentAsked,
    AnyDocumentAskedPage,
    DocumentOut,
    DocumentsAsked,
    DocumentsAskedPage,
    DocumentTotalOut,
)
from api.responses import OF_READS, UNCHANGED, problems
from api.route import Route, needs
from api.visit import Reading, Visit, authorise
from projections.sales_documents_view import DocumentRow, SalesFilter, summarise
from projections.sales_states import Kind
from services.directory import get_contact
from services.lists.documents import lines_of
from services.lists.kinds import SALES_DOCUMENTS

router = APIRouter(prefix="/v1/companies/{company_id}", tags=["registers"], route_class=Route)

KINDS: dict[str, tuple[Kind, str, str]] = {
    "invoices": ("invoice", "invoices", "invoices:read"),
    "credit_notes": ("credit_note", "credit notes", "invoices:read"),
    "quotes": ("quote", "quotes", "quotes:read"),
    "orders": ("order", "orders", "invoices:read"),
    "deliveries": ("delivery", "deliveries", "invoices:read"),
    "deposit_requests": ("deposit_request", "deposits that are asked for", "quotes:read"),
}
"""Where the list of a kind lives, the kind, what people call several of them, and its scope."""

EXPANDS_WITH = {"customer": ("contacts:read",), "lines": ("invoices:read", "quotes:read")}
"""The scopes that a key must have for what `expand` puts into a document."""


@router.get(
    "/sales_documents",
    operation_id="sales_documents_list",
    summary="List documents towards customers",
    response_model=PageOut[DocumentOut],
    responses=answers_of_list(),
    openapi_extra=needs("registers:read"),
)
def list_documents(
    visit: Reading, request: Request, asked: Annotated[AnyDocumentAskedPage, Query()]
) -> Response:
    """Gives documents of every kind from the oldest to the newest, or by any column (M27, M36)."""
    return _listed(visit, request, asked, asked.wanted())


@router.get(
    "/sales_documents/summary",
    operation_id="sales_documents_summary",
    summary="Add up documents towards customers",
    response_model=SummaryOut[DocumentTotalOut],
    responses={**UNCHANGED, **problems(*OF_READS)},
    openapi_extra=needs("registers:read"),
)
def sum_documents(
    visit: Reading, request: Request, asked: Annotated[AnyDocumentAsked, Query()]
) -> Response:
    """Gives totals by kind, state and currency."""
    return _added_up(visit, request, asked, asked.wanted())


def _list_of(kind: Kind) -> Callable[..., Response]:
    def list_kind(
        visit: Reading, request: Request, asked: Annotated[DocumentsAskedPage, Query()]
    ) -> Response:
        """Gives documents of one kind from the oldest to the newest, or by any column."""
        return _listed(visit, request, asked, asked.of_kind(kind))

    return list_kind


def _summary_of(kind: Kind) -> Callable[..., Response]:
    def sum_kind(
        visit: Reading, request: Request, asked: Annotated[DocumentsAsked, Query()]
    ) -> Response:
        """Gives totals of one kind of document by state and currency."""
        return _added_up(visit, request, asked, asked.of_kind(kind))

    return sum_kind


for place, (each, several, scope) in KINDS.items():
    router.get(
        f"/{place}",
        operation_id=f"{place}_list",
        summary=f"List {several}",
        response_model=PageOut[DocumentOut],
        responses=answers_of_list(),
        openapi_extra=needs(scope),
    )(_list_of(each))
    router.get(
        f"/{place}/summary",
        operation_id=f"{place}_summary",
        summary=f"Add up {several}",
        response_model=SummaryOut[DocumentTotalOut],
        responses={**UNCHANGED, **problems(*OF_READS)},
        openapi_extra=needs(scope),
    )(_summary_of(each))


def _listed(visit: Visit, request: Request, asked: Any, wanted: SalesFilter) -> Response:
    """A list, each document with what `expand` puts into it."""
    expanded = (asked.expand or "").split(",")
    for scope in (x for part in expanded for x in EXPANDS_WITH.get(part, ())):
        authorise(visit.access, scope, within_company=True)
    book = visit.store.past(visit.book_id)
    customers: dict[str, ContactOut] = {}

    def render(row: DocumentRow) -> DocumentOut:
        more: dict[str, Any] = {}
        if "customer" in expanded:
            if row.customer_id not in customers:
                customers[row.customer_id] = ContactOut.of(get_contact(book, row.customer_id))
            more["customer"] = customers[row.customer_id]
        if "lines" in expanded:
            more["lines"] = lines_out(lines_of(book, row.kind, row.id), row.currency)
        return DocumentOut.of(row).model_copy(update=more)

    return list_out(visit, request, asked, SALES_DOCUMENTS, render, wanted=wanted)


def _added_up(visit: Visit, request: Request, asked: Any, wanted: SalesFilter) -> Response:
    with register_of(visit, SALES_DOCUMENTS.register, asked) as conn:
        totals = summarise(conn, visit.book_id, wanted)
    return summary_out(request, *totals, DocumentTotalOut.of)
