"""The language of an answer: French, Dutch or English, by the reader's Accept-Language."""

from typing import Literal

Language = Literal["en", "fr", "nl"]
LANGUAGES: tuple[Language, ...] = ("en", "fr", "nl")
LONGEST_HEADER = 200


def preferred(header: str | None) -> Language:
    """The language with the greatest weight among those we speak, English otherwise.

    A header that is malformed or very long counts as none: it is a wish, not a command.
    """
    if not header or len(header) > LONGEST_HEADER:
        return "en"
    best: Language = "en"
    weight = 0.0
    for part in header.lower().split(","):
        tag, _, quality = part.strip().partition(";")
        found = _weight(quality)
        for language in LANGUAGES:
            if language == tag.strip().split("-")[0] and found > weight:
                best, weight = language, found
    return best


def _weight(quality: str) -> float:
    """The weight of `q=0.8`, 1 without one, 0 when it makes no sense."""
    if not quality.strip():
        return 1.0
    name, _, number = quality.strip().partition("=")
    try:
        weight = float(number)
    except ValueError:
        return 0.0
    return weight if name.strip() == "q" and 0 <= weight <= 1 else 0.0
