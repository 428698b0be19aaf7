"""Keys that sign seals, kept outside the database, and the checking of what they signed."""

import os
from base64 import b64encode
from collections.abc import Iterable
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from msgspec import Struct

from domain.book.note import (
    COSIGNATURE,
    ED25519,
    NotANote,
    Note,
    PublicKey,
    Signature,
    from_base64,
    read_note,
)
from domain.book.refusal import Refusals
from domain.book.seal import (
    Checkpoint,
    SealForged,
    SealNotByKey,
    SealUnreadable,
    cosigned_message,
    read_checkpoint,
)

PREFIX = "PRIVATE+KEY+"


class UnusableKey(Exception):
    """A private key is missing, unreadable or open to others."""


class SigningKey:
    """A private Ed25519 key with its name; prints as its public half."""

    def __init__(self, name: str, seed: bytes, kind: int = ED25519) -> None:
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self._seed = seed
        self.public = PublicKey(name, kind, self._private.public_key().public_bytes_raw())

    @classmethod
    def make(cls, name: str, kind: int = ED25519) -> "SigningKey":
        """A new key."""
        return cls(name, os.urandom(32), kind)

    @classmethod
    def read(cls, word: str) -> "SigningKey":
        """The key of its written form; raises UnusableKey."""
        parts = word.strip().removeprefix(PREFIX).split("+", 2)
        try:
            content = from_base64(parts[-1])
        except NotANote as error:
            raise UnusableKey("a private key is written PRIVATE+KEY+name+id+base64") from error
        if not word.startswith(PREFIX) or len(parts) != 3 or len(content) != 33:
            raise UnusableKey("a private key is written PRIVATE+KEY+name+id+base64")
        key = cls(parts[0], content[1:], content[0])
        if key.public.id.hex() != parts[1]:
            raise UnusableKey("the id of the private key is not that of its bytes")
        return key

    def written(self) -> str:
        """The key as one word, secret."""
        content = b64encode(bytes([self.public.kind]) + self._seed).decode()
        return f"{PREFIX}{self.public.name}+{self.public.id.hex()}+{content}"

    def sign(self, text: str) -> Signature:
        """A signature over a text."""
        return Signature(self.public.name, self.public.id, self._private.sign(text.encode()))

    def cosign(self, text: str, seconds: int) -> Signature:
        """A witness's signature: that it saw this text at that time (Unix seconds)."""
        signed = self._private.sign(cosigned_message(text, seconds))
        return Signature(self.public.name, self.public.id, seconds.to_bytes(8) + signed)

    def __repr__(self) -> str:
        return f"SigningKey({self.public.written()})"


class Seal(Struct, frozen=True, kw_only=True):
    """A note whose signature was checked, and what it says."""

    note: Note
    checkpoint: Checkpoint
    key: PublicKey


def key_file(path: Path, name: str, kind: int = ED25519) -> SigningKey:
    """The key in a file (mode 0400), made when there is none; raises UnusableKey."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_once(path, SigningKey.make(name, kind).written() + "\n", 0o400)
    if path.stat().st_mode & 0o077:
        raise UnusableKey(f"{path} can be read by others: chmod 400 it, and replace the key")
    return SigningKey.read(path.read_text("ascii"))


def write_once(path: Path, text: str, mode: int = 0o600) -> None:
    """Writes a file that appears whole or not at all; one that came first stays."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    write_down(draft, text, mode)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
    sync_folder(path.parent)


def write_over(path: Path, text: str, mode: int = 0o600) -> None:
    """Replaces a file durably: after a crash it is the old one or the new one."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    write_down(draft, text, mode)
    draft.replace(path)
    sync_folder(path.parent)


def write_down(path: Path, text: str, mode: int) -> None:
    """Writes a new file to the disk itself."""
    opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(opened, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Makes the names in a folder last."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def is_signed(note: Note, key: PublicKey) -> bool | None:
    """Whether the signature of a key fits the note; None when the key has not signed it."""
    signature = note.by(key)
    if signature is None:
        return None
    message, body = note.text.encode(), signature.body
    if key.kind == COSIGNATURE:
        message = cosigned_message(note.text, int.from_bytes(body[:8]))
        body = body[8:]
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(body, message)
    except InvalidSignature:
        return False
    return True


def check_note(note: Note, keys: Iterable[PublicKey]) -> PublicKey:
    """The first of the keys whose signature fits; raises Refusals(SealForged | SealNotByKey)."""
    for key in keys:
        signed = is_signed(note, key)
        if signed:
            return key
        if signed is False:
            raise Refusals(SealForged(signer=key.name))
    signers = ", ".join(f"{one.name}+{one.key_id.hex()}" for one in note.signatures)
    raise Refusals(SealNotByKey(signers=signers))


def read_signed(written: str) -> Note:
    """The note of a text; raises Refusals(SealUnreadable)."""
    try:
        return read_note(written)
    except NotANote as error:
        raise Refusals(SealUnreadable(why=str(error))) from error


def read_seal(written: str, keys: Iterable[PublicKey]) -> Seal:
    """The seal of a text, its signature checked with one of `keys`; raises Refusals."""
    note = read_signed(written)
    key = check_note(note, [key for key in keys if key.kind == ED25519])
    try:
        return Seal(note=note, checkpoint=read_checkpoint(note.text), key=key)
    except NotANote as error:
        raise Refusals(SealUnreadable(why=str(error))) from error
