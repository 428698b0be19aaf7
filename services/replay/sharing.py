"""Who takes in a book that has grown: this process alone, or whichever worker is free."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Protocol
from uuid import UUID

Wake = Callable[[UUID], "Future[bool]"]
"""Puts a book in this process's line; the future tells whether the book has still more events."""


class Sharing(Protocol):
    """How the books that have grown come to the workers."""

    def start(self, wake: Wake, is_behind: Callable[[UUID], bool], slots: int) -> None:
        """Begins; `slots` books at once are wanted here."""
        ...

    def announce(self, book_id: UUID) -> None:
        """Says that a book has grown; returns at once."""
        ...

    def stop(self) -> None:
        """Ends once the books in hand are given back."""
        ...


class Alone:
    """One process takes in every book."""

    def start(self, wake: Wake, *_: object) -> None:
        """Begins; who is alone needs nothing but the line."""
        self._wake = wake

    def announce(self, book_id: UUID) -> None:
        """Puts the book in the line of this process."""
        self._wake(book_id)

    def stop(self) -> None:
        """Ends; nobody else waits for the books."""
