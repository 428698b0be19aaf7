"""`paraphe import statement`: bank statements out of CODA, CAMT.053, MT940 and CSV files."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli._console import (
    ACTOR,
    AsJson,
    Company,
    DryRun,
    Exit,
    backend,
    books,
    progress,
    show,
)

if TYPE_CHECKING:
    from services.backend import Backend
    from services.banking import TakenStatement
    from services.store.store import Store


def statement(
    files: Annotated[list[Path], typer.Argument(help="CODA, CAMT.053, MT940 or CSV, in order.")],
    company: Company,
    *,
    account: Annotated[str, typer.Option(help="Of CSV lists: whose they are (IBAN).")] = "",
    journal: Annotated[
        str, typer.Option(help="Link the account to this bank journal first, once and for all.")
    ] = "",
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Take bank statements in, each file whole and once, and book every line.

    What is not certain waits on the suspense account. Exits 1 when a file was refused: those
    behind it are not taken, for statements follow each other.
    """
    with backend() as opened:
        book_id = opened.shelf.find(company).book_id
        results: list[dict[str, Any]] = []
        with books(opened, dry_run=dry_run) as store:
            for path in progress(files, "importing"):
                if journal:
                    _link(store, book_id, path, account, journal)
                results.append(_take(opened, store, book_id, path, account))
                if results[-1]["status"] == "refused":
                    break
        opened.engine.run_to_head(book_id)
    show(results, "\n".join(map(_in_words, results)), as_json=as_json)
    if results[-1]["status"] == "refused":
        raise typer.Exit(Exit.REFUSED)


def _link(store: "Store", book_id: str, path: Path, account: str, journal: str) -> None:
    """Links the accounts that a file is about to a journal, where that is new."""
    from domain.values.identifiers import compact
    from services.banking import link_account, load_layouts
    from services.files import statements
    from services.store.pen import Command

    layouts = load_layouts(store.past(book_id))
    for found in statements.read(path.read_bytes(), layouts, compact(account)):
        command = Command(
            id=f"link:{found.account}:{journal}:{store.head(book_id).size}",
            actor=ACTOR,
            cause="import",
        )
        link_account(store, book_id, found.account, journal, command)


def _take(
    opened: "Backend", store: "Store", book_id: str, path: Path, account: str
) -> dict[str, Any]:
    """One file: what became of its statements, or why it was refused."""
    from domain.book.refusal import Refusals
    from domain.values.identifiers import compact
    from services.banking import command_for, import_statements
    from services.matching import CurrentRegisters

    content = path.read_bytes()
    try:
        imported = import_statements(
            store,
            CurrentRegisters(opened.engine, opened.readers),
            book_id,
            content,
            command_for(content, ACTOR, opened.store.head(book_id).size),
            name=path.name,
            account=compact(account),
        )
    except Refusals as error:
        refused = error.refused
        why = {"code": refused.code, "rule": refused.rule, "message": refused.explain()}
        return {"file": str(path), "status": "refused", "findings": [why]}
    status = "already" if imported.already else "taken"
    said = [_said(each) for each in imported.statements]
    return {"file": str(path), "status": status, "statements": said}


def _said(taken: "TakenStatement") -> dict[str, Any]:
    """What became of a statement."""
    from domain.treasury.statement import name

    statement = taken.imported.event.statement
    return {
        "statement": taken.imported.event.statement_id,
        "status": "already" if taken.already else "taken",
        "account": statement.account,
        "name": name(statement),
        "currency": statement.currency,
        "closing": statement.closing,
        "payments": taken.booked.payments,
        "waiting": taken.booked.waiting,
        "lettered": taken.booked.lettered,
    }


def _in_words(result: dict[str, Any]) -> str:
    from domain.values import money

    lines = [f"{result['status']:<8} {Path(result['file']).name}"]
    lines += [f"    {each['code']}: {each['message']}" for each in result.get("findings", ())]
    for each in result.get("statements", ()):
        closing = ""
        if each["closing"] is not None:
            closing = f", closes with {money.written(each['closing'], each['currency'])}"
        lines.append(
            f"    {each['status']} {each['account']} {each['name']}{closing}: {each['payments']} "
            f"payments, {each['waiting']} wait, {each['lettered']} lettered"
        )
    return "\n".join(lines)
