"""`paraphe restore`: after a disaster, put the books back; open only those that lack nothing."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli._console import AsJson, Exit, backend, progress, say, show, stop
from api.cli._judging import Keys, judging, read_keys, read_notes

if TYPE_CHECKING:
    from services.archive.recovery import Recovered, Recovery
    from services.backend import Backend


def restore(
    archive: Annotated[
        Path | None,
        typer.Argument(help="The archive to take from; without one the database is only judged."),
    ] = None,
    *,
    company: Annotated[
        list[str] | None, typer.Option("--company", "-c", help="A book id; without one, all.")
    ] = None,
    seal: Annotated[
        list[Path] | None, typer.Option("--seal", help="A newest seal that somebody kept.")
    ] = None,
    key: Keys = None,
    declare_break: Annotated[
        bool, typer.Option("--declare-break", help="Open it all the same, and seal the loss.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Put books back from an archive, or judge what PostgreSQL's own backup brought back."""
    with backend() as opened, judging():
        notes = _by_book(read_notes(seal))
        recovery = _recovery(opened, read_keys(key))
        books = company or _books(opened, archive)
        done, failed = [], False
        for book_id in progress(sorted({*books, *([] if company else notes)}), "restoring"):
            found = _recover(
                recovery, archive, book_id, notes.get(book_id, []), declare_break=declare_break
            )
            if found is None:
                failed = True
                continue
            _open(opened, found, archive)
            done.append(found)
    show([_shown(one) for one in done], "\n".join(map(_line, done)), as_json=as_json)
    if failed:
        raise typer.Exit(Exit.REFUSED)


def _recover(
    recovery: "Recovery",
    archive: Path | None,
    book_id: str,
    notes: list[str],
    *,
    declare_break: bool,
) -> "Recovered | None":
    """Puts a book back; says why not, and goes on with the others."""
    from domain.book.refusal import Refusals
    from services.archive.place import Unarchived
    from services.archive.recovery import NotSound
    from services.archive.restoring import NotThisBook
    from services.archive.writing import NotTheArchivedBook
    from services.store.head import UnknownBook

    try:
        if archive is None:
            return recovery.in_place(book_id, notes, declare_break=declare_break)
        return recovery.from_archive(archive, book_id, notes, declare_break=declare_break)
    except Refusals as error:
        refused = error.refused
        say(f"{book_id} stays closed: {refused.code} ({refused.rule}): {refused.explain()}")
    except UnknownBook:
        say(f"{book_id} stays closed: there is no such book")
    except (Unarchived, NotSound, NotThisBook, NotTheArchivedBook) as error:
        say(f"{book_id} stays closed: {error}")
    return None


def _recovery(opened: "Backend", trusted: "list[Any]") -> "Recovery":
    """With the keys given, or those of this installation."""
    from services.archive.recovery import Recovery
    from services.audit.seal_keys import SealKeys, open_sealer
    from services.erasure import ErasureList
    from services.key_encryption import keys_folder

    keys = SealKeys(opened.settings)
    own = keys.public if keys.has_key else []
    return Recovery(
        opened.store,
        opened.owner_url,
        open_sealer(opened.store, opened.settings),
        ErasureList(keys_folder(opened.settings) / "erased.list"),
        trusted or own,
    )


def _books(opened: "Backend", archive: Path | None) -> list[str]:
    from services.archive.place import Unarchived, archived_books

    if archive is None:
        return [book.book_id for book in opened.shelf.books()]
    try:
        return archived_books(archive)
    except Unarchived as error:
        stop(str(error), Exit.UNDECIDABLE)


def _by_book(notes: list[str]) -> dict[str, list[str]]:
    from domain.book.note import read_note
    from domain.book.seal import read_checkpoint

    found: dict[str, list[str]] = {}
    for note in notes:
        found.setdefault(read_checkpoint(read_note(note).text).book_id, []).append(note)
    return found


def _open(opened: "Backend", found: "Recovered", archive: Path | None) -> None:
    """Notes the restore in the book, and brings its registers to the head."""
    from uuid import uuid4

    from api.cli._console import operator
    from domain.operations.technical import BookRestored
    from services.audit.seals import last_seal
    from services.technical import note_restore

    seal = last_seal(opened.store, found.book_id)
    restored = BookRestored(
        source="database" if archive is None else "archive",
        size=found.report.size,
        root=found.report.root,
        sealed=seal.size if seal else 0,
    )
    if found.added or archive is None:
        note_restore(opened.store, found.book_id, restored, operator(f"restore:{uuid4()}"))
    opened.engine.run_to_head(found.book_id)


def _shown(one: "Recovered") -> dict[str, Any]:
    return {
        "company": one.book_id,
        "size": one.report.size,
        "root": one.report.root,
        "added": one.added,
        "erased_again": one.erased_again,
        "break_declared": one.broken,
        "missing": list(one.missing),
    }


def _line(one: "Recovered") -> str:
    words = f"{one.book_id}  {one.report.size:>8}  {one.added} added"
    words += ", a break declared" if one.broken else ""
    return "\n  missing: ".join([words, *one.missing])
