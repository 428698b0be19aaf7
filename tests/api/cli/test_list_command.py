"""Lists and dry runs, typed by a person."""

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from api.cli.root import build
from domain.parties.company import Address
from domain.parties.contact import ContactDetails
from services.backend import open_backend
from services.directory import create_contact, get_contact
from services.settings import Settings
from services.store.pen import Command
from tests.api.cli.test_commands import EXAMPLES

SEAT = ("--street", "1, rue Neuve", "--postal-code", "1000", "--city", "Bruxelles")
NUMBERS = ("--registration", "0202239951", "--vat-number", "BE0202239951")
OPEN = ("company", "open", "Essai SRL", "--country", "BE", *NUMBERS, *SEAT)
BILLS = [str(EXAMPLES / name) for name in ("invoice.xml", "credit-note.xml")]


class Typist:
    """Types commands in this process: a database of its own, and no start of Python each time."""

    def run(self, *words: str, code: int = 0) -> str:
        """What the command prints; its exit code must be `code`."""
        done = CliRunner().invoke(build([words[0]]), list(words))
        assert done.exit_code == code, (words, done.output, done.exception)
        return done.stdout

    def json(self, *words: str) -> Any:
        """The one JSON document that the command prints."""
        return json.loads(self.run(*words, "--json"))


@pytest.fixture
def terminal(fresh_database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Typist:
    """Somebody with a database and a home of their own."""
    monkeypatch.setenv("PARAPHE_DATABASE_URL", fresh_database_url)
    monkeypatch.setenv("PARAPHE_HOME", str(tmp_path / "home"))
    return Typist()


def sizes(terminal: Typist) -> list[Any]:
    """How long each book is."""
    return [book["size"] for book in terminal.json("company", "list")]


def test_a_dry_run_says_what_would_be_and_writes_nothing(terminal: Typist) -> None:
    assert terminal.json(*OPEN, "--dry-run")["position"] == 1
    assert sizes(terminal) == []
    terminal.run(*OPEN)
    (size,) = sizes(terminal)
    said = terminal.json("import", "ubl", "-c", "Essai SRL", "--dry-run", *BILLS)
    assert [one["status"] for one in said] == ["taken", "taken"]
    assert sizes(terminal) == [size]
    taken = terminal.json("import", "ubl", "-c", "Essai SRL", *BILLS)
    numbers = [one["document_number"] for one in taken]
    assert [one["document_number"] for one in said] == numbers
    assert sizes(terminal) > [size]


def test_a_rehearsed_erasure_erases_nothing(
    terminal: Typist, fresh_database_url: str, tmp_path: Path
) -> None:
    company = terminal.json(*OPEN)["company_id"]
    home = ContactDetails(
        name="Marie",
        roles=("customer",),
        address=Address(country="BE"),
        email="marie@example.org",
    )
    settings = Settings(database_url=SecretStr(fresh_database_url), home=tmp_path / "home")
    with open_backend(settings) as opened:
        command = Command(id="meet", actor="test")
        contact = create_contact(opened.store, company, home, command).answer.contact_id
        said = terminal.json("erase", "contact", contact, "-c", company, "--dry-run")
        assert said["fields"] == ["email"]
        known = get_contact(opened.store.past(company), contact)
        assert known.details.email == "marie@example.org"
        assert opened.store.head(company).size == said["position"] - 1
    assert not list(tmp_path.rglob("erased.list"))


@pytest.mark.feature("V27")
def test_a_list_is_written_and_noted(terminal: Typist, tmp_path: Path) -> None:
    terminal.run(*OPEN)
    terminal.run("import", "ubl", "-c", "Essai SRL", *BILLS)
    (size,) = sizes(terminal)
    out = tmp_path / "unpaid.xlsx"
    words = ("list", "unpaid", "-c", "Essai SRL", "-f", "side=suppliers")
    terminal.run(*words, "--format", "xlsx", "--out", str(out), "--language", "fr")
    heading, *rows = openpyxl.load_workbook(out).worksheets[0].iter_rows(values_only=True)
    assert "Reste dû" in heading
    assert {row[0] for row in rows} == {"fournisseurs"}
    lines = terminal.run(*words, "--sort", "party").splitlines()
    assert len(lines) == len(rows) + 1
    assert sizes(terminal) == [size + 2]
    assert terminal.run(*words, "--known-at", "1", "--format", "json") == ""
    here = (*words, "-f", "country=BE", "-f", "q=b")
    assert terminal.run(*here, "--sort", "party").splitlines()[0] == lines[0]
    elsewhere = ("list", "unpaid", "-c", "Essai SRL", "-f", "country=LU", "--format", "json")
    (size,) = sizes(terminal)
    assert terminal.run(*elsewhere) == terminal.run(*elsewhere, "--known-at", str(size)) == ""


def test_what_a_list_does_not_know_is_said(terminal: Typist) -> None:
    for wrong in (
        ("list", "ghosts"),
        ("list", "unpaid", "--sort", "label"),
        ("list", "unpaid", "-f", "colour=red"),
        ("list", "unpaid", "-f", "state"),
        ("list", "unpaid", "-f", "due_from=soon"),
        ("list", "unpaid", "--format", "xlsx"),
    ):
        terminal.run(*wrong, "-c", "Essai SRL", code=2)
