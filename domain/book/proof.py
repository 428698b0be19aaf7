"""Proofs about a book as values that anyone can check offline (RFC 6962); hashes are in hex."""

import msgspec
from msgspec import Struct

from domain.book import merkle
from domain.book.merkle import Hash


class NotAProof(ValueError):
    """The text is no proof in our form."""


class Receipt(Struct, frozen=True, kw_only=True):
    """Where an event stands and the leaf that commits to it."""

    book_id: str
    position: int
    leaf: str


class Proof(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="format"):
    """A path to the root over the first `size` events of a book."""

    book_id: str
    size: int
    root: str
    path: tuple[str, ...]


class InclusionProof(Proof, frozen=True, kw_only=True, tag="paraphe.inclusion/1"):
    """That the event at `position`, from 1, is in the book."""

    position: int
    leaf: str

    def holds(self) -> bool:
        """Whether the path leads from the leaf to the root; raises NotAProof on no hashes."""
        leaf, root, *path = hashes(self.leaf, self.root, *self.path)
        return merkle.includes(leaf, self.position - 1, self.size, path, root)


class ConsistencyProof(Proof, frozen=True, kw_only=True, tag="paraphe.consistency/1"):
    """That the book begins with the `old_size` events that had `old_root`."""

    old_size: int
    old_root: str

    def holds(self) -> bool:
        """Whether the path leads to both roots; raises NotAProof on no hashes."""
        old, new, *path = hashes(self.old_root, self.root, *self.path)
        return merkle.extends(self.old_size, self.size, path, old, new)


def read_proof(content: bytes) -> InclusionProof | ConsistencyProof:
    """A proof from its JSON; raises NotAProof."""
    try:
        return msgspec.json.decode(content, type=InclusionProof | ConsistencyProof)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise NotAProof(f"no proof: {error}") from error


def write_proof(proof: InclusionProof | ConsistencyProof) -> bytes:
    """A proof as JSON on one line, at most 2 KB at ten million events."""
    return msgspec.json.encode(proof)


def hashes(*written: str) -> list[Hash]:
    """The hashes that lower-case hex stands for; raises NotAProof."""
    try:
        read = [bytes.fromhex(one) for one in written]
    except ValueError as error:
        raise NotAProof("a hash is no hex") from error
    if any(len(one) != 32 or one.hex() != text for one, text in zip(read, written, strict=True)):
        raise NotAProof("a hash is not 64 lower-case hex digits")
    return read
