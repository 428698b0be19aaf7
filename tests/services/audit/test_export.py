"""An exported book: the same bytes for the same book, verified and read without a database."""

import zipfile
from pathlib import Path

import pytest

from services.audit.export import Export, NotAnExport, export_book
from services.audit.verify import Kept
from services.store.store import Store


def test_the_same_book_gives_the_same_bytes(store: Store, book: str, tmp_path: Path) -> None:
    export_book(store, book, tmp_path / "one.zip")
    export_book(store, book, tmp_path / "two.zip")
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_an_export_holds_every_event_and_file(store: Store, book: str, tmp_path: Path) -> None:
    manifest = export_book(store, book, tmp_path / "book.zip")
    with Export(tmp_path / "book.zip") as export:
        assert list(export.facts()) == list(store.read(book))
        assert export.verify().status == "pass"
    with zipfile.ZipFile(tmp_path / "book.zip") as zipped:
        (kept,) = [name for name in zipped.namelist() if name.startswith("files/")]
        assert zipped.read(kept) == b"the original"
    assert manifest.size == 20


def test_a_changed_record_is_located(store: Store, book: str, tmp_path: Path) -> None:
    export_book(store, book, tmp_path / "book.zip")
    with zipfile.ZipFile(tmp_path / "book.zip") as old:
        members = {name: old.read(name) for name in old.namelist()}
    lines = members["records.jsonl"].splitlines(keepends=True)
    lines[6] = lines[6].replace(b":700", b":800")
    members["records.jsonl"] = b"".join(lines)
    with zipfile.ZipFile(tmp_path / "forged.zip", "w") as new:
        for name, content in members.items():
            new.writestr(name, content)
    with Export(tmp_path / "forged.zip") as export:
        found = export.verify().findings
    assert {(one.check, one.position) for one in found} >= {("leaf", 7), ("files", 0)}


def test_a_shorter_export_than_what_was_kept_is_found(
    store: Store, book: str, tmp_path: Path
) -> None:
    export_book(store, book, tmp_path / "book.zip")
    with Export(tmp_path / "book.zip") as export:
        (found,) = export.verify((Kept(size=25, root="00" * 32),)).findings
    assert (found.check, found.position, found.upto) == ("kept-root", 21, 25)


def test_another_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "no.zip").write_bytes(b"not a book")
    with pytest.raises(NotAnExport):
        Export(tmp_path / "no.zip")
