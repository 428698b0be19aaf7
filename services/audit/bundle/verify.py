#!/usr/bin/env python3
"""Verifies an exported book (FORMAT.md beside it), trusting nothing that made it.

Use:  python3 -I verify.py BUNDLE [--kept SIZE:ROOT] [--key KEY] [--json]

BUNDLE is the ZIP or the folder it was unpacked to. Needs Python 3.9 or newer and nothing else: no
network, no database, no other program. Exit codes: 0 sound, 1 findings, 2 usage, 3 undecidable.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import io
import json
import re
import struct
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

VERSION = "paraphe.book/1"
LONGEST_LINE = 16 << 20
LONGEST_NOTE = 16_384
LONGEST_TOKEN = 65_536
MOST_MEMBERS = 1_000_000
MOST_FINDINGS = 1_000
DEEPEST = 64
NOTHING = bytes(32)  # stands for a leaf or chain that cannot be read

NAME = re.compile(r"(?!.{201})[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*")
BOOK = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
HASH = re.compile(r"[0-9a-f]{64}")
SIZE = re.compile(r"[1-9][0-9]{0,14}")
MOMENT = re.compile(
    r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    r"T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{6}Z"
)
ANYTHING = re.compile(r"[^\0]*")
FILES = re.compile(r'"files":\[("[0-9a-f]{64}"(?:,"[0-9a-f]{64}")*)\]')
STAMP = re.compile(r"timestamps/([0-9]+)-[1-9][0-9]*\.tst")
INSTANT = re.compile(rb"[0-9]{14}(\.[0-9]+)?Z")
SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
TST_INFO = bytes.fromhex("2a864886f70d0109100104")
SHA_256 = bytes.fromhex("608648016503040201")
SPACES = "\\x00-\\x20\\x7f\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000"
KEY_NAME = re.compile(f"[^+{SPACES}]{{1,200}}")

CHECKED = (
    "members", "manifest", "records", "positions", "times", "leaf", "chain", "body", "numbers",
    "entries", "files", "seals", "timestamps",
)  # fmt: skip
ANCHORS = ("manifest", "seals", "kept")
NOT_CHECKED = [
    "that every event was entered: no log shows one that never was",
    "what the events mean: `paraphe audit replay` derives entries, VAT and registers again",
]


class Undecidable(Exception):
    """Something needed is missing or unreadable."""


class Finding(NamedTuple):
    """What is wrong: by which check, at which event (0: none of them), up to which one."""

    check: str
    position: int
    upto: int | None
    detail: str


# The container: members stored as they are, so that nothing can grow while it is read.


class Bundle:
    """The members of a bundle: where each begins and how long it is."""

    def __init__(self, path: Path) -> None:
        self._folder = path if path.is_dir() else None
        self._file: BinaryIO | None = None
        self.places: dict[str, tuple[int, int]] = {}
        if self._folder is not None:
            self._list_folder(self._folder)
        else:
            self._file = path.open("rb")
            self._list_zip(self._file, path.stat().st_size)

    def chunks(self, name: str) -> Iterator[bytes]:
        """The bytes of a member, a piece at a time."""
        start, rest = self.places[name]
        file = self._file or (self._folder or Path()).joinpath(name).open("rb")
        file.seek(start)
        while rest:
            chunk = file.read(min(rest, 1 << 20))
            if not chunk:
                raise Undecidable(f"{name} ends too early")
            rest -= len(chunk)
            yield chunk
            if file is self._file:
                file.seek(start + self.places[name][1] - rest)
        if file is not self._file:
            file.close()

    def whole(self, name: str, most: int = 256 << 20) -> bytes:
        """A member at once; raises Undecidable when it is larger than such a member can be."""
        if self.places[name][1] > most:
            raise Undecidable(f"{name} is larger than {most} bytes")
        return b"".join(self.chunks(name))

    def lines(self, name: str) -> Iterator[bytes]:
        """The lines of a member without their ends; one that is too long is cut."""
        rest = b""
        for chunk in self.chunks(name):
            *lines, rest = (rest + chunk).split(b"\n")
            yield from lines
            rest = rest[: LONGEST_LINE + 1]
        if rest:
            yield rest + b"\n"  # no newline at the end: not a line, and so not readable as one

    def _list_folder(self, folder: Path) -> None:
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            if path.is_symlink() or not NAME.fullmatch(name):
                raise Undecidable(f"a member may not be called {name!r}, or be a link")
            if path.is_file():
                self.places[name] = (0, path.stat().st_size)

    def _list_zip(self, file: BinaryIO, size: int) -> None:
        count, length, start, end = _end_of_zip(file, size)
        if count > MOST_MEMBERS or start + length != end:
            raise Undecidable("the directory of the ZIP is not where it says")
        file.seek(start)
        directory, at = file.read(length), 0
        for _ in range(count):
            at, name, local, stored = _directory_entry(directory, at)
            begin = _local_header(file, name, local)
            if begin + stored > start or name in self.places:
                raise Undecidable(f"member {name} lies elsewhere, or is there twice")
            self.places[name] = (begin, stored)
        if at != length:
            raise Undecidable("the directory of the ZIP holds something else")


def _unpack(form: str, data: bytes, at: int = 0) -> tuple[Any, ...]:
    if at < 0 or at + struct.calcsize(form) > len(data):
        raise Undecidable("this is no ZIP, or it is cut short")
    return struct.unpack_from(form, data, at)


def _end_of_zip(file: BinaryIO, size: int) -> tuple[int, int, int, int]:
    """How many members there are; length, start and end of their directory."""
    end = size - 22
    file.seek(max(0, end))
    mark, *disks, count, length, start, comment = _unpack("<4s4H2LH", file.read(22))
    if mark != b"PK\5\6" or comment or disks[:2] != [0, 0] or disks[2] != count:
        raise Undecidable("this is no ZIP, or it is cut short")
    if count == 0xFFFF or 0xFFFFFFFF in (length, start):
        file.seek(max(0, end - 20))
        mark, _, at, _ = _unpack("<4sLQL", file.read(20))
        end = at
        file.seek(min(at, size))
        wide, *_, here, count, length, start = _unpack("<4sQ2H2L4Q", file.read(56))
        if (mark, wide, here) != (b"PK\6\7", b"PK\6\6", count):
            raise Undecidable("the end of the ZIP cannot be read")
    return count, length, start, end


def _directory_entry(directory: bytes, at: int) -> tuple[int, str, int, int]:
    """Where the next entry begins, and name, place and size of a member."""
    mark, _, _, flags, method, _, _, _, packed, size, name, extra, comment, _, _, _, place = (
        _unpack("<4s6H3L5H2L", directory, at)
    )
    text = directory[at + 46 : at + 46 + name].decode("ascii", "replace")
    if mark != b"PK\1\2" or method or flags & ~0x800 or packed != size:
        raise Undecidable("a member is compressed or encrypted: unpack, and verify the folder")
    if not NAME.fullmatch(text):
        raise Undecidable(f"a member may not be called {text[:80]!r}")
    wide = directory[at + 46 + name : at + 46 + name + extra]
    if 0xFFFFFFFF in (size, place):
        wanted = (size == 0xFFFFFFFF) * 2 + (place == 0xFFFFFFFF)
        values = list(_unpack(f"<2H{wanted}Q", wide))
        if values.pop(0) != 1:
            raise Undecidable(f"the size of {text} cannot be read")
        place = values.pop() if place == 0xFFFFFFFF else place
        size = values.pop() if size == 0xFFFFFFFF else size
    return at + 46 + name + extra + comment, text, place, size


def _local_header(file: BinaryIO, name: str, at: int) -> int:
    """Where the bytes of a member begin."""
    file.seek(at)
    mark, *_, length, extra = _unpack("<4s5H3L2H", file.read(30))
    if mark != b"PK\3\4" or file.read(length) != name.encode():
        raise Undecidable(f"member {name} is not where the directory says")
    return at + 30 + int(length) + int(extra)


# The one form of JSON: keys in order, no space, integers only, text in normal form C.


def strict(text: str) -> Any:
    """The value of canonical JSON, but for the spaces between; raises ValueError."""
    if text.count("[") + text.count("{") > DEEPEST:
        _require_shallow(text)
    return DECODER.decode(text)


def canonical(text: str) -> Any:
    """The value of canonical JSON; raises ValueError when it is written in another way."""
    value = strict(text)
    if json.dumps(value, ensure_ascii=False, separators=(",", ":")) != text:
        raise ValueError("not the canonical form")
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        raise ValueError("not in Unicode normal form C")
    return value


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs) or sorted(members) != list(members):
        raise ValueError("keys twice or not in order")
    return members


def _integer(digits: str) -> int:
    if len(digits) > 18:
        raise ValueError("an integer of more than 18 characters")
    return int(digits)


def _refused(text: str) -> Any:
    raise ValueError(f"{text} is no integer")


DECODER = json.JSONDecoder(
    object_pairs_hook=_members, parse_int=_integer, parse_float=_refused, parse_constant=_refused
)


def _require_shallow(text: str) -> None:
    depth = 0
    for part in re.findall(r'"(?:[^"\\]|\\.)*"|[][{}]', text):
        depth += part in ("[", "{")
        depth -= part in ("]", "}")
        if depth > DEEPEST:
            raise ValueError(f"nested deeper than {DEEPEST}")


# Ed25519 (RFC 8032), from the formulas: points are (X, Y, Z, T) with x = X/Z, y = Y/Z, xy = T/Z.

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)
Point = tuple[int, int, int, int]
ZERO = (0, 1, 1, 0)


def _add(p: Point, q: Point) -> Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _point(encoded: bytes) -> Point | None:
    """The point of 32 bytes, or None when they are none."""
    number = int.from_bytes(encoded, "little")
    sign, y = number >> 255, number & (1 << 255) - 1
    if y >= P:
        return None
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    if v * x * x % P != u:
        x = x * ROOT % P
    if v * x * x % P != u or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


def _encoded(point: Point) -> bytes:
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


_base_point = _point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether an Ed25519 signature of 64 bytes is by this public key over this message."""
    key, scalar = _point(public), int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or key is None or _base_point is None or scalar >= ORDER:
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    factor = int.from_bytes(digest, "little") % ORDER
    minus = (P - key[0], key[1], key[2], P - key[3])
    steps = (ZERO, _base_point, minus, _add(_base_point, minus))
    total = ZERO
    for bit in range(252, -1, -1):
        total = _add(total, total)
        total = _add(total, steps[(scalar >> bit & 1) + 2 * (factor >> bit & 1)])
    return _encoded(total) == signature[:32]


