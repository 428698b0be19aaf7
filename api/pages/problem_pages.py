"""A page for each kind of problem: where the `type` of an error leads."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from api import problems
from api.errors import Problem, title_of
from api.language import LANGUAGES
from api.pages.rendering import page
from api.problems import KINDS
from api.route import PUBLIC, Route
from domain.book import catalogue  # noqa: F401  every refusal is defined where its events are
from domain.book.refusal import Refused

router = APIRouter(route_class=Route, include_in_schema=False)


def refusals() -> dict[str, type[Refused]]:
    """Every refusal of the domain by its code."""
    found: dict[str, type[Refused]] = {}
    waiting = list(Refused.__subclasses__())
    while waiting:
        refused = waiting.pop()
        waiting += refused.__subclasses__()
        if refused.code:
            found[refused.code] = refused
    return dict(sorted(found.items()))


@router.get("/problems", operation_id="problem_index", openapi_extra=PUBLIC)
def list_problems() -> Response:
    """Every kind of problem there is."""
    return page("problems.html", kinds=KINDS.values(), refusals=refusals(), title_of=title_of)


@router.get("/problems/{code}", operation_id="problem_page", openapi_extra=PUBLIC)
def explain_problem(code: Annotated[str, Path(pattern=r"^[a-z][a-z_]{1,60}$")]) -> Response:
    """What a problem is and what to do about it, in the three languages."""
    if (kind := KINDS.get(code)) is not None:
        return page(
            "problem.html",
            code=code,
            status=str(kind.status),
            title=kind.title["en"],
            rule="",
            summary="",
            words=[(language, kind.detail[language]) for language in LANGUAGES],
        )
    refused = refusals().get(code)
    if refused is None:
        raise Problem(problems.NOT_FOUND)
    return page(
        "problem.html",
        code=code,
        status="409, or 422 when a field of the body is wrong by itself",
        title=title_of(refused),
        rule=refused.rule,
        summary=(refused.__doc__ or "").strip(),
        words=[(language, refused.text[language]) for language in LANGUAGES],
    )
