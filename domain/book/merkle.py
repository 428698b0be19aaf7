"""The Merkle tree of a book: frontier, root, inclusion and consistency proofs (RFC 6962).

Hashes are 32 bytes of SHA-256: a leaf is prefixed by 0x00, a node by 0x01. Pure functions over
leaf hashes; `leaves` in proofs answers the hash of any aligned, complete subtree on demand.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import NamedTuple

Hash = bytes
Frontier = tuple[Hash, ...]
"""The roots of the complete subtrees of a tree, the largest first: one per one bit of its size."""

Subtree = Callable[[int, int], Hash]
"""The hash of the complete subtree over leaves [start, end), end - start a power of two."""

STRIDE = 8
"""Every eighth level of the tree is kept: a proof reads hundreds of hashes, not millions."""


class Milestone(NamedTuple):
    """The root of a complete subtree of 2**level leaves, the nth from the left, from 0."""

    level: int
    nth: int
    hash: Hash


EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(content: bytes) -> Hash:
    """The hash of one leaf."""
    return sha256(b"\x00" + content).digest()


def node_hash(left: Hash, right: Hash) -> Hash:
    """The hash of an inner node."""
    return sha256(b"\x01" + left + right).digest()


def extend(frontier: Sequence[Hash], size: int, leaves: Sequence[Hash]) -> Frontier:
    """The frontier after `leaves` are appended to a tree of `size` leaves."""
    return grow(frontier, size, leaves)[0]


def grow(
    frontier: Sequence[Hash], size: int, leaves: Sequence[Hash]
) -> tuple[Frontier, list[Milestone]]:
    """The frontier after `leaves` are appended, and the milestones that were completed."""
    peaks = list(frontier)
    milestones: list[Milestone] = []
    for node in leaves:
        full, level = size, 0
        size += 1
        while full & 1:
            node = sha256(b"\1" + peaks.pop() + node).digest()  # noqa: PLW2901  a hot loop
            full >>= 1
            level += 1
            if level % STRIDE == 0:
                milestones.append(Milestone(level, (size >> level) - 1, node))
        peaks.append(node)
    return tuple(peaks), milestones


def root(frontier: Sequence[Hash]) -> Hash:
    """The tree head over the leaves that `frontier` stands for."""
    if not frontier:
        return EMPTY_ROOT
    head = frontier[-1]
    for peak in reversed(frontier[:-1]):
        head = node_hash(peak, head)
    return head


def fits(frontier: Sequence[Hash], size: int) -> bool:
    """Whether a frontier has one whole hash for each one bit of `size`."""
    return len(frontier) == size.bit_count() and _hashes(*frontier)


def peaks(size: int) -> list[tuple[int, int]]:
    """The spans [start, end) of the complete subtrees that a frontier of `size` leaves holds."""
    spans, start = [], 0
    for level in reversed(range(size.bit_length())):
        if size >> level & 1:
            spans.append((start, start + (1 << level)))
            start += 1 << level
    return spans


def split(size: int) -> int:
    """The largest power of two smaller than `size` (size >= 2)."""
    return 1 << (size - 1).bit_length() - 1


def range_root(subtree: Subtree, start: int, end: int) -> Hash:
    """The hash over leaves [start, end), from complete subtrees."""
    width = end - start
    if width == 0:
        return EMPTY_ROOT
    if width & (width - 1) == 0:
        return subtree(start, end)
    middle = start + split(width)
    return node_hash(range_root(subtree, start, middle), range_root(subtree, middle, end))


def inclusion_proof(subtree: Subtree, index: int, size: int) -> list[Hash]:
    """The path that proves the leaf at `index` (from 0) is in the tree of `size` leaves."""
    if not 0 <= index < size:
        raise ValueError(f"no leaf {index} in a tree of {size}")
    path: list[Hash] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + split(end - start)
        if index < middle:
            path.append(range_root(subtree, middle, end))
            end = middle
        else:
            path.append(range_root(subtree, start, middle))
            start = middle
    return path[::-1]


def consistency_proof(subtree: Subtree, old: int, new: int) -> list[Hash]:
    """The hashes that prove the tree of `new` leaves begins with the tree of `old` leaves."""
    if not 0 < old <= new:
        raise ValueError(f"no tree of {old} leaves before one of {new}")
    path: list[Hash] = []
    start, end, whole = 0, new, True
    while old != end:
        middle = start + split(end - start)
        if old <= middle:
            path.append(range_root(subtree, middle, end))
            end = middle
        else:
            path.append(range_root(subtree, start, middle))
            start, whole = middle, False
    return ([] if whole else [range_root(subtree, start, end)]) + path[::-1]


def includes(leaf: Hash, index: int, size: int, path: Sequence[Hash], head: Hash) -> bool:
    """Whether `path` proves `leaf` at `index` in the tree of `size` leaves and root `head`."""
    if not 0 <= index < size or not _hashes(leaf, head, *path):
        return False
    node, last = index, size - 1
    current = leaf
    for sibling in path:
        if last == 0:
            return False
        if node & 1 or node == last:
            current = node_hash(sibling, current)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            current = node_hash(current, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and current == head


def extends(old: int, new: int, path: Sequence[Hash], old_head: Hash, new_head: Hash) -> bool:
    """Whether `path` proves that the tree of `new` leaves begins with the tree of `old` leaves."""
    if not 0 < old <= new:
        return False
    if old == new:
        return not path and old_head == new_head
    if not _hashes(old_head, new_head, *path):
        return False
    proof = list(path) if old & (old - 1) else [old_head, *path]
    if not proof:
        return False
    node, last = old - 1, new - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    before = after = proof[0]
    for sibling in proof[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            before, after = node_hash(sibling, before), node_hash(sibling, after)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            after = node_hash(after, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and before == old_head and after == new_head


def _hashes(*values: Hash) -> bool:
    return all(len(value) == 32 for value in values)
