"""`paraphe company`, typed by a person: dossiers named, put away, listed; one active a number."""

from pathlib import Path

import pytest

from tests.terminal import Terminal

SEAT = ("--street", "Rue Neuve 1", "--postal-code", "1000", "--city", "Bruxelles")
NUMBERS = ("--registration", "0417.497.106", "--vat-number", "BE0417497106")
OPEN = ("company", "open", "Essai SRL", "--country", "BE", *NUMBERS, *SEAT)


@pytest.mark.feature("C16")
def test_a_number_has_one_active_company(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, PARAPHE_UNIQUE_COMPANIES="true")
    first = terminal.json(*OPEN)["company_id"]
    terminal.run(*OPEN, code=1)
    kept = terminal.json("company", "dossier", "-c", first, "--code", "E1", "--inactive")
    assert (kept["code"], kept["active"], kept["active_since"]) == ("E1", False, "")
    second = terminal.json(*OPEN)["company_id"]
    terminal.run("company", "dossier", "-c", first, "--code", "E1", code=1)
    found = terminal.json("company", "list", "--sort", "-active")
    assert [each["book_id"] for each in found] == [second, first]
    assert "E1" in terminal.run("company", "list", "--inactive")
    assert terminal.json("company", "list", "--search", "e1", "--active") == []
    terminal.run("company", "list", "--sort", "size", code=2)
