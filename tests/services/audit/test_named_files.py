"""A bundle holds every file that an event names, and both verifiers miss one that is gone."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import get_type_hints

import msgspec
import pytest

from domain.book.catalogue import CATALOGUE
from domain.book.event import Event
from domain.ledger.entry import DocumentReference
from services.audit.bundle.contents import files_named, write_bundle
from tests.golden.events.examples import DIGEST, EXAMPLES
from tests.services.audit.bundles import (
    MemoryBook,
    agreed,
    in_node,
    in_python,
    members_of,
    packed,
)

BOOK = "0b5c1c1e-8b0f-4a4e-9f0e-1f8f5a3f9d10"
NAMING = {
    "bill.recorded.v1",
    "collection.created.v1",
    "document.printed.v1",
    "entry.posted.v1",
    "logo.kept.v1",
    "statement.imported.v1",
    "template.versioned.v1",
    "transfer_order.created.v1",
    "vat_return.filed.v1",
}
LEFT_OUT = {"import.completed.v1", "import.undone.v1"}
"""Lists that were taken in stay in the database: what is personal in them must be erasable."""


def content_of(stored_as: str) -> bytes:
    return f"the file of {stored_as}".encode()


def digest_of(stored_as: str) -> str:
    return sha256(content_of(stored_as)).hexdigest()


class NamingBook(MemoryBook):
    """A book of one event of each kind, each of which names a file of its own."""

    def __init__(self) -> None:
        super().__init__(_examples(), BOOK)

    def file(self, digest: str) -> bytes | None:
        kinds = {digest_of(name): name for name in NAMING | LEFT_OUT}
        return content_of(kinds[digest]) if digest in kinds else None


def _examples() -> Iterator[Event]:
    for name in sorted(NAMING | LEFT_OUT):
        written = msgspec.json.encode(EXAMPLES[name])
        own = written.replace(DIGEST.encode(), digest_of(name).encode())
        yield msgspec.json.decode(own, type=type(EXAMPLES[name]))


def test_it_is_known_of_each_kind_of_event_whether_its_file_goes_along() -> None:
    """A new event with a file is taken along, or left out on purpose."""
    found = {
        name
        for name, event in CATALOGUE.items()
        for field, kind in get_type_hints(event).items()
        if field in ("file", "files") or kind is DocumentReference
    }
    assert {name for name in found if not name.split(".")[0].endswith("import")} == NAMING
    assert found >= LEFT_OUT


def test_every_named_file_is_in_the_bundle_and_missed_when_it_is_gone(tmp_path: Path) -> None:
    whole = tmp_path / "whole.zip"
    write_bundle(NamingBook(), whole)
    members = members_of(whole)
    kept = {name: content for name, content in members.items() if name.startswith("files/")}
    assert kept == {f"files/{digest_of(name)}": content_of(name) for name in NAMING}
    bundles = [whole]
    for gone in sorted(kept):
        rest = {name: content for name, content in members.items() if name != gone}
        bundles.append(packed(tmp_path / f"{gone[6:14]}.zip", rest))
    python, node = in_python(bundles), in_node(bundles)
    assert [agreed(said) for said in python] == [agreed(said) for said in node]
    missing = [
        [found["position"] for found in said["findings"] if found["check"] == "files"]
        for said in python
    ]
    assert missing[0] == []
    assert all(len(positions) == 1 and positions[0] > 0 for positions in missing[1:])


@pytest.mark.parametrize("body", [b"{", b'{"type":"a","data":{"file":1}}', b"\xff"])
def test_a_body_that_is_no_event_names_nothing(body: bytes) -> None:
    assert files_named(body.replace(b"}}", b',"more":{"file":"' + b"a" * 64 + b'"}}}')) == set()
