"""The key that seals a book is replaced: an event whose statement both keys have signed."""

from typing import ClassVar

from domain.book.event import Event
from domain.book.note import NotANote, Note, PublicKey, read_key, read_note
from domain.book.seal import ORIGIN

KEYS_TAG = "seal_keys"
HEADING = "seal key replaced"


class SealKeyReplaced(Event, frozen=True, kw_only=True):
    """From here on the book is sealed with another key; `statement` is a note signed by both."""

    stored_as: ClassVar[str] = "seal_key.replaced.v1"

    old_key: str
    new_key: str
    statement: str

    @property
    def tags(self) -> tuple[str, ...]:
        return (KEYS_TAG,)


def statement(book_id: str, old: PublicKey, new: PublicKey) -> str:
    """The text that both keys sign; the book's id keeps it from counting in another book."""
    return f"{ORIGIN}{book_id}\n{HEADING}\n{old.written()}\n{new.written()}\n"


def read_statement(written: str, book_id: str) -> tuple[Note, PublicKey, PublicKey]:
    """The note, the old key and the new one; raises NotANote unless it is about this book."""
    note = read_note(written)
    lines = note.text.split("\n")
    if len(lines) != 5:
        raise NotANote("no statement of two keys")
    old, new = read_key(lines[2]), read_key(lines[3])
    if note.text != statement(book_id, old, new):
        raise NotANote(f"no statement of two keys about book {book_id}")
    return note, old, new
