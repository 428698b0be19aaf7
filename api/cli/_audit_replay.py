"""`paraphe audit replay`: a bundle verified, replayed from zero, and every figure derived again."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import typer

from api.cli._console import AsJson, Company, Exit, Progressing, backend, operator, say, show, stop
from api.cli._judging import Keys, judging, read_keys

if TYPE_CHECKING:
    from services.audit.replay import Replay, Request
    from services.audit.replay_walk import Window
    from services.audit.verify import Kept
    from services.backend import Backend

Language = Annotated[
    str, typer.Option("--language", "-l", help="Of the report: fr, nl or en.", metavar="LANGUAGE")
]


Checks = Annotated[
    list[str] | None,
    typer.Option("--checks", help="basic, strict (default) or names, joined by commas."),
]
KeptRoots = Annotated[
    list[str] | None,
    typer.Option("--kept", metavar="SIZE:ROOT", help="A size and root (hex) kept outside."),
]
Reports = Annotated[
    list[Path] | None, typer.Option("--report", help="A .html, .pdf or .json file to write.")
]
From = Annotated[
    int, typer.Option("--from", min=1, help="Judge events from here; those before are replayed.")
]
To = Annotated[int | None, typer.Option("--to", min=1, help="Replay events up to here.")]
AsOf = Annotated[
    datetime | None,
    typer.Option("--as-of", formats=["%Y-%m-%d"], help="Replay events recorded up to this day."),
]
MaxDuration = Annotated[
    float | None, typer.Option("--max-duration", help="Seconds after which to stop (exit 4).")
]
Resume = Annotated[
    bool, typer.Option("--resume", help="Go on where the same replay was stopped on this machine.")
]


def replay(
    bundle: Annotated[
        Path | None, typer.Argument(help="The bundle; without one --company is exported first.")
    ] = None,
    *,
    company: Company = "",
    checks: Checks = None,
    kept: KeptRoots = None,
    key: Keys = None,
    first: From = 1,
    upto: To = None,
    as_of: AsOf = None,
    report: Reports = None,
    language: Language = "fr",
    max_duration: MaxDuration = None,
    resume: Resume = False,
    as_json: AsJson = False,
) -> None:
    """Verify a bundle, replay it into registers, derive entries, VAT, numbers, closings again.

    With --company the database is compared too, and the book notes the audit. Exits 0 when all
    agrees, 1 with findings, 3 when it could not be decided, 4 when it was stopped early.
    """
    _check_usage(bundle, company, report or [], language)
    window = _window(first, upto, as_of)
    with ExitStack() as stack, judging():
        opened = stack.enter_context(backend()) if company else None
        request = _request(checks or [], kept or [], key, opened)
        request = _timed(request, window, max_duration, resume=resume)
        path = bundle or stack.enter_context(_exported(opened, company))
        done = _run(path, request, as_json=as_json)
        if opened is not None:
            _note(opened, done, language)
    files = [_written(done, output, language) for output in report or []]
    text = "\n".join([_in_words(done, language), *files])
    show(done.envelope(), text, as_json=as_json)
    code = {"pass": Exit.WELL, "fail": Exit.REFUSED, "incomplete": Exit.INCOMPLETE}
    raise typer.Exit(code.get(done.verdict, Exit.UNDECIDABLE))


def _window(first: int, upto: int | None, as_of: datetime | None) -> "Window":
    from services.audit.replay_walk import Window

    if upto is not None and first > upto:
        stop(f"--from {first} is behind --to {upto}", Exit.USAGE)
    return Window(first=first, upto=upto, as_of=as_of.date() if as_of is not None else None)


def _timed(
    request: "Request", window: "Window", seconds: float | None, *, resume: bool
) -> "Request":
    """The request with its window, and the place where it is left when it is stopped."""
    from msgspec.structs import replace

    from services.settings import Settings

    pauses = Settings().home.expanduser() / "audit"
    return replace(request, window=window, seconds=seconds, pauses=pauses, resume=resume)


def _note(opened: "Backend", done: "Replay", language: str) -> None:
    """Notes the audit in the book, with the digest of its report; one that refuses it stays so."""
    from services.audit.performed import note_audit
    from services.audit.report import report_digest

    digest = report_digest(done, language)
    try:
        note_audit(opened.store, done, digest, operator(f"audit:{uuid4()}"))
    except Exception as error:  # noqa: BLE001  a broken book may refuse everything
        say(f"book {done.book_id}: the audit could not be noted in it: {error}")


def _check_usage(bundle: Path | None, company: str, reports: list[Path], language: str) -> None:
    from services.audit.report import KINDS
    from services.audit.report_words import LANGUAGES

    if bundle is None and not company:
        stop("name a bundle, or a --company whose book is exported first", Exit.USAGE)
    if language not in LANGUAGES:
        stop(f"--language is one of {', '.join(LANGUAGES)}", Exit.USAGE)
    for output in reports:
        if output.suffix not in KINDS:
            stop(f"{output}: a report is {', '.join(KINDS)}", Exit.USAGE)


def _request(
    checks: list[str],
    kept: list[str],
    keys: list[str] | None,
    opened: "Backend | None",
) -> "Request":
    from services.audit.replay import LiveBook, Request, UnknownCheck, choose

    names = [name for word in checks for name in word.split(",") if name]
    try:
        chosen = choose(names)
    except UnknownCheck as error:
        stop(str(error), Exit.USAGE)
    live = LiveBook(opened.store, opened.url) if opened is not None else None
    return Request(
        checks=chosen,
        kept=tuple(read_anchor(word) for word in kept),
        keys=tuple(read_keys(keys)),
        live=live,
    )


def read_anchor(words: str) -> "Kept":
    """The size and root of SIZE:ROOT; ends the command when it is not that."""
    from services.audit.verify import Kept

    if not re.fullmatch(r"[1-9][0-9]{0,15}:[0-9a-fA-F]{64}", words):
        stop(f"--kept takes SIZE:ROOT with the root in hex, not {words!r}", Exit.USAGE)
    size, _, root = words.partition(":")
    return Kept(size=int(size), root=root.lower())


@contextmanager
def _exported(opened: "Backend | None", company: str) -> Iterator[Path]:
    """The company's book as a bundle that is gone afterwards."""
    from services.audit.export import export_book
    from services.audit.seal_keys import SealKeys

    assert opened is not None  # noqa: S101  --company was given
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "book.zip"
        book = opened.shelf.find(company).book_id
        export_book(opened.store, book, path, keys=SealKeys(opened.settings).public)
        yield path


