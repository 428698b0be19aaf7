"""Ways to corrupt a bundle, each from a seed: what an accident does, and what forgers do."""

import base64
import json
import random
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from domain.book import merkle
from services.audit.bundle.contents import write_bundle
from services.audit.keys import SigningKey
from tests.books import make_book
from tests.services.audit.bundles import (
    KEY,
    Json,
    MemoryBook,
    lines_of,
    members_of,
    packed,
    rehashed,
    sealed,
    token,
    with_lines,
)

OTHER = SigningKey("paraphe", bytes(32))


class Sound(NamedTuple):
    """A sound bundle that is to be corrupted."""

    path: Path
    book_id: str
    members: dict[str, bytes]

    @classmethod
    def of(cls, path: Path, book_id: str) -> "Sound":
        return cls(path, book_id, members_of(path))

    @property
    def sealed(self) -> int:
        """How many events the last seal covers: nothing in the bundle holds what comes after."""
        return max(
            int(content.split(b"\n")[1])
            for name, content in self.members.items()
            if name.startswith("seals/")
        )

    @property
    def lines(self) -> list[Json]:
        return lines_of(self.members)


Mutation = Callable[[Sound, random.Random, Path], Path]
"""Writes a corrupted copy of a bundle; the same seed gives the same one."""


def flipped(content: bytes, chance: random.Random) -> bytes:
    """The bytes with one bit changed."""
    at = chance.randrange(len(content))
    return content[:at] + bytes([content[at] ^ 1 << chance.randrange(8)]) + content[at + 1 :]


def flip_records(sound: Sound, chance: random.Random, path: Path) -> Path:
    content = flipped(sound.members["records.jsonl"], chance)
    members = sound.members | {"records.jsonl": content}
    return packed(path, members, honest=chance.random() < 0.5)


def flip_manifest(sound: Sound, chance: random.Random, path: Path) -> Path:
    content = flipped(sound.members["manifest.json"], chance)
    return packed(path, sound.members | {"manifest.json": content}, honest=False)


def flip_member(sound: Sound, chance: random.Random, path: Path) -> Path:
    name = chance.choice(sorted(sound.members))
    changed = sound.members | {name: flipped(sound.members[name], chance)}
    return packed(path, changed, honest=False)


def flip_sealing(sound: Sound, chance: random.Random, path: Path) -> Path:
    names = [name for name in sorted(sound.members) if name.startswith(("seals/", "keys/"))]
    name = chance.choice(names)
    return packed(path, sound.members | {name: flipped(sound.members[name], chance)})


def flip_directory(sound: Sound, chance: random.Random, path: Path) -> Path:
    """A bit of what the ZIP says about a member's name, place or size, or of its end."""
    content = bytearray(sound.path.read_bytes())
    start = int.from_bytes(content[-6:-2], "little")
    entries = [at for at in range(start, len(content) - 4) if content[at : at + 4] == b"PK\1\2"]
    entry = chance.choice(entries)
    places = [
        *range(entry, entry + 4),
        *range(entry + 20, entry + 30),
        *range(entry + 42, entry + 48),
    ]
    places += [*range(len(content) - 22, len(content))]
    content[chance.choice(places)] ^= 1 << chance.randrange(8)
    path.write_bytes(content)
    return path


def truncate(sound: Sound, chance: random.Random, path: Path) -> Path:
    content = sound.path.read_bytes()
    path.write_bytes(content[: chance.randrange(len(content))])
    return path


def drop_line(sound: Sound, chance: random.Random, path: Path) -> Path:
    lines = sound.lines
    lines.pop(chance.randrange(len(lines)))
    return packed(path, with_lines(sound.members, lines))


def cut_tail(sound: Sound, chance: random.Random, path: Path) -> Path:
    """The last lines go; the manifest is made to fit, so that only a seal can tell."""
    lines = sound.lines[: chance.randrange(1, 10)]
    _, leaves = rehashed(sound.book_id, lines)
    root = _root(sound.book_id, lines)
    members = with_lines(sound.members, lines)
    return packed(path, members, size=len(leaves), root=root, chain=lines[-1]["chain"])


def duplicate_line(sound: Sound, chance: random.Random, path: Path) -> Path:
    lines = sound.lines
    at = chance.randrange(len(lines))
    return packed(path, with_lines(sound.members, [*lines[: at + 1], *lines[at:]]))


def swap_lines(sound: Sound, chance: random.Random, path: Path) -> Path:
    lines = sound.lines
    a, b = chance.sample(range(len(lines)), 2)
    lines[a], lines[b] = lines[b], lines[a]
    return packed(path, with_lines(sound.members, lines))


def renumber_line(sound: Sound, chance: random.Random, path: Path) -> Path:
    lines = sound.lines
    line = chance.choice(lines)
    line["position"] += chance.choice([-3, -1, 1, 2, 10**6, -(10**6), 10**17, 10**40])
    return packed(path, with_lines(sound.members, lines))


