"""The short printable code of a seal, and the stamp that a printed document carries.

A code is the first 128 bits of SHA-256 over the text of the seal in Crockford's base32, and two
check characters: 28 characters in groups of four. One wrong character, or two that changed places,
is always found. Letters that look like digits are read as those digits.
"""

from hashlib import sha256

from msgspec import Struct

from domain.book.note import NotANote, to_base64
from domain.book.seal import Checkpoint

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
BITS = 128
LENGTH = 26  # base32 characters for 128 bits
PRIME = 1021  # the largest prime below 1024: 32**n is never a multiple of it
_LOOKS_LIKE = str.maketrans("OIL", "011", " -")


class Stamp(Struct, frozen=True, kw_only=True):
    """What a printed document carries: a seal of its book and the one before, if there was one.

    Whoever keeps the document keeps an anchor of the book outside of it.
    """

    seal: Checkpoint
    previous: Checkpoint | None = None

    def words(self) -> tuple[str, ...]:
        """The lines to print, the newest seal first."""
        seals = [self.seal, *([self.previous] if self.previous else [])]
        return tuple(f"{seal.size} · {code_of(seal)}" for seal in seals)

    def payload(self) -> str:
        """What the QR code says: both seals, so that they can be checked without the document."""
        lines = [self.seal.text()]
        if self.previous is not None:
            lines.append(f"{self.previous.size}\n{to_base64(self.previous.root)}\n")
        return "".join(lines)


def code_of(seal: Checkpoint) -> str:
    """The code of a seal, in groups of four characters."""
    value = int.from_bytes(sha256(seal.text().encode()).digest()[: BITS // 8])
    word = _base32(value, LENGTH) + _base32(value % PRIME, 2)
    return "-".join(word[at : at + 4] for at in range(0, len(word), 4))


def is_code_of(code: str, seal: Checkpoint) -> bool:
    """Whether a code as typed is that of a seal; raises NotANote on a typing error."""
    return read_code(code) == code_of(seal)


def read_code(typed: str) -> str:
    """The code as it is printed; raises NotANote when its check characters do not agree."""
    word = typed.upper().translate(_LOOKS_LIKE)
    if len(word) != LENGTH + 2 or not set(word) <= set(ALPHABET):
        raise NotANote(f"a code of a seal has {LENGTH + 2} letters and digits")
    value, check = _number(word[:LENGTH]), _number(word[LENGTH:])
    if value % PRIME != check:
        raise NotANote("the check characters do not agree: a typing error")
    return "-".join(word[at : at + 4] for at in range(0, len(word), 4))


def _base32(value: int, length: int) -> str:
    return "".join(ALPHABET[value >> 5 * at & 31] for at in reversed(range(length)))


def _number(word: str) -> int:
    value = 0
    for letter in word:
        value = value << 5 | ALPHABET.index(letter)
    return value
