"""Ratios that survive a noisy machine: both sides in turns, several rounds, medians.

A side is a function that does a fixed piece of work and tells what it took. A ratio is taken within
each round, between neighbours in time, and the median of the rounds is what counts.
"""

import os
import threading
import time
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from typing import Any, TypeVar

from msgspec import Struct

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


class Sample(Struct, frozen=True):
    """One run of a side: units of work a second, and milliseconds of each where it was measured."""

    rate: float
    milliseconds: tuple[float, ...] = ()


class Figure(Struct, frozen=True, kw_only=True):
    """One line of the result. `ratio` is ours through the reference; the goal is `least` or `most`.

    `load` is how many processes wanted a core, on average over the last minute.
    """

    what: str
    ours: float
    unit: str
    reference: str = ""
    theirs: float | None = None
    ratio: float | None = None
    least: float | None = None
    most: float | None = None
    rounds: int = 1
    load: float = 0.0

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; None where there is none."""
        value = self.ours if self.ratio is None else self.ratio
        if self.least is not None:
            return value >= self.least
        return None if self.most is None else value <= self.most


Side = Callable[[], Sample]


def timed(work: Callable[[T], Any], pieces: Iterable[T]) -> Sample:
    """Does the work for each piece, one after the other."""
    took = []
    began = time.perf_counter()
    for piece in pieces:
        start = time.perf_counter()
        work(piece)
        took.append((time.perf_counter() - start) * 1000)
    return Sample(len(took) / (time.perf_counter() - began), tuple(took))


def whole(units: int, work: Callable[[], Any]) -> Sample:
    """Does one piece of work that is worth so many units."""
    began = time.perf_counter()
    work()
    return Sample(units / (time.perf_counter() - began))


def crowd(clients: Sequence[Callable[[T], Any]], pieces: Sequence[Sequence[T]]) -> Sample:
    """Lets each client do its own pieces, all at once; the rate is that of all together."""
    ready = threading.Barrier(len(clients) + 1)

    def each(work: Callable[[T], Any], own: Sequence[T]) -> Sample:
        ready.wait()
        return timed(work, own)

    with ThreadPoolExecutor(len(clients)) as pool:
        running = [pool.submit(each, *both) for both in zip(clients, pieces, strict=True)]
        ready.wait()
        began = time.perf_counter()
        took = [ms for done in running for ms in done.result().milliseconds]
        return Sample(len(took) / (time.perf_counter() - began), tuple(took))


def race(sides: Mapping[K, Side], rounds: int) -> dict[K, list[Sample]]:
    """Runs all sides in turns, first forwards, then backwards; the samples of each, by round."""
    samples: dict[K, list[Sample]] = {name: [] for name in sides}
    for nth in range(rounds):
        names = list(sides)[:: 1 if nth % 2 == 0 else -1]
        for name in names:
            samples[name].append(sides[name]())
    return samples


def rate(samples: Sequence[Sample]) -> float:
    """The median of the rates."""
    return median(sample.rate for sample in samples)


def ratio(ours: Sequence[Sample], theirs: Sequence[Sample]) -> float:
    """The median, over the rounds, of our rate through theirs."""
    return median(a.rate / b.rate for a, b in zip(ours, theirs, strict=True))


def growth(large: Sequence[Sample], small: Sequence[Sample]) -> float:
    """How much longer one unit takes where there is more, by the median of the rounds."""
    return 1 / ratio(large, small)


def percentile(samples: Sequence[Sample], share: float) -> float:
    """A percentile, in milliseconds, of all pieces of work of all rounds."""
    ordered = sorted(each for sample in samples for each in sample.milliseconds)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def load() -> float:
    """How many processes wanted a core, on average over the last minute."""
    return round(os.getloadavg()[0], 2)


def against(
    what: str,
    samples: Mapping[str, Sequence[Sample]],
    reference: str,
    *,
    unit: str,
    least: float | None = None,
) -> Figure:
    """The figure of the side called `ours` against another side of the same race."""
    return Figure(
        what=what,
        ours=rate(samples["ours"]),
        unit=unit,
        reference=reference,
        theirs=rate(samples[reference]),
        ratio=ratio(samples["ours"], samples[reference]),
        least=least,
        rounds=len(samples["ours"]),
        load=load(),
    )
