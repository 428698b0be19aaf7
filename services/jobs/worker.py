"""A thread that takes up jobs as they fall due and does them, one after the other."""

import logging
import threading
from datetime import timedelta
from uuid import uuid4

import psycopg
from prometheus_client import Counter

from domain.book.refusal import Refusals
from services.jobs.job import Kinds, broken, refused
from services.jobs.lease import Dropped, Lease, take
from services.metrics import COUNTED
from services.replay.connection import Replaying, connect

LEASE_SECONDS = 30.0
"""How long a job of a killed worker lies before another takes it up."""
POLL_SECONDS = 5.0
PAUSE_AFTER_TROUBLE = 1.0
ATTEMPTS = 5
"""A job that fails so often, or whose worker dies so often, has failed for good."""
JOBS = Counter(
    "paraphe_jobs",
    "Jobs by kind and outcome of an attempt: done, refused or failed.",
    ["kind", "outcome"],
    registry=COUNTED,
)
EXPIRE = "DELETE FROM job WHERE expires_at < now()"

log = logging.getLogger(__name__)


class Worker:
    """Does jobs of the given kinds, of every book; any number of workers share them."""

    def __init__(
        self,
        url: str,
        kinds: Kinds,
        *,
        lease_seconds: float = LEASE_SECONDS,
        poll_seconds: float = POLL_SECONDS,
        pause: timedelta = timedelta(seconds=2),
    ) -> None:
        self.kinds = kinds
        self._url = url
        self._lease_seconds = lease_seconds
        self._poll_seconds = poll_seconds
        self._pause = pause
        self._holder = uuid4()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._hand: Lease | None = None

    def start(self) -> None:
        """Starts the thread."""
        self._stop.clear()
        self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread; the job in hand is given back at its next word about progress."""
        self._stop.set()
        if self._hand is not None:
            self._hand.drop()
        if self._thread is not None:
            self._thread.join(timeout=30)
            self._thread = None

    def run_due(self) -> int:
        """Does what is due, in this thread; says how many jobs were taken up."""
        with self._connected() as conn:
            return self._work_off(conn)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                with self._connected() as conn:
                    conn.execute("LISTEN paraphe_job")
                    self._follow(conn)
            except psycopg.Error as error:
                log.warning("jobs wait for the database: %s", error)
                self._stop.wait(PAUSE_AFTER_TROUBLE)
            except Exception:  # a worker that dies would leave jobs that nobody does
                log.exception("a job ended in a way that it must not")
                self._stop.wait(PAUSE_AFTER_TROUBLE)

    def _follow(self, conn: Replaying) -> None:
        while not self._stop.is_set():
            conn.execute(EXPIRE)
            self._work_off(conn)
            waited = 0.0
            while waited < self._poll_seconds and not self._stop.is_set():
                if list(conn.notifies(timeout=0.5, stop_after=1)):
                    break
                waited += 0.5

    def _work_off(self, conn: Replaying) -> int:
        count = 0
        while not self._stop.is_set():
            lease = take(conn, self.kinds, self._holder, self._lease_seconds)
            if lease is None:
                break
            self._hand = lease
            try:
                self._do(lease)
            finally:
                self._hand = None
            count += 1
        return count

    def _do(self, lease: Lease) -> None:
        job = lease.job
        try:
            if job.attempts > ATTEMPTS:
                log.error("job %s (%s): its worker died %d times", job.job_id, job.kind, ATTEMPTS)
                lease.fail(broken())
                return
            with lease.kept_on(self._url):
                lease.finish(self.kinds[job.kind](lease))
            JOBS.labels(job.kind, "done").inc()
        except Dropped:
            self._let_go(lease)
        except Refusals as error:
            lease.fail(refused(error.refused))
            JOBS.labels(job.kind, "refused").inc()
        except psycopg.OperationalError:
            raise
        except Exception:
            log.exception("job %s (%s): attempt %d failed", job.job_id, job.kind, job.attempts)
            JOBS.labels(job.kind, "failed").inc()
            self._try_later(lease)

    def _let_go(self, lease: Lease) -> None:
        """Gives the job back, if it is still ours, because this worker is to stop."""
        try:
            lease.give_back(timedelta(), uncounted=True)
        except Dropped:
            log.warning("job %s was taken over by another worker", lease.job.job_id)

    def _try_later(self, lease: Lease) -> None:
        try:
            if lease.job.attempts >= ATTEMPTS:
                lease.fail(broken())
            else:
                lease.give_back(self._pause * 2 ** (lease.job.attempts - 1))
        except Dropped:
            log.warning("job %s was taken over by another worker", lease.job.job_id)

    def _connected(self) -> Replaying:
        conn = connect(self._url)
        conn.execute("SET synchronous_commit = on")  # what is said to be done is done
        return conn
