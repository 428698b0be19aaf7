"""Text as it may enter the log: NFC, trimmed, and without characters that deceive a reader."""

import unicodedata
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

T = TypeVar("T")

LONGEST = 2000
"""No text is longer, in characters."""

# Direction marks and overrides make "100" read "001"; a byte order mark and line separators hide.
_DECEIVING = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2028\u2029\u2066\u2067\u2068\u2069\ufeff"
)


def tidy(value: T) -> T:
    """The same value with every string in it in NFC and without spaces at its ends."""
    tidied: Any = value
    if isinstance(value, str):
        tidied = unicodedata.normalize("NFC", value).strip()
    elif isinstance(value, tuple):
        tidied = tuple(tidy(item) for item in value)
    elif isinstance(value, dict):
        tidied = {tidy(key): tidy(item) for key, item in value.items()}
    elif isinstance(value, Struct):
        tidied = replace(
            value, **{name: tidy(getattr(value, name)) for name in value.__struct_fields__}
        )
    return tidied  # type: ignore[no-any-return]


def find_unreadable(value: object, pointer: str = "") -> str | None:
    """The JSON pointer of the first string in `value` that is not readable text, or None."""
    if isinstance(value, str):
        return None if is_readable(value) else pointer
    parts: list[tuple[str, object]] = []
    if isinstance(value, tuple):
        parts = [(str(index), item) for index, item in enumerate(value)]
    elif isinstance(value, dict):
        parts = [(str(key), item) for key, item in value.items()]
    elif isinstance(value, Struct):
        parts = [(name, getattr(value, name)) for name in value.__struct_fields__]
    found = (find_unreadable(item, f"{pointer}/{name}") for name, item in parts)
    return next((place for place in found if place is not None), None)


def is_readable(text: str) -> bool:
    """Whether `text` is short enough and free of control, direction and unassigned characters."""
    if text.isascii() and text.isprintable() and len(text) <= LONGEST:
        return True
    return len(text) <= LONGEST and all(_is_harmless(character) for character in text)


def _is_harmless(character: str) -> bool:
    if character == "\n":
        return True
    banned = unicodedata.category(character) in ("Cc", "Cs", "Cn")
    return not banned and character not in _DECEIVING
