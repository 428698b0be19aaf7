"""The originals that are kept with the book, byte for byte."""

from urllib.parse import quote

from fastapi import APIRouter, Request, Response

from api import problems as kinds
from api.errors import Problem
from api.ids import FileDigest
from api.responses import OF_READS, problems
from api.route import Route, needs
from api.visit import Reading

router = APIRouter(prefix="/v1/companies/{company_id}", tags=["files"], route_class=Route)

ANY = "application/octet-stream"
HARMLESS = {"application/pdf", "application/xml", "image/jpeg", "image/png", "text/csv"}


@router.get(
    "/files/{digest}",
    operation_id="files_get",
    summary="Fetch an original",
    response_class=Response,
    responses={
        200: {
            "description": "The file, byte for byte; its ETag is its SHA-256.",
            "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}},
        },
        304: {"description": "It is the one in If-None-Match: files never change."},
        **problems(*OF_READS),
    },
    openapi_extra=needs("bills:read"),
)
def get_file(visit: Reading, request: Request, digest: FileDigest) -> Response:
    """Gives a file by its SHA-256; always as a download, never to be shown in place."""
    file = visit.store.file(visit.book_id, digest)
    if file is None:
        raise Problem(kinds.NOT_FOUND)
    headers = {"ETag": f'"{digest}"', "Cache-Control": "private, immutable, max-age=31536000"}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    media_type = file.media_type if file.media_type in HARMLESS else ANY
    name = quote(file.name or digest, safe="")
    headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return Response(file.content, 200, headers, media_type)
