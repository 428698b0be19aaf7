"""A list as it is asked for: a page of it, or the whole of it as a file (V27)."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack
from typing import Any
from uuid import uuid4

from fastapi import Request, Response
from pydantic import BaseModel
from starlette.background import BackgroundTask
from starlette.responses import FileResponse

from api.language import preferred
from api.listing import AskedPage, begin, page_out, register_of
from api.responses import OF_READS, UNCHANGED, Responses, problems
from api.visit import Visit
from services.lists.export import MEDIA_TYPES, Asked, export_list
from services.lists.kinds import ListKind
from services.store.pen import Command

FILES: Mapping[str, Any] = {
    media_type: {"schema": {"type": "string", "format": "binary"}}
    for media_type in MEDIA_TYPES.values()
}


def answers_of_list() -> Responses:
    """The responses of a list: a page, a file, nothing new, or a problem."""
    whole: Responses = {200: {"description": "A page, or the whole list.", "content": {**FILES}}}
    return {**whole, **UNCHANGED, **problems(*OF_READS, 409)}


def list_out(
    visit: Visit,
    request: Request,
    asked: Any,
    kind: ListKind,
    render: Callable[[Any], BaseModel],
    *,
    wanted: Any = None,
) -> Response:
    """A page of a list, or all of it as the file that `format` asks for.

    `wanted` is the filter where the route narrows what the parameters ask for.
    """
    wanted = asked.wanted() if wanted is None else wanted
    if asked.format is not None:
        return file_out(visit, request, asked, kind, wanted)
    with register_of(visit, kind.register, asked) as conn:
        page = kind.read(
            conn,
            visit.book_id,
            wanted,
            asked.sort,
            begin(visit, request, asked),
            asked.limit,
        )
    return page_out(visit, request, asked, page, render)


def file_out(visit: Visit, request: Request, asked: Any, kind: ListKind, wanted: Any) -> Response:
    """The whole list as a file, noted in the book under the key that took it out."""
    whole = Asked(
        kind=kind,
        wanted=wanted,
        sort=getattr(asked, "sort", kind.orders[0]),
        language=preferred(request.headers.get("accept-language")),
        form=asked.format,
    )
    command = Command(id=f"~export:{uuid4()}", actor=visit.access.key_id, cause="http")
    with ExitStack() as held:
        reading = _still(visit, asked, whole)
        file = held.enter_context(export_list(visit.store, visit.book_id, reading, whole, command))
        headers = {"ETag": f'"{file.sha256}"', "List-Position": str(file.position)}
        later = held.pop_all()
    return FileResponse(
        file.path,
        media_type=file.media_type,
        filename=file.name,
        headers=headers,
        background=BackgroundTask(later.close),
    )


def _still(visit: Visit, asked: AskedPage, whole: Asked) -> AbstractContextManager[Any]:
    """A connection on which registers stand still: live, or as it was known."""
    if asked.known_at is None:
        return visit.backend.readers.still(visit.book_id)
    return visit.backend.engine.known_at(visit.book_id, asked.known_at, whole.registers)
