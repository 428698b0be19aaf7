"""`paraphe backup`: keep every book a second time in plain files, and check those files."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli._console import AsJson, Exit, backend, operator, progress, say, show, stop

if TYPE_CHECKING:
    from services.archive.place import Index
    from services.store.pen import Command
    from services.store.store import Store

app = typer.Typer(help="Keep the books a second time in plain files, and check those.")


@app.command()
def archive(
    to: Annotated[
        Path | None, typer.Option("--to", help="The archive; without it PARAPHE_ARCHIVE.")
    ] = None,
    note: Annotated[
        bool, typer.Option("--note/--no-note", help="Note it in each book's technical journal.")
    ] = True,
    as_json: AsJson = False,
) -> None:
    """Bring the archive of every book to its head; print how far each goes."""
    from uuid import uuid4

    from services.archive.follower import alone
    from services.archive.place import Unarchived
    from services.archive.writing import NotTheArchivedBook, archive_book

    done: list[Index] = []
    failed = False
    with backend() as opened:
        folder = to or opened.settings.archive
        if folder is None:
            stop("which archive? name it with --to or set PARAPHE_ARCHIVE", Exit.USAGE)
        with alone(folder, wait=True):
            for book in progress(opened.shelf.books(), "archiving"):
                try:
                    if note:
                        _note(opened.store, book.book_id, folder, operator(f"backup:{uuid4()}"))
                    done.append(archive_book(opened.store, book.book_id, folder))
                except (NotTheArchivedBook, Unarchived) as error:
                    say(str(error))
                    failed = True
    _show(done, as_json=as_json)
    if failed:
        raise typer.Exit(Exit.REFUSED)


@app.command()
def database(
    to: Annotated[Path, typer.Option("--to", help="A new folder for the copy.")],
) -> None:
    """Copy the embedded server while it runs (pg_basebackup), and check the copy."""
    from services.archive.base_backup import take_base_backup
    from services.embedded_postgres import start

    with backend() as opened:
        if not opened.settings.embedded:
            stop("PostgreSQL is yours: run pg_basebackup there", Exit.USAGE)
        with start(opened.settings.home) as server:
            typer.echo(take_base_backup(server, to))


@app.command()
def check(
    folder: Annotated[Path, typer.Argument(help="The archive.")], as_json: AsJson = False
) -> None:
    """Recompute every book of an archive from its files; needs no database."""
    from services.archive.place import Unarchived, archived_books
    from services.archive.reading import ArchivedBook

    sound, lines, results = True, [], []
    try:
        for book_id in progress(archived_books(folder), "checking"):
            report = ArchivedBook(folder, book_id).verify()
            results.append(report.envelope())
            lines.append(f"{book_id}  {report.size:>8}  {report.status}")
            lines += [f"  {one.check} {one.position}: {one.detail}" for one in report.findings]
            sound &= report.status == "pass"
    except Unarchived as error:
        stop(str(error), Exit.UNDECIDABLE)
    show(results, "\n".join(lines), as_json=as_json)
    if not sound:
        raise typer.Exit(Exit.REFUSED)


def _note(store: "Store", book_id: str, folder: Path, command: "Command") -> None:
    """Says in the book that it is backed up, with the digest of the index so far."""
    from hashlib import sha256

    from domain.operations.technical import BackupTaken
    from services.technical import note_backup

    index = folder / book_id / "index.json"
    before = index.read_bytes() if index.exists() else b""
    note_backup(
        store, [book_id], BackupTaken(kind="archive", digest=sha256(before).hexdigest()), command
    )


def _show(done: "list[Index]", *, as_json: bool) -> None:
    rows = [{"company": one.book_id, "size": one.size, "root": one.root} for one in done]
    show(rows, "\n".join(f"{o.book_id}  {o.size:>8}  {o.root}" for o in done), as_json=as_json)
