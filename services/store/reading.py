"""Reads of one book over one connection, as of one position."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, TypeVar

from psycopg import Connection

from domain.book.event import Recorded
from domain.privacy.personal import SealedFields
from services.store import statements, vault
from services.store.mapper import Mapper
from services.store.vault import PersonalKey, WrongKeyEncryptionKey
from services.trip import Trip

S = TypeVar("S")
Evolve = Callable[[S, Recorded], S]
NEWEST = 2**62
"""As `upto`: no limit."""

Parameters = dict[str, Any]


class Reads:
    """The events of a book up to `upto`, over a connection that has entered that book."""

    def __init__(self, conn: Connection[Any], mapper: Mapper, book_id: str, upto: int) -> None:
        self.book_id = book_id
        self.upto = upto
        self._conn = conn
        self._mapper = mapper
        self._vault_fits = False

    def right_after(self, position: int) -> "Reads":
        """The same book over the same connection, as it stood right after a position."""
        return Reads(self._conn, self._mapper, self.book_id, position)

    def fold(self, evolve: Evolve[S], initial: S, tag: str) -> S:
        """The state that the events of a tag lead to."""
        state = initial
        for fact in self.of_tag(tag):
            state = evolve(state, fact)
        return state

    def last(self, tag: str) -> Recorded | None:
        """The newest event of a tag; costs the same in a book of any length."""
        found = self._facts(statements.NEWEST_OF_TAG, tag=tag, upto=self.upto)
        return found[0] if found else None

    def newest(self, tags: Sequence[str]) -> dict[str, Recorded | None]:
        """The newest event of each tag, in one round trip however many tags there are."""
        facts = self._facts(statements.NEWEST_OF_TAGS, tags=tags, upto=self.upto)
        newest = {tag: fact for fact in facts for tag in fact.tags}  # the later ones win
        return {tag: newest.get(tag) for tag in tags}

    def at(self, positions: Sequence[int]) -> list[Recorded]:
        """The events at these positions, in order."""
        wanted = [position for position in positions if position <= self.upto]
        return self._facts(statements.AT, positions=wanted)

    def personal_keys(self, subject: str) -> list[PersonalKey]:
        """The living keys of somebody's personal fields; those of today, whatever `upto` is."""
        found = {"book": self.book_id, "subject": subject}
        with self._conn.cursor(binary=True) as cursor:
            rows = cursor.execute(vault.KEYS_OF, found).fetchall()
        return [PersonalKey(self.book_id, *row) for row in rows]

    def require_vault(self) -> None:
        """Raises WrongKeyEncryptionKey when this database uses another key-encryption key."""
        if self._vault_fits:
            return
        own = self._mapper.vault
        with self._conn.cursor(binary=True) as cursor:
            row = cursor.execute(vault.FINGERPRINT, {"fingerprint": own.fingerprint}).fetchone()
        if row is None or row[0] != own.fingerprint:
            own.renew()
        if row is None or row[0] != own.fingerprint:
            raise WrongKeyEncryptionKey("this database uses another key-encryption key")
        self._vault_fits = True

    def reveal(self, subject: str, sealed: SealedFields) -> dict[str, Any]:
        """The sealed fields in clear; those that were erased are left out."""
        return self._mapper.vault.reveal(self.personal_keys(subject), sealed) if sealed else {}

    def of_tag(self, tag: str) -> list[Recorded]:
        """All events of a tag, in order."""
        return self._facts(statements.OF_TAGS, tags=[tag], upto=self.upto)

    def of_command(self, command_id: str) -> list[tuple[Recorded, str]]:
        """The events that a command wrote, each with the digest of the request it came from."""
        rows = self._rows(statements.OF_COMMAND, {"command": command_id})
        requests = [self._mapper.open(row[0], row[2], row[3]).request for row in rows]
        return list(zip(self.decoded(rows), requests, strict=True))

    def decoded(self, rows: Sequence[Any]) -> list[Recorded]:
        """Stored rows as events, in the order of the book."""
        ordered = sorted(rows, key=lambda row: row[0])
        return [self._mapper.recorded(self.book_id, *row) for row in ordered]

    def _facts(self, statement: str, **parameters: Any) -> list[Recorded]:
        return self.decoded(self._rows(statement, parameters))

    def _rows(self, statement: str, parameters: Parameters) -> list[Any]:
        trip = Trip(self._conn)
        found = trip.ask_text(statement, book=self.book_id, **parameters)
        trip.run()
        return found.rows()


class Past:
    """A book as it stood right after one of its events; each read takes its own connection."""

    def __init__(
        self,
        book_id: str,
        entered: Callable[[], AbstractContextManager[Connection[Any]]],
        mapper: Mapper,
        upto: int,
    ) -> None:
        self.book_id = book_id
        self.upto = upto
        self._entered = entered
        self._mapper = mapper

    def fold(self, evolve: Evolve[S], initial: S, tag: str) -> S:
        """The state that the events of a tag lead to."""
        with self._reads() as reads:
            return reads.fold(evolve, initial, tag)

    def last(self, tag: str) -> Recorded | None:
        """The newest event of a tag."""
        with self._reads() as reads:
            return reads.last(tag)

    def at(self, positions: Sequence[int]) -> list[Recorded]:
        """The events at these positions, in the order of the book."""
        with self._reads() as reads:
            return reads.at(positions)

    def reveal(self, subject: str, sealed: SealedFields) -> dict[str, Any]:
        """The sealed fields in clear; those erased until today are left out."""
        if not sealed:
            return {}
        with self._reads() as reads:
            return reads.reveal(subject, sealed)

    @contextmanager
    def _reads(self) -> Iterator[Reads]:
        with self._entered() as conn:
            yield Reads(conn, self._mapper, self.book_id, self.upto)