# Seals: signed notes. A key is written name+id+base64(kind ‖ 32 bytes); kind 1 seals, 4 cosigns.


class Key(NamedTuple):
    """A public key."""

    name: str
    kind: int
    public: bytes

    def id(self) -> bytes:
        """The first bytes of its hash, which stand before its signatures."""
        head = self.name.encode() + b"\n" + bytes([self.kind])
        return hashlib.sha256(head + self.public).digest()[:4]


class Note(NamedTuple):
    """A text and its signatures: name, id of the key, bytes."""

    text: str
    signatures: list[tuple[str, bytes, bytes]]

    def stamped(self) -> bytes:
        """What an authority stamps: the note with its first signature line only."""
        name, key_id, body = self.signatures[0]
        line = f"\u2014 {name} {base64.b64encode(key_id + body).decode()}\n"
        return f"{self.text}\n{line}".encode()

    def is_by(self, key: Key) -> bool | None:
        """Whether the signature of a key fits; None when it has not signed."""
        for name, key_id, body in self.signatures:
            if (name, key_id) == (key.name, key.id()):
                message = self.text.encode()
                if key.kind != 4:
                    return signed(key.public, message, body)
                seconds = int.from_bytes(body[:8], "big")
                message = f"cosignature/v1\ntime {seconds}\n".encode() + message
                return signed(key.public, message, body[8:])
        return None


