"""Signed notes (C2SP signed-note): a text with signature lines under it, read strictly.

Pure text and bytes: nothing here signs or checks a signature. Every accepted note is written again
to the very same bytes, so that a note has one form.
"""

import binascii
import re
from base64 import b64encode
from hashlib import sha256

from msgspec import Struct

ED25519 = 0x01
COSIGNATURE = 0x04
DASH = "— "
LONGEST = 16_384
MOST_SIGNATURES = 32

_NAME = re.compile(r"[^\s+\x00-\x1f\x7f]{1,200}")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


class NotANote(ValueError):
    """The text is no signed note, no checkpoint or no key in the strict form."""


class Signature(Struct, frozen=True):
    """One signature line: whose, the first four bytes of the key's hash, and what was signed."""

    name: str
    key_id: bytes
    body: bytes

    @property
    def line(self) -> str:
        """The line as it stands under a note."""
        return f"{DASH}{self.name} {to_base64(self.key_id + self.body)}\n"


class Note(Struct, frozen=True):
    """A text that ends in a newline, and the signatures under it."""

    text: str
    signatures: tuple[Signature, ...]

    def written(self) -> str:
        """The whole note, as it is kept and sent."""
        return self.text + "\n" + "".join(signature.line for signature in self.signatures)

    def by(self, key: "PublicKey") -> Signature | None:
        """The first signature that says it is of this key."""
        of_key = (one for one in self.signatures if (one.name, one.key_id) == (key.name, key.id))
        return next(of_key, None)


class PublicKey(Struct, frozen=True):
    """A key that checks signatures: its name, kind (`ED25519` or `COSIGNATURE`) and 32 bytes."""

    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        """What a signature line carries to say whose it is."""
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    def written(self) -> str:
        """The key as one word: name, id and base64, as the Go tools write it."""
        return f"{self.name}+{self.id.hex()}+{to_base64(bytes([self.kind]) + self.public)}"


def read_note(written: str) -> Note:
    """The note of a text; raises NotANote unless it is strictly one."""
    text, gap, lines = written.rpartition("\n\n")
    if len(written) > LONGEST or not gap or not text or not lines.endswith("\n"):
        raise NotANote("no text and signatures with an empty line between them")
    if _CONTROL.search(written):
        raise NotANote("a control character")
    signatures = tuple(_read_signature(line) for line in lines[:-1].split("\n"))
    if len(signatures) > MOST_SIGNATURES:
        raise NotANote(f"more than {MOST_SIGNATURES} signatures")
    return Note(text + "\n", signatures)


def read_key(word: str) -> PublicKey:
    """The key of its written form; raises NotANote unless name, id and bytes agree."""
    parts = word.strip().split("+", 2)
    if len(parts) != 3 or _NAME.fullmatch(parts[0]) is None:
        raise NotANote("a key is written name+id+base64")
    content = from_base64(parts[2])
    if len(content) != 33 or content[0] not in {ED25519, COSIGNATURE}:
        raise NotANote("not a key of a kind known here")
    key = PublicKey(parts[0], content[0], content[1:])
    if key.written() != word.strip():
        raise NotANote("the id of the key is not that of its bytes")
    return key


def to_base64(content: bytes) -> str:
    """Bytes in standard base64."""
    return b64encode(content).decode()


def from_base64(text: str) -> bytes:
    """The bytes of standard base64 in its one canonical form; raises NotANote."""
    try:
        content = binascii.a2b_base64(text.encode("ascii"), strict_mode=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise NotANote("not base64") from error
    if to_base64(content) != text:
        raise NotANote("base64 in another form than the canonical one")
    return content


def _read_signature(line: str) -> Signature:
    name, _, encoded = line.removeprefix(DASH).partition(" ")
    if not line.startswith(DASH) or _NAME.fullmatch(name) is None:
        raise NotANote("a line under the text is no signature")
    content = from_base64(encoded)
    if len(content) < 5:
        raise NotANote("a signature is too short")
    return Signature(name, content[:4], content[4:])
