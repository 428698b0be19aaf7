"""Personal data in events: stored encrypted, so that the book keeps its bytes when a key goes.

The leaf of an event commits to the ciphertext. Without its key nobody reads it again, in the book,
in a backup or in an exported file, and every proof holds.
"""

from collections.abc import Mapping
from typing import Any, Self

from msgspec import Struct, field

from domain.book.event import Event


class Sealed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One field, encrypted: `box` is base64 of nonce and AES-256-GCM ciphertext under key `key`.

    AES-GCM alone would open under several keys to several texts, so `commitment` says which text
    it is: SHA-256 (hex) of a random salt of 32 bytes and the text. The salt is in the box and goes
    with the key: nobody can try out texts against the commitment.
    """

    key: str
    commitment: str
    box: str


SealedFields = Mapping[str, Sealed]


class PersonalEvent(Event, frozen=True, kw_only=True):
    """An event with fields that may have to be erased.

    A decision gives it with these fields in clear; on the way into the book the pen seals them,
    and the mapper writes no event that has one in clear.
    """

    sealed: dict[str, Sealed] = field(default_factory=dict)

    @property
    def subject(self) -> str:
        """Whose data it is: each subject and field has a key of its own."""
        raise NotImplementedError(type(self).__name__)

    def in_clear(self) -> dict[str, Any]:
        """The fields that are to be sealed, by name; those that say nothing are left out."""
        raise NotImplementedError(type(self).__name__)

    def with_sealed(self, sealed: dict[str, Sealed]) -> Self:
        """The event as it is stored: those fields empty, and sealed beside."""
        raise NotImplementedError(type(self).__name__)
