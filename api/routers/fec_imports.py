"""Imports of a FEC: a company's books opened with another program's entries, and taken back."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from api.ids import BatchId
from api.models.fec_imports import FecBatchOut, FecImportOut, Mode
from api.responses import OF_COMMANDS, OF_READS, problems
from api.route import SpooledRoute, needs
from api.uploads import FORM, FileUpload, file_of
from api.visit import Commanding, Reading, answer
from services.imports.fec_report import Comparison, compare
from services.imports.fec_standing import get_fec_batch
from services.imports.fec_taking import FecImported, import_fec
from services.imports.fec_undoing import undo_fec

router = APIRouter(
    prefix="/v1/companies/{company_id}/imports/fec", tags=["imports"], route_class=SpooledRoute
)

TEXTS = ("text/plain", "text/tab-separated-values", "application/octet-stream")
_FILE = {"schema": {"type": "string", "format": "binary"}}
_PART = {"type": "object", "properties": {"file": _FILE["schema"]}, "required": ["file"]}
_BODY: dict[str, Any] = {
    "required": True,
    "content": {**dict.fromkeys(TEXTS, _FILE), FORM: {"schema": _PART}},
}
File = Annotated[FileUpload, file_of(TEXTS)]
Wanted = Annotated[
    Mode,
    Query(description="`history`: every entry. `opening`: the balances, on the day after."),
]


@router.post(
    "",
    operation_id="imports_fec",
    summary="Import a FEC",
    status_code=201,
    response_model=FecImportOut,
    responses={
        200: {"model": FecImportOut, "description": "This very file is in the book already."},
        **problems(*OF_COMMANDS),
    },
    openapi_extra={**needs("entries:write"), "requestBody": _BODY},
)
def import_(visit: Commanding, upload: File, mode: Wanted = "history") -> Response:
    """Opens the books with a FEC of 18 columns, all of it or nothing; each wrong line is named.

    A file of more than 10,000 lines comes in by several commands: what was stopped is gone on with
    by sending the same file again. The answer compares the file with the book. The body may be as
    long as `PARAPHE_FEC_MIB` says (256 MiB unless set).
    """
    imported = import_fec(
        visit.store,
        visit.book_id,
        upload.file,
        visit.command,
        mode=mode,
        name=upload.name,
    )
    batch = imported.batch
    headers = {"Event-Position": str(imported.position)} if batch is not None else {}
    if batch is not None:
        headers["Location"] = visit.at("imports/fec", batch.started.batch_id)
    if imported.replayed:
        headers["Idempotent-Replayed"] = "true"
    body = FecImportOut.of(imported, _compared(visit, imported))
    return answer(body, 200 if imported.already else 201, headers)


@router.get(
    "/{batch_id:id}",
    operation_id="imports_fec_get",
    summary="See an import of a FEC",
    response_model=FecBatchOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("entries:read"),
)
def get(visit: Reading, batch_id: BatchId) -> Response:
    """Gives an import of a FEC: what it made, and what became of it when it was undone."""
    return answer(FecBatchOut.of(get_fec_batch(visit.store.past(visit.book_id), batch_id)))


@router.post(
    "/{batch_id:id}/undo",
    operation_id="imports_fec_undo",
    summary="Undo an import of a FEC",
    response_model=FecBatchOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("entries:write"),
)
def undo(visit: Commanding, batch_id: BatchId) -> Response:
    """Reverses every entry, unless something stands on one; archives contacts nobody uses."""
    undone = undo_fec(visit.store, visit.book_id, batch_id, visit.command)
    headers = {"Event-Position": str(undone.position)}
    if undone.replayed:
        headers["Idempotent-Replayed"] = "true"
    return answer(FecBatchOut.of(undone.batch), headers=headers)


def _compared(visit: Commanding, imported: FecImported) -> Comparison | None:
    """The file against the registers, right after it was taken in."""
    batch = imported.batch
    if visit.rehearsal is not None or batch is None or imported.already:
        return None
    visit.backend.engine.run_to_head(visit.book_id)
    with visit.backend.readers.still(visit.book_id) as conn:
        return compare(conn, batch, imported.survey, visit.book_id)
