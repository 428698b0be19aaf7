"""Originals as a ZIP: every file with its digest, the same bytes, resumed when a worker dies."""

import csv
import io
import zipfile
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import uuid4

import pytest

from domain.book.refusal import Refusals
from domain.operations.exported import ReportExported
from services.exports import originals
from services.exports.bundle import Bundler, OriginalIsLost
from services.exports.job import FILE, FileAsked, FileMaker
from services.exports.originals import TooManyOriginals
from services.jobs.job import Job
from services.store.pen import Command
from tests.services.exports.conftest import Leaving
from tests.services.vat.conftest import VatDesk

pytestmark = pytest.mark.usefixtures("pdf_libraries")

WISH = {"date_from": "2026-01-01", "date_to": "2026-12-31"}
DAY = date(2026, 3, 10)


@pytest.fixture
def trade(desk: VatDesk) -> VatDesk:
    """A company that sold twice and filed a return."""
    desk.sold(DAY, 12_345)
    desk.credited(date(2026, 3, 12), desk.sold(DAY, 5_000))
    return desk


def ask(desk: VatDesk, **wish: Any) -> Job:
    """A job for the originals of the year."""
    said = FileAsked(kind="originals", wish={**WISH, **wish})
    command = Command(id=str(uuid4()), actor="test", request="r")
    asked = {"kind": said.kind, "wish": said.wish, "known_at": None}
    job, _ = desk.backend.desk.ask(desk.book, FILE, asked, command)
    return job


def done(desk: VatDesk, job: Job) -> bytes:
    """The file of a job that a worker did."""
    desk.backend.worker.run_due()
    now = desk.backend.desk.find(desk.book, job.job_id, [FILE])
    assert now is not None
    assert now.file is not None, now
    content = b"".join(desk.backend.desk.read(now, 0, now.file.size - 1))
    assert sha256(content).hexdigest() == now.file.digest
    assert now.done == now.total > 0
    return content


def index_of(content: bytes) -> list[dict[str, str]]:
    """The index in a ZIP."""
    with zipfile.ZipFile(io.BytesIO(content)) as bundle:
        text = bundle.read("index.csv").decode()
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


@pytest.mark.feature("V18")
def test_a_zip_has_every_original_under_its_digest(trade: VatDesk, leaving: Leaving) -> None:
    """Goal: index, files and event agree. Method: each member hashed, the index made again."""
    content = done(trade, ask(trade))
    rows = index_of(content)
    assert [row["Role"] for row in rows] == ["print"] * 3
    assert [row["DocumentKind"] for row in rows] == ["invoice", "invoice", "credit_note"]
    with zipfile.ZipFile(io.BytesIO(content)) as bundle:
        assert bundle.testzip() is None
        names = bundle.namelist()
        assert len(names) == len(rows) + 1
        for row in rows:
            member = bundle.read(f"{row['File']}.pdf")
            assert sha256(member).hexdigest() == row["SHA256"]
            assert member.startswith(b"%PDF")
        index = bundle.read("index.csv")
    noted = leaving.noted()
    assert noted.sha256 == sha256(index).hexdigest()
    assert noted.parameters["zip_sha256"] == sha256(content).hexdigest()
    assert noted.parameters["zip_size"] == str(len(content))
    assert leaving.again(noted) == index
    assert done(trade, ask(trade)) == content


@pytest.mark.feature("V18")
def test_only_what_is_asked_for_is_in_it(trade: VatDesk) -> None:
    rows = index_of(done(trade, ask(trade, kind="credit_note")))
    assert [row["DocumentKind"] for row in rows] == ["credit_note"]
    assert index_of(done(trade, ask(trade, date_from="2026-03-11"))) == rows


class Killed(Exception):
    """A worker that is no more."""


class Attempt:
    """A job in a worker's hands that may be killed when it has said so much of its progress."""

    def __init__(self, book: str, job: str, words: int = 10**6) -> None:
        self.book_id = book
        self.asked = {"kind": "originals", "wish": WISH}
        self._job = job
        self._words = words

    def command(self, what: str) -> Command:
        """The same command in each attempt."""
        return Command(id=f"{self._job}:{what}", actor="test", cause="job")

    def progress(self, done: int, total: int) -> None:
        """Dies in the middle."""
        self._words -= 1
        if self._words < 0:
            raise Killed(f"{done} of {total}")


@pytest.mark.feature("V18")
def test_a_job_that_is_killed_anywhere_is_taken_up_and_notes_one_export(trade: VatDesk) -> None:
    """Goal: no half ZIP, no second event. Method: die at each word about progress, then go on."""
    backend = trade.backend
    bundler = Bundler(backend.store, backend.readers, backend.engine, backend.printshop)
    maker, job = FileMaker(backend.exporter, bundler), str(uuid4())

    def exports() -> int:
        return len(list(backend.store.read(trade.book, types=[ReportExported.stored_as])))

    for words in range(40):
        try:
            content = b"".join(maker(Attempt(trade.book, job, words)).content)
            break
        except Killed:
            assert exports() == 0
    else:
        pytest.fail("it never came to its end")
    assert words > 3
    assert exports() == 1
    trade.sold(date(2026, 6, 1), 777)
    assert b"".join(maker(Attempt(trade.book, job)).content) == content
    assert exports() == 1


def test_a_period_of_too_many_files_is_refused(
    trade: VatDesk, leaving: Leaving, monkeypatch: pytest.MonkeyPatch
) -> None:
    done(trade, ask(trade))
    monkeypatch.setattr(originals, "MOST_FILES", 2)
    days = {"date_from": date(2026, 1, 1), "date_to": date(2026, 12, 31)}
    with pytest.raises(Refusals) as caught:
        leaving.export("originals", **days)
    assert caught.value.refused == TooManyOriginals(most=2)


def test_a_lost_original_is_no_silent_gap(trade: VatDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    done(trade, ask(trade))
    backend = trade.backend
    bundler = Bundler(backend.store, backend.readers, backend.engine, backend.printshop)
    monkeypatch.setattr(type(backend.store), "file", lambda *_: None)
    with pytest.raises(OriginalIsLost):
        FileMaker(backend.exporter, bundler)(Attempt(trade.book, str(uuid4())))
