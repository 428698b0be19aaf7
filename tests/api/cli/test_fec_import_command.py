"""`paraphe import fec`, typed by a person: looked at, taken in, compared, undone."""

from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from api.cli.root import build
from tests.services.imports.fec_samples import NAME, changed, fec

SEAT = ("--street", "1, rue A", "--postal-code", "75001", "--city", "Paris")
OPEN = ("company", "open", "Essai SARL", "--country", "FR", "--registration", "900000019")
OURS = ("-c", "Essai SARL")


def typed(*words: str, code: int = 0) -> Any:
    """What a command prints; its exit code must be `code`."""
    done = CliRunner().invoke(build([words[0]]), list(words))
    assert done.exit_code == code, (words, done.output, done.exception)
    return done.stdout


@pytest.mark.feature("M53")
def test_a_fec_is_looked_at_taken_in_compared_and_undone(
    fresh_database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PARAPHE_DATABASE_URL", fresh_database_url)
    monkeypatch.setenv("PARAPHE_HOME", str(tmp_path / "home"))
    typed(*OPEN, *SEAT, "--vat-number", "FR25900000019")
    file, wrong = tmp_path / NAME, tmp_path / "wrong.txt"
    file.write_bytes(fec())
    wrong.write_bytes(fec(changed(3, 11, "121,00")))
    refused = typed("import", "fec", str(wrong), *OURS, code=1)
    assert "line 5, EcritureNum: fec_entry_unbalanced" in refused
    said = typed("import", "fec", str(file), *OURS, "--dry-run")
    assert said.startswith("would be taken: 16 lines, 7 entries")
    assert "third_party_without_code: 1, first on line 14" in said
    taken = typed("import", "fec", str(file), *OURS)
    assert "trial balance of 7 accounts: difference 0.00" in taken
    assert "2 open items: difference 0.00" in taken
    batch = taken.split()[0]
    assert typed("import", "fec", str(file), *OURS).startswith(f"{batch} already:")
    assert typed("import", "fec", str(wrong), *OURS, "--undo", code=2) == ""
    undone = typed("import", "fec", str(file), *OURS, "--undo")
    assert undone == "7 entries reversed, 3 letterings undone, 3 contacts archived, 0 kept\n"
    opened = typed("import", "fec", str(file), *OURS, "--opening")
    assert "trial balance of 6 accounts: difference 0.00" in opened
    undone = typed("import", "fec", opened.split()[0], *OURS, "--undo")
    assert undone.startswith("1 entries reversed, 0 letterings undone")
