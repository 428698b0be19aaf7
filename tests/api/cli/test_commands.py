"""The commands a person types, each as a process of its own, on a home of their own."""

import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from projections.registers import REGISTERS
from services.demonstration import BELGIAN, FRENCH
from services.embedded_postgres import remove
from tests.terminal import CHECKOUT, Terminal

EXAMPLES = CHECKOUT / "examples" / "ubl"


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    """A terminal whose home holds the demonstration, filled by a run that was killed midway."""
    home = tmp_path_factory.mktemp("home")
    opened = Terminal(home, PARAPHE_PRINTS="false")
    first = subprocess.Popen(
        opened.command("demo", "--no-serve"),
        env=opened.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    time.sleep(2.5)
    first.send_signal(signal.SIGKILL)
    first.wait()
    opened.run("demo", "--no-serve")
    yield opened
    remove(home)


def test_a_killed_filling_goes_on_and_another_run_changes_nothing(terminal: Terminal) -> None:
    sizes = {book["name"]: book["size"] for book in terminal.json("company", "list")}
    assert set(sizes) == {FRENCH.new.name, BELGIAN.new.name}
    assert "API key: pk_live_" in terminal.run("demo", "--no-serve")
    assert {book["name"]: book["size"] for book in terminal.json("company", "list")} == sizes


def test_every_book_is_sound_and_exported_the_same_twice(
    terminal: Terminal, tmp_path: Path
) -> None:
    reports = terminal.json("audit", "verify")
    assert [report["status"] for report in reports] == ["pass", "pass"]
    books = {book["name"]: book["size"] for book in terminal.json("company", "list")}
    for name in ("one.zip", "two.zip"):
        upto = ("--upto", str(books[FRENCH.new.name]))
        terminal.run("audit", "export", "-c", FRENCH.new.name, "-o", str(tmp_path / name), *upto)
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    assert terminal.json("audit", "verify", str(tmp_path / "one.zip"))["status"] == "pass"


def test_a_kept_root_that_is_not_the_books_is_a_finding(terminal: Terminal) -> None:
    kept = f"5:{'00' * 32}"
    report = terminal.json("audit", "verify", "-c", FRENCH.new.name, "--kept", kept, code=1)
    assert report["findings"][0]["check"] == "kept-root"
    terminal.run("audit", "verify", "-c", FRENCH.new.name, "--kept", "five", code=2)
    terminal.run("audit", "verify", str(EXAMPLES / "invoice.xml"), code=3)


def test_registers_are_rebuilt_without_a_difference(terminal: Terminal) -> None:
    terminal.run("work", "--until-done")
    assert {state["lag"] for state in terminal.json("registers")} == {0}
    outcomes = terminal.json("rebuild", "--all", "--dry-run")
    assert [outcome["comparison"]["first"] for outcome in outcomes] == [[]] * len(REGISTERS)
    terminal.run("rebuild", "unpaid", "history")
    terminal.run("rebuild", "unpaid", "--rollback")
    terminal.run("rebuild", "archives", "--rollback", code=1)
    terminal.run("rebuild", "nothing", code=2)
    terminal.run("rebuild", code=2)


def test_a_company_is_opened_and_takes_its_bills_in(terminal: Terminal, tmp_path: Path) -> None:
    seat = ("--street", "1, rue Neuve", "--postal-code", "1000", "--city", "Bruxelles")
    numbers = ("--registration", "0202239951", "--vat-number", "BE0202239951")
    opened = terminal.json("company", "open", "Essai SRL", "--country", "BE", *numbers, *seat)
    files = [str(EXAMPLES / name) for name in ("invoice.xml", "credit-note.xml")]
    taken = terminal.json("import", "ubl", "-c", opened["company_id"], *files)
    assert [one["status"] for one in taken] == ["taken", "taken"]
    assert [one["code"] for one in taken[0]["remarks"]] == ["OTHER-BUYER"]
    again = terminal.json("import", "ubl", "-c", "essai srl", *files)
    assert [one["status"] for one in again] == ["already", "already"]
    (tmp_path / "bad.xml").write_bytes((EXAMPLES / "invoice.xml").read_bytes()[:900])
    missing = tmp_path / "none.xml"
    refused = terminal.json(
        "import", "ubl", "-c", "Essai SRL", str(tmp_path / "bad.xml"), str(missing), code=1
    )
    assert [one["status"] for one in refused] == ["refused", "refused"]
    terminal.run("import", "ubl", "-c", "nobody", *files, code=2)


def test_a_company_with_a_wrong_number_is_refused_and_leaves_no_book(terminal: Terminal) -> None:
    before = terminal.json("company", "list")
    seat = ("--street", "1, rue Neuve", "--postal-code", "75001", "--city", "Paris")
    terminal.run(
        "company", "open", "X", "--country", "FR", "--registration", "123456789", *seat, code=1
    )
    assert terminal.json("company", "list") == before


def test_a_worker_brings_every_book_to_its_head(terminal: Terminal) -> None:
    terminal.run("work", "--until-done")
    assert {state["lag"] for state in terminal.json("registers")} == {0}


def test_without_a_database_the_command_says_so(tmp_path: Path) -> None:
    nowhere = Terminal(tmp_path)
    nowhere.environment["PARAPHE_DATABASE_URL"] = f"postgresql:///none?host={tmp_path}"
    nowhere.run("company", "list", code=3)


def test_a_key_is_issued_listed_and_revoked(terminal: Terminal) -> None:
    secret = terminal.run(
        "key", "issue", "Cabinet", "-c", FRENCH.new.name, "--scope", "events:read"
    )
    (key,) = (key for key in terminal.json("key", "list") if key["name"] == "Cabinet")
    assert (secret[: len(key["prefix"])], key["scopes"]) == (key["prefix"], ["events:read"])
    terminal.run("key", "revoke", key["key_id"])
    terminal.run("key", "revoke", key["key_id"], code=2)
    terminal.run("key", "issue", "Cabinet", "--scope", "nothing:at-all", code=2)
