"""The Merkle tree against RFC 6962 read naively, pymerkle, and the vectors of transparency-dev."""

import json
from base64 import b64decode
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pymerkle
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.book import merkle
from domain.book.merkle import Hash

# The eight inputs that the Certificate Transparency logs test themselves with, and their tree head.
CT_LEAVES = [
    bytes.fromhex(text)
    for text in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
CT_ROOT = "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
MOST = 64

CONTENTS = [b"leaf %d" % number for number in range(MOST)]
LEAVES = [sha256(b"\x00" + content).digest() for content in CONTENTS]


@cache
def naive_root(start: int, end: int) -> Hash:
    """MTH(D[start:end]) of RFC 6962 section 2.1, word for word."""
    if end == start:
        return sha256(b"").digest()
    if end - start == 1:
        return LEAVES[start]
    k = 1
    while k * 2 < end - start:
        k *= 2
    left, right = naive_root(start, start + k), naive_root(start + k, end)
    return sha256(b"\x01" + left + right).digest()


def naive_path(index: int, start: int, end: int) -> list[Hash]:
    """PATH(m, D[n]) of RFC 6962 section 2.1.1."""
    if end - start == 1:
        return []
    k = 1
    while k * 2 < end - start:
        k *= 2
    if index < k:
        return [*naive_path(index, start, start + k), naive_root(start + k, end)]
    return [*naive_path(index - k, start + k, end), naive_root(start, start + k)]


def naive_subproof(old: int, start: int, end: int, *, known: bool) -> list[Hash]:
    """SUBPROOF(m, D[n], b) of RFC 6962 section 2.1.2."""
    if old == end - start:
        return [] if known else [naive_root(start, end)]
    k = 1
    while k * 2 < end - start:
        k *= 2
    if old <= k:
        below = naive_subproof(old, start, start + k, known=known)
        return [*below, naive_root(start + k, end)]
    below = naive_subproof(old - k, start + k, end, known=False)
    return [*below, naive_root(start, start + k)]


def test_the_head_of_the_certificate_transparency_tree() -> None:
    leaves = [merkle.leaf_hash(content) for content in CT_LEAVES]
    assert merkle.root(merkle.extend((), 0, leaves)).hex() == CT_ROOT


def test_the_head_of_an_empty_tree_is_the_hash_of_nothing() -> None:
    assert merkle.root(()) == sha256(b"").digest()


def test_every_inclusion_proof_up_to_64_leaves() -> None:
    for size in range(1, MOST + 1):
        for index in range(size):
            path = merkle.inclusion_proof(naive_root, index, size)
            assert path == naive_path(index, 0, size)
            assert merkle.includes(LEAVES[index], index, size, path, naive_root(0, size))


def test_every_consistency_proof_up_to_64_leaves() -> None:
    for new in range(1, MOST + 1):
        for old in range(1, new + 1):
            path = merkle.consistency_proof(naive_root, old, new)
            assert path == naive_subproof(old, 0, new, known=True)
            assert merkle.extends(old, new, path, naive_root(0, old), naive_root(0, new))


def test_the_same_heads_as_pymerkle() -> None:
    other = pymerkle.InmemoryTree(algorithm="sha256")
    frontier: merkle.Frontier = ()
    for size, content in enumerate(CONTENTS):
        other.append_entry(content)
        frontier = merkle.extend(frontier, size, [merkle.leaf_hash(content)])
        assert merkle.root(frontier) == other.get_root() == naive_root(0, size + 1)


@given(st.integers(0, 2_000), st.lists(st.integers(0, 300), max_size=5))
def test_a_frontier_does_not_depend_on_how_it_was_reached(first: int, steps: list[int]) -> None:
    sizes = [0, first]
    for step in steps:
        sizes.append(sizes[-1] + step)
    leaves = [sha256(b"%d" % number).digest() for number in range(sizes[-1])]
    frontier: merkle.Frontier = ()
    for start, end in pairwise(sizes):
        frontier = merkle.extend(frontier, start, leaves[start:end])
        assert merkle.fits(frontier, end)
    assert frontier == merkle.extend((), 0, leaves)
    assert merkle.root(frontier) == folded(leaves)


def folded(level: list[Hash]) -> Hash:
    """The root by pairing a level at a time: an odd node goes up as it is, never doubled."""
    if not level:
        return sha256(b"").digest()
    while len(level) > 1:
        pairs = [level[at : at + 2] for at in range(0, len(level), 2)]
        level = [sha256(b"\x01" + b"".join(two)).digest() if two[1:] else two[0] for two in pairs]
    return level[0]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 63, 64])
