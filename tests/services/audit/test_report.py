"""The report: the same facts as a page, on paper and as data, in three languages."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from services.audit.replay import STRICT, Replay
from services.audit.replay_check import Failure, Outcome
from services.audit.report import UnknownKind, command, render_html, verdict, write_report
from services.audit.report_checks import CHECKS
from services.audit.report_words import LABELS, LANGUAGES, NOT_CHECKED

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SOUND = Replay(
    verdict="pass",
    book_id="00000000-0000-4000-8000-000000000001",
    company="Essai <b> & Fils",
    size=1234,
    judged_from=1,
    judged_to=1234,
    root="ab" * 32,
    chain="cd" * 32,
    bundle="book of march.zip",
    digest="ef" * 32,
    checks=tuple(Outcome(name=name, status="pass", checked=7) for name in STRICT),
    not_checked=(("entered", ""), ("tail", ""), ("projections-agree", "not asked for")),
    keys=("paraphe+12345678+AAAA",),
    options=("--checks", "strict"),
    started=NOON,
    ended=NOON,
)
FAILED = replace(
    SOUND,
    verdict="fail",
    checks=(
        Outcome(
            name="vat-recomputes",
            status="fail",
            checked=9,
            failed=2,
            failures=(
                Failure(position=42, document="FA-2026-00007", detail="tax is 1, computed is 2"),
                Failure(position=50, document="FA-2026-00009", detail="<script>"),
            ),
        ),
    ),
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_the_verdict_each_check_and_what_was_not_checked(language: str) -> None:
    page = render_html(SOUND, language)
    assert verdict(SOUND, language).replace("'", "&#39;") in page
    for name in STRICT:
        title, about = (text.replace("'", "&#39;") for text in CHECKS[name][language])
        assert title in page
        assert about in page
    assert NOT_CHECKED["tail"][language].replace("'", "&#39;") in page
    assert all(value in page for value in (SOUND.root, SOUND.chain, SOUND.digest, SOUND.book_id))
    assert f'<html lang="{language}">' in page
    assert "paraphe audit replay &#39;book of march.zip&#39;" in page


def test_the_page_fetches_nothing_and_escapes_everything() -> None:
    page = render_html(FAILED, "en")
    assert "Essai &lt;b&gt; &amp; Fils" in page
    assert "&lt;script&gt;" in page
    assert not re.search(r"<script|src=|href=|url\(|https?:", page)
    assert "event 42" in verdict(FAILED, "en")
    assert "FA-2026-00007" in page


def test_every_language_has_the_same_words() -> None:
    assert {frozenset(words) for words in LABELS.values()} == {frozenset(LABELS["en"])}
    for words in (*CHECKS.values(), *NOT_CHECKED.values()):
        assert set(words) == set(LANGUAGES)


def test_a_report_is_written_as_its_name_says(tmp_path: Path) -> None:
    write_report(SOUND, tmp_path / "report.html", "fr")
    write_report(SOUND, tmp_path / "report.json", "nl")
    said = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert (said["schema"], said["status"], said["language"]) == ("paraphe.audit/1", "pass", "nl")
    assert said["repeat"] == command(SOUND)
    assert [check["name"] for check in said["checks"]] == list(STRICT)
    with pytest.raises(UnknownKind):
        write_report(SOUND, tmp_path / "report.txt", "fr")


@pytest.mark.usefixtures("pdf_libraries")
def test_the_same_report_on_paper(tmp_path: Path) -> None:
    for language in LANGUAGES:
        write_report(SOUND, tmp_path / f"{language}.pdf", language)
        content = (tmp_path / f"{language}.pdf").read_bytes()
        assert content.startswith(b"%PDF-")
        assert len(content) > 5_000
