"""ZIP of files: the same files give the same bytes, and no more than one is in memory.

Nothing is packed (originals are PDF, XML and pictures that are small already, and packing differs
between versions of zlib), and each file is dated 1980, where the years of a ZIP begin.
"""

import zipfile
from collections.abc import Iterable
from pathlib import Path

BEGINNING = (1980, 1, 1, 0, 0, 0)
READABLE = 0o644 << 16
UNIX = 3


def write_zip(path: Path, files: Iterable[tuple[str, bytes]]) -> None:
    """Writes a ZIP of names and contents, in the order given."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as bundle:
        for name, content in files:
            info = zipfile.ZipInfo(name, BEGINNING)
            info.external_attr, info.create_system = READABLE, UNIX
            bundle.writestr(info, content)
