"""The one style sheet, written by hand."""

from hashlib import sha256
from pathlib import Path

from fastapi import APIRouter, Request, Response

from api.route import PUBLIC, Route

router = APIRouter(route_class=Route, include_in_schema=False)

CSS = Path(__file__).with_name("style.css").read_bytes()
ETAG = f'"{sha256(CSS).hexdigest()[:16]}"'


@router.get("/style.css", operation_id="style", openapi_extra=PUBLIC)
async def style(request: Request) -> Response:
    """The style sheet; a browser that has it gets 304."""
    headers = {"ETag": ETAG, "Cache-Control": "no-cache"}
    if request.headers.get("if-none-match") == ETAG:
        return Response(status_code=304, headers=headers)
    return Response(CSS, 200, headers, "text/css; charset=utf-8")
