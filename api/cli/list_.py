"""`paraphe list`: any list of a company, filtered and sorted, as a file or on the screen."""

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import uuid4

import typer

from api.cli._console import Company, Exit, backend, operator, say, stop

if TYPE_CHECKING:
    from services.lists.export import Asked
    from services.lists.kinds import ListKind

FORMATS = ("xlsx", "csv", "json", "pdf")
LANGUAGES = ("en", "fr", "nl")


def list_(
    kind: Annotated[str, typer.Argument(help="sales_documents, unpaid, archives, contacts…")],
    company: Company,
    *,
    where: Annotated[
        list[str] | None,
        typer.Option("--filter", "-f", help="name=value, such as state=draft; several times."),
    ] = None,
    sort: Annotated[str, typer.Option(help="A column of the list; - descends.")] = "",
    form: Annotated[str, typer.Option("--format", help="csv, json (lines), pdf or xlsx.")] = "csv",
    out: Annotated[Path | None, typer.Option(help="The file to write; else stdout.")] = None,
    language: Annotated[str, typer.Option(help="en, fr or nl: headings and numbers.")] = "en",
    known_at: Annotated[
        int | None, typer.Option(help="As it was known at this position of the book.")
    ] = None,
) -> None:
    """Write exactly the filtered list, however long, and note in the book that it left.

    The same list, filter, order and language at the same position give the same bytes.
    """
    from services.lists.export import export_list

    asked = _asked(kind, where or (), sort, form, language)
    if form in ("xlsx", "pdf") and out is None:
        stop("a workbook or a PDF needs --out FILE", Exit.USAGE)
    with backend() as opened:
        book_id = opened.shelf.find(company).book_id
        opened.engine.run_to_head(book_id)
        reading: Any = (
            opened.readers.still(book_id)
            if known_at is None
            else opened.engine.known_at(book_id, known_at, asked.registers)
        )
        command = operator(f"list:{uuid4()}")
        with export_list(opened.store, book_id, reading, asked, command) as file:
            _give(file.path, out)
            say(f"{file.rows} rows at position {file.position}, SHA-256 {file.sha256}")


def _give(file: Path, out: Path | None) -> None:
    """Copies a file to where it is wanted."""
    if out is not None:
        shutil.copyfile(file, out)
        typer.echo(str(out))
        return
    with file.open("rb") as content:
        shutil.copyfileobj(content, sys.stdout.buffer)


def _asked(
    name: str, where: "list[str] | tuple[()]", sort: str, form: str, language: str
) -> "Asked":
    """The list as it is asked for; whatever it does not know ends the command."""
    import msgspec

    from services.lists.export import Asked
    from services.lists.reports import EXPORTS

    if (kind := EXPORTS.get(name)) is None:
        stop(f"no list {name!r}; there are {', '.join(sorted(EXPORTS))}", Exit.USAGE)
    for word, known in (
        (sort or kind.orders[0], kind.orders),
        (form, FORMATS),
        (language, LANGUAGES),
    ):
        if word not in known:
            stop(f"{word!r} is none of {', '.join(known)}", Exit.USAGE)
    try:
        wanted = msgspec.convert(_filters(kind, where), kind.filter, strict=False)
    except msgspec.ValidationError as error:
        stop(f"--filter: {error}", Exit.USAGE)
    return Asked(
        kind=kind,
        wanted=wanted,
        sort=sort or kind.orders[0],
        language=language,  # type: ignore[arg-type]  # one of LANGUAGES
        form=form,  # type: ignore[arg-type]  # one of FORMATS
        most=None,
    )


def _filters(kind: "ListKind", where: "list[str] | tuple[()]") -> dict[str, str]:
    given = {}
    for each in where:
        name, found, value = each.partition("=")
        if not found or name not in kind.filter.__struct_fields__:
            known = ", ".join(kind.filter.__struct_fields__)
            stop(f"--filter {each!r}: give name=value, with one of {known}", Exit.USAGE)
        given[name] = value
    return given