class Seal(NamedTuple):
    """A seal of the bundle, as far as it can be read without a key."""

    member: str
    note: Note
    size: int
    root: str
    broken: str


def _base64(text: str) -> bytes:
    content = base64.b64decode(text.encode("ascii"), validate=True)
    if base64.b64encode(content).decode() != text:
        raise ValueError("base64 in another form than the canonical one")
    return content


def read_key(word: str) -> Key:
    """The key of its written form; raises ValueError."""
    name, key_id, content = word.split("+", 2)
    key = Key(name, _base64(content)[0], _base64(content)[1:])
    if not KEY_NAME.fullmatch(name) or len(key.public) != 32 or key.id().hex() != key_id:
        raise ValueError("the id of the key is not that of its bytes")
    return key


def read_note(written: str) -> Note:
    """The note of a text; raises ValueError."""
    text, gap, lines = written.rpartition("\n\n")
    if not gap or not text or not lines.endswith("\n") or len(written.encode()) > LONGEST_NOTE:
        raise ValueError("no text with signatures under it")
    if re.search(r"[\x00-\x09\x0b-\x1f\x7f]", written):
        raise ValueError("a control character")
    signatures = []
    for line in lines[:-1].split("\n"):
        dash, name, encoded = line.split(" ")
        content = _base64(encoded)
        if dash != "\u2014" or not KEY_NAME.fullmatch(name) or len(content) < 5:
            raise ValueError("a line under the text is no signature")
        signatures.append((name, content[:4], content[4:]))
    return Note(text + "\n", signatures)


