"""`paraphe seal`: seal books, show and print seals, hand them to witnesses, replace the key."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli._console import AsJson, Company, Exit, backend, say, show, stop
from api.cli._judging import Keys, judging, read_keys

if TYPE_CHECKING:
    from services.audit.seals import KeptSeal

app = typer.Typer(help="Seal books: signed words about how long they are and what is in them.")

Yes = Annotated[bool, typer.Option("--yes", help="I know what this says for ever.")]


@app.command()
def now(company: Company = "", as_json: AsJson = False) -> None:
    """Seal a company's book, or every book, as it stands; unchanged books keep their seal."""
    from services.audit.seal_keys import open_sealer
    from services.audit.seals import NothingToSeal

    made: list[KeptSeal] = []
    with backend() as opened, judging():
        sealer = open_sealer(opened.store, opened.settings)
        books = [opened.shelf.find(company)] if company else opened.shelf.books()
        for book in books:
            try:
                made.append(sealer.seal(book.book_id))
            except NothingToSeal:
                say(f"{book.name} has no event yet")
    show(
        [_shown(seal) for seal in made], "\n".join(seal.note for seal in made)[:-1], as_json=as_json
    )


@app.command("list")
def list_seals(company: Company, as_json: AsJson = False) -> None:
    """List the seals of a book: number, when, size, code, witnesses."""
    from domain.book.seal_code import code_of
    from services.audit.seals import cosigned, seals

    with backend() as opened:
        found = seals(opened.store, opened.shelf.find(company).book_id)
        notes = [cosigned(opened.store, seal) for seal in found]
    lines = [
        f"{seal.nth:>6}  {seal.sealed_at:%Y-%m-%d %H:%M:%S}  {seal.size:>9}  "
        f"{code_of(seal.checkpoint)}  {note.count('— ') - 1} witnesses"
        for seal, note in zip(found, notes, strict=True)
    ]
    show([_shown(seal) for seal in found], "\n".join(lines), as_json=as_json)


@app.command()
def key() -> None:
    """Print the public keys that seal here, the newest last: give them to whoever checks."""
    from services.audit.seal_keys import SealKeys
    from services.settings import Settings

    with judging():
        for one in SealKeys(Settings()).public:
            typer.echo(one.written())


@app.command("print")
def print_stamp(
    company: Company,
    svg: Annotated[Path | None, typer.Option("--svg", help="Write the QR code here.")] = None,
) -> None:
    """Print what a document carries: codes of the newest seal and of the one before."""
    from services.audit.seal_picture import qr_svg
    from services.audit.seals import stamp

    with backend() as opened:
        found = stamp(opened.store, opened.shelf.find(company).book_id)
    if found is None:
        stop("this book has no seal yet: `paraphe seal now`", Exit.UNDECIDABLE)
    if svg is not None:
        svg.write_text(qr_svg(found), "utf-8")
    typer.echo("\n".join(found.words()))


@app.command()
def submission(
    company: Company,
    since: Annotated[
        int, typer.Option("--since", help="The size that the witness saw last; 0 the first time.")
    ] = 0,
) -> None:
    """Print the newest seal with its proof, as `paraphe witness check` takes it."""
    from domain.book.witnessing import Submission
    from services.audit.proofs import consistency
    from services.audit.seals import last_seal

    with backend() as opened, judging():
        book_id = opened.shelf.find(company).book_id
        seal = last_seal(opened.store, book_id)
        if seal is None:
            stop("this book has no seal yet: `paraphe seal now`", Exit.UNDECIDABLE)
        path: tuple[str, ...] = ()
        if since:
            path = consistency(opened.store, book_id, since, seal.size).path
    steps = tuple(bytes.fromhex(step) for step in path)
    typer.echo(Submission(old=since, path=steps, note=seal.note).written(), nl=False)


@app.command("keep")
def keep_cosigned(
    file: Annotated[Path, typer.Argument(help="A seal as the witness gave it back.")],
    company: Company,
    key: Keys = None,
) -> None:
    """Keep the signature of a witness (its --key) with the seal that it signed."""
    from services.audit.keys import read_signed
    from services.audit.seals import keep_cosignatures, seals

    with backend() as opened, judging():
        note = read_signed(file.read_text("utf-8"))
        book_id = opened.shelf.find(company).book_id
        found = [seal for seal in seals(opened.store, book_id) if seal.note.startswith(note.text)]
        if not found:
            stop("this book has no such seal", Exit.UNDECIDABLE)
        for one in read_keys(key):
            keep_cosignatures(opened.store, found[-1], note, one)
            say(f"seal {found[-1].nth}: kept the signature of {one.name}")


