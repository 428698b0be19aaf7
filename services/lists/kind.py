"""What a list is: the register it reads, its filter, its orders and its columns."""

from collections.abc import Callable, Iterable
from typing import Any

from msgspec import Struct
from psycopg import Connection

from projections.page import Page, SortKey
from projections.register import Register
from services.files.table import Column, Words

Read = Callable[[Connection[Any], str, Any, str, SortKey | None, int], Page[Any, Any]]
"""A page of a book's list: connection, book, filter, order, the key before it, its size."""


class ListKind(Struct, frozen=True, kw_only=True):
    """A list: its first order is the usual one."""

    name: str
    title: Words
    register: Register
    filter: type[Struct]
    orders: tuple[str, ...]
    columns: tuple[Column, ...]
    read: Read
    line: Callable[[Any], Any] = lambda row: row
    """A row as its columns find it."""


def both_ways(names: Iterable[str], usual: str = "") -> tuple[str, ...]:
    """The orders by each column, ascending and behind a `-` descending; the usual one first."""
    orders = [f"{sign}{name}" for name in names for sign in ("", "-")]
    return tuple(sorted(orders, key=lambda order: order != usual)) if usual else tuple(orders)
