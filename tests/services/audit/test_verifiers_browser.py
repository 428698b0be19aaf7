"""The offline page in a real browser: it decides the same, in three languages, with no network."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.services.audit import bundles
from tests.services.audit.bundles import in_python, packed, small_bundle

pytestmark = pytest.mark.browser

PAGE = (bundles.CARRIED / "verify.html").as_uri()


@pytest.fixture
def page(chromium: str) -> Iterator[Page]:
    """The page, opened from the disk as an inspector opens it; any request or error fails."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        opened = browser.new_page(locale="en-GB")
        wrong: list[str] = []
        opened.on("console", lambda said: wrong.append(said.text))
        opened.on("pageerror", lambda error: wrong.append(str(error)))
        opened.on("request", lambda asked: wrong.append(asked.url) if asked.url != PAGE else None)
        opened.goto(PAGE)
        yield opened
        browser.close()
        assert wrong == []


def verdict(page: Page, bundle: Path) -> str:
    """What the page says of a bundle."""
    page.set_input_files("#file", bundle)
    page.click("#run")
    page.wait_for_selector("#result h2, #verdict.undecidable")
    return page.locator("#verdict").inner_text()


def test_a_sound_bundle(page: Page, tmp_path: Path) -> None:
    bundle = small_bundle(tmp_path / "book.zip", 1, 40, (30,))
    (said,) = in_python([bundle])
    assert verdict(page, bundle) == f"The book is sound: {said['size']} events, no finding."
    assert said["root"] in page.locator("#result").inner_text()
    page.click("button[lang=fr]")
    assert "Le livre est intact" in page.locator("#verdict").inner_text()
    page.click("button[lang=nl]")
    assert "Het boek is gaaf" in page.locator("#verdict").inner_text()
    assert page.locator("html").get_attribute("lang") == "nl"


def test_a_changed_event_is_named(page: Page, tmp_path: Path) -> None:
    bundle = small_bundle(tmp_path / "book.zip", 2, 40, (30,))
    members = bundles.members_of(bundle)
    lines = bundles.lines_of(members)
    lines[6]["body"] = lines[6]["body"].replace('"actor":"test"', '"actor":"<b>x"')
    forged = packed(tmp_path / "forged.zip", bundles.with_lines(members, lines))
    (said,) = in_python([forged])
    assert verdict(page, forged) == f"The book is not sound: {said['count']} findings."
    assert said["first"] == {"position": 7, "upto": None}
    assert "First finding: event 7" in page.locator("#result").inner_text()
    assert page.locator("#result tbody tr").count() == said["count"]


def test_a_key_and_a_root_kept_elsewhere_are_taken(page: Page, tmp_path: Path) -> None:
    bundle = small_bundle(tmp_path / "book.zip", 3, 30, (20,))
    (said,) = in_python([bundle])
    page.fill("#key", bundles.KEY.public.written())
    page.fill("#kept", f"{said['size']}:{said['root']}")
    assert "sound" in verdict(page, bundle)
    page.fill("#kept", f"{said['size']}:{'0' * 64}")
    page.set_input_files("#file", bundle)
    page.click("#run")
    page.wait_for_selector("#verdict.findings")
    page.fill("#key", "no key")
    page.click("#run")
    page.wait_for_selector("#verdict.undecidable")


def test_what_is_no_bundle_is_undecidable(page: Page, tmp_path: Path) -> None:
    (tmp_path / "no.zip").write_bytes(b"PK no")
    assert verdict(page, tmp_path / "no.zip").startswith("This cannot be decided")
