"""Lists over registers: filters, order, pages and the position an answer stands on."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Annotated, Any, Generic, Self, TypeVar
from urllib.parse import urlencode

import msgspec
from fastapi import Request, Response
from psycopg import Connection
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from api import problems
from api.cursors import seal, unseal
from api.errors import Problem
from api.fields import Day, KnownAt, Limit, Out
from api.standing import behind
from api.visit import Visit, answer
from projections.page import JudgedOn, Page, SortKey, Standpoint
from projections.register import Register
from projections.registers import read_by
from services.lists.export import Format
from services.replicas import ReplicaFailed

Cursor = Annotated[str, StringConstraints(max_length=1000, pattern=r"^[A-Za-z0-9_-]+$")]
NO_FILE = {"parameter": "format", "code": "not_one_of"}
R = TypeVar("R", bound=BaseModel)
Row = TypeVar("Row")


class Asked(BaseModel):
    """What every question to a register may carry."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    known_at: KnownAt | None = Field(
        default=None,
        description="As it was known at this position of the book, or at this instant (RFC 3339); "
        "answered by replay.",
    )


class AskedPage(Asked):
    """What every list may carry."""

    limit: Limit = Field(default=50, description="At most so many rows.")
    cursor: Cursor | None = Field(default=None, description="`next_cursor` of the page before.")
    format: Format | None = Field(
        default=None,
        description="The whole filtered list as a file: `xlsx`, `csv`, `pdf`, or `json` (one "
        "object a line). Takes no `limit` and no `cursor`; up to 50000 rows, 1000 as `pdf`.",
    )

    @model_validator(mode="after")
    def _whole_or_paged(self) -> Self:
        if self.format is not None and self.model_fields_set & {"limit", "cursor"}:
            raise PydanticCustomError("wrong_format", "a file is not paged")
        return self


class Meta(Out):
    """On what an answer stands."""

    position: int = Field(description="The event of the book up to which everything counts.")
    entries_until: Day | None = Field(
        description="Miscellaneous entries are complete up to this day; null while nobody said."
    )
    bank_booked_until: Day | None = Field(
        description="The bank journal furthest back is booked up to this day; null before any is."
    )


class PageOut(Out, Generic[R]):
    """A page of a list."""

    data: list[R] = Field(description="The rows, in order.")
    has_more: bool = Field(description="Whether there is a next page.")
    next_cursor: str | None = Field(description="`cursor` of the next page; null at the end.")
    meta: Meta = Field(description="On what the answer stands.")


class SummaryOut(Out, Generic[R]):
    """The totals of a list, with the same filters."""

    data: list[R] = Field(description="One object a group; currencies are never added up.")
    meta: Meta = Field(description="On what the answer stands.")


@contextmanager
def register_of(visit: Visit, register: Register, asked: Asked) -> Iterator[Connection[Any]]:
    """A connection on which queries find a register of the company: live, or as it was known.

    Raises ReplicaFailed, upon which the request is answered by the primary.
    """
    if asked.known_at is None:
        with (visit.replica or visit.backend.readers).of(visit.book_id) as conn:
            yield conn
        return
    engine = visit.backend.engine
    with engine.known_at(visit.book_id, asked.known_at, read_by([register.name], asked)) as conn:
        yield conn


def begin(visit: Visit, request: Request, asked: AskedPage) -> SortKey | None:
    """The sort key that the cursor of a request holds; a list that is no file is refused as one."""
    if asked.format is not None:
        raise Problem(problems.PARAMETER_INVALID, errors=[NO_FILE])
    if asked.cursor is None:
        return None
    return unseal(visit.door.secret, _listing(request, asked), asked.cursor)


def page_out(
    visit: Visit,
    request: Request,
    asked: AskedPage,
    page: Page[Any, Row],
    render: Callable[[Row], BaseModel],
) -> Response:
    """A page as an answer, with the link to the next one."""
    cursor = None
    if page.next is not None:
        cursor = seal(visit.door.secret, _listing(request, asked), page.next)
    rows = [render(row) for row in page.rows]
    body = PageOut[Any](
        data=rows, has_more=cursor is not None, next_cursor=cursor, meta=meta(page.standpoint)
    )
    headers = {}
    if cursor is not None:
        query = urlencode({**request.query_params, "cursor": cursor})
        headers["Link"] = f'<{request.url.path}?{query}>; rel="next"'
    return standing_answer(request, body, page.standpoint, headers)


def summary_out(
    request: Request,
    standpoint: Standpoint,
    rows: Sequence[Row],
    render: Callable[[Row], BaseModel],
) -> Response:
    """Totals as an answer."""
    body = SummaryOut[Any](data=[render(row) for row in rows], meta=meta(standpoint))
    return standing_answer(request, body, standpoint, {})


def standing_answer(
    request: Request, body: BaseModel, standpoint: Standpoint, headers: Mapping[str, str]
) -> Response:
    """An answer whose ETag is its position and the day it is judged on; 304 to whoever has it.

    However the server was chosen, an answer that stands before Min-Position is never given.
    """
    visit: Visit = request.scope["paraphe.visit"]
    if standpoint.position < visit.least:
        raise ReplicaFailed if visit.replica else behind()
    etag = f'"{_stand(standpoint)}"'
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers={"ETag": etag})
    return answer(body, headers={**headers, "ETag": etag})


def _stand(standpoint: Standpoint) -> str:
    """What an answer follows from: by another day of judging it is another one."""
    on = standpoint.on if isinstance(standpoint, JudgedOn) else None
    return str(standpoint.position) if on is None else f"{standpoint.position}-{on}"


def meta(standpoint: Standpoint) -> Meta:
    """On what an answer stands, and how far the books go (C2, C3)."""
    return Meta(
        position=standpoint.position,
        entries_until=standpoint.entries_until,
        bank_booked_until=standpoint.bank_booked_until,
    )


def _listing(request: Request, asked: AskedPage) -> str:
    """What a cursor belongs to: the path with every filter and the order, not the page size."""
    filters = asked.model_dump(mode="json", exclude={"cursor", "format", "limit"})
    return request.url.path + msgspec.json.encode(filters, order="sorted").decode()
