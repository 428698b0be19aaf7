"""`paraphe print`: documents by their numbers, as one PDF."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import typer

from api.cli._console import AsJson, Company, Exit, backend, operator, say, show, stop

if TYPE_CHECKING:
    from services.backend import Backend
    from services.jobs.job import JobFile
    from services.printing.selection import Chosen, NewPrint

Numbers = Annotated[list[str], typer.Argument(help="FA-2026-00001, AV-2026-00003…")]
Out = Annotated[Path, typer.Option(help="The PDF to write.")]
Duplicate = Annotated[bool, typer.Option("--duplicate", help="New prints, marked as duplicates.")]
Tongue = Annotated[
    str, typer.Option(help="fr, nl or en: the language of duplicates; else their own.")
]
GroupBy = Annotated[str, typer.Option(help="number, date or state.")]


def print_(
    numbers: Numbers,
    company: Company,
    out: Out,
    *,
    duplicate: Duplicate = False,
    language: Tongue = "",
    group_by: GroupBy = "number",
    as_json: AsJson = False,
) -> None:
    """Print documents into one PDF: originals as they are kept, or duplicates (M13).

    An original that has not been printed yet is printed and kept now.
    """
    if group_by not in ("number", "date", "state") or language not in ("", "fr", "nl", "en"):
        stop("--group-by is number, date or state; --language fr, nl or en", Exit.USAGE)
    with backend() as opened:
        book_id = opened.shelf.find(company).book_id
        new = _asked(
            find_documents(opened, book_id, numbers),
            group_by=group_by,
            copy="duplicate" if duplicate else "original",
            language=language or None,
        )
        printed = _print(opened, book_id, new, out)
    shown = {"file": str(out), "documents": len(new.documents), "sha256": printed.digest}
    show(shown, str(out), as_json=as_json)
    say(f"{len(numbers)} documents, SHA-256 {printed.digest}")


def _asked(documents: "list[Chosen]", **how: str | None) -> "NewPrint":
    import msgspec

    from services.printing.selection import NewPrint

    return msgspec.convert({"documents": msgspec.to_builtins(documents), **how}, NewPrint)


def _print(opened: "Backend", book_id: str, new: "NewPrint", out: Path) -> "JobFile":
    """Has the documents printed, and writes their file; ends the command where that fails."""
    from services.printing.selection import PRINT, ask_print

    job, _ = ask_print(opened.store, opened.desk, book_id, new, operator(f"print:{uuid4()}"))
    opened.worker.run_due()
    done = opened.desk.find(book_id, job.job_id, [PRINT])
    if done is None or done.file is None:
        stop("the documents could not be printed; the log says why", Exit.UNDECIDABLE)
    out.write_bytes(b"".join(opened.desk.read(done, 0, done.file.size - 1)))
    return done.file


def find_documents(opened: "Backend", book_id: str, numbers: list[str]) -> "list[Chosen]":
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
