"""`paraphe key`: make, list and revoke API keys."""

from datetime import datetime
from typing import Annotated

import typer

from api.cli._console import AsJson, Exit, backend, operator, show, stop

app = typer.Typer(help="Make, list and revoke API keys.")


@app.command()
def issue(
    name: Annotated[str, typer.Argument(help="Whose key it is; shown wherever it is listed.")],
    company: Annotated[
        list[str] | None,
        typer.Option("--company", "-c", help="A company it reaches; without one, every company."),
    ] = None,
    scope: Annotated[
        list[str] | None, typer.Option(help="What it may do; without one, everything.")
    ] = None,
    expires: Annotated[datetime | None, typer.Option(help="When it ends (UTC).")] = None,
    as_json: AsJson = False,
) -> None:
    """Make a key and print its secret, which is never shown again."""
    from datetime import UTC

    from services.access import SCOPES
    from services.technical import issue_key

    ends = expires.replace(tzinfo=UTC) if expires else None
    with backend() as opened:
        books = [opened.shelf.find(word).book_id for word in company] if company else None
        try:
            secret = issue_key(
                opened.keyring,
                opened.store,
                books or [book.book_id for book in opened.shelf.books()],
                operator("key"),
                name=name,
                scopes=scope or SCOPES,
                books=books,
                expires_at=ends,
            )
        except ValueError as error:
            stop(f"{error}; there are {', '.join(SCOPES)}", Exit.USAGE)
    show({"secret": secret, "name": name, "companies": books}, secret, as_json=as_json)


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List all keys ever made: id, first letters, whose, reach, and whether it still opens."""
    from msgspec import to_builtins

    with backend() as opened:
        keys = opened.keyring.issued()
    lines = []
    for key in keys:
        reach = "every company" if key.every_book else f"{len(key.books)} companies"
        state = f"revoked {key.revoked_at:%Y-%m-%d}" if key.revoked_at else "live"
        lines.append(f"{key.key_id}  {key.prefix}…  {key.name}: {reach}, {state}")
    show(to_builtins(keys), "\n".join(lines), as_json=as_json)


@app.command()
def revoke(key_id: Annotated[str, typer.Argument(help="Its id, as `key list` shows it.")]) -> None:
    """Make a key useless from now on."""
    from services.technical import revoke_key

    with backend() as opened:
        known = {key.key_id: key for key in opened.keyring.issued()}.get(key_id)
        reached = [str(book) for book in known.books] if known is not None else []
        if known is not None and known.every_book:
            reached = [book.book_id for book in opened.shelf.books()]
        if not revoke_key(opened.keyring, opened.store, reached, operator("key"), key_id):
            stop(f"no live key {key_id}", Exit.USAGE)
