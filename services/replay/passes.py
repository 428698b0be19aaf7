"""A pass over one book: batch after batch, and, when an event cannot be taken in, the search for
it: fewer events, then one event, then one register at a time. That register is parked there."""

import logging
from collections.abc import Sequence
from contextlib import suppress
from uuid import UUID

import psycopg

from domain.book.event import Recorded
from services.replay.batch import Batcher
from services.replay.source import END
from services.trip import Answer

FROZEN = "60s"
"""A batch takes milliseconds: whoever does nothing for so long with a book in hand is frozen."""
log = logging.getLogger(__name__)


class LiveBook:
    """One book on its way to its head; every step is a transaction of its own.

    `position`: where its registers are believed to stand.
    """

    def __init__(
        self, batcher: Batcher, book_id: UUID, batch: int, position: int | None = None
    ) -> None:
        self._batcher = batcher
        self._book_id = book_id
        self._batch = batch
        self._limit = batch
        self._alone = False
        self._names: Sequence[str] = ()
        self.position = position or 0
        self._stands = position

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
        try:
            return self._take_in()
        except BaseException:
            with suppress(psycopg.Error):  # one that broke has rolled back by itself
                self._batcher.conn.rollback()
            raise

    def _take_in(self) -> bool:
        """One batch in one transaction, its events read ahead from where this pass stands."""
        ahead = None if self._stands is None else (self._stands, self._limit)
        opened = self._batcher.open(self._book_id, ahead, FROZEN)
        running = {name: each.position for name, each in opened.standing.items() if each.runs}
        if not running:
            self._batcher.conn.rollback()
            return False
        self.position = after = min(running.values())
        together = [name for name, position in running.items() if position == after]
        self._names = together[:1] if self._alone else together
        # Registers further on are met where they stand, and taken along from there.
        meet = min((p for p in running.values() if p > after), default=END)
        facts = self._facts(opened.read if self._stands == after else None, meet)
        if facts:
            self.position = self._batcher.take_in(self._book_id, self._names, facts, commit=True)
        else:
            self._batcher.conn.rollback()
        self._stands = self.position
        return self.position - after == self._limit or len(self._names) < len(running)

    def _facts(self, read: Answer | None, upto: int) -> list[Recorded]:
        source, book_id = self._batcher.source, self._book_id
        if read is None:
            return source.read(self._batcher.conn, book_id, self.position, upto, self._limit)
        return [fact for fact in source.decoded(book_id, read.rows()) if fact.position <= upto]

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
