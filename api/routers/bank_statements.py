"""Bank statements: taken in from files, and the accounts, journals and layouts they need."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.ids import StatementId
from api.listing import PageOut, begin, page_out, register_of
from api.models.banking import (
    BankAccountOut,
    BankAccountsOut,
    CsvLayoutIn,
    CsvLayoutOut,
    DiagnosisOut,
    DiagnosticsOut,
    Iban,
    ImportedFileOut,
    LinkIn,
    ListedStatementOut,
    StatementOut,
    StatementsAsked,
)
from api.preconditions import etag
from api.responses import OF_COMMANDS, OF_READS, UNCHANGED, problems
from api.route import Route, needs
from api.uploads import FORM, Upload, upload_of
from api.visit import Commanding, Reading, answer, answer_written
from domain.treasury.bank_account import Journals
from domain.values.identifiers import compact
from projections import matching_view
from projections.matching import Matching
from services import banking
from services.matching import CurrentRegisters

router = APIRouter(
    prefix="/v1/companies/{company_id}/bank_statements",
    tags=["bank_statements"],
    route_class=Route,
)
settings = APIRouter(
    prefix="/v1/companies/{company_id}", tags=["bank_statements"], route_class=Route
)
registers = APIRouter(prefix="/v1/companies/{company_id}", tags=["registers"], route_class=Route)

TYPES = ("text/plain", "text/csv", "application/xml", "text/xml", "application/octet-stream")
_FILE = {"schema": {"type": "string", "format": "binary"}}
_PART = {"type": "object", "properties": {"file": _FILE["schema"]}, "required": ["file"]}
_BODY = {
    "required": True,
    "content": {**dict.fromkeys(TYPES, _FILE), FORM: {"schema": _PART}},
}


@router.post(
    "",
    operation_id="bank_statements_import",
    summary="Import bank statements",
    status_code=201,
    response_model=ImportedFileOut,
    responses={
        200: {"model": ImportedFileOut, "description": "All of it is in the book already."},
        **problems(*OF_COMMANDS),
    },
    openapi_extra={**needs("payments:write"), "requestBody": _BODY},
)
def import_statements(
    visit: Commanding,
    upload: Annotated[Upload, upload_of(TYPES)],
    account: Annotated[
        Iban | None, Query(description="Of a list of movements (CSV): whose it is.")
    ] = None,
) -> Response:
    """Takes a file in (CODA, CAMT.053, MT940, CSV): all its statements or none, each once. Every
    line is booked; what is not certain waits on the suspense account (C3, C4, C11)."""
    backend = visit.backend
    imported = banking.import_statements(
        visit.store,
        CurrentRegisters(backend.engine, backend.readers),
        visit.book_id,
        upload.content,
        visit.command,
        name=upload.name,
        account=compact(account or ""),
    )
    headers = {"Event-Position": str(imported.position)}
    if imported.replayed:
        headers["Idempotent-Replayed"] = "true"
    return answer(ImportedFileOut.of(imported), 200 if imported.already else 201, headers)


@router.get(
    "/{statement_id:id}",
    operation_id="bank_statements_get",
    summary="See a bank statement",
    response_model=StatementOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("payments:read"),
)
def get_statement(visit: Reading, statement_id: StatementId) -> Response:
    """Gives a statement with its lines, and the payment that books each."""
    found = banking.get_statement(visit.store.past(visit.book_id), statement_id)
    return answer(StatementOut.of(found), headers={"ETag": etag(found.position)})


@registers.get(
    "/bank_statements",
    operation_id="bank_statements_list",
    summary="List bank statements",
    response_model=PageOut[ListedStatementOut],
    responses={**UNCHANGED, **problems(*OF_READS)},
    openapi_extra=needs("payments:read"),
)
def list_statements(
    visit: Reading, request: Request, asked: Annotated[StatementsAsked, Query()]
) -> Response:
    """Gives the statements that are in the book, the newest first (C3)."""
    after = begin(visit, request, asked)
    with register_of(visit, Matching(), asked) as conn:
        page = matching_view.list_statements(
            conn, visit.book_id, asked.wanted(), after=after, limit=asked.limit
        )
    return page_out(visit, request, asked, page, ListedStatementOut.of)


@settings.get(
    "/bank_accounts",
    operation_id="bank_accounts_list",
    summary="See the linked bank accounts",
    response_model=BankAccountsOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("companies:read"),
)
def list_accounts(visit: Reading) -> Response:
    """Gives each linked bank account and its journal."""
    return answer(_accounts(banking.load_journals(visit.store.past(visit.book_id))))


@settings.post(
    "/bank_accounts/link",
    operation_id="bank_accounts_link",
    summary="Link a bank account to its journal",
    response_model=BankAccountsOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("companies:write"),
)
def link_account(visit: Commanding, body: LinkIn) -> Response:
    """Says in which bank journal the statements of an account are booked from now on (C12)."""
    written = banking.link_account(
        visit.store, visit.book_id, body.account, body.journal, visit.command
    )
    return answer_written(written, _accounts(written.answer))


@settings.post(
    "/bank_accounts/csv_layout",
    operation_id="bank_accounts_csv_layout",
    summary="Say how lists of movements are written",
    response_model=CsvLayoutOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("companies:write"),
)
def set_layout(visit: Commanding, body: CsvLayoutIn) -> Response:
    """Keeps the columns, dates and numbers of the CSV of an account."""
    written = banking.set_layout(visit.store, visit.book_id, body.new(), visit.command)
    return answer_written(written, CsvLayoutOut.of(written.answer[compact(body.account)]))


@settings.get(
    "/journals/diagnostics",
    operation_id="journals_diagnose",
    summary="See what is wrong with the bank journals",
    response_model=DiagnosticsOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("companies:read"),
)
def diagnose_journals(visit: Reading) -> Response:
    """Names the bank journals and accounts that cannot be shown or kept up to date (C12)."""
    found = banking.diagnose_journals(visit.store.past(visit.book_id))
    return answer(DiagnosticsOut(data=[DiagnosisOut.of(each) for each in found]))


def _accounts(journals: Journals) -> BankAccountsOut:
    return BankAccountsOut(
        data=[
            BankAccountOut(account=account, journal=journal)
            for account, journal in sorted(journals.items())
        ]
    )
