"""Bytes of banks as text, and their texts as they may enter the book."""

import re
import unicodedata

from domain.values.text import is_readable
from services.files.statements.fault import refuse

LONGEST_TEXT = 1_000
_SPACES = re.compile(r"\s+")


def decoded(content: bytes, source: str) -> str:
    """The text: UTF-8 where it is, else Windows-1252; raises Refusals where it is neither."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return single_bytes(content, source)


def single_bytes(content: bytes, source: str) -> str:
    """The text of Windows-1252, one character a byte; raises Refusals with the place."""
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError as fault:
        before = content[: fault.start]
        line = before.count(b"\n") + 1
        column = fault.start - (before.rfind(b"\n") + 1) + 1
        refuse(source, line, column, "undecodable")


def clean(text: str) -> str:
    """A bank's text as it may enter the book: one space between words, nothing that deceives."""
    normal = unicodedata.normalize("NFC", _SPACES.sub(" ", text[: 4 * LONGEST_TEXT])).strip()
    if not is_readable(normal[:LONGEST_TEXT]):
        normal = "".join(letter if is_readable(letter) else " " for letter in normal)
        normal = unicodedata.normalize("NFC", _SPACES.sub(" ", normal)).strip()
    return normal[:LONGEST_TEXT].strip()
