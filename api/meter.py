"""How much a key may ask: a bucket of requests for each, filled evenly, in this process alone.

Several processes on one database each have their own buckets: the limit keeps one caller from
starving the others in a process, it is no accounting.
"""

import math
import threading
import time
from collections.abc import Callable

from msgspec import Struct

MINUTE = 60.0


class Allowance(Struct, frozen=True):
    """What a key may still ask: whether this request, how many more, seconds until all of it."""

    allowed: bool
    limit: int
    remaining: int
    reset: int
    retry: int
    """Seconds until one more request is allowed."""

    def headers(self) -> dict[str, str]:
        """The headers that say so (draft-ietf-httpapi-ratelimit-headers)."""
        return {
            "RateLimit-Policy": f'"key";q={self.limit};w={int(MINUTE)}',
            "RateLimit": f'"key";r={self.remaining};t={self.reset}',
        }


class Meter:
    """Counts the requests of each key; `limit` is how many a minute, all at once if it must be."""

    def __init__(self, limit: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = limit
        self._clock = clock
        self._buckets: dict[str, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def take(self, key: str) -> Allowance | None:
        """Takes one request out of a key's bucket; None where there is no limit."""
        if not self._limit:
            return None
        now, rate = self._clock(), self._limit / MINUTE
        with self._lock:
            left, since = self._buckets.get(key, (float(self._limit), now))
            left = min(self._limit, left + (now - since) * rate)
            allowed = left >= 1
            left -= allowed
            self._buckets[key] = left, now
        return Allowance(
            allowed=allowed,
            limit=self._limit,
            remaining=int(left),
            reset=math.ceil((self._limit - left) / rate),
            retry=0 if allowed else max(1, math.ceil((1 - left) / rate)),
        )
