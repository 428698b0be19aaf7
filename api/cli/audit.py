"""`paraphe audit`: check a book, or an exported one, without trusting what was computed before."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import typer

from api.cli._audit_explain import explain
from api.cli._audit_inspection import inspection_pack
from api.cli._audit_replay import read_anchor, replay
from api.cli._audit_since import verify_newest
from api.cli._console import AsJson, Company, Exit, backend, operator, say, show, stop
from api.cli._journal import journal, note_findings
from api.cli._judging import Keys, judging, read_keys, read_notes
from api.cli._proofs import check_proof, proof

if TYPE_CHECKING:
    from services.audit.findings import Report
    from services.audit.seal_rotation import KeyRing
    from services.audit.verify import Kept
    from services.backend import Backend

app = typer.Typer(help="Verify a book, and export it for somebody else to verify.")

KeptRoots = Annotated[
    list[str] | None,
    typer.Option("--kept", metavar="SIZE:ROOT", help="A size and root (hex) kept outside."),
]


@app.command()
def verify(
    file: Annotated[
        Path | None, typer.Argument(help="An exported book; without one the database is read.")
    ] = None,
    company: Company = "",
    kept: KeptRoots = None,
    seal: Annotated[
        list[Path] | None, typer.Option("--seal", help="A seal kept outside; needs --key.")
    ] = None,
    key: Keys = None,
    *,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="SIZE:ROOT", help="Read only what came after; see below."),
    ] = None,
    since_seal: Annotated[
        bool, typer.Option("--since-seal", help="The same, after the newest seal of each book.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Recompute leaves, chain and tree from the stored bytes and compare everything with them.

    With --since or --since-seal the events before are not read again: only their stored hashes
    must still give that root. The result says so. Exits 0 when sound, 1 with findings, 3 when it
    could not be decided.
    """
    outside = Outside([read_anchor(words) for words in kept or ()], seal, key)
    if since or since_seal:
        if file or (since and not company) or (since and since_seal):
            stop("--since goes with one --company, --since-seal with the database", Exit.USAGE)
        reports = verify_newest(company, outside, read_anchor(since) if since else None)
    else:
        reports = [_verify_file(file, outside)] if file else _verify_books(company, outside)
    text = "\n".join(_in_words(report) for report in reports)
    envelopes = [report.envelope() for report in reports]
    show(envelopes[0] if len(envelopes) == 1 else envelopes, text, as_json=as_json)
    if any(report.findings for report in reports):
        raise typer.Exit(Exit.REFUSED)


app.command("proof")(proof)
app.command("check-proof")(check_proof)
app.command("journal")(journal)
app.command("replay")(replay)
app.command("explain")(explain)
app.command("inspection-pack")(inspection_pack)


@app.command()
def export(
    output: Annotated[Path, typer.Option("--output", "-o", help="The ZIP to write.")],
    company: Company,
    upto: Annotated[
        int | None, typer.Option("--upto", min=0, help="The last position that is written.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Write a book to one file: records, originals, seals, and two verifiers to check them with.

    The book says afterwards that it left; the same --upto gives the same file.
    """
    from msgspec import to_builtins

    from services.audit.export import NotThatLong, export_book
    from services.audit.seal_keys import SealKeys
    from services.technical import note_export

    with backend() as opened, judging():
        book = opened.shelf.find(company).book_id
        keys = SealKeys(opened.settings).public
        try:
            manifest = export_book(opened.store, book, output, upto=upto, keys=keys)
        except NotThatLong as error:
            stop(str(error), Exit.USAGE)
        note_export(opened.store, book, output, manifest, operator(f"export:{uuid4()}"))
    text = f"{output}: {manifest.size} events, root {manifest.root}"
    show(to_builtins(manifest), text, as_json=as_json)


class Outside:
    """What was kept outside of a book: sizes with roots, and seals with the keys to trust."""

    def __init__(self, roots: "list[Kept]", seals: list[Path] | None, keys: list[str] | None):
        if seals and not keys:
            stop("--seal goes with --key: `paraphe seal key` prints it", Exit.USAGE)
        with judging():
            self._roots, self._notes = roots, read_notes(seals)
            self.keys = read_keys(keys)

    def __bool__(self) -> bool:
        return bool(self._roots or self._notes)

    def about(self, ring: "KeyRing") -> "tuple[Kept, ...]":
        """The anchors of one book; ends the command at a seal that is none."""
        from services.audit.anchors import anchors

        with judging():
            return (*self._roots, *anchors(ring, self._notes))


def _verify_file(file: Path, outside: Outside) -> "Report":
    from services.audit.anchors import ring_of_export
    from services.audit.export import Export, NotAnExport

    try:
        with Export(file) as export, judging():
            return export.verify(outside.about(ring_of_export(export, outside.keys)))
    except NotAnExport as error:
        stop(str(error), Exit.UNDECIDABLE)


def _verify_books(company: str, outside: Outside) -> "list[Report]":
    from services.audit.seal_rotation import KeyRing, ring_of
    from services.audit.verify import verify_book
    from services.erasure import check_personal_data

    with backend() as opened, judging():
        books = [opened.shelf.find(company)] if company else opened.shelf.books()
        if outside and len(books) != 1:
            stop("--kept and --seal go with one --company", Exit.USAGE)
        if not books:
            say("there is no book yet")
        store, keys = opened.store, outside.keys
        rings = [
            ring_of(store, book.book_id, keys) if keys else KeyRing(book.book_id, [])
            for book in books
        ]
        reports = [
            check_personal_data(store, ring.book_id).within(
                verify_book(store, ring.book_id, outside.about(ring))
            )
            for ring in rings
        ]
        note_findings(store, reports)
        return reports if company else [*reports, *_missing(opened)]


def _missing(opened: "Backend") -> "list[Report]":
    """Books that the signer remembers and that are on the shelf no more."""
    from services.audit.replay_shelf import missing_books
    from services.audit.seal_keys import SealKeys

    there = {book.book_id for book in opened.shelf.books()}
    return missing_books(SealKeys(opened.settings).folder / "signed", there)


def _in_words(report: "Report") -> str:
    verdict = "sound" if not report.findings else f"{len(report.findings)} findings"
    lines = [f"book {report.book_id}: {verdict}", f"  {report.size} events, root {report.root}"]
    if report.since:
        lines += [f"  read again: {report.since + 1}–{report.size} only"]
    lines += [f"  checked: {', '.join(report.checked)}"]
    lines += [f"  not checked: {'; '.join(report.not_checked)}"] if report.not_checked else []
    lines += [f"  erased: {report.erased} personal fields"] if report.erased else []
    for found in report.findings:
        where = f"{found.position}" + (f"–{found.upto}" if found.upto else "")
        lines.append(f"  event {where}: {found.check}: {found.detail}")
    return "\n".join(lines)
