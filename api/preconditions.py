"""If-Match: a change is written only on top of what its author has read."""

import re
from collections.abc import Callable, Sequence
from typing import Annotated, Any, TypeVar

from fastapi import Header

from api import problems
from api.errors import Problem
from services.store.pen import Command, Pen, Reader
from services.store.store import Store, Written

T = TypeVar("T")

IfMatch = Annotated[
    str,
    Header(alias="If-Match", description='The ETag that was read, such as `"17"`.', max_length=40),
]
_ETAG = re.compile(r'"(0|[1-9][0-9]{0,17})"', re.ASCII)


def etag(position: int) -> str:
    """The ETag of what last changed at a position."""
    return f'"{position}"'


class Guarded(Store):
    """The same store, but what is written through it first compares a tag's newest event.

    The comparison is made under the pen, so that nothing can come between; a repeated command is
    answered without it.
    """

    def __init__(self, store: Store, tag: str, if_match: str) -> None:
        found = _ETAG.fullmatch(if_match)
        if found is None:
            raise Problem(problems.PRECONDITION_FAILED)
        self._store = store
        self._tag = tag
        self._position = int(found[1])

    def write(
        self,
        book_id: str,
        command: Command,
        decide: Callable[[Pen], None],
        answer: Callable[[Reader], T],
        reads: Sequence[str] = (),
        *,
        ahead: Callable[[Pen], Sequence[str]] | None = None,
    ) -> Written[T]:
        """Runs a command if its If-Match holds; raises the problem precondition_failed."""

        def guarded(pen: Pen) -> None:
            last = pen.last(self._tag)
            if last is not None and last.position != self._position:
                raise Problem(problems.PRECONDITION_FAILED)
            decide(pen)

        return self._store.write(book_id, command, guarded, answer, reads, ahead=ahead)

    def past(self, book_id: str, upto: int | None = None) -> Any:
        """The book as it stood right after a position."""
        return self._store.past(book_id, upto)
