"""The line before the pen: threads that wait for one book, served by whoever holds its pen."""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from domain.book.event import Recorded
from services.store.pen import Command, Pen, Reader

MOST_COMBINED = 32


class Abandoned(RuntimeError):
    """The thread that held the pen was stopped; whether the command was written is not known."""


class Job:
    """One command in the line: what it wants, and what came of it."""

    def __init__(
        self,
        command: Command,
        decide: Callable[[Pen], None],
        answer: Callable[[Reader], Any],
        reads: Sequence[str],
        ahead: Callable[[Pen], Sequence[str]] | None = None,
    ) -> None:
        self.command = command
        self.decide = decide
        self.answer = answer
        self.reads = reads
        self.ahead = ahead
        self.result: Any
        self.events: tuple[Recorded, ...]
        self.replayed: bool
        self.error: Exception | None
        self.finished = False
        self.came = time.monotonic()
        self.called = threading.Event()
        self.fail(Abandoned("the pen was put down before this command was run"))

    def succeed(self, result: Any, events: tuple[Recorded, ...], *, replayed: bool) -> None:
        """The command ends with an answer; it counts once the transaction is committed."""
        self.result, self.events, self.replayed, self.error = result, events, replayed, None

    def fail(self, error: Exception) -> None:
        """The command ends with an error (a refusal is one), and wrote nothing."""
        self.result, self.events, self.replayed, self.error = None, (), False, error


class Line:
    """The jobs that wait for one book; the first in line holds the pen and serves the others."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[Job] = deque()
        self._held = False

    def serve(self, job: Job, run: Callable[[list[Job]], None]) -> None:
        """Returns once `job` is finished, run by this thread or by another one's."""
        with self._lock:
            self._waiting.append(job)
            mine = not self._held
            self._held = True
        if not mine:
            job.called.wait()
        if job.finished:
            return
        batch = self._next_batch(job)
        try:
            run(batch)
        finally:
            self._hand_over(batch, job)

    def _next_batch(self, first: Job) -> list[Job]:
        """The holder's own job and those that wait behind it, each command id once."""
        with self._lock:
            self._waiting.remove(first)
            batch, ids, later = [first], {first.command.id}, deque[Job]()
            while self._waiting and len(batch) < MOST_COMBINED:
                job = self._waiting.popleft()
                if job.command.id in ids:
                    later.append(job)
                else:
                    ids.add(job.command.id)
                    batch.append(job)
            self._waiting.extendleft(reversed(later))
            return batch

    def _hand_over(self, batch: list[Job], mine: Job) -> None:
        """Lets the finished go, then calls the next holder, or leaves the pen lying."""
        for job in batch:
            job.finished = True
            if job is not mine:
                job.called.set()
        with self._lock:
            if self._waiting:
                self._waiting[0].called.set()
            else:
                self._held = False
