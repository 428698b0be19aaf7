"""What others write must not become markup, be fetched, or stop the press."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from msgspec.structs import replace

from domain.parties.company import Address
from domain.sales.document import PrintedParty
from domain.sales.template import NewTemplate
from services.printing.composing import compose
from services.printing.press import Press, PressFailed, to_pdf
from services.printing.rendering import render_html
from tests.services.printing.documents import (
    MEUNIER,
    line,
    paper,
    services_invoice,
)

Read = Callable[[bytes], str]
SMUGGLED = (
    "<script>alert(1)</script>",
    '<img src="http://{host}/a.png">',
    '"><link rel=stylesheet href=http://{host}/b.css>',
    "</style><style>@import url(http://{host}/c.css)</style>",
    "url(http://{host}/d)",
    "<iframe src=file:///etc/passwd></iframe>",
    "{{ 7 * 7 }}{% raw %}",
    "&lt;b&gt;&#x202e;",
)

SMALL = "<html lang=fr><title>x</title><p>x"
SMUGGLING_SVG = (
    "<svg xmlns=%22http://www.w3.org/2000/svg%22 xmlns:xlink=%22http://www.w3.org/1999/xlink%22>"
    "<image xlink:href=%22http://{host}/x%22/></svg>"
)


@pytest.fixture
def asked() -> Iterator[tuple[str, list[str]]]:
    """A server on this machine, and the paths that anybody asked it for."""
    paths: list[str] = []

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            paths.append(self.path)
            self.send_error(404)

        def log_message(self, *_: Any) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_port}", paths
    server.shutdown()
    server.server_close()


def page(paper: Any, **look: Any) -> str:
    return render_html(compose(paper, MEUNIER, NewTemplate(name="x", **look)))


@pytest.mark.feature("M69")
def test_nothing_that_others_write_is_markup_or_fetched(
    press: Press, read: Read, asked: tuple[str, list[str]]
) -> None:
    """Goal: hostile words in every field are printed as words. Method: a listening server."""
    host, paths = asked
    words = [each.replace("{host}", host) for each in SMUGGLED]
    everywhere = " ".join(words)
    hostile = paper(
        MEUNIER,
        PrintedParty(
            name=everywhere, address=Address(street=everywhere, city=everywhere, country="BE")
        ),
        tuple(line(each, "1", "10", "21", unit=each[:20]) for each in words),
        note=everywhere,
        buyer_reference=everywhere,
        mentions=(everywhere,),
    )
    html = page(hostile, introduction=everywhere, footer=everywhere, closing=everywhere)
    for opening in ("<script", "<iframe", "<link", '<img src="http', "<style>@import"):
        assert opening not in html, opening
    text = read(press.print(html))
    assert "{{ 7 * 7 }}" in text
    assert "alert(1)" in text
    assert paths == []


@pytest.mark.parametrize(
    "markup",
    [
        '<img src="http://{host}/x.png">',
        '<link rel="stylesheet" href="http://{host}/x.css">',
        "<style>@import url(http://{host}/x.css); p {{ background: url(http://{host}/y) }}</style>",
        '<object data="http://{host}/x"></object>',
        '<img src="file:///etc/hostname">',
        '<a rel="attachment" href="file:///etc/passwd">x</a>',
        f'<img src="data:image/svg+xml,{SMUGGLING_SVG}">',
    ],
)
def test_the_press_loads_nothing_even_when_markup_gets_through(
    pdf_libraries: None, asked: tuple[str, list[str]], markup: str
) -> None:
    """The second wall: only data: is loaded, whatever the page says."""
    host, paths = asked
    html = f"<html lang=fr><title>x</title><p>still printed</p>{markup.replace('{host}', host)}"
    pdf = to_pdf(html)
    assert pdf.startswith(b"%PDF")
    assert paths == []
    assert b"root:x:0" not in pdf


def test_long_words_emoji_and_other_scripts_are_printed(press: Press) -> None:
    odd = services_invoice(
        lines=(
            line("Donaudampfschifffahrtselektrizitätenhauptbetriebswerk" * 3, "1", "1", "21"),
            line("Tarte 🥧 aux 🍓, ensemble 👩‍👩‍👧", "1", "1", "21"),
            line("שלום עולם مرحبا 你好 Ωμέγα Кириллица", "1", "1", "21"),
            line("a" * 2000, "1", "1", "21"),
        )
    )
    assert press.print(page(odd)).startswith(b"%PDF")


def test_a_thousand_lines_are_printed(press: Press, read: Read) -> None:
    lines = tuple(line(f"Article n° {number}", "1", "1", "21") for number in range(1000))
    text = read(press.print(page(services_invoice(lines=lines))))
    assert all(f"Article n° {number}" in text for number in (0, 500, 999))


def test_a_page_that_takes_too_long_costs_the_press_only(pdf_libraries: None) -> None:
    """The next page is printed by a new press."""
    impatient = Press(seconds=0.01)
    with pytest.raises(PressFailed):
        impatient.print(page(services_invoice()))
    patient = Press()
    assert patient.print(SMALL).startswith(b"%PDF")
    patient.close()
    impatient.close()


def test_a_press_that_was_killed_is_begun_again(press: Press) -> None:
    assert press.print(SMALL).startswith(b"%PDF")
    assert press._process is not None
    press._process.kill()
    press._process.wait()
    assert press.print(SMALL).startswith(b"%PDF")


def test_negative_totals_and_no_lines_are_printed(press: Press) -> None:
    assert press.print(page(replace(services_invoice(), lines=()))).startswith(b"%PDF")
