"""`paraphe import`: take documents in from files."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli import _import_fec, _import_lists, _import_statements
from api.cli._console import ACTOR, AsJson, Company, DryRun, Exit, backend, books, progress, show

if TYPE_CHECKING:
    from collections.abc import Sequence

    from services.files.ubl import Finding
    from services.store.store import Store

app = typer.Typer(help="Take documents in from files.")
for command in (
    _import_statements.statement,
    _import_lists.contacts,
    _import_lists.articles,
    _import_lists.undo,
    _import_fec.fec,
):
    app.command()(command)


@app.callback()
def _group() -> None:
    """Take documents in from files."""


@app.command()
def ubl(
    files: Annotated[list[Path], typer.Argument(help="UBL invoices and credit notes.")],
    company: Company,
    same_reference: Annotated[
        bool,
        typer.Option(
            "--same-reference",
            help="Take another document under a reference its supplier has used already.",
        ),
    ] = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Record UBL files (EN 16931, Peppol BIS) as supplier bills, each in one command.

    A file that is in the book already is no second bill. Exits 1 when a file was refused.
    """
    with backend() as opened:
        book_id = opened.shelf.find(company).book_id
        with books(opened, dry_run=dry_run) as store:
            results = [
                _take(store, book_id, path, same_reference=same_reference)
                for path in progress(files, "importing")
            ]
        opened.engine.run_to_head(book_id)
    show(results, "\n".join(_in_words(result) for result in results), as_json=as_json)
    if any(result["status"] == "refused" for result in results):
        raise typer.Exit(Exit.REFUSED)


def _take(store: "Store", book_id: str, path: Path, *, same_reference: bool) -> dict[str, Any]:
    """One file: the bill it became, or the findings for which it was refused."""
    from domain.book.refusal import Refusals
    from services.files.ubl import read_file
    from services.importing import command_for, import_bill

    reading = read_file(path)
    if reading.accepted is None:
        return _refused(path, reading.findings)
    content = path.read_bytes()
    try:
        imported = import_bill(
            store,
            book_id,
            content,
            command_for(content, ACTOR),
            name=path.name,
            same_reference=same_reference,
        )
    except Refusals as error:
        refused = error.refused
        why = {"code": refused.code, "message": refused.explain(), "rule": refused.rule}
        return _refused(path, reading.findings, why)
    document = imported.bill.document
    return {
        "file": str(path),
        "status": "already" if imported.already else "taken",
        "bill_id": document.bill_id,
        "kind": document.kind,
        "document_number": document.document_number,
        "supplier": document.supplier_name,
        "supplier_reference": document.supplier_reference,
        "currency": document.currency,
        "gross": document.totals.gross,
        "remarks": [{"code": r.code, "message": r.text} for r in document.remarks],
    }


def _refused(path: Path, findings: "Sequence[Finding]", *why: dict[str, str]) -> dict[str, Any]:
    noted = [{"code": found.code, "message": found.message} for found in findings]
    return {"file": str(path), "status": "refused", "findings": [*why, *noted]}


def _in_words(result: dict[str, Any]) -> str:
    from domain.values import money

    name = Path(result["file"]).name
    notes = result.get("findings") or result.get("remarks") or []
    lines = [f"    {note['code']}: {note['message']}" for note in notes]
    if result["status"] == "refused":
        return "\n".join([f"refused  {name}", *lines])
    currency = result["currency"]
    amount = f"{money.written(result['gross'], currency)} {currency}"
    head = f"{result['status']:<8} {name}: {result['document_number']}, {result['supplier']} "
    return "\n".join([f"{head}{result['supplier_reference']}, {amount}", *lines])
