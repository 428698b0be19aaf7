"""The outermost layer: gives a request its id and every answer its protective headers."""

import logging
import secrets
from collections.abc import Callable, Iterable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

Headers = Iterable[tuple[bytes, bytes]]
log = logging.getLogger(__name__)

# Nothing may be loaded from elsewhere, framed, guessed at or kept by strangers.
HEADERS: list[tuple[bytes, bytes]] = [
    (
        b"content-security-policy",
        b"default-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
]


class Outermost:
    """Pure ASGI: it adds headers to the one message that carries them, and answers our faults.

    `apologise` makes the answer to a request in which something unforeseen was raised.
    """

    def __init__(self, app: ASGIApp, apologise: Callable[[Request], Response]) -> None:
        self.app = app
        self.apologise = apologise

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = f"req_{secrets.token_hex(10)}"
        scope["paraphe.request_id"] = request_id
        started = False

        async def send_guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                message["headers"] = _guarded(message["headers"], request_id)
            await send(message)

        try:
            await self.app(scope, receive, send_guarded)
        except Exception:
            log.exception("%s: %s %s failed", request_id, scope["method"], scope["path"])
            if started:
                raise
            await self.apologise(Request(scope))(scope, receive, send_guarded)


def _guarded(headers: Headers, request_id: str) -> Headers:
    given = {name for name, _ in headers}
    added = [header for header in HEADERS if header[0] not in given]
    return [*headers, *added, (b"request-id", request_id.encode())]
