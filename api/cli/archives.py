"""`paraphe archives`: how the archives are laid out, and the client's marks in them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import uuid4

import typer

from api.cli._console import AsJson, Company, DryRun, Exit, backend, books, operator, show, stop

if TYPE_CHECKING:
    from collections.abc import Sequence

    from domain.archives.tabs import Tab

app = typer.Typer(help="Tabs of the archives, and marks of what is treated.")
Entries = Annotated[
    list[int], typer.Argument(help="Documents, by the `entry` that `paraphe list archives` gives.")
]


@app.command()
def tabs(
    company: Company,
    *,
    layout: Annotated[
        Path | None,
        typer.Option("--set", help="JSON file with the four tabs, as --json prints them."),
    ] = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Show the four tabs of the archives, or lay the archives out anew (C5)."""
    from services import client_archives

    with backend() as opened:
        book_id = opened.shelf.find(company).book_id
        if layout is None:
            known = client_archives.get_tabs(opened.store.past(book_id))
        else:
            new = _read(layout)
            with books(opened, dry_run=dry_run) as store:
                command = operator(f"archives:{uuid4()}")
                known = client_archives.set_tabs(store, book_id, new, command).answer
    show(_shown(known), "\n".join(map(_in_words, known)), as_json=as_json)


@app.command()
def treat(
    entries: Entries, company: Company, *, dry_run: DryRun = False, as_json: AsJson = False
) -> None:
    """Mark documents as treated; the accounts never hear of it (C8)."""
    _mark(entries, company, as_treated=True, dry_run=dry_run, as_json=as_json)


@app.command()
def untreat(
    entries: Entries, company: Company, *, dry_run: DryRun = False, as_json: AsJson = False
) -> None:
    """Take the mark off documents (C8)."""
    _mark(entries, company, as_treated=False, dry_run=dry_run, as_json=as_json)


def _mark(
    entries: list[int], company: str, *, as_treated: bool, dry_run: bool, as_json: bool
) -> None:
    from services.client_archives import mark_documents

    with backend() as opened, books(opened, dry_run=dry_run) as store:
        book_id = opened.shelf.find(company).book_id
        command = operator(f"archives:{uuid4()}")
        written = mark_documents(store, book_id, entries, command, as_treated=as_treated)
    result = {"entries": list(written.answer), "treated": as_treated}
    words = "treated" if as_treated else "not treated"
    show(result, "\n".join(f"{entry} {words}" for entry in written.answer), as_json=as_json)


def _read(layout: Path) -> "list[Tab]":
    import msgspec

    from domain.archives.tabs import Tab

    try:
        return msgspec.json.decode(layout.read_bytes(), type=dict[str, list[Tab]])["tabs"]
    except (OSError, KeyError, msgspec.MsgspecError) as error:
        stop(f"--set: {error}", Exit.USAGE)


def _shown(known: "Sequence[Tab]") -> dict[str, Any]:
    import msgspec

    return {"tabs": msgspec.to_builtins(known)}


def _in_words(tab: "Tab") -> str:
    rules = [
        " and ".join(
            f"{name.replace('_', ' ')} {' '.join(values)}"
            for name in rule.__struct_fields__
            if (values := getattr(rule, name))
        )
        for rule in tab.rules
    ]
    return f"{tab.name:<20}  {tab.label}: {'; or '.join(rules) or 'the rest'}"
