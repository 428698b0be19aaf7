"""Where an imported fact comes from."""

from msgspec import Struct


class ImportSource(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line of a file: the SHA-256 of the file in hex, and its line, counted from 1 (M2)."""

    file: str
    line: int