def test_a_frontier_of_another_size_does_not_fit(size: int) -> None:
    frontier = merkle.extend((), 0, LEAVES[:size])
    assert merkle.fits(frontier, size)
    assert not merkle.fits(frontier[1:], size)
    assert not merkle.fits((*frontier, LEAVES[0]), size)
    assert not merkle.fits((*frontier[:-1], frontier[-1][:31]), size)


def forged_paths(path: list[Hash]) -> Iterator[list[Hash]]:
    """Every path that differs from `path` in one place."""
    stranger = sha256(b"stranger").digest()
    yield [*path, stranger]
    yield [stranger, *path]
    yield [*path, b""]
    for at, good in enumerate(path):
        yield path[:at] + path[at + 1 :]
        yield [*path[: at + 1], *path[at:]]
        for changed in (flipped(good, 0), flipped(good, 255), good[:-1], good + b"\0", stranger):
            yield [*path[:at], changed, *path[at + 1 :]]
    for at in range(len(path) - 1):
        yield [*path[:at], path[at + 1], path[at], *path[at + 2 :]]


def flipped(value: Hash, bit: int) -> Hash:
    """A hash with one bit turned."""
    return (int.from_bytes(value) ^ 1 << bit).to_bytes(32)


SIZES = (1, 2, 3, 5, 6, 7, 8, 11, 13)


def test_forged_inclusion_proofs_are_refused() -> None:
    refused = 0
    for size in SIZES:
        head = naive_root(0, size)
        for index in range(size):
            path, leaf = naive_path(index, 0, size), LEAVES[index]
            claims = [(leaf, index, size, forged, head) for forged in forged_paths(path)]
            claims += [(leaf, other, size, path, head) for other in range(size) if other != index]
            claims += [(leaf, index, size, path, naive_root(0, size + 1))]
            claims += [(flipped(leaf, 7), index, size, path, head)]
            claims += [(leaf, index, size, path, flipped(head, 7))]
            claims += [(leaf, -1, size, path, head), (leaf, size, size, path, head)]
            claims += [(leaf, index, 0, path, head), (leaf[:31], index, size, path, head)]
            for claim in claims:
                assert not merkle.includes(*claim), claim
            refused += len(claims)
    assert refused >= 500


def test_forged_consistency_proofs_are_refused() -> None:
    refused = 0
    for new in SIZES:
        for old in range(1, new + 1):
            path = naive_subproof(old, 0, new, known=True)
            before, after = naive_root(0, old), naive_root(0, new)
            claims = [(old, new, forged, before, after) for forged in forged_paths(path)]
            claims += [(old, new, path, flipped(before, 7), after)]
            claims += [(old, new, path, before, flipped(after, 7))]
            claims += [(0, new, path, before, after), (new + 1, new, path, before, after)]
            claims += [(other, new, path, before, after) for other in range(1, new) if other != old]
            if old != new:
                claims += [(old, new, path, after, before), (old, new, [], before, after)]
            for claim in claims:
                assert not merkle.extends(*claim), claim
            refused += len(claims)
    assert refused >= 500


@pytest.mark.parametrize(("index", "size"), [(0, 0), (1, 1), (-1, 4), (4, 4)])
def test_there_is_no_proof_of_a_leaf_that_is_not_there(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no leaf"):
        merkle.inclusion_proof(naive_root, index, size)


@pytest.mark.parametrize(("old", "new"), [(0, 1), (2, 1), (-1, 1)])
def test_there_is_no_proof_from_a_tree_that_was_not(old: int, new: int) -> None:
    with pytest.raises(ValueError, match="no tree"):
        merkle.consistency_proof(naive_root, old, new)


def hashes(texts: list[str] | None) -> list[Hash]:
    return [b64decode(text) for text in texts or []]


def test_the_public_vectors_of_inclusion(shared_folder: Path) -> None:
    files = sorted((shared_folder / "conformance/merkle/inclusion").rglob("*.json"))
    assert len(files) == 98
    for file in files:
        case = json.loads(file.read_text())
        (leaf, head), path = hashes([case["leafHash"], case["root"]]), hashes(case["proof"])
        sound = merkle.includes(leaf, case["leafIdx"], case["treeSize"], path, head)
        assert sound is not case["wantErr"], file


def test_the_public_vectors_of_consistency(shared_folder: Path) -> None:
    files = sorted((shared_folder / "conformance/merkle/consistency").rglob("*.json"))
    assert len(files) == 98
    for file in files:
        case = json.loads(file.read_text())
        (before, after), path = hashes([case["root1"], case["root2"]]), hashes(case["proof"])
        sound = merkle.extends(case["size1"], case["size2"], path, before, after)
        assert sound is not case["wantErr"], file