def read_seal(member: str, content: bytes, book: str) -> Seal:
    """The seal in a member; raises ValueError unless it is one, of this book."""
    note = read_note(content.decode())
    lines = note.text.split("\n")
    if len(lines) not in (4, 5) or lines[0] != f"paraphe/{book}":
        raise ValueError("no seal of this book")
    broken = ""
    if len(lines) == 5:
        word, size, root = lines[3].split(" ")
        broken = f"{size} events, root {_base64(root).hex()}"
        if word != "recovered" or not SIZE.fullmatch(size) or len(_base64(root)) != 32:
            raise ValueError("an unknown line after the root")
    root = _base64(lines[2]).hex()
    if not SIZE.fullmatch(lines[1]) or len(root) != 64:
        raise ValueError("no size and root")
    return Seal(member, note, int(lines[1]), root, broken)


# Time stamps: tokens of RFC 3161, read in DER as far as what they stamp. Who signed is not checked.


def elements(content: bytes) -> list[tuple[int, bytes]]:
    """The DER elements in a row, tag and content; raises ValueError or IndexError."""
    found, at = [], 0
    while at < len(content):
        tag, length, at = content[at], content[at + 1], at + 2
        if length > 127:
            digits = content[at : at + length - 128]
            at += length - 128
            length = int.from_bytes(digits, "big")
            if not 1 <= len(digits) <= 3 or digits[0] == 0 or length < 128:
                raise ValueError("a length in another form than the shortest one")
        if tag & 31 == 31 or at + length > len(content):
            raise ValueError("an element that ends too late, or of no known kind")
        found.append((tag, content[at : at + length]))
        at += length
    return found


def inside(content: bytes, *tags: int) -> list[bytes]:
    """The contents of the first elements, which have these tags; raises ValueError."""
    found = elements(content)[: len(tags)]
    if tuple(tag for tag, _ in found) != tags:
        raise ValueError("no answer of a time-stamping authority")
    return [part for _, part in found]


def only(content: bytes, tag: int) -> bytes:
    """The content of the one element that is there; raises ValueError."""
    if len(elements(content)) != 1:
        raise ValueError("more than one element, or none")
    return inside(content, tag)[0]


def imprint(token: bytes) -> bytes:
    """The SHA-256 that a token stamps; raises ValueError or IndexError when it is none."""
    status, signature = inside(only(token, 0x30), 0x30, 0x30)
    kind, wrapped = inside(signature, 0x06, 0xA0)
    _, _, content = inside(only(wrapped, 0x30), 0x02, 0x31, 0x30)
    what, said = inside(content, 0x06, 0xA0)
    info = only(only(said, 0x04), 0x30)
    version, _, stamped, _, moment = inside(info, 0x02, 0x06, 0x30, 0x02, 0x18)
    algorithm, digest = inside(stamped, 0x30, 0x04)
    if inside(status, 0x02)[0] not in (b"\0", b"\1") or version != b"\1":
        raise ValueError("the authority refused, or answered in another version")
    if (kind, what) != (SIGNED_DATA, TST_INFO) or inside(algorithm, 0x06) != [SHA_256]:
        raise ValueError("it stamps no SHA-256")
    if len(digest) != 32 or not INSTANT.fullmatch(moment):
        raise ValueError("no digest, or no time")
    return digest


# The walk: every record once, in the order of the file.


class Anchor(NamedTuple):
    """So many events must have this root, says somebody."""

    size: int
    check: str
    name: str
    root: str


