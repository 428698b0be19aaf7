"""What tests of archive and restore compare: every row of a book, as the database has it."""

from typing import Any

import psycopg

TABLES = (
    "book", "event", "event_tag", "subtree", "file", "seal", "seal_timestamp", "seal_cosignature",
    "personal_key",
)  # fmt: skip


def everything(url: str, book_id: str) -> dict[str, list[Any]]:
    """The rows of one book in every table, in one order."""
    with psycopg.connect(url) as conn:
        return {
            table: conn.execute(
                f"SELECT t::text FROM public.{table} AS t WHERE book_id = %s ORDER BY 1", (book_id,)
            ).fetchall()
            for table in TABLES
        }
