"""Closings, the journal of technical events and erasure, typed by a person."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.embedded_postgres import remove
from tests.terminal import Terminal

MEET = """
import sys
from uuid import uuid4
from domain.parties.company import Address
from domain.parties.contact import ContactDetails
from services.backend import open_backend
from services.directory import create_contact
from services.settings import Settings
from services.store.pen import Command
details = ContactDetails(
    name="Marie", roles=("customer",), address=Address(country="FR"), email="marie@example.org"
)
with open_backend(Settings()) as opened:
    command = Command(id=str(uuid4()), actor="test")
    written = create_contact(opened.store, sys.argv[1], details, command)
print(written.answer.contact_id)
"""


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    """A terminal on a home of its own."""
    home = tmp_path_factory.mktemp("home")
    yield Terminal(home)
    remove(home)


@pytest.fixture(scope="module")
def company(terminal: Terminal) -> str:
    """The id of a company that opened its book today."""
    seat = ("--street", "1, rue Neuve", "--postal-code", "1000", "--city", "Bruxelles")
    numbers = ("--registration", "0202239951", "--vat-number", "BE0202239951")
    opened = terminal.json("company", "open", "Essai SRL", "--country", "BE", *numbers, *seat)
    return str(opened["company_id"])


def test_the_day_of_today_is_not_closed(terminal: Terminal, company: str) -> None:
    assert "nothing to close" in terminal.run("close", "-c", company)
    assert terminal.json("close", "-c", company) == []
    terminal.run("close", "-c", company, "--until", "2100-01-01", code=1)
    terminal.run("close", "-c", company, "--until", "yesterday", code=2)
    terminal.run("close", "-c", "nobody", code=2)


def test_the_journal_tells_of_keys_exports_and_findings(
    terminal: Terminal, company: str, tmp_path: Path
) -> None:
    terminal.run("key", "issue", "Marie", "-c", company, "--scope", "invoices:read")
    (key,) = terminal.json("key", "list")
    terminal.run("key", "revoke", key["key_id"])
    terminal.run("key", "revoke", key["key_id"], code=2)
    exported = terminal.json("audit", "export", "-c", company, "-o", str(tmp_path / "book.zip"))
    terminal.run("audit", "verify", "-c", company, "--kept", f"1:{'00' * 32}", code=1)
    told = terminal.json("audit", "journal", "-c", company)
    assert [one["type"] for one in told] == [
        "key.issued.v1",
        "key.revoked.v1",
        "book.exported.v1",
        "integrity.failed.v1",
    ]
    assert told[0]["data"]["scopes"] == ["invoices:read"]
    assert told[2]["data"]["size"] == exported["size"]
    assert {one["actor"] for one in told} == {"operator"}
    assert "book.exported" in terminal.run("audit", "journal", "-c", company)
    assert terminal.json("audit", "verify", "-c", company)["status"] == "pass"


def test_erased_is_told_apart_from_findings(terminal: Terminal, company: str) -> None:
    contact = subprocess.run(
        [sys.executable, "-c", MEET, company],
        env=terminal.environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    terminal.run("erase", "contact", contact, "-c", company, code=2)
    terminal.run("erase", "contact", "ctc_nobody", "-c", company, "--yes", code=1)
    erased = terminal.json("erase", "contact", contact, "-c", company, "--yes")
    assert erased["fields"] == ["email"]
    terminal.run("erase", "contact", contact, "-c", company, "--yes", code=1)
    assert terminal.json("erase", "again") == {company: 0}
    report = terminal.json("audit", "verify", "-c", company)
    assert (report["status"], report["erased"], report["findings"]) == ("pass", 1, [])
    assert "erased: 1 personal fields" in terminal.run("audit", "verify", "-c", company)
    home = Path(terminal.environment["PARAPHE_HOME"])
    assert (home / "keys" / "erased.list").read_text().split() == [company, *erased["keys"]]
    assert (home / "keys" / "personal.key").stat().st_mode & 0o777 == 0o400


def test_the_key_of_personal_data_is_replaced(terminal: Terminal, company: str) -> None:
    subprocess.run([sys.executable, "-c", MEET, company], env=terminal.environment, check=True)
    keys = Path(terminal.environment["PARAPHE_HOME"]) / "keys"
    before = (keys / "personal.key").read_text()
    terminal.run("personal", "replace-key", code=2)
    assert terminal.json("personal", "replace-key", "--yes") == {company: 1}
    assert (keys / "personal.key").read_text() != before
    assert (keys / "personal.key").stat().st_mode & 0o777 == 0o400
    report = terminal.json("audit", "verify", "-c", company)
    assert (report["status"], report["findings"]) == ("pass", [])
    assert not any("personal" in words for words in report["not_checked"])
    told = terminal.json("audit", "journal", "-c", company)
    assert told[-1]["type"] == "personal_keys.rewrapped.v1"
