"""The audit replay: a sound year passes every check; each planted fault fails the check it should.

The faults are planted by somebody who holds everything, the signing key too: all hashes and seals
fit, so that only the meaning of the events gives him away.
"""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from services.audit.replay import STRICT, LiveBook, Replay, Request, UnknownCheck, choose
from services.audit.replay import replay_bundle as run
from services.audit.replay_proof import Undecidable
from services.audit.report_checks import CHECKS
from services.audit.verify import Kept
from tests.databases import TestRun, UrlOf
from tests.services.audit.bundles import KEY, Json, in_python, members_of, packed
from tests.services.audit.lived import Lived, body_of, lived

Change = Callable[[list[Json]], None]


@pytest.fixture(scope="module")
def year(
    server_url: UrlOf, template_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Lived]:
    with (
        TestRun.joined().database(server_url, None, template_database) as url,
        lived(url, tmp_path_factory.mktemp("year")) as company,
    ):
        yield company


def failed(replay: Replay) -> set[str]:
    return {check.name for check in replay.checks if check.status == "fail"}


def test_a_sound_year_passes_every_check(year: Lived) -> None:
    kept = Kept(size=1, root=in_python([year.bundle])[0]["root"])
    whole = run(year.bundle, Request(live=LiveBook(year.store, year.url), keys=(KEY.public,)))
    assert [(check.name, check.status) for check in whole.checks] == [
        (name, "pass") for name in STRICT
    ]
    assert {check.name for check in whole.checks if not check.checked} == {"exports-reproduce"}
    assert whole.verdict == "pass"
    assert {code for code, _ in whole.not_checked} == {"entered", "tail", "media_types"}
    assert run(year.bundle, Request(kept=(kept,))).verdict == "fail"


def test_every_check_runs_alone_and_has_words(year: Lived) -> None:
    for name in STRICT:
        (check,) = run(year.bundle, Request(checks=choose([name]))).checks
        assert check.name == name
    assert set(CHECKS) == set(STRICT)
    assert set(choose(["basic"])) < set(choose(["strict"])) == set(STRICT)
    with pytest.raises(UnknownCheck):
        choose(["everything"])


def edit(kind: str, pattern: str, replacement: str, nth: int = 0) -> Change:
    """Changes the nth event of a stored name in which the pattern is."""

    def change(lines: list[Json]) -> None:
        of_kind = (line for line in lines if body_of(line, kind))
        line = [line for line in of_kind if re.search(pattern, line["body"])][nth]
        line["body"] = re.sub(pattern, replacement, line["body"], count=1)

    return change


def drop(kind: str, nth: int = 0) -> Change:
    def change(lines: list[Json]) -> None:
        lines.remove([line for line in lines if body_of(line, kind)][nth])

    return change


def again(kind: str) -> Change:
    """The first event of a kind comes once more, at the end."""

    def change(lines: list[Json]) -> None:
        lines.append(dict(next(line for line in lines if body_of(line, kind))))
        lines[-1]["recorded_at"] = lines[-2]["recorded_at"]

    return change


