"""Questions to the registers go to replicas, and never answer from before their Min-Position.

Method: an embedded server with two real streaming replicas, behind the application. A replica whose
replay is paused shows the past, so an answer tells where it comes from by its position.
"""

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from api.app import create_app
from services import embedded_postgres, replicas
from services.backend import DATABASE, Backend, make_database, open_backend
from services.embedded_postgres import EmbeddedServer
from services.replicas import Replica, Replicas
from services.settings import Settings
from services.standing import Standing
from tests.api.conftest import Caller, open_company
from tests.databases import TestRun
from tests.standby import Standby, following

REGISTERS = ("archives", "history", "unpaid", "vat_register")


@pytest.fixture(scope="module")
def ground() -> Iterator[Path]:
    """A folder that `nobody`, who runs root's server, can pass."""
    folder = TestRun.joined().folder / f"replicas-{os.getpid()}"
    folder.mkdir(mode=0o711)
    yield folder
    embedded_postgres.remove(folder / "home")
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def primary(ground: Path) -> Iterator[EmbeddedServer]:
    """A server of these tests alone."""
    with embedded_postgres.start(ground / "home") as server:
        make_database(server)
        yield server


@pytest.fixture(scope="module")
def standbys(primary: EmbeddedServer, ground: Path) -> Iterator[list[Standby]]:
    """Two replicas of it."""
    with following(primary, ground, "one") as one, following(primary, ground, "two") as two:
        yield [one, two]


@pytest.fixture(scope="module")
def opened(
    primary: EmbeddedServer, standbys: list[Standby], ground: Path
) -> Iterator[tuple[Backend, Caller]]:
    """The application with both replicas, and a company in it."""
    urls = " ".join(standby.url(DATABASE) for standby in standbys)
    settings = Settings(home=ground / "home", replica_url=SecretStr(urls))
    with open_backend(settings) as backend, TestClient(create_app(backend)) as client:
        backend.engine.start()
        yield backend, open_company(client, backend.keyring.issue("firm"))


@pytest.fixture
def backend(opened: tuple[Backend, Caller], standbys: list[Standby]) -> Iterator[Backend]:
    """The backend, once both replicas are seen to be well; they are well again afterwards."""
    backend, _ = opened
    wait_until(lambda: all_well(backend))
    yield backend
    for standby in standbys:
        with suppress(psycopg.Error):
            standby.resume()


@pytest.fixture
def caller(backend: Backend, opened: tuple[Backend, Caller]) -> Caller:
    """A caller for the company."""
    return opened[1]


def all_well(backend: Backend) -> bool:
    """Whether no replica is behind."""
    return backend.replicas.lags() == [0.0, 0.0]


def wait_until(holds: Callable[[], bool], seconds: float = 20) -> None:
    """Returns once something holds."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def stands_at(caller: Caller, path: str, **headers: str) -> int:
    """The position of an answer, which says the same three times."""
    answer = caller.get(path, **headers)
    assert answer.status_code == 200, answer.text
    position = int(answer.json()["meta"]["position"])
    assert answer.headers["etag"] == f'"{position}"'
    return position


def shown_by(caller: Caller, count: int = 6) -> set[int]:
    """The positions of some answers without Min-Position."""
    return {stands_at(caller, "/unpaid") for _ in range(count)}


def shown_everywhere(caller: Caller) -> int:
    """The newest position, once the primary and both replicas stand there."""
    position = caller.position()
    assert stands_at(caller, "/unpaid", Min_Position=str(position)) == position
    wait_until(lambda: shown_by(caller) == {position})
    return position


def test_replicas_answer_once_they_stand_where_the_question_wants(
    backend: Backend, caller: Caller, standbys: list[Standby]
) -> None:
    """Method: both paused, then the book grows: without Min-Position they show the past, with it
    the primary answers; resumed, they answer at the new position themselves."""
    caller.validated()
    before = shown_everywhere(caller)
    for standby in standbys:
        standby.pause()
    caller.validated()
    now = caller.position()
    assert stands_at(caller, "/history", Min_Position=str(now)) == now
    assert shown_by(caller) == {before}
    for register in REGISTERS:
        for path in (f"/{register}", f"/{register}/summary"):
            began = time.monotonic()
            assert stands_at(caller, path, Min_Position=str(now)) == now
            assert time.monotonic() - began < 1
        assert stands_at(caller, f"/{register}", Min_Position=str(before)) == before
    for standby in standbys:
        standby.resume()
    wait_until(lambda: shown_by(caller) == {now})


def test_an_old_etag_is_no_answer_to_a_newer_position(
    backend: Backend, caller: Caller, standbys: list[Standby]
) -> None:
    before = shown_everywhere(caller)
    for standby in standbys:
        standby.pause()
    caller.validated()
    etag = f'"{before}"'
    now = str(caller.position())
    assert caller.get("/unpaid", If_None_Match=etag, Min_Position=str(before)).status_code == 304
    assert caller.get("/unpaid", If_None_Match=etag, Min_Position=now).status_code == 200


def test_the_position_is_held_to_even_if_the_server_was_chosen_wrongly(
    backend: Backend,
    caller: Caller,
    standbys: list[Standby],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Goal: one URL before several replicas, or a register put back, cannot give an old answer.
    Method: every replica claims to be far ahead while its replay is paused."""
    before = shown_everywhere(caller)
    for standby in standbys:
        standby.pause()
    caller.validated()
    now = caller.position()
    monkeypatch.setattr(Replica, "position", lambda *_: now + 100)
    assert stands_at(caller, "/unpaid") == before
    assert stands_at(caller, "/unpaid", Min_Position=str(now)) == now
    answer = caller.get("/unpaid", Min_Position=str(now + 1))
    assert (answer.status_code, answer.json()["code"]) == (503, "projection_behind")


