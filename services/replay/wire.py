"""How the fields of rows travel to PostgreSQL where psycopg's own way is slow, or says too little.

A field that is a tuple is a text array, one that is a dict is a document: rows go as they are.
"""

import struct
from functools import lru_cache
from typing import Any

from psycopg import Connection
from psycopg.adapt import Buffer, Dumper
from psycopg.pq import Format
from psycopg.types.json import JsonbBinaryDumper
from psycopg.types.string import BytesBinaryDumper

TEXT, TEXT_ARRAY = 25, 1009
_SHAPE = struct.Struct("!5i")
_LENGTH = struct.Struct("!i")
_EMPTY = struct.pack("!3i", 0, 0, TEXT)


class TextArray(Dumper):
    """A tuple of strings as text[]: psycopg goes through every list in Python."""

    format = Format.BINARY
    oid = TEXT_ARRAY

    def dump(self, obj: tuple[str, ...]) -> Buffer:
        return _array(obj)


class Document(JsonbBinaryDumper):
    """A dict as jsonb."""


def teach(conn: Connection[Any]) -> None:
    """Lets a connection take rows' fields as they are."""
    conn.adapters.register_dumper(tuple, TextArray)
    conn.adapters.register_dumper(dict, Document)
    conn.adapters.register_dumper(bytes, BytesBinaryDumper)  # in C; found last, it counts for COPY


@lru_cache(maxsize=1_000)
def _array(texts: tuple[str, ...]) -> bytes:
    """Most rows carry no array, or the one of the row before."""
    if not texts:
        return _EMPTY
    parts = [_SHAPE.pack(1, 0, TEXT, len(texts), 1)]
    for text in texts:
        encoded = text.encode()
        parts += _LENGTH.pack(len(encoded)), encoded
    return b"".join(parts)
