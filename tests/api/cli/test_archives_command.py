"""`paraphe archives`, typed by a person: tabs, and marks of what is treated."""

import json
from pathlib import Path

import pytest

from api.archive_examples import ARCHIVING
from tests.api.cli.test_list_command import BILLS, OPEN, Typist, terminal

__all__ = ["terminal"]
HERE = ("-c", "Essai SRL")


@pytest.mark.feature("C5", "C8")
def test_archives_are_laid_out_and_marked(terminal: Typist, tmp_path: Path) -> None:
    terminal.run(*OPEN)
    terminal.run("import", "ubl", *HERE, *BILLS)
    usual = terminal.json("archives", "tabs", *HERE)
    assert [tab["label"] for tab in usual["tabs"]] == ["Ventes", "Achats", "Banque", "Divers"]
    layout = tmp_path / "layout.json"
    layout.write_text(json.dumps(ARCHIVING["archive_tabs_set"]), encoding="utf-8")
    terminal.run("archives", "tabs", *HERE, "--set", str(layout), "--dry-run")
    assert terminal.json("archives", "tabs", *HERE) == usual
    said = terminal.run("archives", "tabs", *HERE, "--set", str(layout))
    assert said.splitlines()[-1].endswith("Banque et divers: the rest")
    layout.write_text('{"tabs": []}', encoding="utf-8")
    terminal.run("archives", "tabs", *HERE, "--set", str(layout), code=1)
    layout.write_text("[]", encoding="utf-8")
    terminal.run("archives", "tabs", *HERE, "--set", str(layout), code=2)

    (first, second) = _entries(terminal, "-f", "tab=purchases")
    marked = terminal.json("archives", "treat", str(first), str(second), *HERE)
    assert marked == {"entries": [first, second], "treated": True}
    assert terminal.run("archives", "untreat", str(first), *HERE) == f"{first} not treated\n"
    assert _entries(terminal, "-f", "treated=true") == [second]
    terminal.run("archives", "treat", "1", *HERE, code=1)


def _entries(terminal: Typist, *filters: str) -> list[int]:
    """The documents of the archives, by their entries."""
    asked = ("list", "archives", *HERE, "--format", "json", "--sort", "entry", *filters)
    return [json.loads(line)["entry"] for line in terminal.run(*asked).splitlines()]