def test_nobody_stands_in_the_future(backend: Backend, caller: Caller) -> None:
    began = time.monotonic()
    answer = caller.get("/unpaid", Min_Position=str(caller.position() + 1))
    assert (answer.status_code, answer.json()["code"]) == (503, "projection_behind")
    assert answer.headers["retry-after"] == "1"
    assert 1.9 < time.monotonic() - began < 3


def test_what_was_known_then_is_asked_of_the_primary(backend: Backend, caller: Caller) -> None:
    caller.validated()
    then = caller.position()
    caller.validated()
    known = caller.seen(f"/unpaid?known_at={then}", caller.position())
    assert known["meta"]["position"] == then


def test_a_replica_that_lags_for_long_answers_nobody(
    backend: Backend,
    caller: Caller,
    standbys: list[Standby],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(replicas, "MOST_LAG_SECONDS", 1.5)
    caller.validated()
    for standby in standbys:
        standby.pause()
    caller.validated()
    now = caller.position()
    assert stands_at(caller, "/unpaid", Min_Position=str(now)) == now
    wait_until(lambda: shown_by(caller) == {now})
    assert all(lag is not None and lag > 1.5 for lag in backend.replicas.lags())
    for standby in standbys:
        standby.resume()
    wait_until(lambda: all_well(backend))


@pytest.mark.parametrize("least", [False, True])
def test_readers_notice_nothing_when_replicas_are_killed_and_come_back(
    backend: Backend, caller: Caller, standbys: list[Standby], least: bool
) -> None:
    """Method: three readers ask without pause while one replica is killed, then the other."""
    caller.validated()
    now = shown_everywhere(caller)
    headers = {"Min_Position": str(now)} if least else {}
    over, wrong, slowest, asked = threading.Event(), [], [0.0], [0]

    def read() -> None:
        while not over.is_set():
            began = time.monotonic()
            answer = caller.get("/unpaid", **headers)
            slowest[0] = max(slowest[0], time.monotonic() - began)
            asked[0] += 1
            if answer.status_code != 200 or answer.json()["meta"]["position"] != now:
                wrong.append(answer.text)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    try:
        for standby in standbys:
            time.sleep(0.3)
            standby.kill()
        wait_until(lambda: backend.replicas.lags() == [None, None])
        for standby in standbys:
            standby.start()
        wait_until(lambda: all_well(backend))
    finally:
        over.set()
        for reader in readers:
            reader.join()
    assert not wrong, wrong[0]
    assert slowest[0] < 3
    assert asked[0] > 100


def test_metrics_tell_how_replicas_stand(backend: Backend, caller: Caller) -> None:
    found = {family.name: family.samples[0].value for family in Standing(backend).collect()}
    assert found["paraphe_replicas"] == found["paraphe_replicas_in_use"] == 2
    assert found["paraphe_replica_lag_seconds"] == 0


def test_a_server_that_follows_nobody_or_another_is_not_asked(
    backend: Backend,
    primary: EmbeddedServer,
    standbys: list[Standby],
    server_url: Callable[[str], str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Method: a primary named as its own replica, and a replica of a server that is not ours."""
    wrong = [
        (primary.url(DATABASE), primary.url(DATABASE), "it follows nobody"),
        (server_url("postgres"), standbys[0].url(DATABASE), "it follows another primary"),
    ]
    for ours, named, why in wrong:
        watched = Replicas(ours, [named], look_seconds=0.1)
        try:
            wait_until(lambda: watched.find("", 0) is None and why in caplog.text)  # noqa: B023
            time.sleep(0.3)
            assert watched.lags() == [None]
        finally:
            watched.close()


def test_a_login_without_rights_of_its_own_can_watch(
    backend: Backend, primary: EmbeddedServer, standbys: list[Standby]
) -> None:
    """Goal: what the look asks is given to every login, not to superusers alone."""
    with psycopg.connect(primary.url(DATABASE), autocommit=True) as conn:
        conn.execute("CREATE ROLE plain_login LOGIN IN ROLE paraphe_app, paraphe_replay")
        ((end,),) = conn.execute("SELECT pg_current_wal_lsn()").fetchall()
    reached = f"SELECT pg_last_wal_replay_lsn() >= '{end}'"
    wait_until(lambda: all(standby.ask(reached) for standby in standbys))
    urls = [standby.url(DATABASE).replace("paraphe@", "plain_login@") for standby in standbys]
    watched = Replicas(primary.url(DATABASE).replace("paraphe@", "plain_login@"), urls)
    try:
        wait_until(lambda: watched.lags() == [0.0, 0.0])
    finally:
        watched.close()
