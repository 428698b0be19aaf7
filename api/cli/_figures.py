"""The books that figures are read from, for commands that show and explain them."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli._console import Exit, backend, stop

if TYPE_CHECKING:
    from services.figures.books import Books

KnownAt = Annotated[int | None, typer.Option(help="As it was known at this position of the book.")]


@contextmanager
def figures(company: str, known_at: int | None) -> "Iterator[Books]":
    """The registers of a company at the head of its book, or as they were known.

    Refusals end the command.
    """
    from domain.book.refusal import Refusals
    from services.figures.books import REGISTERS, open_books

    with backend() as opened:
        book_id = opened.shelf.find(company).book_id
        opened.engine.run_to_head(book_id)
        reading: AbstractContextManager[Any] = (
            opened.readers.still(book_id)
            if known_at is None
            else opened.engine.known_at(book_id, known_at, REGISTERS)
        )
        try:
            with reading as conn:
                yield open_books(opened.store, book_id, conn, live=known_at is None)
        except Refusals as error:
            stop(error.refused.explain(), Exit.REFUSED)
