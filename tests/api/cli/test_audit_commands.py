"""`audit replay`, `explain` and `inspection-pack` of a small book, before and after tampering."""

import json
from pathlib import Path
from typing import Any

import psycopg
import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from api.cli.root import build
from services.backend import open_backend
from services.ledger import post_entry
from services.settings import Settings
from services.store.pen import Command
from tests.api.cli.test_fec_command import NEW, OPEN, SEAT

RUNNER = CliRunner()
COMPANY = ("--company", "Essai SARL")


class Desk:
    """A company with one entry, its database, and commands in this process."""

    def __init__(self, url: str, home: Path) -> None:
        self.url = url
        self._app = build(["company", "audit"])
        self.run(*OPEN, *SEAT, "--vat-number", "FR44732829320")
        with open_backend(Settings(database_url=SecretStr(url), home=home)) as opened:
            book = opened.shelf.find("Essai SARL").book_id
            command = Command(id="first", actor="test")
            self.position = post_entry(opened.store, book, NEW, command).position

    def run(self, *words: object, code: int = 0) -> str:
        done = RUNNER.invoke(self._app, [str(word) for word in words])
        assert done.exit_code == code, (words, done.stdout, done.stderr, done.exception)
        return done.stdout

    def json(self, *words: object, code: int = 0) -> Any:
        return json.loads(self.run("audit", *words, *COMPANY, "--json", code=code))

    def tamper(self) -> None:
        """A superuser changes an amount in the stored bytes of the entry."""
        with psycopg.connect(self.url, autocommit=True) as conn:
            conn.execute("SET session_replication_role = replica")
            conn.execute(
                "UPDATE event SET body = convert_to("
                "replace(convert_from(body, 'UTF8'), '150000', '250000'), 'UTF8') "
                "WHERE position = %s",
                (self.position,),
            )


@pytest.fixture
def desk(fresh_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("PARAPHE_DATABASE_URL", fresh_database_url)
    monkeypatch.setenv("PARAPHE_HOME", str(tmp_path / "home"))
    return Desk(fresh_database_url, tmp_path / "home")


def test_what_holds_and_what_no_longer_does(desk: Desk, tmp_path: Path) -> None:
    """Each command exits 0 on the book as it was written, and 1 once somebody changed it."""
    sound = desk.json("inspection-pack", 2026, "-o", tmp_path / "sound")
    assert sound["status"] == "pass"
    assert (sound["items"][0]["state"], sound["items"][0]["files"]) == ("there", ["exports/"])
    names = {path.name for path in (tmp_path / "sound" / "exports").iterdir()}
    assert "732829320FEC20261231.txt" in names
    checks = {check["name"]: check for check in desk.json("replay")["checks"]}
    assert checks["exports-reproduce"]["status"] == "pass"
    assert checks["exports-reproduce"]["checked"] == 3  # the FEC, its description, the book
    assert "holds: leaf" in desk.run("audit", "explain", desk.position, *COMPANY)
    desk.tamper()
    said = desk.json("replay", code=1)
    leaf = next(check for check in said["checks"] if check["name"] == "hash-chain")
    assert leaf["failures"][0]["position"] == desk.position
    pack = desk.json("inspection-pack", 2026, "-o", tmp_path / "broken", code=1)
    assert pack["status"] == "fail"
    assert (tmp_path / "broken" / "index.html").exists()
    assert desk.run("audit", "explain", desk.position, *COMPANY, code=1) == ""
    assert desk.run("audit", "proof", "--position", desk.position, *COMPANY, code=1) == ""


def test_what_is_not_there_is_a_wrong_word(desk: Desk, tmp_path: Path) -> None:
    desk.run("audit", "explain", "FA-1999-00001", *COMPANY, code=2)
    desk.run("audit", "inspection-pack", 1999, *COMPANY, "-o", tmp_path / "none", code=2)
    desk.run("audit", "replay", tmp_path / "no.zip", code=3)