@app.command()
def timestamp(
    company: Company,
    roots: Annotated[Path, typer.Option("--roots", help="PEM file: whom to trust for time.")],
    authority: Annotated[
        str, typer.Option("--authority", help="Its address; default PARAPHE_TIMESTAMP_URL.")
    ] = "",
) -> None:
    """Have the newest seal dated by an outside authority (RFC 3161) and keep its token."""
    from cryptography.x509 import load_pem_x509_certificates

    from services.audit import timestamps
    from services.audit.seals import last_seal

    with backend() as opened, judging():
        url = authority or opened.settings.timestamp_url or ""
        seal = last_seal(opened.store, opened.shelf.find(company).book_id)
        if seal is None or not url:
            stop("needs a seal (`paraphe seal now`) and an authority", Exit.USAGE)
        try:
            request = timestamps.make_request(seal.note)
            token = timestamps.ask(url, request)
            trusted = load_pem_x509_certificates(roots.read_bytes())
        except (timestamps.AuthorityUnreachable, ValueError) as error:
            stop(str(error), Exit.UNDECIDABLE)
        stamped = timestamps.check(token, seal.note, trusted, request=request)
        timestamps.keep(opened.store, seal, token, stamped)
    typer.echo(f"seal {seal.nth} of {seal.size} events was there at {stamped.at.isoformat()}")


@app.command()
def recovered(company: Company, yes: Yes = False) -> None:
    """After a disaster: seal a book that lost what was sealed, and say so in the seal for ever."""
    from services.audit.seal_keys import open_sealer

    if not yes:
        stop("this declares for ever that sealed events were lost; add --yes", Exit.USAGE)
    with backend() as opened, judging():
        book = opened.shelf.find(company)
        seal = open_sealer(opened.store, opened.settings).declare_break(book.book_id)
    typer.echo(seal.note, nl=False)


@app.command()
def rotate(yes: Yes = False) -> None:
    """Replace the sealing key: an event in each book, signed by both keys. Safe to run again."""
    from services.audit.seal_keys import SealKeys
    from services.audit.seal_rotation import replace_key

    if not yes:
        stop("this replaces the sealing key of every book; add --yes", Exit.USAGE)
    with backend() as opened, judging():
        keys = SealKeys(opened.settings)
        old, new = keys.current, keys.next
        for book in opened.shelf.books():
            position = replace_key(opened.store, book.book_id, old, new, "operator")
            say(f"{book.name}: event {position}")
        typer.echo(keys.promote().written())


@app.command()
def statement(company: Company) -> None:
    """Print how the sealing key was replaced last: a witness takes it with `witness replaced`."""
    from domain.book.rotation import KEYS_TAG, SealKeyReplaced

    with backend() as opened:
        found = opened.store.past(opened.shelf.find(company).book_id).last(KEYS_TAG)
    if found is None or not isinstance(found.event, SealKeyReplaced):
        stop("the sealing key of this book was never replaced", Exit.UNDECIDABLE)
    typer.echo(found.event.statement, nl=False)


@app.command()
def series(
    company: Company,
    series: Annotated[str, typer.Option("--series", help="Its name, as the events carry it.")],
) -> None:
    """Print the signed manifest of a number series: first to last, none missing."""
    from msgspec import to_builtins

    from services.audit.seal_keys import open_sealer
    from services.audit.series import sign_series

    with backend() as opened, judging():
        book_id = opened.shelf.find(company).book_id
        manifest = sign_series(open_sealer(opened.store, opened.settings), book_id, series)
    typer.echo(json.dumps(to_builtins(manifest), indent=1, ensure_ascii=False))


@app.command("check-series")
def check_series(
    file: Annotated[Path, typer.Argument(help="A manifest, as `seal series` prints it.")],
    key: Keys = None,
) -> None:
    """Check the manifest of a series offline: signature, every number, their order."""
    from msgspec import DecodeError

    from services.audit.series import check_manifest, read_manifest

    with judging():
        try:
            manifest = read_manifest(file.read_bytes())
        except (DecodeError, UnicodeDecodeError) as error:
            stop(f"no manifest: {error}", Exit.UNDECIDABLE)
        signer = check_manifest(manifest, read_keys(key))
    days = manifest.note.split("\n")[3]
    typer.echo(f"{manifest.series}: 1 to {len(manifest.members)}, {days}, signed by {signer.name}")


def _shown(seal: "KeptSeal") -> dict[str, object]:
    from domain.book.seal_code import code_of

    return {
        "book_id": seal.book_id,
        "nth": seal.nth,
        "size": seal.size,
        "root": seal.root.hex(),
        "code": code_of(seal.checkpoint),
        "sealed_at": seal.sealed_at.isoformat(),
        "note": seal.note,
    }
