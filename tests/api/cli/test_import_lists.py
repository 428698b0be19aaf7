"""Lists taken in and back out by a person at the command line."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from api.cli.root import build

SEAT = ("--street", "1, rue Neuve", "--postal-code", "1000", "--city", "Bruxelles")
NUMBERS = ("--registration", "0202239951", "--vat-number", "BE0202239951")
OURS = ("-c", "Essai SRL")


def typed(*words: str, code: int = 0) -> Any:
    """The one JSON document that a command prints; its exit code must be `code`."""
    done = CliRunner().invoke(build([words[0]]), [*words, "--json"])
    assert done.exit_code == code, (words, done.output, done.exception)
    return json.loads(done.stdout)


@pytest.fixture
def folder(fresh_database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A home with a company in a database of its own."""
    monkeypatch.setenv("PARAPHE_DATABASE_URL", fresh_database_url)
    monkeypatch.setenv("PARAPHE_HOME", str(tmp_path / "home"))
    typed("company", "open", "Essai SRL", "--country", "BE", *NUMBERS, *SEAT)
    return tmp_path


@pytest.mark.feature("M2", "M7")
def test_lists_are_taken_in_and_undone(folder: Path) -> None:
    contacts, articles = folder / "contacts.csv", folder / "articles.csv"
    contacts.write_text("Nom;E-mail\nCafé Émile;e@example.org\n", encoding="cp1252")
    articles.write_text("Code,Price\nA1,12\n", encoding="utf-8")
    said = typed("import", "contacts", str(contacts), *OURS, "--dry-run")
    assert (said["status"], said["made"]) == ("taken", 1)
    done = typed("import", "contacts", str(contacts), *OURS)
    assert (done["status"], done["made"]) == ("taken", 1)
    assert typed("import", "contacts", str(contacts), *OURS)["status"] == "already"

    wrong = typed("import", "articles", str(articles), *OURS, code=1)
    (finding,) = wrong["findings"]
    assert (finding["line"], finding["code"], finding["column"]) == (2, "field_missing", "label")

    undone = typed("import", "undo", done["import"], *OURS)
    assert len(undone["archived"]) == 1
    assert typed("import", "contacts", str(contacts), *OURS, code=0)["status"] == "taken"
