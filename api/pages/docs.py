"""The API documentation as a page of our own: it works offline and without script."""

import msgspec
from fastapi import APIRouter, Request, Response

from api.pages.rendering import page
from api.route import PUBLIC, Route
from api.visit import JSON

router = APIRouter(route_class=Route, include_in_schema=False)


@router.get("/openapi.json", operation_id="openapi", openapi_extra=PUBLIC)
def openapi(request: Request) -> Response:
    """The description of the API for programs."""
    return Response(msgspec.json.encode(request.app.openapi()), media_type=JSON)


@router.get("/docs", operation_id="docs", openapi_extra=PUBLIC)
def docs(request: Request) -> Response:
    """The description of the API for people."""
    document = request.app.openapi()
    groups: dict[str, list[dict[str, object]]] = {tag["name"]: [] for tag in document["tags"]}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            security = operation.get("security") or []
            scope = next((scope for each in security for scope in each.get("key", ())), "")
            described = {**operation, "path": path, "method": method.upper(), "scope": scope}
            groups[operation["tags"][0]].append(described)
    return page("docs.html", document=document, groups=groups)
