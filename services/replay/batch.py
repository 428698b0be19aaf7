"""One batch of one book: read, prefetch, fold, write rows and cursors, in the caller's transaction.

Also the locks. Whoever moves a book's cursors holds that book's lock and, shared, the lock that a
swap of schemas takes alone.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from psycopg import sql

from domain.book.event import Recorded
from services.replay import schema
from services.replay.connection import Replaying
from services.replay.fold import Fold, Wanted
from services.replay.lookout import RegistersBehind
from services.replay.place import Place
from services.replay.source import END, Source
from services.replay.tables import (
    Table,
    are_few,
    ask_changes,
    copy_changes,
    lightest,
    tables_of,
)
from services.trip import Answer, Statement, Trip

SWAP = "hashtextextended('paraphe.registers', 0)"
TAKE_SWAP = f"SELECT pg_advisory_xact_lock({SWAP})"
# In this order, and before the statement that reads what they guard.
LOCKS = b"""SELECT pg_advisory_xact_lock_shared(hashtextextended('paraphe.registers', 0)),
    pg_advisory_xact_lock(hashtextextended('paraphe.registers.' || %s::text, 0))
"""
LET_GO = b"SELECT set_config('idle_in_transaction_session_timeout', %s, true)"
CATCH_UP = 2_000


class Standing(NamedTuple):
    """How far a register has come in a book, and whether today's code made its tables.

    `parked_at` is the event it stopped at.
    """

    position: int
    parked_at: int | None
    parked_why: str | None
    current: bool

    @property
    def runs(self) -> bool:
        """Whether the next event may be given to it: new code never continues rows of the old."""
        return self.current and self.parked_at is None


class Opened(NamedTuple):
    """A transaction with a book in hand: where its registers stand, and events read ahead."""

    standing: dict[str, Standing]
    read: Answer | None


class State(NamedTuple):
    """A register as a whole: the code that made its tables and where it stands in each book."""

    name: str
    version: int
    digest: str
    current: bool
    built_at: datetime
    rows: int
    books: dict[UUID, Standing]


def claim(conn: Replaying, place: Place, book_id: UUID, position: int) -> bool:
    """Says how far a book that is loaded whole will have come; False: it has a cursor already.

    Waits for whoever is loading it into the same place.
    """
    return conn.execute(_CLAIM.format(place.cursor), (book_id, position)).rowcount == 1


class Batcher:
    """Moves registers forward, a batch at a time."""

    def __init__(self, conn: Replaying, source: Source, places: Sequence[Place]) -> None:
        self.conn = conn
        self.source = source.narrowed(place.register for place in places)
        self.places = {place.name: place for place in places}
        self._tables: dict[str, list[Table]] = {}
        self._begin, self._commit = Statement(conn, b"BEGIN"), Statement(conn, b"COMMIT")
        self._let_go, self._locks = Statement(conn, LET_GO), Statement(conn, LOCKS)
        self._page = self.source.page(conn)
        standing = sql.SQL(" UNION ALL ").join(map(_standing_of, places))
        self._standing = Statement(conn, standing.as_bytes(conn))
        self._moves: dict[tuple[str, ...], Statement] = {}
        self.questions = RegistersBehind(places)

    def lock(self, book_id: UUID) -> dict[str, Standing]:
        """Takes the locks of a book and tells how far each register stands there."""
        trip = Trip(self.conn)
        trip.ask(self._locks, book_id)
        found = trip.ask(self._standing, book_id)
        trip.run()
        return _by_name(found)

    def open(self, book_id: UUID, ahead: tuple[int, int] | None, let_go: str) -> Opened:
        """Begins a transaction that holds the locks of a book; whoever opens it commits.

        `ahead`: a position and how many events to read after it, in the same round trip. `let_go`:
        how long this process may do nothing before the server ends the transaction, so that one
        that is frozen does not hold the book for ever.
        """
        trip = Trip(self.conn)
        trip.ask(self._begin)
        trip.ask(self._let_go, let_go)
        trip.ask(self._locks, book_id)
        found = trip.ask(self._standing, book_id)
        read = trip.ask(self._page, book_id, ahead[0], END, ahead[1]) if ahead else None
        trip.run()
        return Opened(_by_name(found), read)

    def standing(self, book_id: UUID) -> dict[str, Standing]:
        """How far each register stands in a book, without locks."""
        trip = Trip(self.conn)
        found = trip.ask(self._standing, book_id)
        trip.run()
        return _by_name(found)

    def behind(self) -> list[UUID]:
        """The books with events that a register which is not parked there has not taken in."""
        return self.questions.all(self.conn)

    def state(self, name: str) -> State:
        """A register as a whole."""
        place = self.places[name]
        about = sql.SQL("SELECT version, digest, built_at FROM {}").format(place.about)
        cursors = sql.SQL("SELECT book_id, position, parked_at, parked_why FROM {}")
        version, digest, built_at = self.conn.execute(about).fetchall()[0]
        current = digest == place.register.digest()
        found = self.conn.execute(cursors.format(place.cursor)).fetchall()
        books = {row[0]: Standing(row[1], row[2], row[3], current) for row in found}
        rows = schema.row_count(self.conn, place)
        return State(name, version, digest, current, built_at, rows, books)

    def advance(
        self, book_id: UUID, names: Sequence[str], after: int, upto: int, limit: int
    ) -> int:
        """Takes registers that stand at `after` as far as `upto` or `limit` events; gives where."""
        facts = self.source.read(self.conn, book_id, after, upto, limit)
        return self.take_in(book_id, names, facts) if facts else after

    def take_in(
        self,
        book_id: UUID,
        names: Sequence[str],
        facts: Sequence[Recorded],
        *,
        commit: bool = False,
    ) -> int:
        """Takes registers that stand right before these events over them; gives where they end.

        `commit`: ends the transaction too, in the same round trip where that can be.
        """
        after = facts[0].position - 1
        types = {type(fact.event) for fact in facts}
        registers = [self.places[name].register for name in names]
        fold = Fold([each for each in registers if not types.isdisjoint(each.events)])
        self._prefetch(book_id, fold, fold.wanted(facts))
        position = fold.apply(facts)
        changed = [
            (table, lightest(table, changes))
            for name in fold.rows
            for table in self.tables(name)
            if any(changes := fold.rows[name].changes(table.row_type))
        ]
        at_once = commit and are_few(changed)
        trip = Trip(self.conn)
        ask_changes(trip, book_id, changed)
        trip.ask(self._move(names), book_id, after, position)
        if at_once:
            trip.ask(self._commit)
        trip.run()
        if not at_once:
            copy_changes(self.conn, book_id, changed)
        if commit and not at_once:
            self.conn.commit()
        return position

    def catch_up(self, book_id: UUID, name: str, position: int, upto: int) -> int:
        """Takes one register on to a position or the head, in the caller's one transaction."""
        while position < upto:
            reached = self.advance(book_id, [name], position, upto, CATCH_UP)
            if reached == position:
                break
            position = reached
        return position

    def _move(self, names: Sequence[str]) -> Statement:
        """Moves the cursors, all in one statement; the server refuses when one stands elsewhere."""
        together = tuple(names)
        if together not in self._moves:
            moves = _all_of([_MOVE.format(self.places[name].cursor) for name in names])
            self._moves[together] = Statement(self.conn, moves.as_bytes(self.conn))
        return self._moves[together]

    def park(self, book_id: UUID, name: str, position: int, why: str) -> None:
        """Stops a register in a book before the event at `position`, and keeps why."""
        statement = _PARK.format(self.places[name].cursor)
        self.conn.execute(statement, (book_id, position - 1, position, why))

    def unpark(self, book_id: UUID | None) -> None:
        """Lets parked registers run again, in one book or in all."""
        for place in self.places.values():
            self.conn.execute(_UNPARK.format(place.cursor), {"book": book_id})

    def tables(self, name: str) -> list[Table]:
        """The tables of a register, looked up in the database once."""
        if name not in self._tables:
            self._tables[name] = tables_of(self.conn, self.places[name])
        return self._tables[name]

    def _prefetch(self, book_id: UUID, fold: Fold, wanted: Wanted) -> None:
        """Loads the rows that the events need, each table once, in one round trip."""
        trip = Trip(self.conn)
        found = [
            (fold.rows[name], table, trip.ask(table.find, *table.keys(book_id, keys)))
            for name in fold.rows
            for table in self.tables(name)
            if (keys := wanted.get((name, table.row_type)))
        ]
        trip.run()
        for rows, table, answer in found:
            for values in answer.rows():
                rows.load(table.row(values))


