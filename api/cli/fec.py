"""`paraphe fec`: the file of accounting entries of a French company, for the tax office."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import uuid4

import typer

from api.cli._console import AsJson, Company, Exit, Progressing, backend, operator, show, stop

if TYPE_CHECKING:
    from services.fec.writing import Files

ENCODINGS = ("iso-8859-15", "utf-8")


def fec(
    company: Company,
    exercise: Annotated[int, typer.Option(help="The fiscal year, by the year in which it ends.")],
    *,
    output: Annotated[Path, typer.Option(help="The folder to write both files in.")] = Path(),
    encoding: Annotated[str, typer.Option(help="iso-8859-15 or utf-8.")] = ENCODINGS[0],
    known_at: Annotated[
        int | None, typer.Option(help="As it was known at this position of the book.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write the FEC of an exercise and its description, checked, and note that they left.

    The same exercise at the same position gives the same bytes.
    """
    from services.fec.export import export_fec, ledger_of
    from services.fec.writing import Wish

    if encoding not in ENCODINGS:
        stop(f"{encoding!r} is none of {', '.join(ENCODINGS)}", Exit.USAGE)
    if not 1900 <= exercise < 2100:
        stop(f"{exercise} is no fiscal year", Exit.USAGE)
    wish = Wish(exercise=exercise, encoding=encoding)  # type: ignore[arg-type]  # one of ENCODINGS
    with backend() as opened, Progressing("FEC", "lines") as bar:
        book_id = opened.shelf.find(company).book_id
        ledger = ledger_of(opened.engine, opened.readers, book_id)
        command = operator(f"fec:{uuid4()}")
        with export_fec(
            opened.store, book_id, ledger, wish, command, position=known_at, progress=bar.reached
        ) as files:
            output.mkdir(parents=True, exist_ok=True)
            for path in (files.path, files.description):
                shutil.copyfile(path, output / path.name)
    show(*_said(files, output), as_json=as_json)


def _said(files: "Files", output: Path) -> tuple[dict[str, Any], str]:
    """The result for machines, and for people."""
    said = {
        "file": str(output / files.path.name),
        "description": str(output / files.description.name),
        "position": files.position,
        "lines": files.lines,
        "sha256": files.sha256,
    }
    words = f"{files.lines} lines at position {files.position}, SHA-256 {files.sha256}"
    return said, f"{said['file']}\n{said['description']}\n{words}"
