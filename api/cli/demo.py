"""`paraphe demo`: a demonstration company, filled by real commands, to look at and to try."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli._console import ACTOR, backend, say

if TYPE_CHECKING:
    from services.backend import Backend
    from services.demonstration import LivedClock

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "ubl"


def demo(
    serve: Annotated[
        bool, typer.Option("--serve/--no-serve", help="Serve it, or only fill it and return.")
    ] = True,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
) -> None:
    """Fill the demonstration companies by running real commands, say what to try, and serve.

    What is filled already stays as it is: a second run serves at once.
    """
    from services.demonstration import COMPANIES, LivedClock

    clock = LivedClock()
    with backend(clock) as opened:
        _fill(opened, clock)
        opened.demo_company_id = COMPANIES[0].book_id
        key = opened.demo_key()
        typer.echo(_what_to_try(opened, key, f"http://{host}:{port}", serving=serve))
        if serve:
            from api.server import run

            opened.engine.start()
            opened.keeper.start()
            opened.printer.start()
            opened.worker.start()
            run(opened, host, port)


def _fill(opened: "Backend", clock: "LivedClock") -> None:
    from datetime import date

    from services.demonstration import BELGIAN, COMPANIES, fill
    from services.importing import command_for, import_bill

    if any(book.book_id == COMPANIES[-1].book_id for book in opened.shelf.books()):
        say("the demonstration companies are there")
    else:
        say("filling the demonstration companies…")
    fill(opened.store, clock, date.today())  # noqa: DTZ011  the person's own day
    for path in sorted(EXAMPLES.glob("*.xml"), reverse=True):  # the invoice, then its credit note
        content = path.read_bytes()
        command = command_for(content, ACTOR)
        import_bill(opened.store, BELGIAN.book_id, content, command, name=path.name)
    for company in COMPANIES:
        opened.engine.run_to_head(company.book_id)


def _what_to_try(opened: "Backend", key: str, url: str, *, serving: bool) -> str:
    from api.ids import company_id
    from services.demonstration import COMPANIES

    french, belgian = COMPANIES
    invoices = f"{url}/v1/companies/{company_id(french.book_id)}"
    lines = [
        f"{book.name}: {book.size} events, company {book.book_id}" for book in opened.shelf.books()
    ]
    lines += [f"API key: {key}", ""]
    if serving:
        lines += [
            f"Open {url}/ in a browser, or ask the API:",
            f"  curl -H 'Authorization: Bearer {key}' '{invoices}/unpaid?limit=3'",
            f"  curl -H 'Authorization: Bearer {key}' '{invoices}/unpaid?limit=3&known_at=200'",
            "",
        ]
    lines += [
        "On the command line:",
        "  ./paraphe company list",
        f"  ./paraphe import ubl --company '{belgian.new.name}' examples/ubl/*.xml",
        "  ./paraphe registers",
        "  ./paraphe rebuild --all --dry-run",
        "  ./paraphe audit verify",
        f"  ./paraphe audit export --company '{french.new.name}' --output book.zip",
        "  ./paraphe audit verify book.zip",
    ]
    return "\n".join(lines)
