"""`paraphe witness`: for the accounting firm, in its own folder: keep, check and cosign seals."""

import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli._console import AsJson, Exit, say, show
from api.cli._judging import judging

if TYPE_CHECKING:
    from services.audit.witness import Witness

app = typer.Typer(help="Witness the books of clients: no database, one folder, one key.")

Folder = Annotated[
    Path,
    typer.Option("--folder", envvar="PARAPHE_WITNESS", help="Where the witness keeps everything."),
]
Book = Annotated[str, typer.Option("--book", help="The book id of the client.")]
HERE = Path("witness")


@app.command()
def key(
    folder: Folder = HERE,
    name: Annotated[str, typer.Option("--name", help="Name of the key when it is made.")] = "",
) -> None:
    """Print the witness's public key, made on first use: clients keep it to check cosignatures."""
    with judging():
        typer.echo(_open(folder, name).key.public.written())


@app.command()
def trust(
    key: Annotated[str, typer.Argument(help="The public key of the client, got from the client.")],
    book: Book,
    folder: Folder = HERE,
) -> None:
    """Trust a key for a client's book: from now on its seals are checked and cosigned."""
    from domain.book.note import read_key
    from domain.book.seal import Checkpoint, read_checkpoint

    with judging():
        read_checkpoint(Checkpoint(book_id=book, size=1, root=bytes(32)).text())
        _open(folder).trust(book, read_key(key))
    say(f"{book}: trusted")


@app.command()
def replaced(
    file: Annotated[Path, typer.Argument(help="The statement signed by the old and new key.")],
    book: Book,
    folder: Folder = HERE,
) -> None:
    """Trust the new key of a client's book, because the old one vouches for it."""
    with judging():
        new = _open(folder).trust_replacement(book, file.read_text("utf-8"))
    typer.echo(new.written())


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(help="Submissions, from `seal submission`.")],
    folder: Folder = HERE,
    accept_break: Annotated[
        bool, typer.Option("--accept-break", help="Go on from a break that the client declared.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Check seals against those seen before, keep and cosign them.

    Exits 0 when all are cosigned, 1 at a fork (the evidence is printed and kept), 3 when one
    could not be judged. The other files are checked all the same.
    """
    codes, results = set(), []
    witness = _open(folder)
    for file in files:
        try:
            results.append(_check(witness, file, accept_break=accept_break))
        except typer.Exit as ended:
            codes.add(ended.exit_code)
    text = "\n".join(result["cosigned"] for result in results)[:-1]
    if results:
        show(results, text, as_json=as_json)
    if codes:
        raise typer.Exit(min(codes))  # a fork (1) before what could not be judged (3)


@app.command("list")
def list_books(folder: Folder = HERE, as_json: AsJson = False) -> None:
    """List the books that are witnessed, with the last seal of each."""
    with judging():
        books = _open(folder).books()
    lines = [f"{book}  {seal.anchor if seal else 'no seal yet'}" for book, seal in books]
    result = [
        {"book_id": book, "size": seal.size if seal else 0, "root": seal.root.hex() if seal else ""}
        for book, seal in books
    ]
    show(result, "\n".join(lines), as_json=as_json)


def _open(folder: Path, name: str = "") -> "Witness":
    from services.audit.witness import NAME, Witness

    with judging():
        return Witness(folder, name or NAME)


def _check(witness: "Witness", file: Path, *, accept_break: bool) -> dict[str, str]:
    from domain.book.witnessing import read_submission
    from services.audit.witness import Fork

    with judging():
        sent = read_submission(file.read_text("utf-8"))
        try:
            seen = witness.check(sent, int(time.time()), accept_break=accept_break)
        except Fork as fork:
            say(f"FORK in {file}: {fork.refused.explain()}")
            sys.stderr.write(f"{fork.evidence}\n")
            say(f"kept as {fork.kept}: two words of one signer that cannot both be true")
            raise typer.Exit(Exit.REFUSED) from fork
    again = "seen before, cosigned again" if seen.again else "cosigned"
    say(f"{file}: {seen.size} events, {again}")
    return {"book_id": seen.book_id, "size": str(seen.size), "cosigned": seen.cosigned}
