"""A proxy between psycopg and PostgreSQL that cuts the connection at a chosen statement.

It follows the frontend/backend protocol, so that it knows which statement a message executes and
which answer ends it: it can cut before the server sees a statement, after the server has run it
but before the client hears of it, or right after the client has heard.
"""

import os
import selectors
import shutil
import socket
import struct
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Literal, Self
from urllib.parse import quote

from psycopg.conninfo import conninfo_to_dict

How = Literal["before", "unheard", "after"]
HOWS: tuple[How, ...] = ("before", "unheard", "after")
At = Callable[[int, str], bool]

COMPLETED = b"CIsE"  # CommandComplete, EmptyQueryResponse, PortalSuspended, ErrorResponse
FLUSH = b"H" + struct.pack("!I", 4)
OWN_BUSINESS = ("SET ", "SELECT pg_notify")  # of pool and notifier, not of a command


class Proxy:
    """Listens on a unix socket; `url` leads through it to the same database."""

    def __init__(self, url: str) -> None:
        self._upstream = {**conninfo_to_dict(url)}
        self._folder = Path(tempfile.mkdtemp(prefix="proxy-"))
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self._folder / ".s.PGSQL.5432"))
        self._listener.listen(64)
        self.url = self._own_url()
        self._lock = threading.Lock()
        self._at: At | None = None
        self._how: How = "before"
        self.statements: list[str] = []
        self.cuts = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._listener.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def arm(self, how: How, at: At) -> None:
        """Cuts once, at the first statement (numbered from 1, with its text) that `at` takes."""
        with self._lock:
            self.statements, self.cuts = [], 0
            self._at, self._how = at, how

    def judge(self, text: str) -> How | None:
        """Notes a statement on its way to the server, and says whether to cut there."""
        if not text.strip() or text.lstrip().startswith(OWN_BUSINESS):
            return None
        with self._lock:
            self.statements.append(text)
            if self._at is None or not self._at(len(self.statements), text):
                return None
            self._at, self.cuts = None, self.cuts + 1
            return self._how

    def connect(self) -> socket.socket:
        """A connection to the server itself."""
        host, port = str(self._upstream.get("host") or ""), self._upstream.get("port") or 5432
        if host.startswith("/"):
            upstream = socket.socket(socket.AF_UNIX)
            upstream.connect(f"{host}/.s.PGSQL.{port}")
            return upstream
        return socket.create_connection((host or "localhost", int(str(port))))

    def _own_url(self) -> str:
        user = quote(str(self._upstream.get("user") or os.environ.get("USER") or "postgres"))
        password = self._upstream.get("password")
        login = f"{user}:{quote(str(password))}" if password else user
        folder = quote(str(self._folder), safe="")
        return f"postgresql://{login}@/{self._upstream['dbname']}?host={folder}&port=5432"

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=Wire(self, client).run, daemon=True).start()


class Wire:
    """One connection through the proxy."""

    def __init__(self, proxy: Proxy, client: socket.socket) -> None:
        self._proxy = proxy
        self._client = client
        self._server = proxy.connect()
        self._prepared: dict[bytes, str] = {}
        self._bound = ""
        self._executed = self._completed = 0
        self._cut: How | None = None

    def run(self) -> None:
        """Carries messages both ways until one side ends or the connection is cut."""
        with suppress(OSError, EOFError), self._client, self._server:
            length = read(self._client, 4)
            self._server.sendall(length + read(self._client, struct.unpack("!I", length)[0] - 4))
            with selectors.DefaultSelector() as ready:
                ready.register(self._client, selectors.EVENT_READ, self._carry_request)
                ready.register(self._server, selectors.EVENT_READ, self._carry_answer)
                while all(key.data() for key, _ in ready.select()):
                    pass

    def _carry_request(self) -> bool:
        """Carries one message to the server; false when the connection ends there."""
        kind, message = read_message(self._client)
        self._note(kind, message)
        how = self._proxy.judge(self._text(kind, message)) if kind in b"QE" else None
        if how == "before":
            return False
        self._server.sendall(message)
        self._executed += kind in b"QE"
        if how is None:
            return True
        if kind == b"E":
            self._server.sendall(FLUSH)  # its answer would wait for the Sync that is cut off
        self._cut = how
        while self._carry_answer():
            pass
        return False

    def _carry_answer(self) -> bool:
        """Carries one message to the client; false when the connection ends there."""
        kind, message = read_message(self._server)
        self._completed += kind in COMPLETED
        ends = self._cut is not None and self._completed >= self._executed
        if not (ends and self._cut == "unheard"):
            self._client.sendall(message)
        return not ends

    def _text(self, kind: bytes, message: bytes) -> str:
        """The statement that a message runs."""
        return message[5:-1].decode() if kind == b"Q" else self._bound

    def _note(self, kind: bytes, message: bytes) -> None:
        """Keeps what Parse and Bind say, for the Execute that follows."""
        if kind == b"P":
            name, text, _ = message[5:].split(b"\0", 2)
            self._prepared[name] = text.decode()
        elif kind == b"B":
            _, name, _ = message[5:].split(b"\0", 2)
            self._bound = self._prepared[name]


def read_message(source: socket.socket) -> tuple[bytes, bytes]:
    """One message of the protocol: its kind, and all its bytes."""
    start = read(source, 5)
    return start[:1], start + read(source, struct.unpack("!I", start[1:])[0] - 4)


def read(source: socket.socket, count: int) -> bytes:
    """So many bytes; raises EOFError when there are fewer."""
    parts = []
    while count:
        part = source.recv(min(count, 1 << 20))
        if not part:
            raise EOFError
        parts.append(part)
        count -= len(part)
    return b"".join(parts)
