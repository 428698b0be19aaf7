"""`paraphe import fec`: a company's books opened with another program's FEC, and taken back."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import uuid4

import typer

from api.cli._console import (
    ACTOR,
    AsJson,
    Company,
    DryRun,
    Exit,
    Progressing,
    backend,
    books,
    operator,
    show,
    stop,
)
from api.cli._import_lists import say_refused

if TYPE_CHECKING:
    from services.backend import Backend
    from services.imports.fec_report import Comparison
    from services.imports.fec_taking import FecImported
    from services.store.store import Store

ROWS = 12
"""So many differences are printed; the JSON has a hundred."""


def fec(
    file: Annotated[Path, typer.Argument(help="The FEC; with --undo also the import, `imp_…`.")],
    company: Company,
    *,
    opening: Annotated[
        bool, typer.Option("--opening", help="Only the closing balances, as an opening entry.")
    ] = False,
    undo: Annotated[
        bool, typer.Option("--undo", help="Reverse what the file or import brought.")
    ] = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Open a company's books with a FEC: all of it or nothing, wrong lines are named.

    Prints the trial balance and open items of the file against those of the book; exits 5 where
    they differ, 1 when the file is refused. A long import that was stopped goes on by asking again.
    """
    with backend() as opened:
        book_id = opened.shelf.find(company).book_id
        if undo:
            _undo(opened, book_id, file, dry_run=dry_run, as_json=as_json)
            return
        imported = _take(opened, book_id, file, opening=opening, dry_run=dry_run, as_json=as_json)
        comparison = None if dry_run else _compared(opened, book_id, imported)
    _say(imported, comparison, dry_run=dry_run, as_json=as_json)
    if comparison is not None and not comparison.is_equal:
        raise typer.Exit(Exit.DIFFERENT)


def _take(
    opened: "Backend", book_id: str, path: Path, *, opening: bool, dry_run: bool, as_json: bool
) -> "FecImported":
    """Takes the file in, or ends the command with what is wrong with it."""
    from domain.book.refusal import Refusals
    from domain.imports.refusals import ImportIsRefused
    from services.imports.fec_taking import import_fec
    from services.store.pen import Command

    if not path.is_file():
        stop(f"there is no file {path}", Exit.USAGE)
    command = Command(id=f"import:fec:{uuid4()}", actor=ACTOR, cause="import")
    store, rehearsal = _books(opened, dry_run=dry_run)
    try:
        with path.open("rb") as file, Progressing("FEC", "lines") as bar:
            return import_fec(
                store,
                book_id,
                file,
                command,
                mode="opening" if opening else "history",
                name=path.name,
                progress=bar.reached,
            )
    except Refusals as error:
        if isinstance(error.refused, ImportIsRefused):
            say_refused(error.refused, as_json=as_json)
        raise
    finally:
        if rehearsal:
            store.close()


def _books(opened: "Backend", *, dry_run: bool) -> "tuple[Store, bool]":
    """The books, or those of a dry run; nobody wants to read each entry that would be written."""
    from services.store.rehearsal import Rehearsal

    return (Rehearsal(opened.store), True) if dry_run else (opened.store, False)


def _compared(opened: "Backend", book_id: str, imported: "FecImported") -> "Comparison | None":
    from services.imports.fec_report import compare

    opened.engine.run_to_head(book_id)
    if imported.batch is None or imported.already:
        return None
    with opened.readers.still(book_id) as conn:
        return compare(conn, imported.batch, imported.survey, book_id)


def _undo(opened: "Backend", book_id: str, named: Path, *, dry_run: bool, as_json: bool) -> None:
    """Takes an import back, named by its id or by its file."""
    from msgspec import to_builtins

    from services.imports.fec_standing import newest
    from services.imports.fec_text import read_text
    from services.imports.fec_undoing import undo_fec

    batch_id = str(named)
    if named.is_file():
        with named.open("rb") as file:
            digest = read_text(file).sha256
        batch = newest(opened.store.past(book_id))
        if batch is None or batch.started.file != digest:
            stop(f"{named} is not the FEC that was taken in last", Exit.USAGE)
        batch_id = batch.started.batch_id
    size = opened.store.head(book_id).size
    with books(opened, dry_run=dry_run) as store, Progressing("undo", "steps") as bar:
        done = undo_fec(
            store, book_id, batch_id, operator(f"undo:{batch_id}:{size}"), progress=bar.reached
        )
    opened.engine.run_to_head(book_id)
    undone = done.batch.undone
    if undone is None:
        raise LookupError(batch_id)
    words = (
        f"{undone.entries} entries reversed, {undone.letterings} letterings undone, "
        f"{len(undone.archived)} contacts archived, {len(undone.kept)} kept"
    )
    show(to_builtins(undone), words, as_json=as_json)


def _say(
    imported: "FecImported", comparison: "Comparison | None", *, dry_run: bool, as_json: bool
) -> None:
    from msgspec import to_builtins

    from services.imports.fec_report import report_of

    report, batch = report_of(imported), imported.batch
    status = "already" if imported.already else "would be taken" if dry_run else "taken"
    result: dict[str, Any] = {
        "status": status,
        "import": batch.started.batch_id if batch is not None and not dry_run else None,
        "report": to_builtins(report),
        "comparison": to_builtins(comparison) if comparison is not None else None,
    }
    head = (
        f"{status}: {report.lines} lines, {report.entries} entries of {report.first} to "
        f"{report.until}, debit {_written(report.debit)}, credit {_written(report.credit)}, "
        f"{report.third_parties} third parties, {report.open_items} open items"
    )
    words = [f"{result['import']} {head}" if result["import"] else head]
    words += [f"    {x.code}: {x.count}, first on line {x.line}" for x in report.notices]
    if comparison is not None:
        words += _compared_in_words(comparison)
    show(result, "\n".join(words), as_json=as_json)


def _compared_in_words(found: "Comparison") -> list[str]:
    return [
        f"trial balance of {found.accounts} accounts: difference {_written(found.difference)}",
        f"{found.open_items} open items: difference {_written(found.open_difference)}",
        *(
            f"    {x.account}: file {_written(x.file)}, book {_written(x.book)}"
            for x in found.differences[:ROWS]
        ),
        *(
            f"    {x.account} open: file {_written(x.file)} in {x.file_items} items, "
            f"book {_written(x.book)} in {x.book_items}"
            for x in found.open_differences[:ROWS]
        ),
    ]


def _written(cents: int) -> str:
    from domain.values import money

    return money.written(cents, "EUR")
