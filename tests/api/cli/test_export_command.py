"""`paraphe export`, and reports of `paraphe list`, typed by a person."""

import zipfile
from pathlib import Path

import pytest

from tests.api.cli.test_list_command import BILLS, OPEN, Typist, terminal

__all__ = ["terminal"]
YEARS = ("-s", "date_from=2000-01-01", "-s", "date_to=2099-12-31")


@pytest.mark.feature("V18", "V19", "V21", "V27")
def test_files_are_written_to_a_folder_and_are_the_same_again(
    terminal: Typist, tmp_path: Path
) -> None:
    terminal.run(*OPEN)
    terminal.run("import", "ubl", "-c", "Essai SRL", *BILLS)
    of = ("-c", "Essai SRL", *YEARS, "--out", str(tmp_path))
    terminal.run("export", "accounting_journal", *of)
    (journal,) = tmp_path.glob("journal-*.csv")
    first = journal.read_bytes()
    assert first.startswith(b"JournalCode;")
    terminal.run("export", "accounting_journal", *of)
    assert journal.read_bytes() == first
    terminal.run("export", "winbooks", *of, "--journal", "VEN=V", code=1)
    terminal.run("export", "winbooks", *of, "--journal", "ACH=A")
    assert b'"A"' in (tmp_path / "ACT.txt").read_bytes()
    terminal.run("export", "winbooks", *of, "-s", "with_vat=true", code=1)
    terminal.run("export", "winbooks", *of, "--vat-code", "bill:DOM:S:21=111400", code=1)
    terminal.run("export", "originals", *of)
    with zipfile.ZipFile(tmp_path / "index.zip") as bundle:
        assert {name[-4:] for name in bundle.namelist()} == {".csv", ".pdf", ".xml"}
    terminal.run("export", "ghosts", *of, code=2)
    terminal.run("export", "winbooks", "-c", "Essai SRL", "-s", "date_from=soon", code=2)
    terminal.run("export", "winbooks", "-c", "Essai SRL", "-s", "soon", code=2)


@pytest.mark.feature("V27")
@pytest.mark.usefixtures("pdf_libraries")
def test_a_report_is_a_list_too(terminal: Typist, tmp_path: Path) -> None:
    terminal.run(*OPEN)
    terminal.run("import", "ubl", "-c", "Essai SRL", *BILLS)
    out = tmp_path / "balance.pdf"
    days = ("-f", "date_from=2000-01-01", "-f", "date_to=2099-12-31")
    of = ("trial_balance", "-c", "Essai SRL", *days, "--format", "pdf")
    terminal.run("list", *of, code=2)
    terminal.run("list", *of, "--out", str(out))
    assert out.read_bytes().startswith(b"%PDF")
