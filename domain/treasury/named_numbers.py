"""Which document numbers a payer has written in a free text, however he wrote them."""

import re
from collections.abc import Iterable, Sequence

SHORTEST = 4
"""Digits that a number needs to be looked for: fewer stand in every text."""
_APART = re.compile(r"[^0-9A-Z]+", re.ASCII)
_CREDITS = re.compile(r"(AV|NC|CN|AVOIR|NOTEDECREDIT|CREDITNOTA|CREDITNOTE)$", re.ASCII)
Document = tuple[str, str]
"""Its number and kind."""


def names(text: str, documents: Sequence[Document]) -> set[str]:
    """The numbers of those documents that the text names.

    A number is found with its letters or without; separators do not matter. What two documents
    share without their letters is decided by the word before it: NC, AV and CN mean credit notes.
    """
    said = bare(text)
    found: set[str] = set()
    by_digits: dict[str, dict[str, str]] = {}
    for number, kind in documents:
        if len(digits(number)) < SHORTEST:
            continue
        if any(True for _ in _places(said, bare(number))):
            found.add(number)
        else:
            by_digits.setdefault(digits(number), {})[number] = kind
    for wanted, candidates in by_digits.items():
        if any(digits(number) == wanted for number in found):
            continue
        for place in _places(said, wanted):
            found |= _meant(said[:place], candidates)
    return found


def digits(number: str) -> str:
    """The digits of a number alone: what a payer never leaves out."""
    return "".join(letter for letter in number if letter.isascii() and letter.isdigit())


def runs(text: str, longest: int = 12) -> tuple[str, ...]:
    """Every run of digits that a document's number could be: pieces of the text, put together."""
    pieces = [piece for piece in re.split(r"[^0-9]+", text) if piece][:60]
    found: dict[str, None] = {}
    for start in range(len(pieces)):
        run = ""
        for piece in pieces[start : start + 4]:
            run += piece
            if len(run) > longest:
                break
            if len(run) >= SHORTEST:
                found[run] = None
    return tuple(found)


def bare(text: str) -> str:
    """The letters and digits of a text, in capitals."""
    return _APART.sub("", text.upper())


def _places(said: str, wanted: str) -> Iterable[int]:
    """Where `wanted` stands in the text without being part of a longer number."""
    at = said.find(wanted)
    while at >= 0:
        before, after = said[at - 1 : at] if at else "", said[at + len(wanted) :][:1]
        if not (before.isdigit() and wanted[0].isdigit()) and not after.isdigit():
            yield at
        at = said.find(wanted, at + 1)


def _meant(before: str, candidates: dict[str, str]) -> set[str]:
    """The one document that is meant behind these words, or none where several could be."""
    credit = _CREDITS.search(before) is not None
    fitting = {number for number, kind in candidates.items() if ("credit" in kind) == credit}
    chosen = fitting if len(candidates) > 1 else set(candidates)
    return chosen if len(chosen) == 1 else set()
