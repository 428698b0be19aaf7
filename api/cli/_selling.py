"""The forms of the commands of sales, each written once: ask for, move, end, follow, see, list.

A group of commands says which it has; use cases are named where they live and imported when called.
"""

from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli._console import AsJson, Company, DryRun, Exit, show, stop
from api.cli._documents import Desk, Kind, desk, in_words, read_body, tell

Document = Annotated[str, typer.Argument(help="Its number or its id.")]
Body = Annotated[
    Path | None, typer.Argument(help="A JSON file as the API takes it; - reads stdin.")
]
Fields = Annotated[
    list[str] | None,
    typer.Option(
        "--set", "-s", help="name=text or name:=JSON, over the file; may be given several times."
    ),
]
Reason = Annotated[str, typer.Option(help="Why; it stays in the book.")]


def asking(
    app: typer.Typer, name: str, kind: Kind, words: str, *, use_case: str, model: str
) -> None:
    """A command that makes a document from a body."""

    def command(
        company: Company,
        file: Body = None,
        fields: Fields = None,
        *,
        dry_run: DryRun = False,
        as_json: AsJson = False,
    ) -> None:
        with desk(company, dry_run=dry_run) as at:
            written = at.do(use_case, read_body(model, file, fields or (), at))
        tell(kind, written.answer, written.position, as_json=as_json)

    _add(app, name, words, command)


def asking_of(
    app: typer.Typer,
    name: str,
    kind: Kind,
    words: str,
    *,
    use_case: str,
    model: str,
    gives: Kind | None = None,
) -> None:
    """A command that does something with a document by a body; it may give another document."""

    def command(
        document: Document,
        company: Company,
        file: Body = None,
        fields: Fields = None,
        *,
        dry_run: DryRun = False,
        as_json: AsJson = False,
    ) -> None:
        with desk(company, dry_run=dry_run) as at:
            asked = read_body(model, file, fields or (), at)
            written = at.do(use_case, at.find(kind, document), asked)
        tell(gives or kind, written.answer, written.position, as_json=as_json)

    _add(app, name, words, command)


def moving(
    app: typer.Typer,
    name: str,
    kind: Kind,
    words: str,
    *,
    use_case: str,
    gives: Kind | None = None,
) -> None:
    """A command that moves a document on and asks nothing more; it may give another document."""

    def command(
        document: Document,
        company: Company,
        *,
        dry_run: DryRun = False,
        as_json: AsJson = False,
    ) -> None:
        with desk(company, dry_run=dry_run) as at:
            written = at.do(use_case, at.find(kind, document))
        tell(gives or kind, written.answer, written.position, as_json=as_json)

    _add(app, name, words, command)


def ending(app: typer.Typer, name: str, kind: Kind, words: str, *, use_case: str) -> None:
    """A command that ends a document, for a reason."""

    def command(
        document: Document,
        company: Company,
        reason: Reason,
        *,
        dry_run: DryRun = False,
        as_json: AsJson = False,
    ) -> None:
        with desk(company, dry_run=dry_run) as at:
            written = at.do(use_case, at.find(kind, document), reason)
        tell(kind, written.answer, written.position, as_json=as_json)

    _add(app, name, words, command)


def seeing(app: typer.Typer, kind: Kind, words: str) -> None:
    """The command `show`: a document as it stands."""

    def command(document: Document, company: Company, *, as_json: AsJson = False) -> None:
        with desk(company) as at:
            answer = at.see(kind, at.find(kind, document))
        tell(kind, answer, as_json=as_json)

    _add(app, "show", words, command)


def listing(app: typer.Typer, kind: Kind, words: str) -> None:
    """The command `list`: documents of a kind, those of a state, oldest first."""

    def command(
        company: Company,
        *,
        state: Annotated[str, typer.Option(help="In this state; empty: in any.")] = "",
        limit: Annotated[int, typer.Option(min=1, max=10_000, help="At most so many.")] = 100,
        as_json: AsJson = False,
    ) -> None:
        with desk(company) as at:
            rows = _rows(at, kind, state, limit)
        show(rows, "\n".join(map(in_words, rows)), as_json=as_json)

    _add(app, "list", words, command)


def _rows(at: Desk, kind: Kind, state: str, limit: int) -> list[dict[str, Any]]:
    import msgspec

    from api.models.sales_documents import DocumentOut
    from projections.sales_documents_view import SalesFilter, list_documents

    try:
        wanted = msgspec.convert({"kind": kind.name, "state": state or None}, SalesFilter)
    except msgspec.ValidationError as error:
        stop(f"--state: {error}", Exit.USAGE)
    at.opened.engine.run_to_head(at.book_id)
    with at.opened.readers.of(at.book_id) as conn:
        found = list_documents(conn, at.book_id, wanted, limit=limit).rows
    return [DocumentOut.of(row).model_dump(mode="json", exclude_none=True) for row in found]


def _add(app: typer.Typer, name: str, words: str, command: Any) -> None:
    """Puts a command into a group under its name and with its sentence."""
    command.__doc__ = words
    app.command(name)(command)
