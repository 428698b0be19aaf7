"""A FEC as long as a year is: read into a file as it comes in, counted, memory stays flat."""

import gc
import tracemalloc
from collections.abc import Iterator
from io import BytesIO
from itertools import chain, repeat
from typing import Any
from uuid import uuid4

import anyio
import pytest
from starlette.types import Message

from api import forms, spooling
from services.backend import Backend
from tests.api.conftest import Caller
from tests.api.test_fec_imports import PATH, TEXT, french
from tests.api.test_imports import send
from tests.services.imports.fec_samples import NAME, fec

__all__ = ["french"]
MIB = 1024 * 1024
LENGTH = 60 * MIB
BOUND = 12 * MIB


def asked(caller: Caller, chunks: Iterator[bytes], *headers: tuple[bytes, bytes]) -> int:
    """The status of a request whose body comes in so, with no client that holds it in memory."""
    statuses: list[int] = []
    path = caller.base + PATH
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "server": ("testserver", 80),
        "client": ("testclient", 1),
        "headers": [
            (b"host", b"testserver"),
            (b"authorization", f"Bearer {caller.key}".encode()),
            (b"idempotency-key", str(uuid4()).encode()),
            (b"content-type", TEXT.encode()),
            *headers,
        ],
        "app": caller.client.app,
        "state": {},
    }

    async def receive() -> Message:
        piece = next(chunks, None)
        return {"type": "http.request", "body": piece or b"", "more_body": piece is not None}

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    anyio.run(caller.client.app, scope, receive, sent)
    return statuses[0]


@pytest.mark.feature("M53")
def test_sixty_megabytes_come_in_without_being_in_memory(french: Caller) -> None:
    """Goal: memory does not grow with a file. Method: sixty times a megabyte, judged to its end:
    the very last byte makes it no text."""
    piece = b"x" * (MIB - 1) + b"\n"
    gc.collect()
    tracemalloc.start()
    try:
        status = asked(french, chain(repeat(piece, LENGTH // MIB), [b"\0"]))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert status == 422
    assert peak < BOUND


@pytest.mark.feature("M53")
def test_what_is_longer_than_the_server_takes_is_refused_while_it_comes_in(
    french: Caller, backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backend, "settings", backend.settings.model_copy(update={"fec_mib": 1}))
    given: list[int] = []

    def endless() -> Iterator[bytes]:
        while True:
            given.append(1)
            yield b"x" * (MIB // 4)

    assert asked(french, endless()) == 413
    assert len(given) == 5
    assert asked(french, endless(), (b"content-length", b"1048577")) == 413
    assert len(given) == 5
    answer = send(french, PATH, b"x" * (MIB + 1), TEXT)
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


def test_other_doors_take_what_they_took(french: Caller) -> None:
    answer = send(french, "/imports/contacts", b"x" * (20 * MIB + 1), "text/csv")
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


@pytest.mark.feature("M53")
def test_a_file_in_pieces_is_the_same_file(french: Caller) -> None:
    content = fec()
    pieces = (content[start : start + 7] for start in range(0, len(content), 7))
    assert asked(french, pieces) == 201
    answer = send(french, PATH, content, TEXT)
    assert (answer.status_code, answer.json()["status"]) == (200, "already")
    assert send(french, PATH, b"", TEXT).json()["code"] == "body_invalid"


PART = b'Content-Disposition: form-data; name="%s"; filename="%s"\r\n\r\n%s'


def form(*parts: tuple[bytes, bytes]) -> bytes:
    """A form of parts, each with a name and its content."""
    written = [PART % (name, NAME.encode(), content) for name, content in parts]
    return b"".join(b"--b\r\n" + part + b"\r\n" for part in written) + b"--b--\r\n"


@pytest.mark.parametrize("piece", [1, 5, 64, MIB])
@pytest.mark.parametrize("content", [b"", b"a\r\n--\r\n-b", b"\r\n\r\nx" * 100, b"\r\n-", b"\r"])
def test_a_part_is_cut_out_to_the_byte(piece: int, content: bytes) -> None:
    """Goal: the content as it was sent. Method: marks across every border of pieces."""
    for body in (
        form((b"file", content)),
        form((b"other", b"1"), (b"file", content)),
        form((b"file", content), (b"file", b"second")),
    ):
        pieces = (body[start : start + piece] for start in range(0, len(body), piece))
        sink = BytesIO()
        assert (forms.write_file(pieces, b"b", sink), sink.getvalue()) == (NAME, content)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--b",
        b"--b\r\n--b--",
        form((b"other", b"1")),
        b"x" * 99,
        form((b"file", b"cut off")).removesuffix(b"\r\n--b--\r\n"),
    ],
)
def test_a_form_without_the_file_or_an_end_is_told_so(body: bytes) -> None:
    with pytest.raises(forms.NoFile):
        forms.write_file([body], b"b", BytesIO())


def test_the_upload_is_gone_when_it_is_answered(
    french: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Any] = []
    real = spooling.SpooledRequest.read

    async def read(self: Any) -> Any:
        made.append(await real(self))
        return made[-1]

    monkeypatch.setattr(spooling.SpooledRequest, "read", read)
    assert send(french, PATH, fec(), TEXT).status_code == 201
    assert [file.closed for file in made] == [True]
