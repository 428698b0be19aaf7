"""A pass over one book: batch after batch, and, when an event cannot be taken in, the search for
it: fewer events, then one event, then one register at a time. That register is parked there."""

import logging
from collections.abc import Sequence
from uuid import UUID

import psycopg

from services.replay.batch import END, Batcher

FROZEN = "60s"
"""A batch takes milliseconds: whoever does nothing for so long with a book in hand is frozen."""
log = logging.getLogger(__name__)


class LiveBook:
    """One book on its way to its head; every step is a transaction of its own."""

    def __init__(self, batcher: Batcher, book_id: UUID, batch: int) -> None:
        self._batcher = batcher
        self._book_id = book_id
        self._batch = batch
        self._limit = batch
        self._alone = False
        self._names: Sequence[str] = ()
        self.position = 0

    def run(self) -> int:
        """Goes on until nothing is left that can be taken in; gives where the last batch ended."""
        while self.step():
            pass
        return self.position

    def step(self) -> bool:
        """Takes in one batch; tells whether there may be more. Database trouble is raised."""
        try:
            more = self._advance()
        except Exception as fault:
            if is_trouble(fault):
                raise
            self._narrow(fault)
            return True
        self._limit = min(self._limit * 2, self._batch)
        self._alone = False
        return more

    def _advance(self) -> bool:
        with self._batcher.conn.transaction():
            running = {
                name: standing.position
                for name, standing in self._batcher.lock(self._book_id, FROZEN).items()
                if standing.runs
            }
            if not running:
                return False
            self.position = after = min(running.values())
            together = [name for name, position in running.items() if position == after]
            self._names = together[:1] if self._alone else together
            # Registers further on are met where they stand, and taken along from there.
            meet = min((p for p in running.values() if p > after), default=END)
            self.position = self._batcher.advance(
                self._book_id, self._names, after, meet, self._limit
            )
        return self.position - after == self._limit or len(self._names) < len(running)

    def _narrow(self, fault: Exception) -> None:
        if self._limit > 1:
            self._limit = max(1, self._limit // 8)
        elif not self._alone:
            self._alone = True
        else:
            self._park(self._names[0], self.position + 1, fault)

    def _park(self, name: str, position: int, fault: Exception) -> None:
        why = f"{type(fault).__name__}: {fault}"
        log.error("register %s of book %s parked at %d: %s", name, self._book_id, position, why)
        with self._batcher.conn.transaction():
            standing = self._batcher.lock(self._book_id)[name]
            if standing.position == position - 1:
                self._batcher.park(self._book_id, name, position, why)
        self._limit, self._alone = self._batch, False


def is_trouble(fault: Exception) -> bool:
    """Tells a database that is away, or not as it should be, from an event that cannot be taken in.

    What the database refuses to store is the fault of what a register made of the event.
    """
    refused = isinstance(fault, psycopg.DataError | psycopg.IntegrityError)
    return isinstance(fault, psycopg.Error) and not refused
