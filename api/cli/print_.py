"""`paraphe print`: documents by their numbers, as one PDF."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal
from uuid import uuid4

import typer

from api.cli._console import Company, Exit, backend, operator, say, stop

if TYPE_CHECKING:
    from services.backend import Backend
    from services.printing.selection import Chosen


def print_(
    numbers: Annotated[list[str], typer.Argument(help="FA-2026-00001, AV-2026-00003…")],
    company: Company,
    out: Annotated[Path, typer.Option(help="The PDF to write.")],
    *,
    duplicate: Annotated[
        bool, typer.Option("--duplicate", help="New prints, marked as duplicates.")
    ] = False,
    language: Annotated[
        str, typer.Option(help="fr, nl or en: the language of duplicates; else their own.")
    ] = "",
    group_by: Annotated[str, typer.Option(help="number, date or state.")] = "number",
) -> None:
    """Print documents into one PDF: originals as they are kept, or duplicates (M13).

    An original that has not been printed yet is printed and kept now.
    """
    from services.printing.selection import PRINT, GroupBy, NewPrint, ask_print

    groups: dict[str, GroupBy] = {"number": "number", "date": "date", "state": "state"}
    languages: dict[str, Literal["fr", "nl", "en"] | None]
    languages = {"": None, "fr": "fr", "nl": "nl", "en": "en"}
    if group_by not in groups or language not in languages:
        stop("--group-by is number, date or state; --language fr, nl or en", Exit.USAGE)
    with backend() as opened:
        book_id = opened.shelf.find(company).book_id
        new = NewPrint(
            documents=tuple(_find(opened, book_id, numbers)),
            group_by=groups[group_by],
            copy="duplicate" if duplicate else "original",
            language=languages[language],
        )
        command = operator(f"print:{uuid4()}")
        job, _ = ask_print(opened.store, opened.desk, book_id, new, command)
        opened.worker.run_due()
        done = opened.desk.find(book_id, job.job_id, [PRINT])
        if done is None or done.file is None:
            stop("the documents could not be printed; the log says why", Exit.UNDECIDABLE)
        out.write_bytes(b"".join(opened.desk.read(done, 0, done.file.size - 1)))
        typer.echo(str(out))
        say(f"{len(numbers)} documents, SHA-256 {done.file.digest}")


def _find(opened: "Backend", book_id: str, numbers: list[str]) -> "list[Chosen]":
    """The documents with these numbers; ends the command at one that there is not."""
    import msgspec

    from projections.sales_documents_view import SalesFilter, list_documents
    from services.printing.selection import Chosen

    opened.engine.run_to_head(book_id)
    found = []
    with opened.readers.of(book_id) as conn:
        for number in dict.fromkeys(numbers):
            rows = list_documents(conn, book_id, SalesFilter(number=number), limit=1).rows
            if not rows:
                stop(f"there is no document {number}", Exit.REFUSED)
            found.append(msgspec.convert({"kind": rows[0].kind, "id": rows[0].id}, Chosen))
    return found
