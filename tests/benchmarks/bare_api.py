"""The least that a door with a log could be: FastAPI, one table, no rules. The bound of ours.

`python -m tests.benchmarks.bare_api URL PORT` serves three ways to keep what is posted: a plain
insert, an insert chained to the last one under a lock, and the same by one writer that commits for
all who wait.
"""

import asyncio
import queue
import sys
import threading
from collections.abc import AsyncIterator
from concurrent.futures import Future
from contextlib import asynccontextmanager, suppress
from hashlib import sha256
from typing import Any
from uuid import uuid4

import anyio.to_thread
import psycopg
import uvicorn
from fastapi import FastAPI
from psycopg import Connection
from psycopg_pool import ConnectionPool
from pydantic import BaseModel

TABLES = """
CREATE TABLE IF NOT EXISTS bare_head (
    book text PRIMARY KEY, size bigint NOT NULL, chain bytea NOT NULL
) WITH (fillfactor = 50);
CREATE TABLE IF NOT EXISTS bare_row (
    book text, position bigint, id uuid NOT NULL, chain bytea, body bytea NOT NULL,
    PRIMARY KEY (book, id)
);
CREATE UNIQUE INDEX IF NOT EXISTS bare_position ON bare_row (book, position);
"""
INSERT = "INSERT INTO bare_row (book, id, position, chain, body) VALUES (%s, %s, %s, %s, %s)"
FIRST = "INSERT INTO bare_head VALUES (%s, 0, '') ON CONFLICT DO NOTHING"
LOCK = "SELECT size, chain FROM bare_head WHERE book = %s FOR UPDATE"
MOVE = "UPDATE bare_head SET size = %s, chain = %s WHERE book = %s"
MOST_COMBINED = 32
THREADS = 64


class Document(BaseModel):
    """What is posted; it stands for the body of two events."""

    customer: str
    text: str


class Kept(BaseModel):
    """What is answered."""

    id: str
    position: int | None
    document: Document


def write_plain(conn: Connection[Any], book: str, document: Document) -> Kept:
    """One INSERT."""
    new = uuid4()
    conn.execute(INSERT, (book, new, None, None, document.model_dump_json().encode()))
    return Kept(id=str(new), position=None, document=document)


def write_chained(conn: Connection[Any], book: str, documents: list[Document]) -> list[Kept]:
    """Lock the head, link each document, move the head, commit."""
    kept = []
    with conn.transaction():
        size, chain = conn.execute(LOCK, (book,)).fetchall()[0]
        with conn.pipeline():
            for document in documents:
                size, new, body = size + 1, uuid4(), document.model_dump_json().encode()
                chain = sha256(chain + body).digest()
                conn.execute(INSERT, (book, new, size, chain, body))
                kept.append(Kept(id=str(new), position=size, document=document))
            conn.execute(MOVE, (size, chain, book))
    return kept


class Writer:
    """The one thread that writes for all who wait for a book."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._waiting: queue.SimpleQueue[tuple[str, Document, Future[Kept]]] = queue.SimpleQueue()

    def ask(self, book: str, document: Document) -> Future[Kept]:
        """Puts a document in the line."""
        promise: Future[Kept] = Future()
        self._waiting.put((book, document, promise))
        return promise

    def run(self) -> None:
        """Takes all who wait, up to 32, and commits once."""
        with psycopg.connect(self._url, autocommit=True, prepare_threshold=0) as conn:
            while True:
                batch = [self._waiting.get()]
                with suppress(queue.Empty):
                    while len(batch) < MOST_COMBINED:
                        batch.append(self._waiting.get_nowait())
                book = batch[0][0]
                kept = write_chained(conn, book, [document for _, document, _ in batch])
                for (_, _, promise), each in zip(batch, kept, strict=True):
                    promise.set_result(each)


def make_tables(url: str, books: list[str]) -> None:
    """The tables, and a head for each book."""
    with psycopg.connect(url) as conn:
        conn.execute(TABLES)
        for book in books:
            conn.execute(FIRST, (book,))


def create_app(url: str) -> FastAPI:
    """The application, with its pool and its writer."""
    pool = ConnectionPool(
        url,
        min_size=2,
        max_size=32,
        open=True,
        kwargs={"autocommit": True, "prepare_threshold": 0},
    )
    writer = Writer(url)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
        threading.Thread(target=writer.run, daemon=True).start()
        yield

    app = FastAPI(openapi_url=None, lifespan=lifespan)

    @app.post("/plain/{book}")
    def plain(book: str, document: Document) -> Kept:
        with pool.connection() as conn:
            return write_plain(conn, book, document)

    @app.post("/chained/{book}")
    def chained(book: str, document: Document) -> Kept:
        with pool.connection() as conn:
            return write_chained(conn, book, [document])[0]

    @app.post("/grouped/{book}")
    async def grouped(book: str, document: Document) -> Kept:
        return await asyncio.wrap_future(writer.ask(book, document))

    return app


if __name__ == "__main__":
    uvicorn.run(
        create_app(sys.argv[1]),
        port=int(sys.argv[2]),
        log_level="warning",
        access_log=False,
        timeout_keep_alive=600,  # its clients wait while the others have their turn
    )
