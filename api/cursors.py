"""Where the next page begins: the sort key of the last row, sealed with the list it belongs to."""

import base64
import hmac
from hashlib import sha256
from typing import Any

import msgspec

from api import problems
from api.errors import Problem

SEAL = 16  # bytes
SortKey = tuple[Any, ...]


def seal(secret: bytes, listing: str, key: SortKey) -> str:
    """The cursor behind the row with this sort key in a listing (its path, filters and order)."""
    payload = msgspec.json.encode([_digest(listing), *key])
    return base64.urlsafe_b64encode(_mac(secret, payload) + payload).decode().rstrip("=")


def unseal(secret: bytes, listing: str, cursor: str) -> SortKey:
    """The sort key in a cursor, with dates as PostgreSQL reads them.

    Raises the problem cursor_invalid for what we did not make, cursor_mismatch for another listing.
    """
    try:
        sealed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except ValueError:
        raise Problem(problems.CURSOR_INVALID) from None
    mac, payload = sealed[:SEAL], sealed[SEAL:]
    if not hmac.compare_digest(mac, _mac(secret, payload)):
        raise Problem(problems.CURSOR_INVALID)
    digest, *key = msgspec.json.decode(payload)
    if digest != _digest(listing):
        raise Problem(problems.CURSOR_MISMATCH)
    return tuple(key)


def _mac(secret: bytes, payload: bytes) -> bytes:
    return hmac.digest(secret, payload, "sha256")[:SEAL]


def _digest(listing: str) -> str:
    return sha256(listing.encode()).hexdigest()[:16]
