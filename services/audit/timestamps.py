"""Time stamps of RFC 3161 on seals: asked of an outside authority, checked, kept with the seal.

The message that is stamped is the note of the seal as it is kept: its text and our signature. A
seal with a token existed before the time in the token, whatever happens to our own key later.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import NoReturn
from urllib.parse import urlsplit

from cryptography import x509
from msgspec import Struct
from rfc3161_client import (
    HashAlgorithm,
    TimeStampRequest,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from domain.book.refusal import Refusals
from domain.book.seal import TimestampUnsound
from services.audit.seals import KeptSeal
from services.store.store import Store

LARGEST = 65_536
SECONDS = 20

KEEP = """
INSERT INTO seal_timestamp (book_id, nth, ordinal, stamped_at, token)
SELECT %(book)s, %(nth)s, coalesce(max(ordinal), 0) + 1, %(at)s, %(token)s
FROM seal_timestamp WHERE book_id = %(book)s AND nth = %(nth)s
"""
KEPT = """
SELECT token FROM seal_timestamp WHERE book_id = %(book)s AND nth = %(nth)s ORDER BY ordinal
"""


class AuthorityUnreachable(Exception):
    """The time-stamping authority gave no answer that is one."""


class Stamped(Struct, frozen=True, kw_only=True):
    """What a token says, once checked: when, and the serial number the authority gave it."""

    at: datetime
    serial: int


def make_request(seal_note: str) -> TimeStampRequest:
    """What is sent to an authority: the SHA-256 of the note, a nonce, and that it show itself."""
    builder = TimestampRequestBuilder().data(seal_note.encode())
    return builder.hash_algorithm(HashAlgorithm.SHA256).cert_request(cert_request=True).build()


def ask(url: str, request: TimeStampRequest) -> bytes:
    """The answer of an authority over HTTP; no redirects. Raises AuthorityUnreachable."""
    place = urlsplit(url)
    if place.scheme not in {"http", "https"} or place.hostname is None:
        raise AuthorityUnreachable(f"{url} is no address of an authority")
    over = HTTPSConnection if place.scheme == "https" else HTTPConnection
    connection = over(place.hostname, place.port, timeout=SECONDS)
    target = (place.path or "/") + (f"?{place.query}" if place.query else "")
    try:
        kind = {"Content-Type": "application/timestamp-query"}
        connection.request("POST", target, request.as_bytes(), kind)
        answer = connection.getresponse()
        content = answer.read(LARGEST + 1)
    except (OSError, HTTPException) as error:
        raise AuthorityUnreachable(f"{url}: {error}") from error
    finally:
        connection.close()
    if answer.status != 200 or len(content) > LARGEST:
        raise AuthorityUnreachable(f"{url}: status {answer.status}, {len(content)} bytes")
    return content


def check(
    token: bytes,
    seal_note: str,
    roots: Iterable[x509.Certificate],
    *,
    intermediates: Sequence[x509.Certificate] = (),
    request: TimeStampRequest | None = None,
) -> Stamped:
    """What a token (a whole answer) says about a seal; raises Refusals(TimestampUnsound).

    With the request, its nonce and policy must come back. The authority's certificate need only
    have been good at the time of the stamp.
    """
    # `from_request` makes a new builder: whatever was set before it would be lost.
    builder = VerifierBuilder.from_request(request) if request else VerifierBuilder()
    for root in roots:
        builder = builder.add_root_certificate(root)
    for certificate in intermediates:
        builder = builder.add_intermediate_certificate(certificate)
    answer = _decoded(token)
    try:
        builder.build().verify_message(answer, seal_note.encode())
        return Stamped(at=answer.tst_info.gen_time, serial=answer.tst_info.serial_number)
    except (VerificationError, ValueError, TypeError, AssertionError) as error:
        _unsound(str(error))


def keep(store: Store, seal: KeptSeal, token: bytes, stamped: Stamped) -> None:
    """Keeps a checked token with its seal; tokens are never compared by their bytes."""
    row = {"book": seal.book_id, "nth": seal.nth, "at": stamped.at, "token": token}
    with store.entered(seal.book_id) as conn:
        conn.execute(KEEP, row)


def kept(store: Store, seal: KeptSeal) -> list[bytes]:
    """The tokens of a seal, in the order they came."""
    with store.entered(seal.book_id) as conn:
        rows = conn.execute(KEPT, {"book": seal.book_id, "nth": seal.nth}).fetchall()
    return [bytes(token) for (token,) in rows]


def _decoded(token: bytes) -> TimeStampResponse:
    try:
        answer = decode_timestamp_response(token)
    except ValueError as error:
        _unsound(f"not a token in strict DER: {error}")
    if answer.status not in {0, 1}:
        _unsound(f"the authority refused, with status {answer.status}")
    return answer


def _unsound(why: str) -> NoReturn:
    raise Refusals(TimestampUnsound(why=why.rstrip(".")))
