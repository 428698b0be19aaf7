"""A replay of a part, one that is stopped and resumed, and exports that are made again."""

import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from domain.operations.exported import ReportExported
from services.audit.export import Export, export_book
from services.audit.replay import Replay, Request, replay_bundle
from services.audit.replay_check import Failure
from services.audit.replay_exports import REPRODUCERS, Facts
from services.audit.replay_pause import Pause, Paused
from services.audit.replay_walk import State, Window
from services.store.pen import Command
from services.technical import note, note_export
from tests.databases import TestRun, UrlOf
from tests.services.audit.lived import Lived, body_of, lived
from tests.services.audit.test_replay import edit


@pytest.fixture(scope="module")
def year(
    server_url: UrlOf, template_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Lived]:
    with (
        TestRun.joined().database(server_url, None, template_database) as url,
        lived(url, tmp_path_factory.mktemp("year")) as company,
    ):
        yield company


def found(replay: Replay) -> dict[str, tuple[int, int, tuple[str, ...]]]:
    """What the checks found, without which were asked for."""
    return {
        check.name: (check.checked, check.failed, tuple(one.detail for one in check.failures))
        for check in replay.checks
    }


@pytest.mark.parametrize("stop", [1, 7, 100, 250])
def test_a_stopped_replay_comes_out_as_one_that_ran_through(
    year: Lived, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop: int
) -> None:
    """The state of every check, registers too, survives being written down anywhere."""
    forged = year.forged(
        tmp_path / "forged.zip", edit("entry.posted.v1", '"debit":(?=[1-9])', '"debit":7')
    )
    whole = replay_bundle(forged, Request())
    monkeypatch.setattr("services.audit.replay_walk.PAUSE", stop)
    stopped = replay_bundle(forged, Request(seconds=0.0, pauses=tmp_path / "audit"))
    assert (stopped.verdict, stopped.judged_to) == ("fail", stop)
    resumed = replay_bundle(forged, Request(pauses=tmp_path / "audit", resume=True))
    assert found(resumed) == found(whole)
    assert resumed.judged_to == whole.judged_to
    assert not list((tmp_path / "audit").iterdir())


def test_a_state_that_others_could_have_written_is_not_read(tmp_path: Path) -> None:
    pause = Pause(tmp_path, ["a replay"])
    pause.save(Paused({}, State([], 7, "", "UTC", "")))
    (file,) = tmp_path.iterdir()
    assert pause.load() is not None
    file.chmod(0o644)
    assert pause.load() is None
    file.chmod(0o600)
    file.write_bytes(b"broken")
    assert pause.load() is None


def test_events_before_the_part_are_replayed_and_not_judged(year: Lived, tmp_path: Path) -> None:
    forged = year.forged(
        tmp_path / "forged.zip", edit("entry.posted.v1", '"debit":(?=[1-9])', '"debit":7')
    )
    derive = ("entries-derive",)  # what the hashes say is about the whole bundle
    (first, *_) = [one.position for one in failures(replay_bundle(forged, Request(checks=derive)))]
    after = replay_bundle(forged, Request(checks=derive, window=Window(first=first + 1)))
    before = replay_bundle(forged, Request(checks=derive, window=Window(upto=first - 2)))
    assert failures(after) == failures(before) == []
    assert (after.verdict, before.verdict) == ("pass", "pass")


def failures(replay: Replay) -> list[Failure]:
    return [one for check in replay.checks for one in check.failures]


def test_a_day_ends_the_part_in_the_time_zone_of_the_company(year: Lived) -> None:
    day = date(2026, 2, 10)
    replay = replay_bundle(year.bundle, Request(window=Window(as_of=day)))
    assert replay.verdict == "pass"
    with Export(year.bundle) as export:
        facts = list(export.facts())
    assert facts[replay.judged_to - 1].recorded_at.date() <= day
    assert facts[replay.judged_to].recorded_at.date() > day


def exported(year: Lived, tmp_path: Path, digest: str, size: int) -> Path:
    """A bundle of the book after it noted that a list of types had left."""
    noted = ReportExported(
        kind="types", format="text/plain", parameters={"of": "all"},
        position=20, sha256=digest, size=size,
    )  # fmt: skip
    note(year.store, year.book, noted, Command(id=f"export {digest}", actor="tester"))
    path = tmp_path / f"{digest[:8]}.zip"
    export_book(year.store, year.book, path)
    return path


def types(_: ReportExported, facts: Facts) -> bytes:
    return "\n".join(fact.event.stored_as for fact in facts()).encode()


def test_an_export_is_made_again_or_the_check_was_not_made(
    year: Lived, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = Request(checks=("exports-reproduce",))
    with Export(year.bundle) as export:
        expected = "\n".join([fact.event.stored_as for fact in export.facts()][:20]).encode()
    digest = hashlib.sha256(expected).hexdigest()
    path = exported(year, tmp_path, digest, len(expected))
    (unknown,) = replay_bundle(path, request).checks
    assert (unknown.status, unknown.why) == ("skipped", "nothing here makes these again: types (1)")
    monkeypatch.setitem(REPRODUCERS, "types", types)
    (made,) = replay_bundle(path, request).checks
    assert (made.status, made.checked) == ("pass", 1)
    false = exported(year, tmp_path, "00" * 32, 1)
    (wrong,) = replay_bundle(false, request).checks
    assert (wrong.status, wrong.checked, wrong.failed) == ("fail", 2, 1)
    assert "types of=all" in wrong.failures[0].document


def test_an_exported_book_must_have_had_its_root(year: Lived, tmp_path: Path) -> None:
    manifest = export_book(year.store, year.book, tmp_path / "first.zip")
    command = Command(id="the first export", actor="tester")
    note_export(year.store, year.book, tmp_path / "first.zip", manifest, command)
    export_book(year.store, year.book, tmp_path / "second.zip")
    request = Request(checks=("exports-reproduce",))
    (sound,) = replay_bundle(tmp_path / "second.zip", request).checks
    assert "root" not in {one.field for one in sound.failures}
    second = Lived(year.store, year.url, year.book, tmp_path / "second.zip")

    def change(lines: list[dict[str, str]]) -> None:
        (line,) = [line for line in lines if body_of(line, "book.exported.v1")]
        line["body"] = line["body"].replace(manifest.root, "00" * 32)

    (check,) = replay_bundle(second.forged(tmp_path / "false.zip", change), request).checks
    assert "root" in {one.field for one in check.failures}
