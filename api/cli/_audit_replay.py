"""`paraphe audit replay`: a bundle verified, replayed from zero, and every figure derived again."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli._console import AsJson, Company, Exit, Progressing, backend, show, stop
from api.cli._judging import Keys, judging, read_keys

if TYPE_CHECKING:
    from services.audit.replay import Replay, Request
    from services.audit.verify import Kept
    from services.backend import Backend

Language = Annotated[
    str, typer.Option("--language", "-l", help="Of the report: fr, nl or en.", metavar="LANGUAGE")
]


def replay(
    bundle: Annotated[
        Path | None, typer.Argument(help="The bundle; without one --company is exported first.")
    ] = None,
    *,
    company: Company = "",
    checks: Annotated[
        list[str] | None,
        typer.Option("--checks", help="basic, strict (default) or names, joined by commas."),
    ] = None,
    kept: Annotated[
        list[str] | None,
        typer.Option("--kept", metavar="SIZE:ROOT", help="A size and root (hex) kept outside."),
    ] = None,
    key: Keys = None,
    report: Annotated[
        list[Path] | None, typer.Option("--report", help="A .html, .pdf or .json file to write.")
    ] = None,
    language: Language = "fr",
    max_duration: Annotated[
        float | None, typer.Option("--max-duration", help="Seconds after which to stop.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Verify a bundle, replay it into registers, derive entries, VAT, numbers, closings again.

    With --company the database is compared too. Exits 0 when all agrees, 1 with findings, 3 when it
    could not be decided, 4 when it was stopped early.
    """
    _check_usage(bundle, company, report or [], language)
    with ExitStack() as stack, judging():
        opened = stack.enter_context(backend()) if company else None
        request = _request(checks or [], kept or [], key, opened, max_duration)
        path = bundle or stack.enter_context(_exported(opened, company))
        done = _run(path, request, as_json=as_json)
    files = [_written(done, output, language) for output in report or []]
    text = "\n".join([_in_words(done, language), *files])
    show(done.envelope(), text, as_json=as_json)
    code = {"pass": Exit.WELL, "fail": Exit.REFUSED, "incomplete": Exit.INCOMPLETE}
    raise typer.Exit(code.get(done.verdict, Exit.UNDECIDABLE))


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
    seconds: float | None,
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
        seconds=seconds,
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
