"""What routes declare of their answers: the problems that each can end in."""

from typing import Any

from pydantic import Field

from api.errors import MEDIA_TYPE
from api.fields import Out


class Fault(Out):
    """Where something is wrong: one of `pointer`, `parameter` and `header`."""

    code: str = Field(description="Stable name of the fault.")
    detail: str = Field(description="The fault in the reader's language.")
    pointer: str = Field(default="", description="JSON pointer into the body.")
    parameter: str = Field(default="", description="Name of the query parameter.")
    header: str = Field(default="", description="Name of the header.")


class ProblemOut(Out):
    """A problem (RFC 9457)."""

    type: str = Field(description="Address of a page that explains this kind of problem.")
    title: str = Field(description="The kind of problem in a few words.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What is wrong here, in the language of Accept-Language.")
    instance: str = Field(description="Names this occurrence.")
    code: str = Field(description="Stable name of the kind of problem, for programs.")
    request_id: str = Field(description="The id under which our logs know the request.")
    rule: str = Field(default="", description="Refusals: the rule or article of law that refuses.")
    position: int = Field(default=0, description="Refusals: the event that causes it.")
    scope: str = Field(default="", description="403: the scope that the key lacks.")
    errors: list[Fault] = Field(default=[], description="The single faults, by place.")


WORDS = {
    400: "The request is malformed, or has an unknown or wrong parameter.",
    401: "No key, or one that is unknown, expired or revoked.",
    403: "The key lacks the scope.",
    404: "Nothing that this key can see.",
    409: "The state of the books refuses; `code` and `rule` say why.",
    410: "It was here until a moment that is over.",
    412: "It changed since the ETag in If-Match was read.",
    413: "The body is too large.",
    415: "The body has another media type than documented.",
    416: "The file has no bytes in this range.",
    422: "The body is wrong, or a value in it breaks a rule.",
    428: "If-Match is required.",
    429: "The key asks faster than it may; Retry-After says when to go on.",
    503: "The database or a register cannot answer now; try again.",
}

Responses = dict[int | str, dict[str, Any]]
UNCHANGED: Responses = {304: {"description": "The position is the one in If-None-Match."}}
OF_READS = (400, 401, 403, 404, 429, 503)
OF_COMMANDS = (400, 401, 403, 404, 409, 413, 415, 422, 429, 503)
OF_CHANGES = (400, 401, 403, 404, 409, 412, 413, 415, 422, 428, 429, 503)


def problems(*statuses: int) -> Responses:
    """The problem responses of a route, by status."""
    schema = {"schema": {"$ref": "#/components/schemas/ProblemOut"}}
    return {
        status: {"description": WORDS[status], "content": {MEDIA_TYPE: schema}}
        for status in statuses
    }
