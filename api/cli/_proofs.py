"""`paraphe audit proof` and `audit check-proof`: short proofs about a book, and their checking."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli._console import AsJson, Company, Exit, backend, show, stop
from api.cli._judging import Keys, judging, read_keys

if TYPE_CHECKING:
    from domain.book.proof import ConsistencyProof, InclusionProof


def proof(
    company: Company,
    position: Annotated[
        int | None, typer.Option("--position", "-p", help="Prove that this event is in the book.")
    ] = None,
    since: Annotated[
        int | None, typer.Option("--since", help="Prove that the book begins as it was then.")
    ] = None,
    size: Annotated[
        int | None, typer.Option("--size", help="The book of so many events; default: all.")
    ] = None,
) -> None:
    """Print a proof as JSON: of one event (--position), or from an older size (--since)."""
    from domain.book.proof import write_proof
    from services.audit.proofs import consistency, inclusion

    if (position is None) == (since is None):
        stop("give either --position or --since", Exit.USAGE)
    with backend() as opened, judging():
        book_id = opened.shelf.find(company).book_id
        found: InclusionProof | ConsistencyProof
        if position is not None:
            found = inclusion(opened.store, book_id, position, size)
        else:
            found = consistency(opened.store, book_id, since or 0, size)
    typer.echo(write_proof(found).decode())


def check_proof(
    file: Annotated[Path, typer.Argument(help="A proof, as `audit proof` prints it.")],
    seal: Annotated[
        Path | None, typer.Option("--seal", help="A seal of the size that the proof is for.")
    ] = None,
    key: Keys = None,
    as_json: AsJson = False,
) -> None:
    """Check a proof offline; with a seal, also that its root is the sealed one.

    Exits 0 when it holds, 1 when it is false, 3 when it could not be decided.
    """
    from domain.book.proof import read_proof

    with judging():
        found = read_proof(file.read_bytes())
        holds = found.holds()
        sealed = _is_sealed(found, seal, key) if seal is not None else None
    verdict = "fail" if not holds or sealed is False else "pass"
    not_checked = [] if sealed is not None else ["whether the root is that of a seal: give --seal"]
    not_checked.append("the content of the event: only its leaf is in the proof")
    text = f"{verdict}: the path {'leads' if holds else 'does not lead'} to root {found.root}"
    text += "" if sealed is None else f"\n  which is {'' if sealed else 'not '}that of the seal"
    text += "".join(f"\n  not checked: {words}" for words in not_checked)
    result = {"status": verdict, "path": holds, "sealed": sealed, "not_checked": not_checked}
    show(result, text, as_json=as_json)
    if verdict == "fail":
        raise typer.Exit(Exit.REFUSED)


def _is_sealed(
    found: "InclusionProof | ConsistencyProof", seal: Path, key: list[str] | None
) -> bool:
    from domain.book.refusal import Refusals
    from domain.book.seal import AnotherBook
    from services.audit.keys import read_seal

    keys = read_keys(key)
    if not keys:
        stop("--seal goes with --key", Exit.USAGE)
    said = read_seal(seal.read_text("utf-8"), keys).checkpoint
    if said.book_id != found.book_id:
        raise Refusals(AnotherBook(wanted=found.book_id, found=said.book_id))
    return (said.size, said.root.hex()) == (found.size, found.root)
