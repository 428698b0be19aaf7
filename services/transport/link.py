"""A connection to NATS that never reconnects behind our back: each loss is a new beginning.

What a silent reconnection would send late, we send again ourselves after a look at the stream.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import nats
from nats.aio.client import Client
from nats.js import JetStreamContext

CONNECT_SECONDS = 3
PING_SECONDS = 5
CLOSE_SECONDS = 2

log = logging.getLogger(__name__)


class Link:
    """One connection, its JetStream, and the moment it was lost."""

    def __init__(self, client: Client, closed: asyncio.Event) -> None:
        self.client = client
        self.js: JetStreamContext = client.jetstream()
        self.closed = closed

    async def lost(self) -> None:
        """Returns never: raises ConnectionError once the connection is lost."""
        await self.closed.wait()
        raise ConnectionError("the connection to NATS was lost")


@asynccontextmanager
async def linked(servers: str) -> AsyncIterator[Link]:
    """A connection to one of the servers (URLs, comma between them); raises TROUBLE."""
    closed = asyncio.Event()

    async def note(error: Exception) -> None:
        log.debug("NATS: %r", error)

    async def close() -> None:
        closed.set()

    async with asyncio.timeout(CONNECT_SECONDS):
        client = await nats.connect(
            servers.split(","),
            name="paraphe",
            allow_reconnect=False,
            max_reconnect_attempts=1,
            reconnect_time_wait=0,
            connect_timeout=CONNECT_SECONDS,
            ping_interval=PING_SECONDS,
            max_outstanding_pings=2,
            error_cb=note,
            closed_cb=close,
        )
    try:
        yield Link(client, closed)
    finally:
        with suppress(Exception):
            await asyncio.wait_for(client.close(), CLOSE_SECONDS)
