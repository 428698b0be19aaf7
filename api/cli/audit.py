"""`paraphe audit`: check a book, or an exported one, without trusting what was computed before."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli._console import AsJson, Company, Exit, backend, say, show, stop

if TYPE_CHECKING:
    from services.audit.findings import Report
    from services.audit.verify import Kept

app = typer.Typer(help="Verify a book, and export it for somebody else to verify.")

KeptRoots = Annotated[
    list[str] | None,
    typer.Option("--kept", metavar="SIZE:ROOT", help="A size and root (hex) kept outside."),
]


@app.command()
def verify(
    file: Annotated[
        Path | None, typer.Argument(help="An exported book; without one the database is read.")
    ] = None,
    company: Company = "",
    kept: KeptRoots = None,
    as_json: AsJson = False,
) -> None:
    """Recompute leaves, chain and tree from the stored bytes and compare everything with them.

    Exits 0 when sound, 1 with findings, 3 when it could not be decided.
    """
    anchors = tuple(_anchor(words) for words in kept or ())
    reports = [_verify_file(file, anchors)] if file else _verify_books(company, anchors)
    text = "\n".join(_in_words(report) for report in reports)
    envelopes = [report.envelope() for report in reports]
    show(envelopes[0] if len(envelopes) == 1 else envelopes, text, as_json=as_json)
    if any(report.findings for report in reports):
        raise typer.Exit(Exit.REFUSED)


@app.command()
def export(
    output: Annotated[Path, typer.Option("--output", "-o", help="The ZIP to write.")],
    company: Company,
    as_json: AsJson = False,
) -> None:
    """Write a book to one file: every record byte for byte, and the originals kept with it."""
    from msgspec import to_builtins

    from services.audit.export import export_book

    with backend() as opened:
        manifest = export_book(opened.store, opened.shelf.find(company).book_id, output)
    text = f"{output}: {manifest.size} events, root {manifest.root}"
    show(to_builtins(manifest), text, as_json=as_json)


def _anchor(words: str) -> "Kept":
    from services.audit.verify import Kept

    if not re.fullmatch(r"[1-9][0-9]{0,15}:[0-9a-fA-F]{64}", words):
        stop(f"--kept takes SIZE:ROOT with the root in hex, not {words!r}", Exit.USAGE)
    size, _, root = words.partition(":")
    return Kept(size=int(size), root=root.lower())


def _verify_file(file: Path, anchors: "tuple[Kept, ...]") -> "Report":
    from services.audit.export import Export, NotAnExport

    try:
        with Export(file) as export:
            return export.verify(anchors)
    except NotAnExport as error:
        stop(str(error), Exit.UNDECIDABLE)


def _verify_books(company: str, anchors: "tuple[Kept, ...]") -> "list[Report]":
    from services.audit.verify import verify_book

    with backend() as opened:
        books = [opened.shelf.find(company)] if company else opened.shelf.books()
        if anchors and len(books) != 1:
            stop("--kept goes with one --company", Exit.USAGE)
        if not books:
            say("there is no book yet")
        return [verify_book(opened.store, book.book_id, anchors) for book in books]


def _in_words(report: "Report") -> str:
    verdict = "sound" if not report.findings else f"{len(report.findings)} findings"
    lines = [f"book {report.book_id}: {verdict}", f"  {report.size} events, root {report.root}"]
    lines += [f"  checked: {', '.join(report.checked)}"]
    lines += [f"  not checked: {'; '.join(report.not_checked)}"] if report.not_checked else []
    for found in report.findings:
        where = f"{found.position}" + (f"–{found.upto}" if found.upto else "")
        lines.append(f"  event {where}: {found.check}: {found.detail}")
    return "\n".join(lines)
