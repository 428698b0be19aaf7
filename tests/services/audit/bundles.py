"""Bundles for tests, made without a database, and the two verifiers that are run on them."""

import json
import random
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from domain.book import merkle, record
from domain.book.event import Event, numbered
from domain.book.note import Note
from domain.book.seal import Checkpoint
from services.audit.bundle import writing
from services.audit.bundle.contents import write_bundle
from services.audit.keys import SigningKey
from services.audit.stored import StoredEvent
from services.store.mapper import Mapper
from tests.books import make_book

KEY = SigningKey("paraphe", bytes(range(32)))
START = datetime(2026, 1, 5, 8, tzinfo=UTC)
ORIGINAL = b"<Invoice/>"
UNKNOWN_FILE = b"ab" * 32  # what tests/books.py names, and nobody has
CARRIED = writing.HERE
RUNNER = Path(__file__).parent / "run_verifier.js"

Json = dict[str, Any]


class MemoryBook:
    """A book in memory, hashed and sealed as the store does it."""

    def __init__(self, events: Iterable[Event], book_id: str, seals: Sequence[int] = ()) -> None:
        self.book_id = book_id
        self._seals = seals
        self._events = list(self._hashed(events))

    def _hashed(self, events: Iterable[Event]) -> Iterator[StoredEvent]:
        mapper, chain = Mapper(), record.genesis(self.book_id)
        own = sha256(ORIGINAL).hexdigest().encode()
        for position, event in enumerate(events, 1):
            moment = START + timedelta(seconds=position)
            body = mapper.body(event, actor="test", command=f"command {position}")
            body = body.replace(UNKNOWN_FILE, own)
            leaf = record.leaf(self.book_id, position, moment, body)
            chain = record.link(chain, leaf)
            series, number = numbered(event) or (None, None)
            yield StoredEvent(
                position=position,
                recorded_at=moment,
                type=event.stored_as,
                series=series,
                number=number,
                command_id=f"command {position}",
                ordinal=0,
                leaf=leaf,
                chain=chain,
                body=body,
            )

    def events(self) -> Iterable[StoredEvent]:
        return self._events

    def file(self, digest: str) -> bytes | None:
        return ORIGINAL if digest == sha256(ORIGINAL).hexdigest() else None

    def seals(self) -> Iterable[tuple[int, str]]:
        leaves = [event.leaf for event in self._events]
        for nth, size in enumerate(self._seals, 1):
            yield nth, sealed(self.book_id, size, leaves)

    def timestamps(self) -> Iterable[tuple[int, int, bytes]]:
        for nth, note in self.seals():
            yield nth, 1, token(note)


