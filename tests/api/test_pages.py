"""The pages for people: useful without script, accessible, and nothing from elsewhere."""

import re
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi.testclient import TestClient
from pydantic import SecretStr

from api.app import create_app
from api.ids import book_id
from api.pages.docs import marked
from api.pages.rendering import amount
from api.server import config
from services.backend import Backend, open_backend
from services.settings import Settings
from tests.api import bodies
from tests.api.conftest import Caller, open_company

PAGES = ("/", "/?tab=purchases", "/docs", "/problems", "/problems/period_locked")


@pytest.fixture(scope="module")
def shown(database_url: str) -> Iterator[tuple[Backend, Caller]]:
    """A backend that shows one company to everybody, and a caller for it."""
    with (
        open_backend(Settings(database_url=SecretStr(database_url))) as backend,
        TestClient(create_app(backend)) as client,
    ):
        firm = backend.keyring.issue("firm")
        caller = open_company(client, firm, name="Atelier <b>Brun</b> & Fils")
        customer = caller.customer()
        invoice = caller.validated(customer)
        caller.made(f"/invoices/{invoice['id']}/credit_notes", {"reason": "Retour"})
        caller.validated(customer)
        caller.made("/bills", bodies.bill(caller.supplier()))
        caller.made("/books/synchronise", {"entries_until": "2026-10-31"})
        book = str(book_id(caller.company))
        backend.engine.run_to_head(book)
        backend.demo_company_id = book
        yield backend, caller


def test_without_a_demonstration_the_page_says_how_to_begin(client: TestClient) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert "How to begin" in page.text


def test_the_first_page_shows_four_registers(shown: tuple[Backend, Caller]) -> None:
    backend, caller = shown
    with TestClient(create_app(backend)) as client:
        text = client.get("/").text
        for heading in ("Unpaid", "Archives", "History of third parties", "VAT register"):
            assert heading in text
        assert "Atelier &lt;b&gt;Brun&lt;/b&gt; &amp; Fils" in text
        assert caller.company in text
        assert f"<dd>{caller.position()}</dd>" in text
        assert "31/10/2026" in text
        assert "none yet" in text  # no bank has been booked
        assert "FA-2026-00001" in text
        assert "−121,00" in text  # the credit note
        purchases = client.get("/?tab=purchases").text
        assert "F-2026-17" in purchases
        party = re.search(r"party=(ctc_\w+)", text)
        assert party is not None
        lines = client.get(f"/?party={party[1]}").text
        assert 'id="lines"' in lines
        assert client.get("/?tab=everything").status_code == 400
        assert client.get("/?color=red").status_code == 400


def test_no_page_asks_anything_of_strangers(shown: tuple[Backend, Caller]) -> None:
    backend, _ = shown
    with TestClient(create_app(backend)) as client:
        for path in PAGES:
            page = client.get(path)
            assert page.status_code == 200, path
            assert "default-src 'self'" in page.headers["content-security-policy"]
            assert page.headers["x-content-type-options"] == "nosniff"
            assert not re.findall(r"(?:src|href)=\"(?:https?:)?//", page.text), path
            assert "<script" not in page.text
            for link in set(re.findall(r"href=\"(/[^\"#]*)", page.text)):
                assert client.get(link.replace("&amp;", "&")).status_code == 200, link
        again = client.get(
            "/style.css", headers={"If-None-Match": client.get("/style.css").headers["etag"]}
        )
        assert again.status_code == 304


def test_amounts_are_written_as_people_read_them() -> None:
    assert amount(121000, "EUR") == "1\u202f210,00"
    assert amount(-5, "EUR") == "\u22120,05"
    assert amount(1234567, "JPY") == "1\u202f234\u202f567"
    assert amount(0, "EUR") == "0,00"


def test_a_description_cannot_smuggle_html() -> None:
    assert marked("`a<b>` **c&d** <script>") == (
        "<code>a&lt;b&gt;</code> <b>c&amp;d</b> &lt;script&gt;"
    )


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    """A real browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def address(shown: tuple[Backend, Caller]) -> Iterator[str]:
    """A real server in front of the shown company."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = uvicorn.Server(config(shown[0], "127.0.0.1", port))
    thread = threading.Thread(target=running.run)
    thread.start()
    while not running.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{port}"
    running.should_exit = True
    thread.join(timeout=30)


@pytest.mark.browser
@pytest.mark.parametrize("script", [True, False])
def test_a_reader_finds_his_way(address: str, browser: Any, script: bool, tmp_path: Path) -> None:
    context = browser.new_context(
        java_script_enabled=script, viewport={"width": 1200, "height": 800}
    )
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    page.get_by_role("link", name=re.compile("Purchases")).click()
    assert "tab=purchases" in page.url
    assert page.get_by_role("row", name=re.compile("F-2026-17")).count() >= 1
    page.get_by_role("link", name="Librairie Dupont").click()
    assert "party=ctc_" in page.url
    page.reload()
    assert page.get_by_role("heading", name="Librairie Dupont").is_visible()
    page.get_by_role("link", name="API documentation").first.click()
    page.locator("summary", has_text="/invoices/{invoice_id}/validate").click()
    assert page.get_by_text("invoices_validate").is_visible()
    assert said == []
    assert [url for url in asked if not url.startswith(address)] == []
    context.close()


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
def test_the_pages_are_accessible(address: str, browser: Any, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = browser.new_page(viewport={"width": width, "height": 800})
    for path in PAGES:
        page.goto(address + path)
        found = Axe().run(page)
        assert found.violations_count == 0, f"{path}: {found.generate_report()}"
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"{path} is {wide} pixels too wide"
    page.close()