def change_time(sound: Sound, chance: random.Random, path: Path) -> Path:
    lines = sound.lines
    line = chance.choice(lines[: sound.sealed])
    moment = chance.choice(
        [
            "2026-01-05T08:00:00.000000Z",
            "2031-12-31T23:59:59.999999Z",
            "2026-13-05T08:00:00.000000Z",
        ]
    )
    line["recorded_at"] = chance.choice(
        [moment, line["recorded_at"][:-1], line["recorded_at"].lower()]
    )
    return _forged(sound, lines, chance, path)


def edit_body(sound: Sound, chance: random.Random, path: Path) -> Path:
    """Another amount, name or number, hashed again as far as the forger goes."""
    lines = sound.lines
    at = chance.randrange(sound.sealed)
    body = lines[at]["body"]
    digits = [i for i, letter in enumerate(body) if letter.isdigit()] or [0]
    place = chance.choice(digits)
    changed = str((int(body[place]) + 1) % 10) if body[place].isdigit() else "7"
    lines[at]["body"] = body[:place] + changed + body[place + 1 :]
    return _forged(sound, lines, chance, path)


def malform_body(sound: Sound, chance: random.Random, path: Path) -> Path:
    """JSON in another form than the canonical one, or none, the whole book hashed again."""
    lines = sound.lines
    line = chance.choice(lines)
    body = line["body"]
    deep = "[" * 70 + "]" * 70
    line["body"] = chance.choice(
        [
            body.replace(":", ": ", 1),
            body.replace('"actor":"test"', '"actor":"te\\u0073t"'),
            body.replace('"actor":"test"', '"actor":"e\u0301"'),
            body.replace('"actor":"test"', '"actor":"test","actor":"test"'),
            body.replace('"actor":"test"', '"actor":1.0'),
            body.replace('"actor":"test"', '"actor":-0'),
            body.replace('"actor":"test"', f'"actor":{"9" * 19}'),
            body.replace('"actor":"test"', '"actor":NaN'),
            body.replace('"actor":"test"', f'"actor":{deep}'),
            body.replace('"type"', '"tipe"'),
            "\ufeff" + body,
            body[:-1],
            "[]",
        ]
    )
    return _forged(sound, lines, chance, path, whole=True)


def unsort_body(sound: Sound, chance: random.Random, path: Path) -> Path:
    """Keys in another order, everything else canonical, the whole book hashed again."""
    lines = sound.lines
    line = chance.choice(lines)
    said = json.loads(line["body"])
    first = next(iter(said))
    moved = {name: said[name] for name in said if name != first} | {first: said[first]}
    line["body"] = json.dumps(moved, ensure_ascii=False, separators=(",", ":"))
    return _forged(sound, lines, chance, path, whole=True)


def unbalance_entry(sound: Sound, chance: random.Random, path: Path) -> Path:
    lines = sound.lines
    entries = [line for line in lines if '"type":"entry.posted.v1"' in line["body"]]
    line = chance.choice(entries)
    line["body"] = line["body"].replace('"credit":', '"credit":1', 1)
    return _forged(sound, lines, chance, path, whole=True)


def skip_number(sound: Sound, chance: random.Random, path: Path) -> Path:
    lines = sound.lines
    taken = [line for line in lines if '"number":' in line["body"] and '"series":' in line["body"]]
    line = chance.choice(taken)
    line["body"] = re.sub('"number":([0-9]+)', r'"number":\g<1>7', line["body"], count=1)
    return _forged(sound, lines, chance, path, whole=True)


def rename_book(sound: Sound, chance: random.Random, path: Path) -> Path:
    """The events of one book under the name of another."""
    other = "".join(
        chance.choice("0123456789abcdef") if c in "0123456789abcdef" else c for c in sound.book_id
    )
    return packed(path, sound.members, book_id=other)


def change_manifest(sound: Sound, chance: random.Random, path: Path) -> Path:
    said = chance.choice(
        [
            {"size": chance.randrange(0, 100)},
            {"size": 10**15},
            {"size": 12.5},
            {"root": "ab" * 32},
            {"chain": "cd" * 32},
            {"format": "paraphe.book/2"},
            {"extra": 1},
            {"members": {}},
        ]
    )
    return packed(path, sound.members, **said)


def remove_member(sound: Sound, chance: random.Random, path: Path) -> Path:
    """One goes; what no other member speaks of is missed only where the manifest is honest."""
    members = dict(sound.members)
    name = chance.choice(sorted(members))
    members.pop(name)
    needed = name == "records.jsonl" or name.startswith("files/")
    return packed(path, members, honest=needed and chance.random() < 0.5)


def add_member(sound: Sound, chance: random.Random, path: Path) -> Path:
    """One more; the manifest may own up to what must not be there whoever says so."""
    never = [f"files/{'0' * 64}", "seals/00000009.note", "../up", "a//b", ".x"]
    name = chance.choice([*never, "readme.txt", "keys/more"])
    honest = name in never and chance.random() < 0.5
    return packed(path, sound.members | {name: b"more"}, honest=honest)


