"""The style sheet and the icon, both made by hand; nothing is fetched from elsewhere."""

from hashlib import sha256
from pathlib import Path

from fastapi import APIRouter, Request, Response

from api.route import PUBLIC, Route

router = APIRouter(route_class=Route, include_in_schema=False)
HERE = Path(__file__).parent


class Asset:
    """A small file that is kept in memory; a browser that has it gets 304."""

    def __init__(self, name: str, media_type: str) -> None:
        self.content = (HERE / name).read_bytes()
        self.media_type = media_type
        self.headers = {
            "ETag": f'"{sha256(self.content).hexdigest()[:16]}"',
            "Cache-Control": "no-cache",
        }

    def answer(self, request: Request) -> Response:
        """The file, or that it has not changed."""
        if request.headers.get("if-none-match") == self.headers["ETag"]:
            return Response(status_code=304, headers=self.headers)
        return Response(self.content, 200, self.headers, self.media_type)


STYLE = Asset("style.css", "text/css; charset=utf-8")
ICON = Asset("icon.svg", "image/svg+xml")


@router.get("/style.css", operation_id="style", openapi_extra=PUBLIC)
async def style(request: Request) -> Response:
    """The style sheet."""
    return STYLE.answer(request)


@router.get("/icon.svg", operation_id="icon", openapi_extra=PUBLIC)
async def icon(request: Request) -> Response:
    """The icon."""
    return ICON.answer(request)