def locked_before(lines: list[Json]) -> None:
    """A lock of the whole year is slipped in at the start."""
    body = json.loads(lines[0]["body"])
    body |= {"type": "period.locked.v1", "data": {"reason": "", "until": "2026-12-31"}}
    body["tags"] = ["period"]
    text = json.dumps(body, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    lines.append(lines[-1] | {"body": text})
    lines.append(dict(next(line for line in lines if body_of(line, "entry.posted.v1"))))
    lines[-1]["recorded_at"] = lines[-2]["recorded_at"]


PLANTED: list[tuple[str, Change]] = [
    ("entries-derive", edit("entry.posted.v1", r'"account":"44\d*"', '"account":"471000"')),
    ("entries-derive", edit("entry.posted.v1", r'"label":"FA', '"label":"FX')),
    ("entries-derive", drop("entry.posted.v1")),
    ("entries-derive", drop("invoice.validated.v1")),
    ("debits-equal-credits", edit("entry.posted.v1", r'"credit":([1-9]\d*)', r'"credit":1\1')),
    ("vat-recomputes", edit("invoice.validated.v1", r'"tax":(\d+)', r'"tax":1\1')),
    ("vat-recomputes", edit("invoice.validated.v1", r'"net":(\d+)', r'"net":1\1')),
    ("vat-recomputes", edit("credit_note.issued.v1", r'"tax":(\d+)', r'"tax":1\1')),
    ("vat-recomputes", edit("bill.recorded.v1", r'"gross":(\d+)', r'"gross":1\1')),
    ("invoice-numbers-gapless", edit("invoice.validated.v1", r'"number":1\b', '"number":2')),
    (
        "invoice-numbers-gapless",
        edit("invoice.validated.v1", r'"issue_date":"2026-..', '"issue_date":"2026-12'),
    ),
    ("immutability", again("invoice.drafted.v1")),
    ("immutability", again("payment.recorded.v1")),
    ("letterings-balance", edit("entries.lettered.v1", r'"amount":(\d+)', r'"amount":1\1')),
    ("letterings-balance", edit("entries.lettered.v1", r'"complete":true', '"complete":false')),
    ("letterings-balance", again("entries.lettered.v1")),
    ("letterings-balance", edit("entries.lettered.v1", r'"ordinal":(\d+)', r'"ordinal":1\1')),
    ("receipts-vat-recomputes", edit("vat.became_due.v1", r'"tax":(\d+)', r'"tax":1\1')),
    ("receipts-vat-recomputes", edit("vat.became_due.v1", r'"paid":(\d+)', r'"paid":1\1')),
    ("closed-periods-untouched", locked_before),
    ("closings-follow", drop("period.closed.v1", 3)),
    ("closings-follow", edit("period.closed.v1", r'"invoiced":(\d+)', r'"invoiced":1\1', 40)),
    ("closings-follow", edit("period.closed.v1", r'"chain":"..', '"chain":"00')),
    ("registers-replay", again("entries.lettered.v1")),
    ("sequence-gapless", drop("invoice.validated.v1", 2)),
    ("schema-known", edit("period.closed.v1", "period.closed.v1", "period.shut.v1")),
    ("schema-known", edit("contact.created.v1", '"data":{', '"data":{"aa":1,')),
]


@pytest.mark.parametrize(("check", "change"), PLANTED)
def test_a_planted_fault_fails_its_check_and_is_located(
    year: Lived, tmp_path: Path, check: str, change: Change
) -> None:
    forged = year.forged(tmp_path / "forged.zip", change)
    replay = run(forged, Request())
    found = next(each for each in replay.checks if each.name == check)
    assert found.status == "fail", failed(replay)
    assert found.failures
    assert replay.verdict == "fail"
    assert replay.first is not None


def test_a_changed_bundle_fails_and_a_broken_one_is_undecidable(
    year: Lived, tmp_path: Path
) -> None:
    members = members_of(year.bundle)
    changed = members["records.jsonl"].replace(b"Garance", b"Garonce", 1)
    replay = run(packed(tmp_path / "changed.zip", members | {"records.jsonl": changed}), Request())
    assert {"hash-chain"} <= failed(replay)
    assert replay.first is not None
    assert replay.first.position == 1
    unreadable = members["records.jsonl"].replace(b'"position":9,', b'"position":x,')
    path = packed(tmp_path / "unreadable.zip", members | {"records.jsonl": unreadable})
    replay = run(path, Request())
    assert "sequence-gapless" in failed(replay)
    assert {check.status for check in replay.checks} >= {"fail", "stopped"}
    (tmp_path / "no.zip").write_bytes(b"no")
    with pytest.raises(Undecidable):
        run(tmp_path / "no.zip", Request())


def test_out_of_time_is_incomplete(year: Lived, monkeypatch: pytest.MonkeyPatch) -> None:
    from services.audit import replay_walk

    monkeypatch.setattr(replay_walk, "PAUSE", 1)
    replay = run(year.bundle, Request(seconds=-1))
    assert replay.verdict == "incomplete"
    assert {check.status for check in replay.checks} == {"pass", "stopped", "skipped"}


def test_a_live_register_or_book_that_differs_is_named(year: Lived, tmp_path: Path) -> None:
    live = LiveBook(year.store, year.url)
    checks = choose(["projections-agree", "live-log-agrees"])
    change = "UPDATE unpaid.open_item SET open = open + %s WHERE book_id = %s AND entry = %s"
    with psycopg.connect(year.url, autocommit=True) as conn:
        found = conn.execute(
            "SELECT min(entry) FROM unpaid.open_item WHERE book_id = %s", (year.book,)
        )
        (entry,) = found.fetchall()[0]
        conn.execute(change, (1, year.book, entry))
        replay = run(year.bundle, Request(checks=checks, live=live))
        conn.execute(change, (-1, year.book, entry))
    assert failed(replay) == {"projections-agree"}
    (agree,) = [check for check in replay.checks if check.name == "projections-agree"]
    assert (agree.failed, agree.failures[0].field) == (1, "open_item")
    forged = year.forged(tmp_path / "forged.zip", edit("contact.created.v1", "data", "data"))
    other = year.forged(tmp_path / "other.zip", edit("company.opened.v1", "Garance", "Garonce"))
    assert not failed(run(forged, Request(checks=choose(["live-log-agrees"]), live=live)))
    assert failed(run(other, Request(checks=choose(["live-log-agrees"]), live=live)))
