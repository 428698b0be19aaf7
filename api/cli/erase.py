"""`paraphe erase`: erase personal data, and keep it erased after a restore."""

from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import typer

from api.cli._console import AsJson, Company, DryRun, Exit, backend, books, operator, show, stop
from api.cli._judging import judging

if TYPE_CHECKING:
    from services.backend import Backend
    from services.erasure import ErasureList

app = typer.Typer(help="Erase personal data: destroy its keys, in every copy of the book.")

Yes = Annotated[bool, typer.Option("--yes", help="Do it: there is no way back.")]


@app.command()
def contact(
    contact_id: Annotated[str, typer.Argument(help="The contact's id.")],
    company: Company,
    *,
    field: Annotated[
        list[str] | None, typer.Option(help="email, phone or bank_accounts; none: all.")
    ] = None,
    basis: Annotated[
        str, typer.Option(help="The legal basis, which stands in the book.")
    ] = "GDPR art. 17(1)",
    yes: Yes = False,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Destroy the keys of a contact's mail address and bank accounts, for ever.

    Refused, with the law and the day, while a document that must be kept needs them. What issued
    documents print (name, address) stays as long as the documents.
    """
    from msgspec import to_builtins

    from services.erasure import erase_contact

    if not yes and not dry_run:
        stop("this destroys the keys of personal data; add --yes", Exit.USAGE)
    with backend() as opened, judging(), books(opened, dry_run=dry_run) as store:
        written = erase_contact(
            store,
            opened.shelf.find(company).book_id,
            contact_id,
            operator(f"erase:{uuid4()}"),
            kept=None if dry_run else _list(opened),
            fields=field or (),
            basis=basis,
        )
    erased = written.answer
    text = f"event {written.position}: erased {', '.join(erased.fields)} of {contact_id}"
    show({"position": written.position, **to_builtins(erased)}, text, as_json=as_json)


@app.command()
def again(as_json: AsJson = False) -> None:
    """After a restore, before anybody is let in: destroy again every key that was erased."""
    from services.erasure import reapply_erasures

    with backend() as opened, judging():
        kept = _list(opened)
        found = {
            book.book_id: reapply_erasures(opened.store, book.book_id, kept)
            for book in opened.shelf.books()
        }
    lines = [f"{book}: {count} keys had come back" for book, count in found.items()]
    show(found, "\n".join(lines), as_json=as_json)


def _list(opened: "Backend") -> "ErasureList":
    from services.erasure import ErasureList
    from services.key_encryption import keys_folder

    return ErasureList(keys_folder(opened.settings) / "erased.list")
