"""Templates of printed documents and their logos (M11, M18)."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from pydantic import Field

from api.fields import Number
from api.ids import TemplateId
from api.models.printing import LogoOut, TemplateIn, TemplateOut, TemplatesOut
from api.preconditions import Guarded, IfMatch, etag
from api.responses import OF_CHANGES, OF_COMMANDS, OF_READS, problems
from api.route import Route, needs
from api.uploads import Upload, upload_of
from api.visit import Commanding, Reading, Revising, answer, answer_written
from domain.sales.template import template_tag
from services import templates

router = APIRouter(
    prefix="/v1/companies/{company_id}/templates", tags=["templates"], route_class=Route
)
logos = APIRouter(prefix="/v1/companies/{company_id}/logos", tags=["templates"], route_class=Route)

PICTURES = ("image/png", "image/jpeg")
_PICTURE = {
    "required": True,
    "content": {
        media_type: {"schema": {"type": "string", "format": "binary"}} for media_type in PICTURES
    },
}


@router.post(
    "",
    operation_id="templates_make",
    summary="Make a template",
    status_code=201,
    response_model=TemplateOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra=needs("companies:write"),
)
def make_template(visit: Commanding, body: TemplateIn) -> Response:
    """Makes a template, the default of its kinds from now on; documents pin its version."""
    written = templates.make_template(visit.store, visit.book_id, body.new(), visit.command)
    made = written.answer
    headers = {"Location": visit.at("templates", made.template_id), "ETag": etag(made.position)}
    return answer_written(written, TemplateOut.of(made), 201, headers)


@router.get(
    "",
    operation_id="templates_list",
    summary="List templates",
    response_model=TemplatesOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("companies:read"),
)
def list_templates(visit: Reading) -> Response:
    """Gives the newest version of every template."""
    found = templates.list_templates(visit.store.past(visit.book_id))
    return answer(TemplatesOut(data=[TemplateOut.of(each) for each in found]))


@router.get(
    "/{template_id:id}",
    operation_id="templates_get",
    summary="See a template",
    response_model=TemplateOut,
    responses=problems(*OF_READS),
    openapi_extra=needs("companies:read"),
)
def get_template(
    visit: Reading,
    template_id: TemplateId,
    version: Annotated[
        Annotated[Number, Field(ge=1, le=1_000_000)] | None,
        Query(description="An earlier version; the newest without it."),
    ] = None,
) -> Response:
    """Gives a template as it is, or as it was in an earlier version."""
    found = templates.get_template(visit.store.past(visit.book_id), template_id, version)
    return answer(TemplateOut.of(found), headers={"ETag": etag(found.position)})


@router.patch(
    "/{template_id:id}",
    operation_id="templates_revise",
    summary="Revise a template",
    response_model=TemplateOut,
    responses=problems(*OF_CHANGES),
    openapi_extra=needs("companies:write"),
)
def revise_template(
    visit: Revising, template_id: TemplateId, if_match: IfMatch, body: TemplateIn
) -> Response:
    """Makes the next version; what was issued with another keeps that one."""
    store = Guarded(visit.store, template_tag(template_id), if_match)
    written = templates.revise_template(
        store, visit.book_id, template_id, body.new(), visit.command
    )
    revised = written.answer
    headers = {"ETag": etag(revised.position)}
    return answer_written(written, TemplateOut.of(revised), headers=headers)


@logos.post(
    "",
    operation_id="logos_keep",
    summary="Keep a logo",
    status_code=201,
    response_model=LogoOut,
    responses=problems(*OF_COMMANDS),
    openapi_extra={**needs("companies:write"), "requestBody": _PICTURE},
)
def keep_logo(visit: Commanding, upload: Annotated[Upload, upload_of(PICTURES)]) -> Response:
    """Keeps a PNG or JPEG of at most 1 MB, for a template or the company to name by its digest."""
    written = templates.keep_logo(visit.store, visit.book_id, upload.content, visit.command)
    return answer_written(written, LogoOut(digest=written.answer), 201)
