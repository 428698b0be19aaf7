"""Where a GET is answered, and from when on: Min-Position, the primary and its replicas."""

import time
from collections.abc import Callable
from typing import NamedTuple

import anyio
import msgspec
from fastapi import Request
from starlette.concurrency import run_in_threadpool

from api import problems
from api.errors import Problem
from api.visit import Visit
from services.replicas import Replica

WAIT_SECONDS = 2.0
REPLICA_SECONDS = 0.1
"""A replica is mostly some milliseconds behind: so long it is waited for before the primary."""
FURTHEST = 2**62


class Place(NamedTuple):
    """Where a question is answered; None: by the primary."""

    replica: Replica | None


PRIMARY = Place(None)
Find = Callable[[int, float], Place | None]
"""Finds a place that stands at a position; also given for how many seconds one was looked for."""


async def stand(request: Request, visit: Visit, *, registers: bool, primary: bool = False) -> None:
    """Holds a GET back until a server stands at its Min-Position, and notes which one.

    No thread waits with it. Raises the problem projection_behind after two seconds.
    """
    wanted = _least(request)
    live = registers and "known_at" not in request.query_params
    replicas = live and not primary and bool(visit.backend.replicas)
    place = PRIMARY
    if replicas or wanted is not None:
        place = await _wait(wanted or 0, _finder(visit, registers=registers, replicas=replicas))
    request.scope["paraphe.visit"] = msgspec.structs.replace(
        visit, replica=place.replica, least=(wanted or 0) if live else 0
    )


def behind() -> Problem:
    """The problem that no server stands at a position yet."""
    return Problem(problems.PROJECTION_BEHIND, headers={"Retry-After": "1"})


def _least(request: Request) -> int | None:
    """The Min-Position of a request; None without one, and for one that validation refuses."""
    wanted = request.headers.get("min-position", "")
    if not (wanted.isascii() and wanted.isdigit()) or int(wanted[:20]) > FURTHEST:
        return None
    return int(wanted)


async def _wait(wanted: int, find: Find) -> Place:
    began = time.monotonic()
    with anyio.move_on_after(WAIT_SECONDS):
        while (place := await run_in_threadpool(find, wanted, time.monotonic() - began)) is None:
            await anyio.sleep(0.005)
        return place
    raise behind()


def _finder(visit: Visit, *, registers: bool, replicas: bool) -> Find:
    """How to learn where an answer would stand: registers may be behind their book."""
    backend = visit.backend

    def find(wanted: int, waited: float) -> Place | None:
        if replicas:
            if replica := backend.replicas.find(visit.book_id, wanted):
                return Place(replica)
            if wanted == 0:
                return PRIMARY
            if waited < REPLICA_SECONDS and backend.replicas.are_usable:
                return None
        if registers:
            position = backend.engine.position(visit.book_id)
        else:
            position = visit.store.head(visit.book_id).size
        return PRIMARY if position >= wanted else None

    return find
