"""The inspection pack: what an inspector asks for of one fiscal year, as far as it exists.

A folder with the book itself, the report of its replay, the lists drawn from it and the originals;
its index says of each item whether it is there and what is missing.
"""

import csv
import hashlib
import json
import re
from collections.abc import Iterable
from io import StringIO
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from msgspec import Struct

from domain.book.note import PublicKey
from services.audit.bundle.contents import Manifest
from services.audit.bundle.writing import HERE, writing
from services.audit.export import Export, export_book
from services.audit.inspection_exports import write_exports
from services.audit.inspection_lists import HEADINGS, InspectionLists
from services.audit.inspection_rows import Row
from services.audit.inspection_words import TITLES, Item, items_of
from services.audit.replay import LiveBook, Replay, Request, replay_bundle
from services.audit.replay_walk import steps
from services.audit.report import TEMPLATES, verdict, write_report
from services.audit.report_words import LANGUAGES
from services.store.pen import Command
from services.technical import note_export

_PAGES = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_FORMULA = re.compile(r"\s*[=+\-@\t\r]")


class NothingInExercise(ValueError):
    """The book has no document in that fiscal year."""


class Pack(Struct, frozen=True, kw_only=True):
    """A pack that was made: its verdict and, by name, each item's state."""

    exercise: int
    company: str
    replay: Replay
    documents: int
    files: tuple[str, ...]
    items: tuple[Item, ...]

    def written(self) -> dict[str, Any]:
        """The pack as JSON."""
        return {
            "schema": "paraphe.inspection/1",
            "exercise": self.exercise,
            "company": self.company,
            "status": self.replay.verdict,
            "head": {"position": self.replay.size, "root": self.replay.root},
            "documents": self.documents,
            "items": [
                {"state": item.state, "files": item.files, "item": item.words, "lacks": item.lacks}
                for item in self.items
            ],
            "files": list(self.files),
        }


def inspection_pack(
    live: LiveBook,
    book_id: str,
    exercise: int,
    folder: Path,
    command: Command,
    *,
    keys: Iterable[PublicKey] = (),
    language: str = "fr",
) -> Pack:
    """Gathers a pack in an empty folder; raises NothingInExercise when there is nothing to show.

    The book notes by `command` what left of it, behind the last event that the pack is about.
    """
    folder.mkdir(parents=True, exist_ok=True)
    bundle = folder / "book.zip"
    manifest = export_book(live.store, book_id, bundle, keys=keys)
    lists = InspectionLists(exercise)
    with Export(bundle) as export:
        for step in steps(export):
            lists.take(step.fact)
    rows = lists.rows()
    documents = sum(len(rows[name]) for name in ("invoices", "credit_notes", "purchases"))
    if lists.company is None or not any(rows[name] for name in ("series", "payments")):
        raise NothingInExercise(f"the book has no document in {exercise}")
    _write_lists(folder / "lists", rows)
    _write_originals(live, book_id, folder / "originals", lists.originals)
    replay = _replay(live, folder, language)
    failed = _export(live, folder, exercise, manifest, command, is_sound=replay.verdict == "pass")
    pack = Pack(
        exercise=exercise,
        company=lists.company.name,
        replay=replay,
        documents=documents,
        files=tuple(_files(folder)),
        items=items_of(lists.company.country, failed),
    )
    _write_index(pack, folder, language)
    return pack


def _replay(live: LiveBook, folder: Path, language: str) -> Replay:
    """Replays the exported book and writes the report, beside what explains its format."""
    (folder / "FORMAT.md").write_bytes((HERE / "FORMAT.md").read_bytes())
    replay = replay_bundle(folder / "book.zip", Request(live=live))
    for kind in ("html", "json"):
        write_report(replay, folder / f"report.{kind}", language)
    return replay


def _export(
    live: LiveBook,
    folder: Path,
    exercise: int,
    manifest: Manifest,
    command: Command,
    *,
    is_sound: bool,
) -> dict[str, str]:
    """Writes what the administration reads and notes what left; gives why it could not."""
    bundle, exports = folder / "book.zip", folder / "exports"
    exported = Command(id=f"{command.id}:book", actor=command.actor)
    try:
        failed = write_exports(live, bundle, exercise, exports, command)
        note_export(live.store, manifest.book_id, bundle, manifest, exported)
    except Exception as error:
        # A broken book may refuse everything; the pack says so and is written all the same.
        if is_sound:
            raise
        return dict.fromkeys(LANGUAGES, str(error))
    return failed


def zip_pack(folder: Path, output: Path) -> None:
    """Puts a gathered pack into one ZIP."""
    with writing(output) as zipped:
        for name in _files(folder):
            zipped.add(name, (folder / name).read_bytes())


def cell(value: object) -> str:
    """A value as a cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    if _FORMULA.match(text) and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def _write_lists(folder: Path, rows: dict[str, list[Row]]) -> None:
    folder.mkdir(exist_ok=True)
    for name, heading in HEADINGS.items():
        text = StringIO()
        writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
        writer.writerow(heading)
        writer.writerows([cell(value) for value in row] for row in rows[name])
        (folder / f"{name}.csv").write_text(text.getvalue(), encoding="utf-8-sig", newline="")


def _write_originals(live: LiveBook, book_id: str, folder: Path, digests: Iterable[str]) -> None:
    """The originals of purchases, called by their digest and the ending of their first name."""
    folder.mkdir(exist_ok=True)
    for digest in sorted(digests):
        kept = live.store.file(book_id, digest)
        if kept is not None:
            ending = {"application/xml": ".xml", "application/pdf": ".pdf"}.get(kept.media_type, "")
            (folder / f"{digest}{ending}").write_bytes(kept.content)


def _write_index(pack: Pack, folder: Path, language: str) -> None:
    words, replay = TITLES[language], pack.replay
    page = _PAGES.get_template("inspection.html").render(
        language=language,
        words=words,
        title=words["title"].format(exercise=pack.exercise),
        intro=words["intro"].format(company=pack.company, size=replay.size, root=replay.root),
        verdict=verdict(replay, language),
        items=pack.items,
    )
    (folder / "index.html").write_text(page, encoding="utf-8")
    whole = json.dumps(pack.written(), indent=2, ensure_ascii=False)
    (folder / "index.json").write_text(whole, encoding="utf-8")
    sums = "".join(f"{_digest(folder / name)}  {name}\n" for name in _files(folder))
    (folder / "SHA256SUMS").write_text(sums, encoding="utf-8")


def _files(folder: Path) -> list[str]:
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return sorted(found)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
