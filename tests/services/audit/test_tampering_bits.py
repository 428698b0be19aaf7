"""Random bit flips, sound books without an alarm, and planted bugs that this suite must catch.

A flip is verified from the event before it, not from the start: `Walk` goes over the lines in order
and what it says of a line follows from the chain, position and time before it alone. A sample is
verified whole, and must say the same.
"""

import random
from bisect import bisect_right
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from services.audit.bundle import verify
from services.audit.bundle.contents import write_bundle
from tests.books import make_book
from tests.services.audit import bundles
from tests.services.audit.bundles import (
    KEY,
    MemoryBook,
    agreed,
    in_node,
    in_python,
    members_of,
    packed,
    small_bundle,
)
from tests.services.audit.mutations import MUTATIONS, Sound

SEED = 20260306
BOOK = "00000000-0000-4000-8000-000000000042"


class LongBook:
    """The records of a long book, and where each line begins."""

    def __init__(self, size: int, path: Path) -> None:
        # Sales repeat: a hundred thousand different events take long to invent.
        events = make_book(SEED, min(size, 5_000))
        book = MemoryBook((events * (size // len(events) + 1))[:size], BOOK)
        write_bundle(book, path, [KEY.public])
        self.members = members_of(path)
        self.content = self.members["records.jsonl"]
        self.lines = self.content.split(b"\n")[:-1]
        self.starts = [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line) + 1)

    def flip(self, chance: random.Random) -> tuple[int, int]:
        """A bit of the records: its byte, and the event in whose line that is."""
        at = chance.randrange(8 * len(self.content))
        return at, bisect_right(self.starts, at // 8)

    def flipped(self, bit: int) -> bytes:
        content = bytearray(self.content)
        content[bit // 8] ^= 1 << bit % 8
        return bytes(content)

    def found_near(self, bit: int, position: int) -> int:
        """The first event with a finding, looking at the flipped line and the one after it."""
        start, end = self.starts[position - 1], self.starts[min(position + 1, len(self.lines))]
        region = bytearray(self.content[start:end])
        region[bit // 8 - start] ^= 1 << bit % 8
        walk = verify.Walk(BOOK)
        if position > 1:
            _, moment, _, _, chain = verify.read_line(self.lines[position - 2])
            walk._place = walk._said = position - 1
            walk._moment, walk.chain = moment, chain
        parts = bytes(region).split(b"\n")
        for line in parts[:-1]:
            walk.take(line)
        if parts[-1]:
            walk.take(parts[-1] + b"\n")
        return min((one.position for one in walk.findings if one.check != "numbers"), default=0)


def check_flips(book: LongBook, flips: int, whole: int, path: Path) -> None:
    """Every flip is found at its own event; a sample is verified whole, and says the same."""
    chance = random.Random(SEED)
    missed = []
    for _ in range(flips):
        bit, position = book.flip(chance)
        if book.found_near(bit, position) != position:
            missed.append((bit, position))
    assert not missed, f"{len(missed)} of {flips} not located, such as {missed[:3]}"
    for _ in range(whole):
        bit, position = book.flip(chance)
        walk = verify.Walk(BOOK)
        changed = packed(path, book.members | {"records.jsonl": book.flipped(bit)})
        for line in verify.Bundle(changed).lines("records.jsonl"):
            walk.take(line)
        first = min(one.position for one in walk.findings if one.check != "numbers")
        assert first == position == book.found_near(bit, position)


def test_flips_in_a_book_of_some_thousand_events(tmp_path: Path) -> None:
    check_flips(LongBook(4_000, tmp_path / "book.zip"), 2_000, 3, tmp_path / "flipped.zip")


def test_every_byte_of_one_event(tmp_path: Path) -> None:
    book = LongBook(40, tmp_path / "book.zip")
    for byte in range(book.starts[16], book.starts[17]):
        for bit in range(8):
            assert book.found_near(8 * byte + bit, 17) == 17, (byte, bit)


@pytest.mark.slow
def test_ten_thousand_flips_in_a_book_of_a_hundred_thousand_events(tmp_path: Path) -> None:
    check_flips(LongBook(100_000, tmp_path / "book.zip"), 10_000, 10, tmp_path / "flipped.zip")


def test_no_alarm_over_a_thousand_sound_books(tmp_path: Path) -> None:
    """Every book is read by both verifiers; every tenth is sealed, for signatures take longest."""
    alarms = []
    for start in range(0, 1_000, 250):
        paths = [
            small_bundle(tmp_path / f"{seed}.zip", seed, 15, (10,) if seed % 10 == 0 else ())
            for seed in range(start, start + 250)
        ]
        with ThreadPoolExecutor(2) as pool:
            answers = [pool.submit(run, paths) for run in (in_python, in_node)]
        both = zip(*(answer.result() for answer in answers), strict=True)
        for seed, said in enumerate(both, start):
            alarms += [seed for one in said if one["status"] != "sound"]
        for path in paths:
            path.unlink()
    assert not alarms


# Bugs planted in a copy of a verifier: what stands in the source, and what the bug makes of it.
IN_PYTHON: tuple[tuple[str, str], ...] = (
    ("if leaf != stored:", "if False:"),
    ('head = f"paraphe/1\\n{self.book}\\n{position}\\n', 'head = f"paraphe/1\\n{self.book}\\n'),
    ("self.chain = chain\n", "pass\n"),
    ("if position not in (expected, self._said + 1):", "if position < expected:"),
    ("if moment < self._moment:", "if False:"),
    ('b"\\1" + peaks.pop() + leaf', 'b"\\1" + leaf + peaks.pop()'),
    ("if len(members) != len(pairs) or sorted(members) != list(members):", "if False:"),
    ("return difference == 0", "return True"),
    ("if number != expected:", "if number < expected:"),
    ("return _encoded(total) == signature[:32]", "return True"),
    ("elif self._digest(name) != said[name]:", "elif False:"),
    ("if self.root().hex() == anchor.root:", "if True:"),
    ("if digest != hashlib.sha256(note.stamped()).digest():", "if False:"),
)
IN_PAGE: tuple[tuple[str, str], ...] = (
    ("if (!same(leaf, said))", "if (false)"),
    ("if (moment < this.moment)", "if (false)"),
    ("this.peaks.pop(), node", "node, this.peaks.pop()"),
    ("return difference === 0n", "return true"),
    ("return same(bytesOf(sum), r)", "return true"),
    ("if (this.root() === anchor.root)", "if (true)"),
    ("if (!same(digest, sha256(utf8(seal.note.stamped))))", "if (false)"),
)


@pytest.fixture(scope="module")
def corrupted(tmp_path_factory: pytest.TempPathFactory) -> Sequence[Path]:
    """Three corrupted bundles of each kind, as the thousand are made."""
    folder = tmp_path_factory.mktemp("corrupted")
    path = small_bundle(folder / "sound.zip", 1, 24, (20,))
    sound = Sound.of(path, in_python([path])[0]["book_id"])
    made = []
    for seed in range(3 * len(MUTATIONS)):
        mutate = MUTATIONS[seed % len(MUTATIONS)]
        made.append(mutate(sound, random.Random(seed), folder / f"{seed}.zip"))
    return made


def test_a_bug_planted_in_a_verifier_is_caught(corrupted: Sequence[Path], tmp_path: Path) -> None:
    """With any of them in, the two verifiers no longer agree on what the suite makes."""
    truth = [agreed(said) for said in in_python(corrupted)]
    assert truth == [agreed(said) for said in in_node(corrupted)]
    unseen = []
    for name, bugs in (("verify.py", IN_PYTHON), ("verify.html", IN_PAGE)):
        source = (bundles.CARRIED / name).read_text("utf-8")
        for right, wrong in bugs:
            assert source.count(right) == 1, right
            (tmp_path / name).write_text(source.replace(right, wrong), "utf-8")
            if name == "verify.py":
                said = in_python(corrupted, script=tmp_path / name)
            else:
                said = in_node(corrupted, page=tmp_path / name)
            if [agreed(one) for one in said] == truth:
                unseen.append((name, right))
    assert not unseen


def test_the_flips_catch_a_verifier_that_does_not_look(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same check of flips fails when the leaf is not compared."""
    book = LongBook(60, tmp_path / "book.zip")
    check_flips(book, 200, 0, tmp_path / "flipped.zip")
    monkeypatch.setattr(verify.Walk, "found", lambda *_: None)
    with pytest.raises(AssertionError, match="not located"):
        check_flips(book, 200, 0, tmp_path / "flipped.zip")
