"""Backup and restore from the command line: an archive, a new home, and a seal that is newer."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.embedded_postgres import remove
from tests.terminal import Terminal

COMPANY = (
    *("company", "open", "Essai SARL", "--country", "FR", "--registration", "732829320"),
    *("--street", "1 rue du Test", "--postal-code", "75001", "--city", "Paris"),
    *("--vat-number", "FR44732829320"),
)


@pytest.fixture
def homes(tmp_path: Path) -> Iterator[tuple[Path, Path]]:
    """The home that will be lost, and the one that comes after."""
    yield tmp_path / "lost", tmp_path / "new"
    for home in (tmp_path / "lost", tmp_path / "new"):
        remove(home)


def test_a_lost_home_comes_back_from_its_archive(homes: tuple[Path, Path], tmp_path: Path) -> None:
    lost, new = homes
    archive, seal = str(tmp_path / "archive"), tmp_path / "seal.txt"
    before = Terminal(lost)
    book = before.run(*COMPANY).strip()
    (kept,) = before.json("backup", "archive", "--to", archive)
    assert (kept["company"], kept["size"]) == (book, 2), "the backup is noted in the book"
    (report,) = before.json("backup", "check", archive)
    assert (report["status"], report["head"]["position"]) == ("pass", 2)
    before.run("key", "issue", "somebody", "--company", book)  # noted in the book: event 3
    seal.write_text(before.run("seal", "now", "--company", book))
    remove(lost)
    shutil.copytree(lost / "keys", new / "keys")
    (new / "keys" / "signed" / f"{book}.seal").unlink()
    after = Terminal(new)
    assert after.json("restore", archive, "--seal", str(seal), code=1) == []
    assert after.json("company", "list") == [], "nothing was written"
    (new / "keys" / "signed" / f"{book}.seal").unlink()
    (done,) = after.json("restore", archive)
    assert (done["added"], done["size"], done["root"]) == (2, 2, kept["root"])
    assert after.json("restore", archive)[0]["added"] == 0, "a second time changes nothing"
    assert after.json("restore", "--seal", str(seal), code=1) == [], "another third event"
    (done,) = after.json("restore", "--seal", str(seal), "--declare-break")
    assert done["break_declared"]
    notes = [one["note"] for one in after.json("seal", "list", "--company", book)]
    assert "recovered 3 " in notes[-1]
