"""`paraphe vat`: the files of VAT returns and of the Belgian listings, and filing a return."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from uuid import uuid4

import typer

from api.cli._console import AsJson, Company, Exit, backend, operator, say, show, stop

if TYPE_CHECKING:
    from psycopg import Connection

    from domain.ledger.vat_return import Filings
    from domain.parties.company import Company as Known
    from services.backend import Backend
    from services.vat_returns import Sheet

app = typer.Typer(no_args_is_help=True, help="VAT returns and listings.")

Period = Annotated[str, typer.Option(help="A month or a quarter: 2026-07, 2026-Q3.")]
Output = Annotated[Path | None, typer.Option(help="The XML to write.")]


@app.command("return")
def see(
    company: Company, period: Period, output: Output = None, *, as_json: AsJson = False
) -> None:
    """Show the return of a period, filed or as it would be; its file is noted when written."""
    from services.vat_returns import period_named, see_return

    with _books(company) as (_, book_id, conn, known, filings):
        sheet = see_return(conn, book_id, known, filings, period_named(period))
    if output is not None:
        _export(company, "vat_return", period, output)
    _tell(sheet)
    shown = {"period": period, "grids": sheet.settled.grids, "carried": sheet.settled.carried}
    show(shown, _table(sheet), as_json=as_json)


@app.command("file")
def file_(
    company: Company,
    period: Period,
    output: Output = None,
    *,
    replaces: Annotated[str, typer.Option(help="Intervat's reference of the return.")] = "",
    refund: Annotated[bool, typer.Option("--refund", help="Ask for what is owed.")] = False,
    no_clients: Annotated[bool, typer.Option("--no-clients", help="No customer to list.")] = False,
) -> None:
    """File the return of a period: it is frozen with its file, which is kept."""
    from services.files.intervat import ReturnWishes
    from services.vat_returns import file_return, period_named

    wishes = ReturnWishes(replaces=replaces, refund=refund, no_clients=no_clients)
    with _books(company) as (opened, book_id, *_):
        filing = file_return(
            opened.store,
            book_id,
            period_named(period),
            wishes,
            operator(f"vat:{uuid4()}"),
            reading=lambda: opened.readers.of(book_id),
        ).answer
        kept = opened.store.file(book_id, filing.document.file)
    if output is not None and kept is not None:
        output.write_bytes(kept.content)
    typer.echo(f"{period} filed, event {filing.position}, SHA-256 {filing.document.file}")


@app.command()
def clients(
    company: Company,
    year: Annotated[int, typer.Option(help="The calendar year.")],
    output: Annotated[Path, typer.Option(help="The XML to write.")],
) -> None:
    """Write the yearly listing of Belgian customers, and note that it left."""
    _export(company, "client_listing", str(year), output)


@app.command()
def union(
    company: Company, period: Period, output: Annotated[Path, typer.Option(help="The XML.")]
) -> None:
    """Write the listing of sales to the Union in a period; without sales there is none."""
    _export(company, "union_listing", period, output)


def _export(company: str, kind: str, period: str, output: Path) -> None:
    """Writes a file of the tax office and notes in the book that it left."""
    from domain.book.refusal import Refusals
    from services.exports.kinds import FILES
    from services.exports.vat_files import VatFileWish

    with backend() as opened:
        book_id = opened.shelf.find(company).book_id
        wish, command = VatFileWish(period=period), operator(f"vat:{uuid4()}")
        try:
            with opened.exporter.export(book_id, FILES[kind], wish, command) as exported:
                output.write_bytes(exported.made.path.read_bytes())
        except Refusals as error:
            stop(error.refused.explain(), Exit.REFUSED)
    typer.echo(f"{output}: position {exported.made.position}, SHA-256 {exported.sha256}")


@contextmanager
def _books(
    company: str,
) -> "Iterator[tuple[Backend, str, Connection[Any], Known, Filings]]":
    """The registers of a company brought to the head of its book; refusals end the command."""
    from domain.book.refusal import Refusals
    from services.loading import load_company
    from services.vat_returns import load_filings

    with backend() as opened:
        book_id = opened.shelf.find(company).book_id
        position = opened.engine.run_to_head(book_id)
        past = opened.store.past(book_id, position)
        try:
            with opened.readers.of(book_id) as conn:
                yield opened, book_id, conn, load_company(past), load_filings(past)
        except Refusals as error:
            stop(error.refused.explain(), Exit.REFUSED)


def _tell(sheet: "Sheet") -> None:
    """What a person should know beside the grids."""
    for check in sheet.checks:
        say(f"control {check.code} does not hold: {check.formula}")
    if sheet.foreign:
        say(f"{sheet.foreign} documents in other currencies are counted nowhere")


def _table(sheet: "Sheet") -> str:
    from domain.values.money import written

    lines = [
        f"{grid:>3} {written(amount, sheet.company.currency):>15}"
        for grid, amount in sheet.settled.grids.items()
    ]
    state = "filed" if sheet.filing else "not filed"
    return "\n".join([f"{sheet.company.name}, {sheet.period}, {state}", *lines])
