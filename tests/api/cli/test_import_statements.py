"""Bank statements taken in by a person at the command line."""

from pathlib import Path

import pytest

from tests.api.cli.test_import_lists import OURS, folder, typed
from tests.services.files.statement_samples import Move, coda

__all__ = ["folder"]


@pytest.mark.feature("C3", "C11")
def test_statements_are_taken_in_from_files(folder: Path) -> None:
    """Rehearsed, refused without a journal, linked and taken, then found; a gap stops the rest."""
    first, second, fourth = (folder / f"{n}.cod" for n in (1, 2, 4))
    first.write_bytes(coda([Move(1_000)], opening=0).encode())
    second.write_bytes(coda([Move(-1)], opening=1_000, number=2).encode())
    fourth.write_bytes(coda([Move(-1)], opening=998, number=4).encode())
    (said,) = typed("import", "statement", str(first), *OURS, code=1)
    assert said["findings"][0]["code"] == "bank_account_unknown"

    linked = (*OURS, "--journal", "BNK")
    (said,) = typed("import", "statement", str(first), *linked, "--dry-run")
    assert (said["status"], said["statements"][0]["waiting"]) == ("taken", 1)
    said = typed("import", "statement", str(first), str(second), *linked)
    assert [each["statements"][0]["closing"] for each in said] == [1_000, 999]
    (said,) = typed("import", "statement", str(first), *OURS)
    assert said["status"] == "already"
    said = typed("import", "statement", str(fourth), str(first), *OURS, code=1)
    assert [each["findings"][0]["code"] for each in said] == ["statement_missing"]
