"""The outermost layer: gives a request its id and every answer its protective headers."""

import logging
import secrets
import time
from collections.abc import Callable, Iterable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bound_contextvars

from api.meter import Allowance
from services.metrics import HTTP_SECONDS

Headers = Iterable[tuple[bytes, bytes]]
METHODS = {"GET", "HEAD", "POST", "PATCH", "PUT", "DELETE", "OPTIONS"}
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

    `apologise` makes the answer to a request in which something unforeseen was raised. Once
    `leaving` says so, every answer asks the caller to take another connection next time.
    """

    def __init__(
        self,
        app: ASGIApp,
        apologise: Callable[[Request], Response],
        leaving: Callable[[], bool] = lambda: False,
    ) -> None:
        self.app = app
        self.apologise = apologise
        self.leaving = leaving

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        scope["paraphe.request_id"] = request_id = f"req_{secrets.token_hex(10)}"
        began, status = time.perf_counter(), 0

        async def send_guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = _guarded(message["headers"], request_id)
                message["headers"] += _allowance(scope)
                if self.leaving():
                    message["headers"].append((b"connection", b"close"))
            await send(message)

        with bound_contextvars(request_id=request_id):
            try:
                await self.app(scope, receive, send_guarded)
            except Exception:
                log.exception("%s: %s %s failed", request_id, scope["method"], _route(scope))
                if status:
                    raise
                await self.apologise(Request(scope))(scope, receive, send_guarded)
            finally:
                _note(scope, status, time.perf_counter() - began)


def _note(scope: Scope, status: int, seconds: float) -> None:
    """One log line and one measurement a request: by its route, never by its address."""
    route = _route(scope)
    method = scope["method"] if scope["method"] in METHODS else "other"
    HTTP_SECONDS.labels(method, route, status).observe(seconds)
    if log.isEnabledFor(logging.INFO):
        ms = round(seconds * 1000, 1)
        about = {"method": method, "route": route, "status": status, "ms": ms}
        log.info("request", extra=about)


def _allowance(scope: Scope) -> list[tuple[bytes, bytes]]:
    """What the key of a request may still ask, if it was counted."""
    allowance: Allowance | None = scope.get("paraphe.allowance")
    if allowance is None:
        return []
    return [(name.lower().encode(), value.encode()) for name, value in allowance.headers().items()]


def _route(scope: Scope) -> str:
    return getattr(scope.get("route"), "path", "none")


def _guarded(headers: Headers, request_id: str) -> Headers:
    given = {name for name, _ in headers}
    added = [header for header in HEADERS if header[0] not in given]
    return [*headers, *added, (b"request-id", request_id.encode())]
