"""The page at `/`: the four registers of the demonstration company, or how to begin."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api import problems
from api.errors import Problem
from api.ids import Contact
from api.models.archives import TabName
from api.pages.overview import look_over
from api.pages.rendering import page
from api.route import PUBLIC, Route
from api.visit import Door

NO_TAB = {"parameter": "tab", "code": "not_one_of"}
router = APIRouter(route_class=Route, include_in_schema=False)


@router.get("/", operation_id="home", openapi_extra=PUBLIC)
def home(
    request: Request,
    tab: Annotated[TabName | None, Query()] = None,
    party: Annotated[Contact | None, Query()] = None,
) -> Response:
    """Shows the demonstration company to everybody; every other company only to its keys."""
    door: Door = request.app.state.door
    book_id = door.backend.demo_company_id
    if book_id is None:
        return page("welcome.html")
    overview = look_over(door.backend, book_id, tab, party)
    if tab not in (None, overview.tab):
        raise Problem(problems.PARAMETER_INVALID, errors=[NO_TAB])
    return page("overview.html", shown=overview, tabs=overview.tabs, party=party)
