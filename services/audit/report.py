"""The audit report for people: one self-contained page, or a PDF of it, in three languages."""

import hashlib
import json
import shlex
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from services.audit.replay import Replay, code_digest
from services.audit.replay_check import Failure, Outcome
from services.audit.report_checks import CHECKS
from services.audit.report_words import LABELS, NOT_CHECKED, WHY
from services.store.mapper import SOFTWARE

TEMPLATES = Path(__file__).parent / "templates"
KINDS = (".html", ".pdf", ".json")
_PAGES = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=False,
)


class UnknownKind(ValueError):
    """A report is written as .html, .pdf or .json."""


class CheckInWords(NamedTuple):
    """A check that was made, as the report lists it."""

    name: str
    title: str
    about: str
    result: str
    checked: int
    failed: int


def write_report(replay: Replay, output: Path, language: str) -> None:
    """Writes a report of the kind its name says; raises UnknownKind."""
    match output.suffix:
        case ".html":
            output.write_text(render_html(replay, language), encoding="utf-8")
        case ".pdf":
            output.write_bytes(render_pdf(replay, language))
        case ".json":
            output.write_text(render_json(replay, language), encoding="utf-8")
        case other:
            raise UnknownKind(f"a report is {', '.join(KINDS)}, not {other or output.name}")


def render_json(replay: Replay, language: str) -> str:
    """The replay as one JSON document, with the verdict and what was not checked in words."""
    words = {"verdict": verdict(replay, language), "not_checked": not_checked(replay, language)}
    whole = replay.envelope() | {"language": language, "words": words, "repeat": command(replay)}
    return json.dumps(whole, indent=2, ensure_ascii=False)


def report_digest(replay: Replay, language: str) -> str:
    """SHA-256 (hex) of the report as JSON: what the book notes of an audit."""
    return hashlib.sha256(render_json(replay, language).encode()).hexdigest()


def render_html(replay: Replay, language: str) -> str:
    """The report as one page that fetches nothing."""
    words = LABELS[language]
    failures = [
        (CHECKS[check.name][language][0], failure)
        for check in replay.checks
        for failure in check.failures
    ]
    return _PAGES.get_template("report.html").render(
        language=language,
        words=words,
        replay=replay,
        verdict=verdict(replay, language),
        scope=_scope(replay, words),
        made=[_in_words(check, language) for check in replay.checks if check.status != "skipped"],
        failures=failures,
        more=sum(check.failed for check in replay.checks) - len(failures),
        not_checked=not_checked(replay, language),
        command=command(replay),
        bundle=shlex.quote(replay.bundle),
    )


def render_pdf(replay: Replay, language: str) -> bytes:
    """The same page on paper; only what is written into it is loaded."""
    # Imported here: its system libraries are not on every machine that verifies books.
    from weasyprint import HTML  # noqa: PLC0415
    from weasyprint.urls import URLFetcher  # noqa: PLC0415

    fetcher = URLFetcher(allowed_protocols=["data"], allow_redirects=False)
    page = HTML(string=render_html(replay, language), url_fetcher=fetcher)
    written: bytes = page.write_pdf()
    return written


def verdict(replay: Replay, language: str) -> str:
    """The outcome in one or two sentences."""
    words = LABELS[language]
    made = [check for check in replay.checks if check.status != "skipped"]
    first = replay.first
    at = words["first_whole"]
    if first is not None and first.position:
        at = words["first_at"].format(position=_place(first))
    return words[replay.verdict].format(
        size=replay.size,
        made=len(made),
        failed=sum(check.status == "fail" for check in made),
        first=at,
    )


def not_checked(replay: Replay, language: str) -> list[str]:
    """What was not checked, a sentence each, with why."""
    lines = []
    for code, why in replay.not_checked:
        if code in NOT_CHECKED:
            lines.append(NOT_CHECKED[code][language].format(why=why))
        else:
            reason = WHY.get(why, {}).get(language, why)
            lines.append(f"{CHECKS[code][language][0]} ({code}): {reason}")
    return lines


def command(replay: Replay) -> str:
    """How to run the same replay again."""
    return shlex.join(["paraphe", "audit", "replay", replay.bundle, *replay.options])


def _place(failure: Failure) -> str:
    return str(failure.position) + (f"–{failure.upto}" if failure.upto else "")


def _scope(replay: Replay, words: dict[str, str]) -> list[tuple[str, Any]]:
    return [
        (words["company"], replay.company),
        (words["book"], replay.book_id),
        (words["bundle"], replay.bundle),
        (words["digest"], replay.digest),
        (words["events"], replay.size),
        (words["chain"], replay.chain),
        (words["root"], replay.root),
        (words["keys"], " ".join(replay.keys) or "–"),
        (words["software"], SOFTWARE),
        (words["code"], code_digest()),
        (words["made_on"], f"{replay.started:%Y-%m-%d %H:%M:%S} UTC"),
        (words["to"], f"{replay.ended:%Y-%m-%d %H:%M:%S} UTC"),
    ]


def _in_words(check: Outcome, language: str) -> CheckInWords:
    title, about = CHECKS[check.name][language]
    result = LABELS[language][f"status_{check.status}"]
    return CheckInWords(check.name, title, about, result, check.checked, check.failed)