def der(tag: int, *parts: bytes) -> bytes:
    """A DER element."""
    content = b"".join(parts)
    length = len(content)
    if length < 128:
        return bytes([tag, length]) + content
    digits = length.to_bytes((length.bit_length() + 7) // 8)
    return bytes([tag, 0x80 + len(digits)]) + digits + content


def token(note: str, status: int = 0) -> bytes:
    """What an authority that signs nothing would answer about a note: enough for the verifiers."""
    algorithm = der(0x30, der(0x06, bytes.fromhex("608648016503040201")), der(0x05))
    stamped = der(0x30, algorithm, der(0x04, sha256(note.encode()).digest()))
    info = der(0x30, der(0x02, b"\1"), der(0x06, b"\x2a\3\4\1"), stamped, der(0x02, b"\7"),
               der(0x18, b"20260105081500Z"))  # fmt: skip
    what = der(0x06, bytes.fromhex("2a864886f70d0109100104"))
    content = der(0x30, what, der(0xA0, der(0x04, info)))
    signed = der(0x30, der(0x02, b"\3"), der(0x31), content, der(0x31, bytes(140)))
    wrapped = der(0x30, der(0x06, bytes.fromhex("2a864886f70d010702")), der(0xA0, signed))
    return der(0x30, der(0x30, der(0x02, bytes([status]))), wrapped)


def sealed(book_id: str, size: int, leaves: list[bytes], key: SigningKey = KEY) -> str:
    """The note of a seal over the first `size` leaves."""
    root = merkle.root(merkle.extend((), 0, leaves[:size]))
    text = Checkpoint(book_id=book_id, size=size, root=root).text()
    return Note(text, (key.sign(text),)).written()


def small_bundle(path: Path, seed: int, size: int, seals: Sequence[int] = ()) -> Path:
    """A sound bundle of about `size` events made from a seed."""
    book_id = str(UUID(int=random.Random(seed).getrandbits(128), version=4))
    write_bundle(MemoryBook(make_book(seed, size), book_id, seals), path, [KEY.public])
    return path


def members_of(path: Path) -> dict[str, bytes]:
    """The members of a bundle in their order."""
    with zipfile.ZipFile(path) as zipped:
        return {name: zipped.read(name) for name in zipped.namelist()}


def packed(path: Path, members: dict[str, bytes], /, *, honest: bool = True, **said: Any) -> Path:
    """A bundle of these members; `honest`: the manifest has their digests, and what is `said`."""
    with writing.writing(path) as bundle:
        for name, content in members.items():
            if name != "manifest.json":
                bundle.add(name, content)
        manifest = members.get("manifest.json")
        if manifest is not None:
            if honest:
                whole = json.loads(manifest) | {"members": bundle.members} | said
                text = json.dumps(whole, sort_keys=True, indent=2, ensure_ascii=False)
                manifest = text.encode()
            bundle.add("manifest.json", manifest)
    return path


def lines_of(members: dict[str, bytes]) -> list[Json]:
    """The records of a bundle as objects."""
    return [json.loads(line) for line in members["records.jsonl"].splitlines()]


def with_lines(members: dict[str, bytes], lines: Iterable[Json]) -> dict[str, bytes]:
    """The members with other records."""
    written = "".join(
        json.dumps(line, sort_keys=True, ensure_ascii=False, separators=(",", ":")) + "\n"
        for line in lines
    )
    return members | {"records.jsonl": written.encode()}


def rehashed(book_id: str, lines: list[Json]) -> tuple[list[Json], list[bytes]]:
    """The records with leaf and chain computed anew, and the leaves: what a forger does."""
    chain, leaves, out = record.genesis(book_id), [], []
    for line in lines:
        head = f"paraphe/1\n{book_id}\n{line['position']}\n{line['recorded_at']}\n"
        leaves.append(merkle.leaf_hash((head + line["body"]).encode()))
        chain = record.link(chain, leaves[-1])
        out.append(line | {"leaf": leaves[-1].hex(), "chain": chain.hex()})
    return out, leaves


def in_python(
    paths: Sequence[Path], *options: str, python: str = sys.executable, script: Path | None = None
) -> list[Json]:
    """What verify.py says of each bundle; it runs isolated, as an inspector runs it."""
    script = script or CARRIED / "verify.py"
    command = [python, "-I", str(script), "--json", *options, *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return [json.loads(line) for line in done.stdout.splitlines()]


def in_node(
    paths: Sequence[Path],
    kept: Sequence[Json] = (),
    keys: Sequence[str] = (),
    page: Path | None = None,
) -> list[Json]:
    """What verify.html says of each bundle, run by node; skips where there is none."""
    node = shutil.which("node") or shutil.which("nodejs")
    if node is None:
        pytest.skip("no node on this machine: apt-get install nodejs")
    asked = [{"path": str(path), "kept": list(kept), "keys": list(keys)} for path in paths]
    done = subprocess.run(
        [node, str(RUNNER), str(page or CARRIED / "verify.html")],
        input="".join(json.dumps(one) + "\n" for one in asked),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return [json.loads(line) for line in done.stdout.splitlines()]


def agreed(said: Json) -> Json:
    """What both verifiers must say alike: everything but words."""
    found = {(one["check"], one["position"], one["upto"]) for one in said.get("findings", [])}
    rest = {
        name: said.get(name) for name in ("status", "book_id", "size", "root", "chain", "first")
    }
    return rest | {"findings": sorted(found, key=repr), "count": said.get("count")}


def python_39() -> str | None:
    """The path of a Python 3.9 on this machine, or None."""
    places = [
        shutil.which("python3.9"),
        *map(str, Path("~").expanduser().glob(".pyenv/versions/3.9.*/bin/python")),
    ]
    for place in filter(None, places):
        done = subprocess.run([place, "--version"], capture_output=True, text=True, check=False)
        if re.match(r"Python 3\.9\.", done.stdout):
            return place
    return None
