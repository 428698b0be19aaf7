"""The ZIP of originals made again by an audit: whole, with files left out, and against a lie."""

import zipfile
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from msgspec.structs import replace

from services.audit.export import export_book
from services.audit.replay import LiveBook, Replay, Request, replay_bundle
from services.audit.replay_check import Outcome
from services.exports.suffixes import suffix_of
from services.store.pen import Command
from services.technical import note
from tests.services.exports.conftest import Leaving
from tests.services.exports.test_originals import ask, done
from tests.services.vat.conftest import VatDesk

pytestmark = pytest.mark.usefixtures("pdf_libraries")

ONLY_EXPORTS = ("exports-reproduce",)
DAY = date(2026, 3, 10)


@pytest.fixture
def trade(desk: VatDesk) -> VatDesk:
    """A company whose three originals left as a ZIP."""
    desk.sold(DAY, 12_345)
    desk.credited(date(2026, 3, 12), desk.sold(DAY, 5_000))
    done(desk, ask(desk))
    return desk


def bundled(desk: VatDesk, path: Path) -> Path:
    """The book as a bundle."""
    export_book(desk.store, desk.book, path)
    return path


def without_a_file(bundle: Path, output: Path) -> Path:
    """The bundle without one print; its records and manifest are as they were."""
    with zipfile.ZipFile(bundle) as whole, zipfile.ZipFile(output, "w") as part:
        names = whole.namelist()
        dropped = next(
            name
            for name in names
            if name.startswith("files/") and whole.read(name).startswith(b"%PDF")
        )
        for name in names:
            if name != dropped:
                part.writestr(name, whole.read(name))
    return output


def check_of(replay: Replay) -> Outcome:
    """What the check of exports found."""
    (outcome,) = (check for check in replay.checks if check.name == ONLY_EXPORTS[0])
    return outcome


@pytest.mark.feature("V18")
def test_an_audit_makes_the_whole_zip_again(trade: VatDesk, tmp_path: Path) -> None:
    bundle = bundled(trade, tmp_path / "book.zip")
    replay = replay_bundle(bundle, Request(checks=ONLY_EXPORTS))
    found = check_of(replay)
    assert (found.status, found.checked, found.why) == ("pass", 1, "")
    assert ONLY_EXPORTS[0] not in dict(replay.not_checked)


@pytest.mark.feature("V18")
def test_what_lacks_files_is_said_and_not_called_sound(trade: VatDesk, tmp_path: Path) -> None:
    """Goal: no `pass` for a ZIP that nobody compared. Method: a print is taken out of the bundle,
    then the database gives it."""
    whole = bundled(trade, tmp_path / "book.zip")
    part = without_a_file(whole, tmp_path / "part.zip")
    replay = replay_bundle(part, Request(checks=ONLY_EXPORTS))
    found = check_of(replay)
    position = trade.store.head(trade.book).size
    why = f"event {position}: index compared; 1 of 3 files not in the bundle"
    assert (found.status, found.why) == ("skipped", why)
    assert dict(replay.not_checked)[ONLY_EXPORTS[0]] == why
    live = LiveBook(trade.store, trade.backend.url)
    assert check_of(replay_bundle(part, Request(checks=ONLY_EXPORTS, live=live))).status == "pass"


@pytest.mark.feature("V18")
@pytest.mark.parametrize(
    "false", [{"zip_sha256": "00" * 32}, {"zip_size": "12"}, {"zip_size": "many"}]
)
def test_a_zip_that_was_another_is_found(
    trade: VatDesk, leaving: Leaving, tmp_path: Path, false: dict[str, Any]
) -> None:
    noted = leaving.noted()
    lie = replace(noted, parameters={**noted.parameters, **false})
    note(trade.store, trade.book, lie, Command(id=str(uuid4()), actor="test"))
    replay = replay_bundle(bundled(trade, tmp_path / "book.zip"), Request(checks=ONLY_EXPORTS))
    found = check_of(replay)
    assert (found.status, found.checked, found.failed) == ("fail", 2, 1)
    assert found.failures[0].document == "ZIP of originals"


@pytest.mark.parametrize(
    ("content", "suffix"),
    [
        (b"%PDF-1.7", ".pdf"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>", ".xml"),
        (b"\xff\xfe<\x00?\x00", ".xml"),
        (b"\xfe\xff\x00<\x00?", ".xml"),
        (b"\x89PNG\r\n\x1a\n", ".png"),
        (b"\xff\xd8\xff\xe0", ".jpg"),
        (b' {"a": 1}', ".json"),
        (b"MZ", ".bin"),
        (b"", ".bin"),
    ],
)
def test_a_name_ends_as_the_bytes_say(content: bytes, suffix: str) -> None:
    assert suffix_of(content) == suffix
