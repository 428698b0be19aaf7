"""The outermost layer: gives a request its id and every answer its protective headers."""

import secrets

from starlette.types import ASGIApp, Message, Receive, Scope, Send

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
    """Pure ASGI: it adds headers to the one message that carries them, and costs nothing else."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = f"req_{secrets.token_hex(10)}"
        scope["paraphe.request_id"] = request_id

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message["headers"]
                given = {name for name, _ in headers}
                message["headers"] = [
                    *headers,
                    *(header for header in HEADERS if header[0] not in given),
                    (b"request-id", request_id.encode()),
                ]
            await send(message)

        await self.app(scope, receive, send_guarded)