def _run(path: Path, request: "Request", *, as_json: bool) -> "Replay":
    from services.audit.export import NotAnExport
    from services.audit.replay import replay_bundle
    from services.audit.replay_proof import Undecidable

    try:
        with Progressing("replaying", "events") as bar:
            return replay_bundle(path, request, progress=bar.reached)
    except (Undecidable, NotAnExport) as error:
        if as_json:
            said = {"schema": "paraphe.audit/1", "status": "error", "why": str(error)}
            show(said, "", as_json=True)
        stop(f"{path}: {error}", Exit.UNDECIDABLE)


def _written(done: "Replay", output: Path, language: str) -> str:
    import hashlib

    from services.audit.report import write_report

    try:
        write_report(done, output, language)
    except OSError as error:
        stop(f"{output} could not be written: {error}", Exit.UNDECIDABLE)
    digest = hashlib.sha256(output.read_bytes()).hexdigest()
    return f"{output}: SHA-256 {digest}"


def _in_words(done: "Replay", language: str) -> str:
    from services.audit.report import not_checked, verdict
    from services.audit.report_words import LABELS

    words = LABELS[language]
    lines = [verdict(done, language), f"  {done.bundle}: {done.company} {done.book_id}"]
    lines += [f"  root {done.root}"]
    for check in done.checks:
        found = f", {check.failed}" if check.failed else ""
        result = words[f"status_{check.status}"]
        lines.append(f"  {check.name}: {result} ({check.checked}{found})")
        for failure in check.failures:
            where = f"{failure.position}" + (f"–{failure.upto}" if failure.upto else "")
            named = f" {failure.document}" if failure.document else ""
            lines.append(f"    {where}{named}: {failure.detail}")
    lines.append(f"{words['not_checked']}:")
    return "\n".join([*lines, *(f"  {line}" for line in not_checked(done, language))])
