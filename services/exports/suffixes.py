"""What the name of a file in a ZIP ends with, said by its first bytes.

The media types of kept files are in no event: by its bytes alone a name can be found again.
"""

BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", ".png"),
    (b"\xff\xd8\xff", ".jpg"),
    (b"PK\x03\x04", ".zip"),
    (b"<", ".xml"),
    (b"{", ".json"),
    (b"[", ".json"),
)
MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
LOOKED_AT = 1024
"""Bytes; a PDF may begin anywhere in them (ISO 32000-1, annex H)."""


def suffix_of(content: bytes) -> str:
    """Gives `.pdf`, `.xml`, … and `.bin` for what is none of those."""
    head = content[:LOOKED_AT]
    if b"%PDF-" in head:
        return ".pdf"
    for mark in MARKS:
        head = head.removeprefix(mark)
    text = head.lstrip(b"\x00 \t\r\n")
    return next((suffix for begins, suffix in BEGINNINGS if text.startswith(begins)), ".bin")