class Walk:
    """Goes through the records of a book and collects findings."""

    def __init__(self, book: str, anchors: Iterable[Anchor] = ()) -> None:
        self.book = book
        self.findings: list[Finding] = []
        self.count = 0
        self.size = 0
        self.chain = hashlib.sha256(f"paraphe/1\n{book}".encode()).digest()
        self.named: dict[str, int] = {}
        self.replacements: list[tuple[int, dict[str, Any]]] = []
        self._place = self._said = 0  # of the line before: where it stands, where it says to
        self._moment = ""
        self._peaks: list[bytes] = []
        self._numbers: dict[str, int] = {}
        self._anchors = sorted(anchors)[::-1]
        self._agreed = [0]

    def found(self, check: str, position: int, detail: str, upto: int | None = None) -> None:
        """Keeps a finding; of very many only the first."""
        self.count += 1
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(Finding(check, position, upto, detail))

    def take(self, line: bytes) -> None:
        """Takes the next line of records.jsonl in."""
        leaf = NOTHING
        try:
            position, moment, body, stored, chain = read_line(line)
        except ValueError as error:
            self._place = self._said = self._place + 1
            self.found("records", self._place, f"the line cannot be read: {error}")
            self.chain = NOTHING
        else:
            place = self._order(position, moment)
            head = f"paraphe/1\n{self.book}\n{position}\n{moment}\n".encode()
            leaf = hashlib.sha256(b"\0" + head + body).digest()
            if leaf != stored:
                self.found("leaf", place, "the record does not give the leaf beside it")
            if hashlib.sha256(b"\2" + self.chain + leaf).digest() != chain:
                self.found("chain", place, "the chain does not continue from the event before")
            self.chain = chain
            self._read(place, body)
        self._grow(leaf)
        while self._anchors and self._anchors[-1].size == self.size:
            self._compare(self._anchors.pop())

    def end(self) -> None:
        """Says what should have come and did not."""
        for anchor in reversed(self._anchors):
            detail = f"{anchor.size} events according to {anchor.name}, here are {self.size}"
            self.found(anchor.check, self.size + 1, detail, anchor.size)

    def root(self) -> bytes:
        """The root of the tree (RFC 6962) over the leaves so far."""
        if not self._peaks:
            return hashlib.sha256(b"").digest()
        head = self._peaks[-1]
        for peak in self._peaks[-2::-1]:
            head = hashlib.sha256(b"\1" + peak + head).digest()
        return head

    def _order(self, position: int, moment: str) -> int:
        """The place of a line: where it says to be, but not before where it must stand."""
        expected, place = self._place + 1, position
        if position not in (expected, self._said + 1):
            upto = position - 1 if position > expected + 1 else None
            self.found("positions", expected, f"{position} where {expected} was next", upto)
            place = max(position, expected)
        self._place, self._said = place, position
        if moment < self._moment:
            self.found("times", place, "recorded before its predecessor")
        self._moment = moment
        return place

    def _grow(self, leaf: bytes) -> None:
        full, peaks = self.size, self._peaks
        while full & 1:
            leaf = hashlib.sha256(b"\1" + peaks.pop() + leaf).digest()
            full >>= 1
        peaks.append(leaf)
        self.size += 1

    def _compare(self, anchor: Anchor) -> None:
        if self.root().hex() == anchor.root:
            self._agreed = [size for size in self._agreed if size < anchor.size][-1:]
            self._agreed.append(anchor.size)
            return
        before = max(size for size in self._agreed if size < anchor.size)
        detail = f"the root of the first {anchor.size} events is not that of {anchor.name}"
        self.found(anchor.check, before + 1, detail, anchor.size)

    def _read(self, position: int, body: bytes) -> None:
        try:
            text = body.decode()
            kind, data = type_and_data(canonical(text))
        except (ValueError, RecursionError) as error:
            self.found("body", position, f"the body is no event: {error}")
            return
        self._number(position, data)
        if kind.startswith("entry.posted.v") and not is_balanced(data):
            self.found("entries", position, "debits and credits are not equal")
        if kind == "seal_key.replaced.v1":
            self.replacements.append((position, data))
        file = data.get("file") if not kind.split(".")[0].endswith("import") else None
        alone = [file] if isinstance(file, str) and HASH.fullmatch(file) else []
        for digest in HASH.findall("".join(FILES.findall(text))) + alone:
            self.named.setdefault(digest, position)

    def _number(self, position: int, data: dict[str, Any]) -> None:
        series, number = data.get("series"), data.get("number")
        if not isinstance(series, str) or type(number) is not int:
            return
        expected = self._numbers.get(series, 0) + 1
        if number != expected:
            self.found("numbers", position, f"{series}: {number} where {expected} was next")
        self._numbers[series] = number


def type_and_data(said: Any) -> tuple[str, dict[str, Any]]:
    """What a body says about its event; raises ValueError."""
    kind, data = (said.get("type"), said.get("data")) if isinstance(said, dict) else (None, None)
    if isinstance(kind, str) and isinstance(data, dict):
        return kind, data
    raise ValueError("no type and data")


