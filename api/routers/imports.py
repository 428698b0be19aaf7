"""Imports: contacts and articles out of CSV and XLSX files, seen and undone batch by batch."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from api.fields import Truth
from api.ids import BatchId
from api.models.imports import BatchOut, ImportOut
from api.responses import OF_COMMANDS, OF_READS, problems
from api.route import Route, needs
from api.uploads import FORM, TABLES, Upload, upload_of
from api.visit import Commanding, Reading, answer, answer_written
from domain.imports.batch import BatchKind
from services.imports.batch import get_batch, import_file
from services.imports.undoing import undo_import

router = APIRouter(prefix="/v1/companies/{company_id}/imports", tags=["imports"], route_class=Route)

_FILE = {"schema": {"type": "string", "format": "binary"}}
_PART = {"type": "object", "properties": {"file": _FILE["schema"]}, "required": ["file"]}
_BODY = {
    "required": True,
    "content": {**dict.fromkeys(TABLES, _FILE), FORM: {"schema": _PART}},
}
Taking = Callable[..., Response]
File = Annotated[Upload, upload_of(TABLES)]
Update = Annotated[Truth, Query(description="Change what is known, column by column.")]
Partial = Annotated[Truth, Query(description="Leave wrong lines out instead of refusing all.")]
Force = Annotated[Truth, Query(description="Take a file in that was taken in before.")]


def _takes(path: str, operation: str, summary: str, scope: str) -> Callable[[Taking], Taking]:
    """Declares a POST of a file."""
    return router.post(
        path,
        operation_id=operation,
        summary=summary,
        status_code=201,
        response_model=ImportOut,
        responses={
            200: {"model": ImportOut, "description": "This very file is in the book already."},
            **problems(*OF_COMMANDS),
        },
        openapi_extra={**needs(scope), "requestBody": _BODY},
    )


@_takes("/contacts", "imports_contacts", "Import contacts", "contacts:write")
def import_contacts(
    visit: Commanding,
    upload: File,
    update: Update = False,
    partial: Partial = False,
    force: Force = False,
) -> Response:
    """Takes contacts in from a file, all lines or none; each wrong line is named (M2)."""
    return _taken(visit, "contacts", upload, update=update, partial=partial, force=force)


@_takes("/articles", "imports_articles", "Import articles", "articles:write")
def import_articles(
    visit: Commanding,
    upload: File,
    update: Update = False,
    partial: Partial = False,
    force: Force = False,
) -> Response:
    """Takes articles in from a file, all lines or none; each wrong line is named (M7)."""
    return _taken(visit, "articles", upload, update=update, partial=partial, force=force)


@router.get(
    "/{batch_id:id}",
    operation_id="imports_get",
    summary="See an import",
    response_model=BatchOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("imports:read"),
)
def get_import(visit: Reading, batch_id: BatchId) -> Response:
    """Gives an import: what it made and changed, and what became of it when it was undone."""
    return answer(BatchOut.of(get_batch(visit.store.past(visit.book_id), batch_id)))


@router.post(
    "/{batch_id:id}/undo",
    operation_id="imports_undo",
    summary="Undo an import",
    response_model=BatchOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("imports:write"),
)
def undo(visit: Commanding, batch_id: BatchId) -> Response:
    """Archives what an import made and puts back what it changed, but for what is used since."""
    written = undo_import(visit.store, visit.book_id, batch_id, visit.command)
    return answer_written(written, BatchOut.of(written.answer))


def _taken(visit: Commanding, kind: BatchKind, upload: Upload, **options: bool) -> Response:
    imported = import_file(
        visit.store,
        visit.book_id,
        kind,
        upload.content,
        visit.command,
        name=upload.name,
        **options,
    )
    body: BaseModel = ImportOut.of(imported)
    headers = {
        "Location": visit.at("imports", imported.batch.completed.batch_id),
        "Event-Position": str(imported.position),
    }
    if imported.replayed:
        headers["Idempotent-Replayed"] = "true"
    return answer(body, 200 if imported.already else 201, headers)
