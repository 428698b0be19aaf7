"""docs/features.md says what the markers on the tests say."""

import subprocess
import sys

from tests.features import CHECKOUT, PAGE, held

PRINT = "import sys; from tests.features import page; sys.stdout.buffer.write(page().encode())"


def test_the_page_of_features_is_true() -> None:
    """In a process of its own: Python 3.11 may trip over syntax trees made in two threads."""
    printed = subprocess.run([sys.executable, "-c", PRINT], cwd=CHECKOUT, stdout=-1, check=True)
    assert PAGE.read_bytes() == printed.stdout, "refresh it: python -m tests.features"


def test_the_rows_of_the_foundation_are_held() -> None:
    foundation = {"V16", "V24", "V26", "C2", "C3", "C4", "C5", "C7", "C13", "C14", "E28"}
    foundation |= {"M14", "M15", "M16", "M17", "M30", "M31", "M32"}
    missing = foundation - {row for row, _ in held()}
    assert not missing
