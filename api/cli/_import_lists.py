"""`paraphe import contacts|articles|undo`: lists from CSV and XLSX, and taking them back."""

from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli._console import ACTOR, AsJson, Company, DryRun, Exit, backend, books, operator, show

if TYPE_CHECKING:
    from domain.imports.batch import BatchKind
    from domain.imports.refusals import ImportIsRefused
    from services.imports.batch import Imported

File = Annotated[Path, typer.Argument(help="A CSV or XLSX file; its first line names the columns.")]
Update = Annotated[bool, typer.Option("--update", help="Change what is known, column by column.")]
Partial = Annotated[bool, typer.Option("--partial", help="Leave wrong lines out.")]
Force = Annotated[bool, typer.Option("--force", help="Take a file in that was taken in before.")]


def contacts(
    file: File,
    company: Company,
    *,
    update: Update = False,
    partial: Partial = False,
    force: Force = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Take contacts in from a file, all lines or none; wrong lines are named. Exits 1 for them."""
    options = {"update": update, "partial": partial, "force": force}
    _take("contacts", file, company, options, dry_run=dry_run, as_json=as_json)


def articles(
    file: File,
    company: Company,
    *,
    update: Update = False,
    partial: Partial = False,
    force: Force = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Take articles in from a file, all lines or none; wrong lines are named. Exits 1 for them."""
    options = {"update": update, "partial": partial, "force": force}
    _take("articles", file, company, options, dry_run=dry_run, as_json=as_json)


def undo(
    batch: Annotated[str, typer.Argument(help="The import, `imp_…`.")],
    company: Company,
    *,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Archive what an import made and put back what it changed, but for what is used since."""
    from msgspec import to_builtins

    from services.imports.undoing import undo_import

    with backend() as opened:
        book_id = opened.shelf.find(company).book_id
        with books(opened, dry_run=dry_run) as store:
            undone = undo_import(store, book_id, batch, operator(f"undo:{batch}")).answer.undone
        opened.engine.run_to_head(book_id)
    if undone is None:
        raise LookupError(batch)
    words = [f"{len(undone.archived)} archived, {len(undone.put_back)} put back"]
    words += [f"    kept {each.id}: {each.why} at {each.position}" for each in undone.kept]
    show(to_builtins(undone), "\n".join(words), as_json=as_json)


def _take(
    kind: "BatchKind",
    file: Path,
    company: str,
    options: dict[str, bool],
    *,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Takes a file in, and says what became of it or which lines are wrong."""
    from domain.book.refusal import Refusals
    from domain.imports.refusals import ImportIsRefused
    from services.imports.batch import import_file
    from services.store.pen import Command

    content = file.read_bytes()
    digest = sha256(content).hexdigest()
    with backend() as opened:
        book_id = opened.shelf.find(company).book_id
        # A file taken in, undone and taken in again is another command each time.
        size = opened.store.head(book_id).size
        command = Command(id=f"import:{digest}:{size}", actor=ACTOR, cause="import")
        try:
            with books(opened, dry_run=dry_run) as store:
                imported = import_file(
                    store, book_id, kind, content, command, name=file.name, **options
                )
        except Refusals as error:
            if isinstance(error.refused, ImportIsRefused):
                say_refused(error.refused, as_json=as_json)
            raise
        opened.engine.run_to_head(book_id)
    _say_taken(imported, as_json=as_json)


def _say_taken(imported: "Imported", *, as_json: bool) -> None:
    done = imported.batch.completed
    result: dict[str, Any] = {
        "status": "already" if imported.already else "taken",
        "import": done.batch_id,
        "file": done.file,
        "lines": done.lines,
        "made": len(done.made),
        "changed": len(done.changed),
        "known": done.known,
        "refused": [{"line": x.line, "column": x.column, "code": x.code} for x in done.refused],
        "ignored": list(imported.ignored),
    }
    words = "{status} {import}: {lines} lines, {made} made, {changed} changed, {known} known"
    show(result, words.format(**result), as_json=as_json)


def say_refused(refused: "ImportIsRefused", *, as_json: bool) -> None:
    """Names every wrong line, and ends the command."""
    found = [
        {
            "line": each.line,
            "column": each.column,
            "code": each.refused.code,
            "rule": each.refused.rule,
            "message": each.refused.explain(),
        }
        for each in refused.findings
    ]
    words = [refused.explain()]
    words += ["    line {line}, {column}: {code}: {message}".format(**each) for each in found]
    show({"status": "refused", "findings": found}, "\n".join(words), as_json=as_json)
    raise typer.Exit(Exit.REFUSED)
