"""`paraphe audit inspection-pack`: what an inspector asks for of one fiscal year."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import typer

from api.cli._audit_replay import Language
from api.cli._console import AsJson, Company, Exit, backend, operator, show, stop
from api.cli._judging import judging

if TYPE_CHECKING:
    from services.audit.inspection import Pack
    from services.backend import Backend


def inspection_pack(
    exercise: Annotated[int, typer.Argument(help="The fiscal year, by the year it ends in.")],
    company: Company,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="An empty or new folder, or a .zip to write.")
    ],
    language: Language = "fr",
    as_json: AsJson = False,
) -> None:
    """Gather the book, its audit report, its lists and originals; say what is missing.

    Exits 1 when the replay of the book has findings: the pack is written all the same.
    """
    from services.audit.inspection import NothingInExercise, zip_pack
    from services.audit.report_words import LANGUAGES

    if language not in LANGUAGES:
        stop(f"--language is one of {', '.join(LANGUAGES)}", Exit.USAGE)
    if output.is_dir() and any(output.iterdir()):
        stop(f"{output} is not empty", Exit.USAGE)
    try:
        with backend() as opened, judging():
            if output.suffix != ".zip":
                pack = _gather(opened, company, exercise, output, language)
            else:
                with tempfile.TemporaryDirectory() as folder:
                    pack = _gather(opened, company, exercise, Path(folder), language)
                    zip_pack(Path(folder), output)
    except NothingInExercise as error:
        stop(str(error), Exit.USAGE)
    show(pack.written(), _in_words(pack, output, language), as_json=as_json)
    if pack.replay.verdict != "pass":
        raise typer.Exit(Exit.REFUSED if pack.replay.verdict == "fail" else Exit.UNDECIDABLE)


def _gather(opened: "Backend", company: str, exercise: int, folder: Path, language: str) -> "Pack":
    from services.audit.inspection import inspection_pack as gather
    from services.audit.replay import LiveBook
    from services.audit.seal_keys import SealKeys

    return gather(
        LiveBook(opened.store, opened.url),
        opened.shelf.find(company).book_id,
        exercise,
        folder,
        operator(f"inspection:{uuid4()}"),
        keys=SealKeys(opened.settings).public,
        language=language,
    )


def _in_words(pack: "Pack", output: Path, language: str) -> str:
    from services.audit.inspection_words import TITLES
    from services.audit.report import verdict

    words = TITLES[language]
    lines = [f"{output}: {words['title'].format(exercise=pack.exercise)}, {pack.company}"]
    lines.append(verdict(pack.replay, language))
    for item in pack.items:
        lacks = f" — {item.lacks[language]}" if item.lacks[language] else ""
        lines.append(f"  {words[item.state]:>12}  {item.words[language]}{lacks}")
    return "\n".join(lines)
