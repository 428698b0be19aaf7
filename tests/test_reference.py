"""The reference pages say what the code says: every event and every command is in the docs."""

from pathlib import Path

import pytest

from tests.reference import PAGES


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_the_reference_is_true(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == PAGES[path](), (
        "refresh it: python -m tests.reference"
    )
