"""`paraphe fec`, typed by a person: two files in a folder, the same bytes at the same position."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from api.cli.root import build
from domain.ledger.entry import EntryLine
from domain.ledger.miscellaneous import NewEntry
from services.backend import open_backend
from services.ledger import post_entry
from services.settings import Settings
from services.store.pen import Command

SEAT = ("--street", "1, rue A", "--postal-code", "75001", "--city", "Paris")
OPEN = ("company", "open", "Essai SARL", "--country", "FR", "--registration", "732829320")
NEW = NewEntry(
    date=date(2026, 3, 2),
    label="Apport à la création",
    lines=(
        EntryLine(account="512000", debit=150_000),
        EntryLine(account="101000", credit=150_000),
    ),
)


@pytest.fixture
def entered(fresh_database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> int:
    """A French company with one entry; the position of its book."""
    monkeypatch.setenv("PARAPHE_DATABASE_URL", fresh_database_url)
    monkeypatch.setenv("PARAPHE_HOME", str(tmp_path / "home"))
    typed(*OPEN, *SEAT, "--vat-number", "FR44732829320")
    settings = Settings(database_url=SecretStr(fresh_database_url), home=tmp_path / "home")
    with open_backend(settings) as opened:
        book = opened.shelf.find("Essai SARL").book_id
        return post_entry(opened.store, book, NEW, Command(id="first", actor="test")).position


def typed(*words: str, code: int = 0) -> Any:
    """What a command prints; its exit code must be `code`."""
    done = CliRunner().invoke(build([words[0]]), list(words))
    assert done.exit_code == code, (words, done.output, done.exception)
    return done.stdout


@pytest.mark.feature("M53", "V21")
def test_both_files_are_written_into_a_folder(entered: int, tmp_path: Path) -> None:
    folder, again = tmp_path / "fec", tmp_path / "again"
    words = ("fec", "--company", "Essai SARL", "--exercise", "2026")
    said = typed(*words, "--output", str(folder))
    assert "2 lines" in said
    file = folder / "732829320FEC20261231.txt"
    assert sorted(path.name for path in folder.iterdir()) == [
        "732829320-description-20261231.txt",
        file.name,
    ]
    assert "Apport à la création\t1500,00\t0,00" in file.read_text(encoding="iso-8859-15")
    typed(*words, "--output", str(again), "--known-at", str(entered))
    assert (again / file.name).read_bytes() == file.read_bytes()
    audited = json.loads(typed("audit", "replay", "--company", "Essai SARL", "--json"))
    (made_again,) = [each for each in audited["checks"] if each["name"] == "exports-reproduce"]
    assert (made_again["status"], made_again["checked"]) == ("pass", 4)


def test_what_makes_no_file_is_said(entered: int, tmp_path: Path) -> None:
    words = ("fec", "--company", "Essai SARL", "--output", str(tmp_path / "fec"))
    typed(*words, "--exercise", "2019", code=1)
    typed(*words, "--exercise", "19", code=2)
    typed(*words, "--exercise", "2026", "--encoding", "ebcdic", code=2)
    assert not (tmp_path / "fec").exists()
