"""Contacts and articles as files that come in again: their whole structure, under any filter."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

from fastapi import Request, Response
from starlette.background import BackgroundTask
from starlette.responses import FileResponse

from api.language import preferred
from api.models.articles import ArticlesLeaving
from api.models.contacts import ContactsLeaving
from api.responses import OF_READS, Responses, problems
from api.visit import Visit
from domain.imports.batch import BatchKind
from projections.register import Register
from services.imports.export import Export, Leaving
from services.lists.export import MEDIA_TYPES
from services.store.pen import Command


def answers_of_leaving() -> Responses:
    """The responses of an export: a file, or a problem."""
    binary: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
    content = {MEDIA_TYPES["csv"]: binary, MEDIA_TYPES["xlsx"]: binary}
    return {200: {"description": "The file.", "content": content}, **problems(*OF_READS, 409)}


def leave(
    visit: Visit,
    request: Request,
    asked: ContactsLeaving | ArticlesLeaving,
    kind: BatchKind,
    register: Register,
) -> Response:
    """Everything that fits as a file in the reader's language, noted under the key's name."""
    leaving = Leaving(
        kind=kind,
        wanted=asked.wanted(),
        sort=asked.sort,
        language=preferred(request.headers.get("accept-language")),
        form=asked.format,
    )
    command = Command(id=f"~export:{uuid4()}", actor=visit.access.key_id, cause="http")
    still = (
        visit.backend.readers.still(visit.book_id)
        if asked.known_at is None
        else visit.backend.engine.known_at(visit.book_id, asked.known_at, [register.name])
    )
    folder = TemporaryDirectory(prefix="paraphe-list-")
    with still as conn:
        export = Export(visit.store, visit.book_id, conn, leaving)
        left = export.write(Path(folder.name), command)
    return FileResponse(
        left.path,
        media_type=left.media_type,
        filename=left.name,
        headers={"ETag": f'"{left.sha256}"', "List-Position": str(left.position)},
        background=BackgroundTask(folder.cleanup),
    )
