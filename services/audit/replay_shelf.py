"""Whole books that are gone: what the signer remembers outside the database and no book answers."""

from collections.abc import Collection
from pathlib import Path

from domain.book.note import NotANote, read_note
from domain.book.seal import read_checkpoint
from services.audit.findings import Finding, Report


def missing_books(remembered: Path, there: Collection[str]) -> list[Report]:
    """A report for each book that was sealed and is not there any more.

    `remembered` is the signer's folder, with the last seal of each book; a memory that cannot be
    read is the signer's own alarm, and none of ours.
    """
    reports = []
    for file in sorted(remembered.glob("*.seal")):
        try:
            sealed = read_checkpoint(read_note(file.read_text("utf-8")).text)
        except (NotANote, UnicodeDecodeError):
            continue
        if sealed.book_id not in there:
            detail = f"a book of {sealed.size} events was sealed and is gone"
            reports.append(_gone(sealed.book_id, sealed.size, detail))
    return reports


def _gone(book_id: str, size: int, detail: str) -> Report:
    found = Finding(check="books", position=1, upto=size, detail=detail)
    return Report(
        book_id=book_id,
        size=0,
        root="",
        chain="",
        checked=("books",),
        not_checked=(),
        findings=(found,),
    )
