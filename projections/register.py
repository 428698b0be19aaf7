"""What a register is: row types, the events it reads, what it needs to know, and what it does."""

import ast
import hashlib
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from threading import Lock
from typing import ClassVar

from domain.book.event import Event, Recorded
from projections.rows import Need, Row, Rows

HERE = Path(__file__).parent
_ONE_AT_A_TIME = Lock()  # Python 3.11 may trip over syntax trees made in two threads at once


class Register:
    """A fold of a book into tables, in a PostgreSQL schema of its own, called `name`.

    `version` grows whenever the same events give other rows. `events` are the types that reach
    `needs` and `apply`. The tables are created by the `.sql` twin beside the register's file.
    """

    name: ClassVar[str]
    version: ClassVar[int]
    rows: ClassVar[tuple[type[Row], ...]]
    events: ClassVar[tuple[type[Event], ...]]

    def needs(self, event: Event) -> Iterable[Need]:
        """The rows that `apply` will touch for this event, other than those it adds."""
        raise NotImplementedError(self.name, type(event).__name__)

    def apply(self, fact: Recorded, rows: Rows) -> None:
        """Does to the rows what this fact means; no SQL, no clock."""
        raise NotImplementedError(self.name, fact.position)

    def twin(self) -> str:
        """The SQL that creates the tables: unqualified, so that any schema can be meant."""
        return _sql("register").replace("REGISTER", self.name) + _sql(self.name)

    def digest(self) -> str:
        """SHA-256 (hex) of what decides the rows: the code, its imports from here, the tables.

        Taken over the syntax tree without docstrings: a comment does not make another register.
        """
        return _digest(self.twin(), type(self).__module__)


def _digest(twin: str, module: str) -> str:
    with _ONE_AT_A_TIME:
        return _digest_of(twin, module)


@cache
def _digest_of(twin: str, module: str) -> str:
    digest = hashlib.sha256(twin.encode())
    for source in sorted(_sources(module)):
        digest.update(_meaning(source).encode())
    return digest.hexdigest()


def _sql(name: str) -> str:
    return (HERE / f"{name}.sql").read_text(encoding="utf-8")


def _sources(module: str) -> set[Path]:
    """The file of a module of this room, and of all that it imports from this room."""
    found: set[Path] = set()
    waiting = [Path(str(sys.modules[module].__file__))]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += _imported(path)
    return found


def _imported(path: Path) -> list[Path]:
    """The files of this room that a file imports from."""
    return [
        HERE / f"{node.module.partition('.')[2]}.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("projections.")
        if node.module
    ]


def _meaning(source: Path) -> str:
    tree = ast.parse(source.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(
            node
        ):
            node.body = node.body[1:]
    return ast.dump(tree)
