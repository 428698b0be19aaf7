"""Jobs: asked for once, done once in effect, whoever is killed; progress, failure, files."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from uuid import uuid4

import psycopg
import pytest

from domain.book.refusal import Refusals
from domain.parties.contact import ContactIsUnknown
from services.jobs.desk import PIECE, Desk
from services.jobs.job import Job, Kinds, Product, Work
from services.jobs.worker import ATTEMPTS, Worker
from services.store.pen import Command
from services.store.store import Store
from services.store.transaction import CommandReused


def asked_by(number: int = 1, request: str = "same") -> Command:
    return Command(id=f"cmd-{number}", actor="key_1", request=request)


def text_of(content: bytes) -> Product:
    return Product(name="count.txt", media_type="text/plain", content=[content])


def counting(work: Work) -> Product:
    for number in range(work.asked["to"]):
        work.progress(number + 1, work.asked["to"])
    return text_of(b"counted")


def worker_of(store: Store, kinds: Kinds, lease_seconds: float = 30.0) -> Worker:
    url = store.datastore.url
    return Worker(url, kinds, lease_seconds=lease_seconds, pause=timedelta())


def found(desk: Desk, job: Job) -> Job:
    now = desk.find(job.book_id, job.job_id, [job.kind])
    assert now is not None
    return now


def wait_until(true: Callable[[], bool], seconds: float = 20.0) -> None:
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until
        time.sleep(0.02)


@pytest.mark.feature("M13")
def test_a_job_is_done_and_its_file_is_there(store: Store, desk: Desk, book: str) -> None:
    job, again = desk.ask(book, "count", {"to": 3}, asked_by())
    assert (job.state, again) == ("queued", False)
    assert worker_of(store, {"count": counting}).run_due() == 1
    now = found(desk, job)
    assert (now.state, now.done, now.total, now.attempts) == ("done", 3, 3, 1)
    assert now.file is not None
    assert now.file.digest == sha256(b"counted").hexdigest()
    assert b"".join(desk.read(now, 0, now.file.size - 1)) == b"counted"
    assert worker_of(store, {"count": counting}).run_due() == 0


def test_the_same_command_asks_for_the_same_job(desk: Desk, book: str) -> None:
    first, _ = desk.ask(book, "count", {"to": 3}, asked_by())
    second, again = desk.ask(book, "count", {"to": 3}, asked_by())
    assert again
    assert first.job_id == second.job_id
    with pytest.raises(CommandReused):
        desk.ask(book, "count", {"to": 4}, asked_by(request="other"))


def test_a_job_is_seen_in_its_book_and_kind_alone(store: Store, desk: Desk, book: str) -> None:
    job, _ = desk.ask(book, "count", {"to": 3}, asked_by())
    other = str(uuid4())
    store.open_book(other)
    assert desk.find(other, job.job_id, ["count"]) is None
    assert desk.find(book, job.job_id, ["print"]) is None


def test_a_worker_leaves_kinds_that_it_does_not_know(store: Store, desk: Desk, book: str) -> None:
    desk.ask(book, "count", {"to": 3}, asked_by())
    assert worker_of(store, {"other": counting}).run_due() == 0


def test_a_large_file_is_read_in_any_range(store: Store, desk: Desk, book: str) -> None:
    content = bytes(range(256)) * (PIECE // 256 * 2 + 3)
    job, _ = desk.ask(book, "count", {}, asked_by())
    in_chunks = [content[at : at + 100_000] for at in range(0, len(content), 100_000)]
    made = Product(name="x", media_type="text/plain", content=in_chunks)
    worker_of(store, {"count": lambda _: made}).run_due()
    now = found(desk, job)
    assert now.file is not None
    assert now.file.size == len(content)
    for first, last in ((0, 0), (PIECE - 1, PIECE), (5, 2 * PIECE + 7), (0, len(content) - 1)):
        assert b"".join(desk.read(now, first, last)) == content[first : last + 1]


def test_an_empty_file_is_a_file(store: Store, desk: Desk, book: str) -> None:
    job, _ = desk.ask(book, "count", {}, asked_by())
    worker_of(store, {"count": lambda _: text_of(b"")}).run_due()
    now = found(desk, job)
    assert now.file is not None
    assert now.file.size == 0


def test_a_refusal_ends_the_job_with_its_words(store: Store, desk: Desk, book: str) -> None:
    def refuse(_: Work) -> Product:
        raise Refusals(ContactIsUnknown(contact_id="c-9"))

    job, _ = desk.ask(book, "count", {}, asked_by())
    worker_of(store, {"count": refuse}).run_due()
    now = found(desk, job)
    assert now.state == "failed"
    assert now.failure is not None
    assert (now.failure.code, now.failure.rule) == ("contact_unknown", "M17")
    assert "c-9" in now.failure.words["nl"]


def test_a_fault_is_tried_again_and_then_given_up(store: Store, desk: Desk, book: str) -> None:
    def stumble(_: Work) -> Product:
        raise ZeroDivisionError

    job, _ = desk.ask(book, "count", {}, asked_by())
    assert worker_of(store, {"count": stumble}).run_due() == ATTEMPTS
    now = found(desk, job)
    assert now.state == "failed"
    assert now.failure is not None
    assert now.failure.code == "job_failed"


def test_a_fault_that_passes_is_forgotten(store: Store, desk: Desk, book: str) -> None:
    faults = iter([ZeroDivisionError(), None])

    def stumble_once(_: Work) -> Product:
        if (fault := next(faults)) is not None:
            raise fault
        return text_of(b"counted")

    job, _ = desk.ask(book, "count", {}, asked_by())
    assert worker_of(store, {"count": stumble_once}).run_due() == 2
    assert found(desk, job).state == "done"


def test_a_killed_worker_loses_nothing_and_doubles_nothing(
    store: Store, desk: Desk, book: str, checkout: str
) -> None:
    """Goal: the job of a worker killed with -9 is done by another, once its lease is over."""
    job, _ = desk.ask(book, "count", {"to": 3}, asked_by())
    command = [sys.executable, "-m", "tests.services.jobs.slow_worker", store.datastore.url, "1"]
    with subprocess.Popen(command, cwd=checkout, stdout=subprocess.PIPE) as victim:
        assert victim.stdout is not None
        assert victim.stdout.readline() == b"begun\n"
        heir = worker_of(store, {"count": counting}, lease_seconds=1.0)
        time.sleep(1.5)  # longer than the lease: the living worker keeps it
        assert heir.run_due() == 0
        assert (found(desk, job).state, found(desk, job).done) == ("running", 1)
        victim.kill()
    wait_until(lambda: heir.run_due() == 1, 5)
    assert (found(desk, job).state, found(desk, job).attempts) == ("done", 2)
    assert pieces(store, job) == 1


def test_a_worker_taken_for_dead_says_nothing_more(store: Store, desk: Desk, book: str) -> None:
    """Goal: whoever lost the lease cannot finish over the one who has it."""
    job, _ = desk.ask(book, "count", {"to": 1}, asked_by())
    heir = worker_of(store, {"count": lambda _: text_of(b"heir")})

    def lose_the_lease(work: Work) -> Product:
        with psycopg.connect(store.datastore.url) as conn:
            conn.execute("UPDATE job SET due_at = now()")
        assert heir.run_due() == 1
        return text_of(b"zombie")

    worker_of(store, {"count": lose_the_lease}).run_due()
    now = found(desk, job)
    assert now.file is not None
    assert b"".join(desk.read(now, 0, 3)) == b"heir"
    assert pieces(store, job) == 1


def test_workers_share_jobs_without_doing_one_twice(store: Store, desk: Desk, book: str) -> None:
    done: list[int] = []

    def note(work: Work) -> Product:
        done.append(work.asked["n"])
        return text_of(b"")

    for number in range(30):
        desk.ask(book, "count", {"n": number}, asked_by(number))
    workers = [worker_of(store, {"count": note}) for _ in range(4)]
    threads = [threading.Thread(target=worker.run_due) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == list(range(30))


def test_a_thread_hears_of_jobs_and_gives_back_what_it_cannot_end(
    store: Store, desk: Desk, book: str
) -> None:
    begun = threading.Event()

    def endless(work: Work) -> Product:
        begun.set()
        while True:
            work.progress(1, 2)
            time.sleep(0.01)

    worker = worker_of(store, {"count": counting, "endless": endless})
    worker.start()
    job, _ = desk.ask(book, "count", {"to": 2}, asked_by())
    wait_until(lambda: found(desk, job).state == "done")
    long, _ = desk.ask(book, "endless", {}, asked_by(2))
    assert begun.wait(10)
    worker.stop()
    now = found(desk, long)
    assert (now.state, now.attempts) == ("queued", 0)


def test_an_ended_job_goes_when_it_has_expired(store: Store, desk: Desk, book: str) -> None:
    job, _ = desk.ask(book, "count", {"to": 1}, asked_by())
    worker = worker_of(store, {"count": counting})
    worker.run_due()
    now = found(desk, job)
    with psycopg.connect(store.datastore.url) as conn:
        conn.execute("UPDATE job SET expires_at = now() - interval '1 second'")
    worker.start()
    wait_until(lambda: desk.find(book, job.job_id, ["count"]) is None)
    worker.stop()
    assert pieces(store, job) == 0
    with pytest.raises(LookupError):
        list(desk.read(now, 0, 1))


def pieces(store: Store, job: Job) -> int:
    with psycopg.connect(store.datastore.url) as conn:
        row = conn.execute("SELECT count(*) FROM job_piece WHERE job_id = %s", (job.job_id,))
        return int((row.fetchone() or (0,))[0])
