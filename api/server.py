"""Runs the application under uvicorn, and leaves without cutting anybody off."""

import signal
import time
from types import FrameType

import uvicorn

from api.app import create_app
from api.bounded import BoundedProtocol
from services.backend import Backend

SECONDS_TO_BE_SEEN = 2.0
"""Between saying that we leave and leaving: a load balancer looks at /ready in the meantime."""
SECONDS_TO_DRAIN = 20


def run(backend: Backend, host: str, port: int) -> None:
    """Serves until told to stop; returns once the last request in hand has its answer.

    After SIGTERM `/ready` says 503 for a while in which everybody is still served, and answers
    close their connections; then nobody new is let in. A second signal skips the while.
    """
    Leaving(config(backend, host, port), backend).run()


class Leaving(uvicorn.Server):
    """A server that says that it will leave before it does, and leaves as one that has done well.

    uvicorn would raise SIGTERM again at the end, for the exit code 143.
    """

    def __init__(self, config: uvicorn.Config, backend: Backend) -> None:
        super().__init__(config)
        self._backend = backend
        self._leave_at = float("inf")

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begins to leave."""
        if sig == signal.SIGINT:
            super().handle_exit(sig, frame)
        elif self._backend.leaving:
            self.should_exit = True
        else:
            self._leave_at = time.monotonic() + SECONDS_TO_BE_SEEN
        self._backend.leaving = True

    async def on_tick(self, counter: int) -> bool:
        """Leaves when the while is over."""
        if time.monotonic() >= self._leave_at:
            self.should_exit = True
        return await super().on_tick(counter)


def config(backend: Backend, host: str, port: int) -> uvicorn.Config:
    """How we run uvicorn: no header that names us, no trust in proxies' words, no endless lines."""
    return uvicorn.Config(
        create_app(backend),
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=True,
        proxy_headers=False,
        timeout_keep_alive=20,
        timeout_graceful_shutdown=SECONDS_TO_DRAIN,
        http=BoundedProtocol,
        ws="none",
        lifespan="on",
    )
