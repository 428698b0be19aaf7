"""Every error as problem+json (RFC 9457), in the reader's language, with no input echoed."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

import msgspec
import psycopg
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from psycopg_pool import PoolTimeout
from starlette.exceptions import HTTPException

from api import problems
from api.faults import FAULTS
from api.language import preferred
from api.problems import Kind
from domain.book.refusal import Refusals, Refused
from domain.imports.refusals import ImportIsRefused
from domain.treasury.suspense import SuspenseIsNotEmpty, SuspenseLine
from services.importing import UblIsRefused
from services.printing.press import PressFailed
from services.store.head import UnknownBook, Unsound
from services.store.store import StorageFull, StoreUnavailable
from services.store.transaction import CommandReused

MEDIA_TYPE = "application/problem+json"
MOST_ERRORS = 20
MOST_LINES = 1_000
"""Of a file of many lines so many wrong ones are named: people mend them in one go."""

_FAULT_OF_TYPE = {
    "missing": "missing",
    "extra_forbidden": "unknown_field",
    "literal_error": "not_one_of",
    "union_tag_invalid": "not_one_of",
    "string_pattern_mismatch": "wrong_format",
    "string_too_long": "wrong_length",
    "string_too_short": "wrong_length",
    "too_long": "wrong_length",
    "too_short": "wrong_length",
    "greater_than": "out_of_bounds",
    "greater_than_equal": "out_of_bounds",
    "less_than": "out_of_bounds",
    "less_than_equal": "out_of_bounds",
    "unreadable_text": "unreadable_text",
    "wrong_format": "wrong_format",
    "mixed_currencies": "mixed_currencies",
}
_HARMLESS_NAME = re.compile(r"[a-z][a-z_]{0,39}", re.ASCII)


class Problem(Exception):
    """A problem of the door; `errors` say where, `headers` go with the answer."""

    def __init__(
        self,
        kind: Kind,
        *,
        errors: Sequence[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(kind.code)
        self.kind = kind
        self.errors = errors
        self.headers = dict(headers or {})
        self.more = more


def status_of(refused: Refused) -> int:
    """404 for what the address names and is not there, 409 for a state, 422 for a wrong value.

    A refusal with a causing event is about the state of the books, even where it points at a
    field: the same value was or will be right at another time.
    """
    if isinstance(refused, UblIsRefused):
        return 422
    if refused.position is None and not refused.pointer:
        return 404 if refused.code.endswith("_unknown") or refused.code == "book_not_open" else 409
    return 409 if refused.position is not None else 422


def title_of(refused: type[Refused]) -> str:
    """What is wrong in a few words: `PeriodIsLocked` reads "Period is locked"."""
    return re.sub(r"(?<!^)(?=[A-Z])", " ", refused.__name__).capitalize()


def respond(request: Request, problem: Problem) -> Response:
    """The answer to a request that met a problem."""
    language = preferred(request.headers.get("accept-language"))
    errors = [{**error, "detail": FAULTS[error["code"]][language]} for error in problem.errors]
    return _response(
        request,
        language,
        status=problem.kind.status,
        code=problem.kind.code,
        title=problem.kind.title[language],
        detail=problem.kind.detail[language],
        errors=errors,
        headers=problem.headers,
        more=problem.more,
    )


def refuse(request: Request, refused: Refused) -> Response:
    """The answer to a command that the domain refused; nothing was written."""
    if status_of(refused) == 404:
        return respond(request, Problem(problems.NOT_FOUND))
    language = preferred(request.headers.get("accept-language"))
    detail = refused.explain(language)
    more: dict[str, Any] = {"rule": refused.rule}
    if refused.position is not None:
        more["position"] = refused.position
    return _response(
        request,
        language,
        status=status_of(refused),
        code=refused.code,
        title=title_of(type(refused)),
        detail=detail,
        errors=_places(refused, detail, language),
        headers={},
        more=more,
    )


def _places(refused: Refused, detail: str, language: str) -> list[dict[str, str]]:
    """Where a refusal points: a field of the body, or each finding in a file."""
    if isinstance(refused, UblIsRefused):
        return [
            {"pointer": found.pointer, "code": found.code, "detail": found.message}
            for found in refused.findings[:MOST_ERRORS]
        ]
    if isinstance(refused, ImportIsRefused):
        return [
            {
                "pointer": found.pointer,
                "code": found.refused.code,
                "detail": found.refused.explain(language),
            }
            for found in refused.findings[:MOST_LINES]
        ]
    if isinstance(refused, SuspenseIsNotEmpty):
        return [
            {"pointer": _place_of(line), "code": refused.code, "detail": detail}
            for line in refused.lines
        ]
    if not refused.pointer:
        return []
    return [{"pointer": refused.pointer, "code": refused.code, "detail": detail}]


def _place_of(line: SuspenseLine) -> str:
    """Where what stands on the suspense account is found: a payment waits among the bank lines."""
    folder = "bank_lines" if line.kind == "payment" else line.kind
    return f"/{folder}/{line.document_id}"


def install(app: FastAPI) -> None:
    """Makes every error of an application leave as a problem."""
    app.add_exception_handler(Problem, _on_problem)
    app.add_exception_handler(Refusals, _on_refusals)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
    for fault, kind, headers in _FAULTS_OF_SERVICES:
        app.add_exception_handler(fault, _answering(kind, headers))


def apologise(request: Request) -> Response:
    """The answer to a request in which something unforeseen was raised: an id, and no details."""
    return respond(request, Problem(problems.INTERNAL))


_RETRY = {"Retry-After": "1"}
_FAULTS_OF_SERVICES: list[tuple[type[Exception], Kind, dict[str, str]]] = [
    (UnknownBook, problems.NOT_FOUND, {}),
    (Unsound, problems.BOOK_UNSOUND, {}),
    (PressFailed, problems.PRINTING_UNAVAILABLE, {}),
    (CommandReused, problems.IDEMPOTENCY_KEY_REUSED, {}),
    (StorageFull, problems.STORAGE_FULL, {"Retry-After": "30"}),
    (psycopg.errors.DiskFull, problems.STORAGE_FULL, {"Retry-After": "30"}),
    (StoreUnavailable, problems.STORE_UNAVAILABLE, _RETRY),
    (PoolTimeout, problems.STORE_UNAVAILABLE, _RETRY),
    (psycopg.OperationalError, problems.STORE_UNAVAILABLE, _RETRY),
    (psycopg.InterfaceError, problems.STORE_UNAVAILABLE, _RETRY),
]


def _answering(kind: Kind, headers: Mapping[str, str]) -> Any:
    async def answer(request: Request, _: Exception) -> Response:
        return respond(request, Problem(kind, headers=headers))

    return answer


async def _on_problem(request: Request, error: Exception) -> Response:
    return respond(request, cast("Problem", error))


async def _on_refusals(request: Request, error: Exception) -> Response:
    return refuse(request, cast("Refusals", error).refused)


async def _on_http(request: Request, error: Exception) -> Response:
    by_status = {
        400: problems.MALFORMED_BODY,
        404: problems.NOT_FOUND,
        405: problems.METHOD_NOT_ALLOWED,
        413: problems.BODY_TOO_LARGE,
    }
    raised = cast("HTTPException", error)
    kind = by_status.get(raised.status_code, problems.INTERNAL)
    return respond(request, Problem(kind, headers=raised.headers))


async def _on_invalid(request: Request, error: Exception) -> Response:
    return respond(request, invalid(cast("RequestValidationError", error).errors()))


def invalid(errors: Sequence[Any]) -> Problem:
    """The problem that faults found by validation come to: by where the first of them lies."""
    place = str(errors[0]["loc"][0]) if errors else "body"
    here = [error for error in errors if error["loc"][0] == place][:MOST_ERRORS]
    if place == "path":  # an id of another form is the id of nothing
        return Problem(problems.NOT_FOUND)
    if place == "body" and any(error["type"] == "json_invalid" for error in here):
        return Problem(problems.MALFORMED_BODY)
    if place == "header" and _is_missing(here, "Idempotency-Key"):
        return Problem(problems.IDEMPOTENCY_KEY_MISSING)
    if place == "header" and _is_missing(here, "If-Match"):
        return Problem(problems.PRECONDITION_REQUIRED)
    kind = problems.BODY_INVALID if place == "body" else problems.PARAMETER_INVALID
    return Problem(kind, errors=[_located(place, error) for error in here])


def _is_missing(errors: Sequence[Any], header: str) -> bool:
    return any(
        error["type"] == "missing" and str(error["loc"][1]).lower() == header.lower()
        for error in errors
    )


def _located(place: str, error: Any) -> dict[str, str]:
    """Where a fault lies and which it is; a name that the sender made up is told with care."""
    path = [str(step) for step in error["loc"][1:]]
    fault = _FAULT_OF_TYPE.get(error["type"], "wrong_type")
    if error["type"] == "extra_forbidden" and not _HARMLESS_NAME.fullmatch(path[-1]):
        path = path[:-1]
    if place == "body":
        steps = [step for step in path if "[" not in step]  # not pydantic's own union branches
        return {"pointer": "".join(f"/{_escaped(step)}" for step in steps), "code": fault}
    return {place if place == "header" else "parameter": path[0] if path else "", "code": fault}


def _escaped(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1")


def _response(
    request: Request,
    language: str,
    *,
    status: int,
    code: str,
    title: str,
    detail: str,
    errors: Sequence[Mapping[str, str]],
    headers: Mapping[str, str],
    more: Mapping[str, Any],
) -> Response:
    body: dict[str, Any] = {
        "type": f"/problems/{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "instance": f"/requests/{request_id(request)}",
        "code": code,
        "request_id": request_id(request),
        **more,
    }
    if errors:
        body["errors"] = list(errors)
    return Response(
        msgspec.json.encode(body),
        status,
        {"Content-Language": language, "Cache-Control": "no-store", **headers},
        MEDIA_TYPE,
    )


def request_id(request: Request) -> str:
    """The id that this request has in our logs and in its answer."""
    return str(request.scope.get("paraphe.request_id", ""))