# A cursor that stands elsewhere was moved without the lock: no position is no cursor.
_MOVE = sql.SQL(
    "INSERT INTO {} AS held (book_id, position) VALUES ($1, $3) ON CONFLICT (book_id) "
    "DO UPDATE SET moved_at = now(), "
    "position = CASE WHEN held.position = $2 THEN excluded.position END"
)
_CLAIM = sql.SQL("INSERT INTO {} (book_id, position) VALUES (%s, %s) ON CONFLICT DO NOTHING")
_PARK = sql.SQL(
    "INSERT INTO {} AS held (book_id, position, parked_at, parked_why) VALUES (%s, %s, %s, %s) "
    "ON CONFLICT (book_id) DO UPDATE SET parked_at = excluded.parked_at, "
    "parked_why = excluded.parked_why"
)
_UNPARK = sql.SQL(
    "UPDATE {} SET parked_at = NULL, parked_why = NULL WHERE parked_at IS NOT NULL "
    "AND (%(book)s::uuid IS NULL OR book_id = %(book)s)"
)


def _all_of(statements: Sequence[sql.Composed]) -> sql.Composed:
    """Several statements that change something, as one."""
    named = [
        sql.SQL("{} AS ({})").format(sql.Identifier(f"move_{nth}"), statement)
        for nth, statement in enumerate(statements)
    ]
    return sql.SQL("WITH {} SELECT").format(sql.SQL(", ").join(named))


def _by_name(found: Answer) -> dict[str, Standing]:
    return {name: Standing(*rest) for name, *rest in found.rows()}


def _standing_of(place: Place) -> sql.Composed:
    return sql.SQL(
        "SELECT {}, coalesce(position, 0), parked_at, parked_why, digest = {} "
        "FROM {} LEFT JOIN {} ON book_id = $1"
    ).format(
        sql.Literal(place.name),
        sql.Literal(place.register.digest()),
        place.about,
        place.cursor,
    )