def read_line(line: bytes) -> tuple[int, str, bytes, bytes, bytes]:
    """Position, time, body, leaf and chain of a line; raises ValueError."""
    if len(line) > LONGEST_LINE:
        raise ValueError("too long")
    said = canonical(line.decode())
    named = "body_base64" if isinstance(said, dict) and "body_base64" in said else "body"
    if not isinstance(said, dict) or set(said) != {
        "chain", "leaf", named, "position", "recorded_at"
    }:  # fmt: skip
        raise ValueError("other members")
    position = said["position"]
    if type(position) is not int or not 0 < position < 10**15:
        raise ValueError("no position")
    forms = (("recorded_at", MOMENT), ("leaf", HASH), ("chain", HASH), (named, ANYTHING))
    for name, form in forms:
        if not form.fullmatch(said[name] if isinstance(said[name], str) else "\0"):
            raise ValueError(f"no {name}")
    body = _not_text(said[named]) if named == "body_base64" else said[named].encode()
    leaf, chain = bytes.fromhex(said["leaf"]), bytes.fromhex(said["chain"])
    return position, said["recorded_at"], body, leaf, chain


def _not_text(encoded: str) -> bytes:
    content = _base64(encoded)
    try:
        content.decode()
    except UnicodeDecodeError:
        return content
    raise ValueError("text in base64")


def is_balanced(data: dict[str, Any]) -> bool:
    """Whether the lines of an entry have as much debit as credit."""
    lines, difference = data.get("lines"), 0
    for line in lines if isinstance(lines, list) else [None]:
        if not isinstance(line, dict):
            return False
        debit, credit = line.get("debit"), line.get("credit")
        if type(debit) is not int or type(credit) is not int:
            return False
        difference += debit - credit
    return difference == 0


# The whole: manifest, members, walk, files, seals.


def read_manifest(bundle: Bundle) -> tuple[dict[str, Any], bool]:
    """The manifest, and whether it is written in its one form."""
    if "manifest.json" not in bundle.places:
        raise Undecidable("manifest.json is missing: this is no bundle")
    try:
        text = bundle.whole("manifest.json").decode()
        said = strict(text)
    except (ValueError, RecursionError) as error:
        raise Undecidable(f"manifest.json cannot be read: {error}") from error
    if not isinstance(said, dict) or said.get("format") != VERSION:
        raise Undecidable(f"manifest.json does not say that its format is {VERSION}")
    members, size = said.get("members"), said.get("size")
    sound = (
        set(said) == {"book_id", "chain", "format", "members", "root", "size"}
        and all(isinstance(said[name], str) for name in ("book_id", "chain", "root"))
        and BOOK.fullmatch(said["book_id"])
        and HASH.fullmatch(said["root"])
        and HASH.fullmatch(said["chain"])
        and type(size) is int
        and 0 <= size < 10**15
        and isinstance(members, dict)
        and all(isinstance(one, str) and HASH.fullmatch(one) for one in members.values())
    )
    if not sound:
        raise Undecidable("manifest.json has not the members of its format")
    return said, json.dumps(said, ensure_ascii=False, indent=2) == text


