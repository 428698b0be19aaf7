"""Keys to the books: random, kept as digests, bound to some books or to all, read at each use."""

import base64
import secrets
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import psycopg
from msgspec import Struct
from psycopg import Connection
from psycopg.rows import class_row

from services.store.datastore import BookDatastore

PREFIX = "pk_live_"
SHOWN = len(PREFIX) + 4
SECONDS_BETWEEN_TOUCHES = 60

SCOPES: dict[str, str] = {
    "companies:read": "Read the company, its accounts, journals and lock date.",
    "companies:write": "Open companies (keys for all companies) and change their settings.",
    "contacts:read": "Read, list and export contacts.",
    "contacts:write": "Create, change, archive and import contacts.",
    "articles:read": "Read, list and export articles.",
    "articles:write": "Create, change, compose, archive and import articles.",
    "imports:read": "See imports of contacts and articles.",
    "imports:write": "Undo imports of contacts and articles.",
    "quotes:read": "Read quotes and their deposits.",
    "quotes:write": "Draft, revise, send and answer quotes; ask for deposits and request them.",
    "invoices:read": "Read invoices and credit notes.",
    "invoices:write": "Draft, revise, discard, validate and credit invoices.",
    "bills:read": "Read supplier bills and the files kept with them.",
    "bills:write": "Record and import supplier bills.",
    "payments:read": "Read payments and letterings.",
    "payments:write": "Record payments, letter and unletter.",
    "reminders:read": "Read reminders, and who is due which today.",
    "reminders:write": "Issue, send and print reminders; spare customers; set when they are due.",
    "remittances:read": "Read mandates, files of direct debits and transfers, cheque deposits.",
    "remittances:write": "Sign and revoke mandates, make such files, settle and return them.",
    "entries:read": "Read journal entries.",
    "entries:write": "Post miscellaneous entries.",
    "periods:write": "Lock and reopen periods, and say how far the books go.",
    "archives:write": "Mark documents of the archives as treated, as the client does.",
    "registers:read": "Read archives, history, unpaid items and VAT registers.",
    "vat_returns:write": "File VAT returns.",
    "closings:read": "Read closed days, months and years with their totals.",
    "journal:read": "Read the journal of technical events: keys, versions, exports, audits.",
    "events:read": "Read the feed of all events.",
}

ADMIT = "SELECT key_id, name, scopes, every_book, book_id FROM admit(%s, %s)"
REACHED = "SELECT book_id FROM books_reached(%s, %s, %s)"
TOUCH = "SELECT touch_key(%s)"


class Access(Struct, frozen=True, kw_only=True):
    """What a key that was shown allows; `book_id` is the wanted book if the key reaches it."""

    key_id: str
    name: str
    scopes: frozenset[str]
    every_book: bool
    book_id: str | None


class Key(Struct, frozen=True, kw_only=True):
    """A key as its owner may see it again: never its secret."""

    key_id: str
    prefix: str
    name: str
    scopes: list[str]
    every_book: bool
    books: list[UUID]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None


class Porter:
    """Lets keys in: one question to the database for each use, so that a revoked key is dead."""

    def __init__(self, datastore: BookDatastore) -> None:
        self._datastore = datastore
        self._touched: dict[str, float] = {}

    def admit(self, secret: str, book_id: UUID | None) -> Access | None:
        """What the key allows, or None when it is unknown, expired or revoked."""
        digest = sha256(secret.encode()).digest()
        with self._datastore.connection() as conn:
            row = conn.execute(ADMIT, (digest, book_id), binary=True).fetchone()
            if row is None:
                return None
            self._touch(conn, row[0])
        key_id, name, scopes, every_book, book = row
        return Access(
            key_id=key_id,
            name=name,
            scopes=frozenset(scopes),
            every_book=every_book,
            book_id=None if book is None else str(book),
        )

    def books_reached(self, access: Access, after: UUID | None, most: int) -> list[str]:
        """Up to `most` books that a key reaches, in the order of their ids."""
        with self._datastore.connection() as conn:
            rows = conn.execute(REACHED, (access.key_id, after, most)).fetchall()
        return [str(book_id) for (book_id,) in rows]

    def cursor_secret(self) -> bytes:
        """The 32 bytes that sign the page cursors of every process on this database."""
        with self._datastore.connection() as conn:
            row = conn.execute("SELECT secret FROM cursor_secret", binary=True).fetchone()
        if row is None:
            raise LookupError("this database has no secret for cursors: was it migrated?")
        return bytes(row[0])

    def _touch(self, conn: Connection[Any], key_id: str) -> None:
        """Keeps the time of the last use, to the minute: a write for each use would cost more."""
        now = time.monotonic()
        if now - self._touched.get(key_id, -SECONDS_BETWEEN_TOUCHES) < SECONDS_BETWEEN_TOUCHES:
            return
        self._touched[key_id] = now
        conn.execute(TOUCH, (key_id,))


class Keyring:
    """Makes, lists and revokes keys, over a login that owns the tables."""

    def __init__(self, url: str) -> None:
        self._url = url

    def issue(
        self,
        name: str,
        *,
        scopes: Iterable[str] = SCOPES,
        books: Sequence[str] | None = None,
        expires_at: datetime | None = None,
    ) -> str:
        """Makes a key and returns its secret, which is never shown again; no books means all.

        Raises ValueError for a scope that does not exist.
        """
        wanted = sorted(set(scopes))
        if unknown := [scope for scope in wanted if scope not in SCOPES]:
            raise ValueError(f"no such scope: {', '.join(unknown)}")
        secret = PREFIX + base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")
        key_id = f"key_{secrets.token_hex(10)}"
        row = (
            key_id,
            sha256(secret.encode()).digest(),
            secret[:SHOWN],
            name,
            wanted,
            books is None,
            expires_at,
        )
        with self._connected() as conn:
            conn.execute(
                "INSERT INTO api_key (key_id, digest, prefix, name, scopes, every_book, expires_at)"
                " VALUES (%s, %s, %s, %s, %s, %s, %s)",
                row,
            )
            for book_id in books or ():
                conn.execute(
                    "INSERT INTO api_key_book (book_id, key_id) VALUES (%s, %s)", (book_id, key_id)
                )
        return secret

    def revoke(self, key_id: str) -> bool:
        """Makes a key useless from now on; says whether there was such a live key."""
        with self._connected() as conn:
            done = conn.execute(
                "UPDATE api_key SET revoked_at = statement_timestamp() "
                "WHERE key_id = %s AND revoked_at IS NULL",
                (key_id,),
            )
        return done.rowcount == 1

    def issued(self) -> list[Key]:
        """All keys ever made, the oldest first."""
        with self._connected() as conn, conn.cursor(row_factory=class_row(Key)) as cursor:
            return cursor.execute(
                "SELECT key_id, prefix, name, scopes, every_book, created_at, expires_at, "
                "revoked_at, last_used_at, ARRAY(SELECT book_id FROM api_key_book b "
                "WHERE b.key_id = k.key_id ORDER BY book_id) AS books "
                "FROM api_key k ORDER BY created_at, key_id"
            ).fetchall()

    @contextmanager
    def _connected(self) -> Iterator[Connection[Any]]:
        with psycopg.connect(self._url) as conn:
            yield conn
