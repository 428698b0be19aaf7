"""Writes a bundle: the same members give the same bytes, on every machine.

Fixed times in the ZIP, and no compression, whose output differs from one library to the next.
"""

import hashlib
import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

EPOCH = (1980, 1, 1, 0, 0, 0)  # the oldest moment a ZIP can say
UNIX = 3
CARRIED = ("FORMAT.md", "verify.py", "verify.html")
HERE = Path(__file__).parent


class BundleWriter:
    """A ZIP being written; `members` has the SHA-256 (hex) of each member that is finished."""

    def __init__(self, zipped: zipfile.ZipFile) -> None:
        self.members: dict[str, str] = {}
        self._zip = zipped

    @contextmanager
    def member(self, name: str) -> Iterator[Callable[[bytes], None]]:
        """A function that writes to a new member."""
        digest = hashlib.sha256()
        info = zipfile.ZipInfo(name, EPOCH)
        info.create_system = UNIX
        info.external_attr = 0o644 << 16
        with self._zip.open(info, "w", force_zip64=True) as member:

            def write(content: bytes) -> None:
                digest.update(content)
                member.write(content)

            yield write
        self.members[name] = digest.hexdigest()

    def add(self, name: str, content: bytes) -> None:
        """Writes a member whole."""
        with self.member(name) as write:
            write(content)

    def carry(self) -> None:
        """Writes what every bundle carries."""
        for name in CARRIED:
            self.add(name, (HERE / name).read_bytes())


@contextmanager
def writing(output: Path) -> Iterator[BundleWriter]:
    """A bundle that appears at `output` whole or not at all."""
    draft = output.with_name(f"{output.name}.{os.getpid()}.part")
    try:
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_STORED) as zipped:
            yield BundleWriter(zipped)
        draft.replace(output)
    finally:
        draft.unlink(missing_ok=True)
