"""The long book that `verify` and `replay` measure: written once a run, exported once.

A million events take minutes to write, so the benchmark that comes second takes the book of the
first. What needs memory by the book runs in a process of its own, which gives it back.
"""

import resource
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from uuid import UUID

from msgspec import Struct

from services.audit.export import export_book
from tests.benchmarks.engine import written
from tests.benchmarks.ground import Ground
from tests.benchmarks.measure import Sample

MILLION = 280_000
"""Invoices that make a million events."""


class OneBook(Struct, frozen=True):
    """A book of a benchmark's database, how many events it has, and its bundle."""

    ground: Ground
    book: UUID
    size: int
    bundle: Path


_written: dict[tuple[Path, int], OneBook] = {}


def one_book(ground: Ground) -> OneBook:
    """The book of this run, in the database of the benchmark that asked first."""
    invoices = MILLION if ground.large else ground.sized(400, 10_000)
    key = ground.home, invoices
    if key not in _written:
        _written[key] = _write(ground, invoices)
    return _written[key]


def _write(ground: Ground, invoices: int) -> OneBook:
    began, bundle = time.monotonic(), ground.home / "book.zip"
    [(book, size)] = written(ground, 1, invoices).items()
    print(f"# {size:,} events in {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    with ground.store() as store:
        export_book(store, str(book), bundle)
    said = (
        f"# a bundle of {bundle.stat().st_size >> 20:,} MB after {time.monotonic() - began:.0f} s"
    )
    print(said, file=sys.stderr, flush=True)
    return OneBook(ground, book, size, bundle)


class Apart:
    """Work in a process of its own; `peak` is the most memory that one of them took, in bytes."""

    def __init__(self) -> None:
        self.peak = 0

    def __call__(self, side: Callable[[], Sample]) -> Sample:
        """What a side took, measured in its process."""
        with ProcessPoolExecutor(1, mp_context=get_context("fork")) as pool:
            sample, peak = pool.submit(_measured, side).result()
        self.peak = max(self.peak, peak)
        return sample


def _measured(side: Callable[[], Sample]) -> tuple[Sample, int]:
    return side(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
