"""The API documentation as a page of our own: it works offline and without script."""

import re
from typing import Any

import msgspec
from fastapi import APIRouter, Request, Response
from markupsafe import Markup, escape
from msgspec import Struct

from api.pages.rendering import page
from api.route import PUBLIC, SCHEME, Route
from api.visit import JSON

router = APIRouter(route_class=Route, include_in_schema=False)

_CODE = re.compile(r"`([^`]+)`")
_BOLD = re.compile(r"\*\*([^*]+)\*\*")


class Line(Struct, frozen=True):
    """A parameter or a field of a body, as a row of a table."""

    name: str
    place: str
    needed: bool
    meaning: str


class Operation(Struct, frozen=True, kw_only=True):
    """An operation as the page shows it."""

    method: str
    path: str
    name: str
    summary: str
    meaning: Markup
    scope: str
    lines: tuple[Line, ...]
    answers: dict[str, str]


@router.get("/openapi.json", operation_id="openapi", openapi_extra=PUBLIC)
def openapi(request: Request) -> Response:
    """The description of the API for programs."""
    return Response(msgspec.json.encode(request.app.openapi()), media_type=JSON)


@router.get("/docs", operation_id="docs", openapi_extra=PUBLIC)
def docs(request: Request) -> Response:
    """The description of the API for people."""
    document = request.app.openapi()
    groups: dict[str, list[Operation]] = {tag["name"]: [] for tag in document["tags"]}
    for path, methods in document["paths"].items():
        for method, described in methods.items():
            groups[described["tags"][0]].append(_operation(document, method, path, described))
    first, *rules = document["info"]["description"].split("\n* ")
    return page(
        "docs.html",
        info=document["info"],
        tags=[(tag["name"], tag["description"]) for tag in document["tags"]],
        groups=groups,
        first=marked(first),
        rules=[marked(rule) for rule in rules],
    )


def marked(text: str) -> Markup:
    """A text of the description with its code and bold marks as HTML; everything else escaped."""
    escaped = str(escape(text))
    coded = _CODE.sub(r"<code>\1</code>", escaped)
    return Markup(_BOLD.sub(r"<b>\1</b>", coded))  # noqa: S704  escaped just above


def _operation(
    document: dict[str, Any], method: str, path: str, described: dict[str, Any]
) -> Operation:
    scopes = [scope for each in described["security"] for scope in each[SCHEME]]
    parameters = (
        Line(each["name"], each["in"], each.get("required", False), each.get("description", ""))
        for each in described.get("parameters", ())
    )
    return Operation(
        method=method.upper(),
        path=path,
        name=described["operationId"],
        summary=described["summary"],
        meaning=marked(described.get("description", "")),
        scope=scopes[0] if scopes else "",
        lines=(*parameters, *_fields(document, described)),
        answers={
            status: answer["description"] for status, answer in described["responses"].items()
        },
    )


def _fields(document: dict[str, Any], described: dict[str, Any]) -> list[Line]:
    """The fields of a JSON body, one level deep; of each form that it may have."""
    content = described.get("requestBody", {}).get("content", {}).get(JSON)
    if content is None:
        return []
    whole = content["schema"]
    alternatives = whole.get("oneOf") or whole.get("anyOf") or [whole]
    lines: dict[str, Line] = {}
    for each in alternatives:
        schema = document["components"]["schemas"][each["$ref"].rpartition("/")[2]]
        needed = schema.get("required", ())
        for field, about in schema["properties"].items():
            meaning = about.get("description", "")
            lines.setdefault(field, Line(field, "body", field in needed, meaning))
    return list(lines.values())