def forge_seal(sound: Sound, chance: random.Random, path: Path) -> Path:
    """A seal by another key, about another book, size or root, or with a signature moved."""
    names = [name for name in sorted(sound.members) if name.startswith("seals/")]
    name = chance.choice(names)
    leaves = rehashed(sound.book_id, sound.lines)[1]
    size = chance.randrange(1, len(leaves))
    old = sound.members[name].decode()
    text, _, signatures = old.rpartition("\n\n")
    note = chance.choice(
        [
            sealed(sound.book_id, size, leaves, OTHER),
            sealed(sound.book_id, size, leaves[::-1]),
            sealed(sound.book_id.replace("a", "b"), size, leaves),
            f"{sealed(sound.book_id, size, leaves).rpartition(chr(10) * 2)[0]}\n\n{signatures}",
            old.replace("\n\n", "\nrecovered 5 " + base64.b64encode(bytes(32)).decode() + "\n\n"),
            f"{text}\n\n{signatures}{signatures[:-3]}\n",
            old.replace("\u2014", "-"),
            old[:-1],
            text,
            "",
        ]
    )
    return packed(path, sound.members | {name: note.encode()})


def spoil_stamp(sound: Sound, chance: random.Random, path: Path) -> Path:
    """A token about something else, none at all, of no seal, or with what matters changed."""
    name = next(name for name in sound.members if name.startswith("timestamps/"))
    note = sound.members[f"seals/{name[11:19]}.note"].decode()
    good = sound.members[name]
    known = (b"608648016503040201", b"2a864886f70d0109100104", b"2a864886f70d010702")
    oid = bytes.fromhex(chance.choice(known).decode())
    spoiled = chance.choice(
        [
            token(note + "x"),
            token(note, status=2),
            good[: chance.randrange(len(good))],
            good + b"\0",
            good.replace(oid, flipped(oid, chance)),
            good.replace(b"2026010508", b"2026 10508"),
            b"\x30\x84\0\0\0\0" + good,
            b"\x30\x80" + good[4:] + b"\0\0",
            b"",
        ]
    )
    other = chance.choice(["timestamps/00000099-1.tst", "timestamps/00000001-0.tst"])
    members = {one: c for one, c in sound.members.items() if one != name}
    if chance.random() < 0.2:
        return packed(path, members | {other: good})
    return packed(path, members | {name: spoiled})


def rewrite_book(sound: Sound, chance: random.Random, path: Path) -> Path:
    """The book made again from other events, all hashes right; the old seals stay."""
    book = MemoryBook(make_book(chance.randrange(10**6), len(sound.lines)), sound.book_id)
    write_bundle(book, path, [KEY.public])
    seals = {name: content for name, content in sound.members.items() if name.startswith("seals/")}
    return packed(path, members_of(path) | seals)


def encode_body(sound: Sound, chance: random.Random, path: Path) -> Path:
    lines = sound.lines
    line = chance.choice(lines)
    body = line.pop("body").encode() + chance.choice([b"", b"\xff"])
    line["body_base64"] = base64.b64encode(body).decode() + chance.choice(["", "", "=", " "])
    return packed(path, with_lines(sound.members, lines))


def compress(sound: Sound, chance: random.Random, path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in sound.members.items():
            zipped.writestr(name, content)
    return path


def _forged(
    sound: Sound, lines: list[Json], chance: random.Random, path: Path, *, whole: bool = False
) -> Path:
    """With nothing hashed again, or leaves and chain, or the manifest's root as well."""
    depth = 2 if whole else chance.randrange(3)
    if depth == 0:
        return packed(path, with_lines(sound.members, lines))
    lines, _ = rehashed(sound.book_id, lines)
    members = with_lines(sound.members, lines)
    if depth == 1:
        return packed(path, members)
    root = _root(sound.book_id, lines)
    return packed(path, members, root=root, chain=lines[-1]["chain"])


def _root(book_id: str, lines: list[Json]) -> str:
    return merkle.root(merkle.extend((), 0, rehashed(book_id, lines)[1])).hex()


MUTATIONS: tuple[Mutation, ...] = (
    flip_records,
    flip_records,
    flip_records,
    flip_manifest,
    flip_member,
    flip_sealing,
    flip_directory,
    truncate,
    drop_line,
    cut_tail,
    duplicate_line,
    swap_lines,
    renumber_line,
    change_time,
    edit_body,
    edit_body,
    malform_body,
    malform_body,
    unsort_body,
    unbalance_entry,
    skip_number,
    rename_book,
    change_manifest,
    remove_member,
    add_member,
    forge_seal,
    forge_seal,
    spoil_stamp,
    spoil_stamp,
    rewrite_book,
    encode_body,
    compress,
)
