"""`paraphe export`: files for the firm's software and the tax office, and originals as a ZIP."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import uuid4

import typer

from api.cli._console import Company, Exit, Progressing, backend, operator, say, stop

if TYPE_CHECKING:
    from services.backend import Backend
    from services.exports.bundle import Told
    from services.exports.kind import FileKind


def export(
    kind: Annotated[str, typer.Argument(help="accounting_journal, winbooks, originals…")],
    company: Company,
    *,
    said: Annotated[
        list[str] | None,
        typer.Option("--set", "-s", help="name=value, such as date_from=2026-01-01."),
    ] = None,
    journals: Annotated[
        list[str] | None, typer.Option("--journal", help="OURS=THEIRS, for each journal.")
    ] = None,
    accounts: Annotated[
        list[str] | None, typer.Option("--account", help="OURS=THEIRS, for each account.")
    ] = None,
    vat_codes: Annotated[
        list[str] | None,
        typer.Option("--vat-code", help="OURS=THEIRS, such as bill:DOM:S:21=111400."),
    ] = None,
    out: Annotated[Path, typer.Option(help="The folder to write in.")] = Path(),
    known_at: Annotated[
        int | None, typer.Option(help="As it was known at this position of the book.")
    ] = None,
) -> None:
    """Write a file of the books, and note in the book that it left.

    The same question at the same position gives the same bytes.
    """
    from domain.book.refusal import Refusals

    mappings = {"journals": journals, "accounts": accounts, "vat_codes": vat_codes}
    found, wish = _asked(kind, said or [], mappings)
    with backend() as opened, Progressing(kind, "files") as bar:
        book_id = opened.shelf.find(company).book_id
        try:
            _write(opened, book_id, (found, wish, known_at), out, bar.reached)
        except Refusals as error:
            stop(error.refused.explain(), Exit.REFUSED)


def _write(
    opened: "Backend",
    book_id: str,
    asked: "tuple[FileKind, Any, int | None]",
    out: Path,
    told: "Told",
) -> None:
    """Makes a file, notes it, and copies it and what is beside it to a folder."""
    from services.exports.bundle import Bundler
    from services.exports.originals import ORIGINALS

    kind, wish, known_at = asked
    bundler = Bundler(opened.store, opened.readers, opened.engine, opened.printshop)
    if kind is ORIGINALS and known_at is None:
        bundler.print_missing(book_id, wish, told)
    beside = bundler.beside(book_id, told) if kind is ORIGINALS else None
    command = operator(f"export:{uuid4()}")
    with opened.exporter.export(
        book_id, kind, wish, command, position=known_at, beside=beside
    ) as exported:
        out.mkdir(parents=True, exist_ok=True)
        for path in sorted(exported.made.path.parent.iterdir()):
            shutil.copyfile(path, out / path.name)
            typer.echo(str(out / path.name))
    say(f"position {exported.made.position}, SHA-256 {exported.sha256}")


def _asked(
    name: str, said: list[str], mappings: dict[str, list[str] | None]
) -> "tuple[FileKind, Any]":
    """The kind and the wish; whatever it does not know ends the command."""
    import msgspec

    from services.exports.kinds import FILES

    if (kind := FILES.get(name)) is None:
        stop(f"no file {name!r}; there are {', '.join(sorted(FILES))}", Exit.USAGE)
    given: dict[str, Any] = dict(map(_pair, said))
    given |= {each: dict(map(_pair, pairs)) for each, pairs in mappings.items() if pairs}
    try:
        return kind, msgspec.convert(given, kind.wish, strict=False)
    except msgspec.ValidationError as error:
        stop(f"--set: {error}", Exit.USAGE)


def _pair(text: str) -> tuple[str, str]:
    name, found, value = text.partition("=")
    if not found:
        stop(f"{text!r} is no name=value", Exit.USAGE)
    return name, value
