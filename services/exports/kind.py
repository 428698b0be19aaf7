"""What a kind of file is: what is asked, the registers it is made from, and what makes it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from psycopg import Connection

from domain.ledger.vat_return import Filings
from domain.parties.company import Company
from projections.register import Register


class Background(Struct, frozen=True, kw_only=True):
    """What the events say beside the registers, up to a position."""

    company: Callable[[int], Company]
    filings: Callable[[int], Filings]


class Made(Struct, frozen=True, kw_only=True):
    """A file in the folder, its name, and the position that it stands on."""

    path: Path
    media_type: str
    position: int
    rows: int = 0


Progress = Callable[[int], None]


class Task(Struct, frozen=True, kw_only=True):
    """A file to be made of a book: what is asked, where to put it, and what is known beside."""

    book_id: str
    wish: Any
    folder: Path
    background: Background
    progress: Progress = lambda _rows: None


Write = Callable[[Connection[Any], Task], Made]
"""Writes a file from a connection that stands still; raises Refusals."""


class FileKind(Struct, frozen=True, kw_only=True):
    """A kind of file: `name` is what it is noted under, `wish` what is asked."""

    name: str
    format: str
    registers: tuple[Register, ...]
    wish: type[Struct]
    write: Write


def parameters_of(wish: Struct) -> dict[str, str]:
    """What was asked as texts, to be kept with the export; what is not said is left out."""
    said: dict[str, Any] = msgspec.to_builtins(wish)
    return {
        name: value
        if isinstance(value, str)
        else msgspec.json.encode(value, order="sorted").decode()
        for name, value in said.items()
        if value is not None and value != {}
    }


def wish_again(kind: FileKind, parameters: dict[str, str]) -> Any:
    """What was asked, from these texts."""
    known = {
        name: msgspec.json.decode(value) if value.startswith("{") else value
        for name, value in parameters.items()
        if name in kind.wish.__struct_fields__
    }
    return msgspec.convert(known, kind.wish, strict=False)