class Verification:
    """What a bundle says, checked; `keys` are trusted instead of those in the bundle."""

    def __init__(self, bundle: Bundle, kept: Iterable[Anchor], keys: list[Key]) -> None:
        self.bundle = bundle
        self.kept = list(kept)
        self.manifest, self._in_form = read_manifest(bundle)
        self.walk = Walk(self.manifest["book_id"])
        self.not_checked = list(NOT_CHECKED)
        self.undecided = ""
        self._given = keys
        self._seals: list[Seal] = []

    def run(self) -> None:
        """Makes every check."""
        if not self._in_form:
            self.walk.found("manifest", 0, "manifest.json is not written in its one form")
        self._members()
        self._read_seals()
        self._check_stamps()
        self._records()
        self._files()
        self._check_seals()
        if not self.kept:
            self.not_checked.append("that nothing was cut off the end, or all of it made again: "
                                    "give --kept SIZE:ROOT, kept outside")  # fmt: skip

    def _members(self) -> None:
        said, there = self.manifest["members"], set(self.bundle.places) - {"manifest.json"}
        for name in sorted(there | set(said)):
            if name not in said:
                self.walk.found("members", 0, f"{name} is not in the manifest")
            elif name not in there:
                self.walk.found("members", 0, f"{name} is missing")
            elif self._digest(name) != said[name]:
                self.walk.found("members", 0, f"{name} has other bytes than the manifest says")

    def _digest(self, name: str) -> str:
        digest = hashlib.sha256()
        for chunk in self.bundle.chunks(name):
            digest.update(chunk)
        return digest.hexdigest()

    def _read_seals(self) -> None:
        for name in sorted(self.bundle.places):
            if name.startswith("seals/"):
                try:
                    content = self.bundle.whole(name, LONGEST_NOTE)
                    self._seals.append(read_seal(name, content, self.walk.book))
                except (ValueError, IndexError, Undecidable) as error:
                    self.walk.found("seals", 0, f"{name} is no seal of this book: {error}")

    def _check_stamps(self) -> None:
        names = [name for name in sorted(self.bundle.places) if name.startswith("timestamps/")]
        notes = {seal.member: seal.note for seal in self._seals}
        for name in names:
            try:
                self._check_stamp(name, notes)
            except (ValueError, IndexError, Undecidable) as error:
                self.walk.found("timestamps", 0, f"{name}: {error}")
        if names:
            self.not_checked.append("that an authority signed the time stamps, and so their time: "
                                    "`openssl ts -verify` does, with its certificate")  # fmt: skip

    def _check_stamp(self, name: str, notes: dict[str, Note]) -> None:
        stamp = STAMP.fullmatch(name)
        note = notes.get(f"seals/{stamp[1]}.note") if stamp else None
        if note is None:
            raise ValueError("about no seal that can be read")
        digest = imprint(self.bundle.whole(name, LONGEST_TOKEN))
        if digest != hashlib.sha256(note.stamped()).digest():
            raise ValueError("it stamps something else than that seal")

    def _records(self) -> None:
        before, said = self.walk, self.manifest
        anchors = [Anchor(seal.size, "seals", seal.member, seal.root) for seal in self._seals]
        own = Anchor(said["size"], "manifest", "the manifest", said["root"])
        self.walk = walk = Walk(before.book, [*anchors, *self.kept, *([own] if own.size else [])])
        walk.findings, walk.count = before.findings, before.count
        if "records.jsonl" in self.bundle.places:
            for line in self.bundle.lines("records.jsonl"):
                walk.take(line)
        walk.end()
        if walk.size > said["size"]:
            detail = f"{walk.size} events, the manifest says {said['size']}"
            walk.found("manifest", said["size"] + 1, detail, walk.size)
        if walk.chain.hex() != said["chain"]:
            walk.found("manifest", 0, "the chain does not end as the manifest says")

    def _files(self) -> None:
        there = {name[6:] for name in self.bundle.places if name.startswith("files/")}
        for digest in sorted(there | set(self.walk.named)):
            position = self.walk.named.get(digest)
            if position is None:
                self.walk.found("files", 0, f"no event names files/{digest}")
            elif digest not in there:
                self.walk.found("files", position, f"files/{digest} is missing")
            elif self._digest(f"files/{digest}") != digest:
                self.walk.found("files", position, f"files/{digest} has other bytes")

    def _trusted(self) -> dict[Key, int]:
        """Each key with the position from which on it seals nothing any more."""
        keys = list(self._given)
        if not keys and "keys/seal.keys" in self.bundle.places:
            self.not_checked.append("whose keys keys/seal.keys holds: give --key, got elsewhere")
            try:
                words = self.bundle.whole("keys/seal.keys").decode().split("\n")
                keys = [read_key(word) for word in words if word]
            except (ValueError, IndexError) as error:
                self.walk.found("seals", 0, f"keys/seal.keys cannot be read: {error}")
        trusted = dict.fromkeys(keys, 10**15)
        for position, data in self.walk.replacements:
            try:
                old, new = replaced(data, self.walk.book)
            except (ValueError, IndexError, KeyError, TypeError, AttributeError) as error:
                self.walk.found("seals", position, f"no replacement of a key: {error}")
                continue
            if old in trusted:
                trusted[old] = min(trusted[old], position)
                trusted.setdefault(new, 10**15)
        return trusted

    def _check_seals(self) -> None:
        trusted = self._trusted()
        if self._seals and not trusted:
            self.undecided = "there are seals, and no key to check them with: give --key"
            return
        for seal in self._seals:
            answers = {key: seal.note.is_by(key) for key in trusted}
            by = [key for key in trusted if key.kind == 1 and answers[key]]
            for key in [key for key in trusted if answers[key] is False]:
                self.walk.found("seals", 0, f"{seal.member}: the signature of {key.name} is false")
            if not by:
                self.walk.found("seals", 0, f"{seal.member}: not signed by a trusted key")
            elif seal.size >= max(trusted[key] for key in by):
                self.walk.found("seals", 0, f"{seal.member}: its key had been replaced")
            if seal.broken:
                detail = f"{seal.member} declares what was sealed before lost: {seal.broken}"
                self.walk.found("seals", 0, detail)


def replaced(data: dict[str, Any], book: str) -> tuple[Key, Key]:
    """The old key and the new one of a replacement that both signed; raises ValueError."""
    old, new = read_key(data["old_key"]), read_key(data["new_key"])
    note = read_note(data["statement"])
    said = f"paraphe/{book}\nseal key replaced\n{data['old_key']}\n{data['new_key']}\n"
    if note.text != said or not note.is_by(old) or not note.is_by(new):
        raise ValueError("not signed by both keys")
    return old, new


