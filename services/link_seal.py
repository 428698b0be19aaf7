"""Addresses of mailed links: signed, expiring, of one form and length, and to be guessed by nobody.

One says which bytes of which book it gives until when, so that opening it asks no list of links.
"""

import base64
import hmac
import struct
from datetime import UTC, datetime
from uuid import UUID

from msgspec import Struct

_FORM = struct.Struct(">16s32s30sQ")
_SEAL = 32  # bytes
_PURPOSE = b"paraphe document link 1"


class Link(Struct, frozen=True, kw_only=True):
    """What a link gives: the file of that SHA-256 (hex) in a book, until that second."""

    book_id: str
    link_id: str
    original: str
    expires_at: datetime


class LinkIsWrong(Exception):
    """We did not sign it, or not under this database's secret."""


def seal(secret: bytes, link: Link) -> str:
    """The last part of a link's address."""
    book, digest = UUID(link.book_id).bytes, bytes.fromhex(link.original)
    until = int(link.expires_at.timestamp())
    payload = _FORM.pack(book, digest, link.link_id.encode("ascii"), until)
    return base64.urlsafe_b64encode(_mac(secret, payload) + payload).decode().rstrip("=")


def unseal(secret: bytes, sealed: str) -> Link:
    """What such an address gives, expired or not; raises LinkIsWrong."""
    try:
        given = base64.b64decode(sealed + "=" * (-len(sealed) % 4), altchars=b"-_", validate=True)
    except ValueError:
        raise LinkIsWrong from None
    mac, payload = given[:_SEAL], given[_SEAL:]
    # In the same time whatever is wrong.
    if not hmac.compare_digest(mac, _mac(secret, payload)):
        raise LinkIsWrong
    book, digest, link_id, until = _FORM.unpack(payload)
    return Link(
        book_id=str(UUID(bytes=book)),
        link_id=link_id.decode("ascii"),
        original=digest.hex(),
        expires_at=datetime.fromtimestamp(until, UTC),
    )


def _mac(secret: bytes, payload: bytes) -> bytes:
    """Under a key of its own: no page cursor is ever a link."""
    key = hmac.digest(secret, _PURPOSE, "sha256")
    return hmac.digest(key, payload, "sha256")
