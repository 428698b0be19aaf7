"""The page at `/`: the four registers of the demonstration company, or how to begin."""

from fastapi import APIRouter, Request, Response

from api.pages.rendering import page
from api.route import PUBLIC, Route

router = APIRouter(route_class=Route, include_in_schema=False)


@router.get("/", operation_id="home", openapi_extra=PUBLIC)
def home(request: Request) -> Response:
    """How to begin."""
    return page("welcome.html")