# The command.


def first_of(findings: list[Finding]) -> Finding | None:
    """The earliest event that is located exactly, else the earliest interval."""
    located = [one for one in findings if one.position]
    exact = [one for one in located if one.upto is None or one.check not in ANCHORS]
    return min(exact or located, key=lambda one: (one.position, one.upto or 0), default=None)


def outcome(done: Verification) -> dict[str, Any]:
    """The result as one JSON document."""
    walk, first = done.walk, first_of(done.walk.findings)
    undecided = "undecidable" if done.undecided else "sound"
    return {
        "schema": "paraphe.verification/1",
        "status": "findings" if walk.count else undecided,
        "why": done.undecided,
        "book_id": walk.book,
        "size": walk.size,
        "root": walk.root().hex(),
        "chain": walk.chain.hex(),
        "first": first and {"position": first.position, "upto": first.upto},
        "count": walk.count,
        "findings": [one._asdict() for one in walk.findings],
        "checked": [*CHECKED, *(["kept"] if done.kept else [])],
        "not_checked": done.not_checked,
    }


def verify(path: Path, kept: Iterable[Anchor] = (), keys: Iterable[Key] = ()) -> dict[str, Any]:
    """The outcome of verifying a bundle."""
    try:
        done = Verification(Bundle(path), kept, list(keys))
        done.run()
    except (Undecidable, OSError, MemoryError) as error:
        return {"schema": "paraphe.verification/1", "status": "undecidable", "why": str(error)}
    return outcome(done)


def in_words(said: dict[str, Any]) -> str:
    """The outcome for people."""
    if "size" not in said:
        return f"UNDECIDABLE: {said['why']}"
    lines = [f"{said['status'].upper()}: book {said['book_id']}, {said['size']} events"]
    lines += [said["why"]] if said["why"] else []
    lines += [f"root  {said['root']}", f"chain {said['chain']}"]
    if said["first"]:
        upto = said["first"]["upto"]
        lines.append(
            f"first at event {said['first']['position']}" + (f" to {upto}" if upto else "")
        )
    for one in said["findings"]:
        where = f"event {one['position']}" if one["position"] else "bundle"
        where += f" to {one['upto']}" if one["upto"] else ""
        lines.append(f"  {where}: {one['check']}: {one['detail']}")
    hidden = said["count"] - len(said["findings"])
    lines += [f"  and {hidden} more"] if hidden else []
    lines += ["checked: " + ", ".join(said["checked"])]
    return "\n".join(lines + [f"not checked: {one}" for one in said["not_checked"]])


def kept_root(word: str) -> Anchor:
    """What somebody kept, as SIZE:ROOT."""
    size, _, root = word.partition(":")
    if not SIZE.fullmatch(size) or not HASH.fullmatch(root.lower()):
        raise argparse.ArgumentTypeError("SIZE:ROOT with the root in hex")
    return Anchor(int(size), "kept", "what was kept outside", root.lower())


def given_keys(word: str) -> list[Key]:
    """The keys that a word stands for: a written key, or a file with one a line."""
    try:
        words = Path(word).read_text("ascii").split() if Path(word).is_file() else [word]
        return [read_key(one) for one in words]
    except (ValueError, IndexError, OSError) as error:
        raise argparse.ArgumentTypeError(f"no key: {error}") from error


def main() -> int:
    """Runs the command; 0 sound, 1 findings, 2 usage, 3 undecidable."""
    parser = argparse.ArgumentParser(description="Verifies an exported book of Paraphe.")
    parser.add_argument("bundle", type=Path, nargs="+", help="the ZIP, or the unpacked folder")
    parser.add_argument("--kept", type=kept_root, action="append", default=[], metavar="SIZE:ROOT")
    parser.add_argument("--key", type=given_keys, action="append", default=[], metavar="KEY|FILE")
    parser.add_argument("--json", action="store_true", help="print one JSON document a bundle")
    asked = parser.parse_args()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    codes = []
    for path in asked.bundle:
        said = verify(path, asked.kept, [key for keys in asked.key for key in keys])
        sys.stdout.write((json.dumps(said) if asked.json else in_words(said)) + "\n")
        codes.append({"sound": 0, "findings": 1}.get(said["status"], 3))
    return 1 if 1 in codes else max(codes)


if __name__ == "__main__":
    sys.exit(main())
