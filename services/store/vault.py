"""Personal fields under lock: one AES-256 key a field and person, itself wrapped by a key that the
database never sees. Deleting the wrapped key erases the field from every copy of the book.
"""

import os
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import Any

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec import Struct, structs

from domain.privacy.personal import Sealed, SealedFields

KEYS_OF = """
SELECT key_id, subject, field, wrapped, wrapped_by FROM personal_key
WHERE book_id = %(book)s AND subject = %(subject)s ORDER BY field
"""
KEEP_KEY = """
INSERT INTO personal_key (book_id, key_id, subject, field, wrapped, wrapped_by)
VALUES (%(book)s, %(key_id)s, %(subject)s, %(field)s, %(wrapped)s, %(wrapped_by)s)
"""
DESTROY_KEY = "DELETE FROM personal_key WHERE book_id = %(book)s AND key_id = %(key_id)s"
FINGERPRINT = """
WITH first AS (
    INSERT INTO key_encryption_key (fingerprint) VALUES (%(fingerprint)s)
    ON CONFLICT DO NOTHING RETURNING fingerprint
)
SELECT fingerprint, false AS stood FROM first
UNION ALL SELECT fingerprint, true FROM key_encryption_key LIMIT 1
"""
KEPT_FINGERPRINT = "SELECT fingerprint, true FROM key_encryption_key"
KEY_BYTES, NONCE_BYTES, SALT_BYTES = 32, 12, 32


class NoKeyEncryptionKey(Exception):
    """Personal data is to be stored or read, and nobody gave the key that wraps its keys."""


class WrongKeyEncryptionKey(Exception):
    """The keys of this database were wrapped by another key-encryption key."""


class Unsealable(Exception):
    """A sealed field does not open with its own key, or to the text it commits to."""


class PersonalKey(Struct, frozen=True):
    """The key of one field of one person in one book, as it is stored: wrapped."""

    book_id: str
    key_id: str
    subject: str
    field: str
    wrapped: bytes
    wrapped_by: str


class Vault:
    """Seals and opens personal fields; `key` gives the 32 bytes that wrap their keys."""

    def __init__(self, key: Callable[[], bytes]) -> None:
        self._give = key
        self._key: bytes | None = None

    @property
    def fingerprint(self) -> str:
        """What tells this key-encryption key from another, without telling what it is."""
        return sha256(b"paraphe key-encryption key\n" + self._kek()).hexdigest()[:16]

    def renew(self) -> None:
        """Asks for the key again: it may have been replaced while this process ran."""
        self._key = None

    def make_key(self, book_id: str, subject: str, field: str) -> PersonalKey:
        """A new random key for a field, wrapped."""
        blank = PersonalKey(book_id, os.urandom(8).hex(), subject, field, b"", "")
        return self._wrapped(blank, os.urandom(KEY_BYTES))

    def take_over(self, key: PersonalKey, from_: "Vault") -> PersonalKey:
        """The same key of a field, wrapped by this vault's key instead; raises Unsealable."""
        return self._wrapped(key, from_.unwrap(key))

    def seal(self, key: PersonalKey, value: Any) -> Sealed:
        """A field sealed under its key, bound to its book, person and name."""
        text, salt, nonce = msgspec.json.encode(value), os.urandom(SALT_BYTES), os.urandom(12)
        box = nonce + self._cipher(key).encrypt(nonce, salt + text, _place_of(key))
        return Sealed(
            key=key.key_id,
            commitment=sha256(salt + text).hexdigest(),
            box=b64encode(box).decode(),
        )

    def open(self, key: PersonalKey, sealed: Sealed) -> Any:
        """The value of a sealed field; raises Unsealable."""
        try:
            box = b64decode(sealed.box, validate=True)
            salted = self._cipher(key).decrypt(box[:NONCE_BYTES], box[NONCE_BYTES:], _place_of(key))
        except (InvalidTag, ValueError) as error:
            raise Unsealable(f"{key.field} of {key.subject}") from error
        if sha256(salted).hexdigest() != sealed.commitment:
            raise Unsealable(f"{key.field} of {key.subject} is not what it commits to")
        return msgspec.json.decode(salted[SALT_BYTES:])

    def reveal(self, keys: Iterable[PersonalKey], sealed: SealedFields) -> dict[str, Any]:
        """The fields that can still be opened; those whose key is gone are left out."""
        known = {key.key_id: key for key in keys}
        return {
            field: self.open(known[one.key], one)
            for field, one in sealed.items()
            if one.key in known
        }

    def _cipher(self, key: PersonalKey) -> AESGCM:
        return AESGCM(self.unwrap(key))

    def _wrapped(self, key: PersonalKey, secret: bytes) -> PersonalKey:
        nonce = os.urandom(NONCE_BYTES)
        wrapped = nonce + AESGCM(self._kek()).encrypt(nonce, secret, _place_of(key))
        return structs.replace(key, wrapped=wrapped, wrapped_by=self.fingerprint)

    def unwrap(self, key: PersonalKey) -> bytes:
        """The key of a field itself; raises WrongKeyEncryptionKey or Unsealable."""
        if key.wrapped_by != self.fingerprint:
            self.renew()
        if key.wrapped_by != self.fingerprint:
            raise WrongKeyEncryptionKey(key.wrapped_by)
        nonce, wrapped = key.wrapped[:NONCE_BYTES], key.wrapped[NONCE_BYTES:]
        try:
            return AESGCM(self._kek()).decrypt(nonce, wrapped, _place_of(key))
        except InvalidTag as error:
            raise Unsealable(f"the key of {key.field} of {key.subject} was changed") from error

    def _kek(self) -> bytes:
        if self._key is None:
            self._key = self._give()
        return self._key


def no_key() -> bytes:
    """For stores that were given no key-encryption key; raises NoKeyEncryptionKey."""
    raise NoKeyEncryptionKey("this store was given no key for personal data")


def _place_of(key: PersonalKey) -> bytes:
    return f"{key.book_id}\n{key.subject}\n{key.field}\n{key.key_id}".encode()
