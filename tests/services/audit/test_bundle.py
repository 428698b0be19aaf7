"""The bundle: the same bytes for the same book and cut-off, with everything that belongs to it."""

from pathlib import Path

import pytest

from services.audit.bundle.writing import CARRIED, HERE
from services.audit.export import NotThatLong, export_book
from services.audit.seals import Sealer
from services.audit.signer import Signer
from services.store.store import Store
from tests.services.audit.bundles import KEY, agreed, in_node, in_python, members_of
from tests.services.audit.conftest import ORIGINAL, write_entries


@pytest.fixture
def sealer(store: Store, tmp_path: Path) -> Sealer:
    return Sealer(store, Signer(lambda: KEY, tmp_path / "signed"))


def test_the_same_cut_off_gives_the_same_bytes_whatever_came_later(
    store: Store, book: str, sealer: Sealer, tmp_path: Path
) -> None:
    sealer.seal(book)
    keys = [KEY.public]
    now = export_book(store, book, tmp_path / "now.zip", keys=keys)
    for nth in (10, 11):
        write_entries(store, book, nth)
    sealer.seal(book)
    export_book(store, book, tmp_path / "later.zip", upto=now.size, keys=keys)
    assert (tmp_path / "now.zip").read_bytes() == (tmp_path / "later.zip").read_bytes()
    whole = export_book(store, book, tmp_path / "whole.zip", keys=keys)
    assert (now.size, whole.size) == (20, 24)
    assert {"seals/00000001.note", "seals/00000002.note"} <= whole.members.keys()


def test_a_bundle_carries_its_format_and_both_verifiers(
    store: Store, book: str, sealer: Sealer, tmp_path: Path
) -> None:
    sealer.seal(book)
    export_book(store, book, tmp_path / "book.zip", keys=[KEY.public])
    members = members_of(tmp_path / "book.zip")
    assert all(members[name] == (HERE / name).read_bytes() for name in CARRIED)
    assert ORIGINAL in members.values()
    (python,), (node,) = in_python([tmp_path / "book.zip"]), in_node([tmp_path / "book.zip"])
    assert agreed(python) == agreed(node)
    assert (python["status"], python["size"]) == ("sound", 20)
    assert python["root"] == store.head(book).root.hex()


def test_an_empty_book_and_a_cut_before_the_first_event(
    store: Store, book: str, tmp_path: Path
) -> None:
    manifest = export_book(store, book, tmp_path / "none.zip", upto=0)
    assert (manifest.size, in_python([tmp_path / "none.zip"])[0]["status"]) == (0, "sound")
    assert in_node([tmp_path / "none.zip"])[0]["status"] == "sound"
    with pytest.raises(NotThatLong):
        export_book(store, book, tmp_path / "more.zip", upto=21)
    assert not list(tmp_path.glob("more.zip*"))
