"""The languages that documents are written in."""

from typing import Literal

Language = Literal["fr", "nl", "en"]
Wording = dict[Language, str]
"""The same words in each language."""


def worded(fr: str, nl: str, en: str) -> Wording:
    """The same words in the three languages of documents."""
    return {"fr": fr, "nl": nl, "en": en}
