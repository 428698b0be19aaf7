"""Runs the application under uvicorn, and leaves without cutting anybody off."""

import uvicorn

from api.app import create_app
from services.backend import Backend

SECONDS_TO_DRAIN = 20


def run(backend: Backend, host: str, port: int) -> None:
    """Serves until SIGTERM or SIGINT: then takes no new requests and finishes those in hand."""
    uvicorn.Server(config(backend, host, port)).run()


def config(backend: Backend, host: str, port: int) -> uvicorn.Config:
    """How we run uvicorn: no header that names us, no trust in proxies' words, no endless lines."""
    return uvicorn.Config(
        create_app(backend),
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=True,
        proxy_headers=False,
        timeout_keep_alive=20,
        timeout_graceful_shutdown=SECONDS_TO_DRAIN,
        h11_max_incomplete_event_size=32 * 1024,
        lifespan="on",
    )
