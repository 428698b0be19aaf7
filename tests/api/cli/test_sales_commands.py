"""Sales, typed by a person: from a quote to its credit note, orders, deliveries, templates."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from api.cli import quote
from api.cli._documents import named
from domain.parties.contact import ContactDetails
from services import directory
from services.backend import open_backend
from services.settings import Settings
from services.store.pen import Command
from tests.api.cli.test_list_command import Typist, terminal
from tests.domain.steps import CUSTOMER, NAMUR
from tests.services.printing.test_originals import picture

__all__ = ["terminal"]
pytestmark = pytest.mark.usefixtures("pdf_libraries")

SEAT = ("--street", "1, rue Neuve", "--postal-code", "1000", "--city", "Bruxelles")
NUMBERS = ("--registration", "0202239951", "--vat-number", "BE0202239951")
OPEN = ("company", "open", "Essai SRL", "--country", "BE", *NUMBERS, *SEAT, "--legal-form", "SRL")
WHO = ("-c", "Essai SRL")
LINE = {"description": "Conseil", "unit_price": "100", "vat_rate": "21"}


def customer(book: str) -> str:
    """A Belgian business in the book."""
    details = ContactDetails(
        name="Brasserie", roles=CUSTOMER.roles, address=NAMUR, vat_number="BE0403170701"
    )
    with open_backend(Settings()) as opened:
        command = Command(id="meet", actor="test")
        return directory.create_contact(opened.store, book, details, command).answer.contact_id


def test_sales_from_end_to_end(terminal: Typist, tmp_path: Path) -> None:
    """Goal: every command of sales works by number, in JSON and dry.

    Method: one story, for each command pays for a connection; what it must say is asserted as the
    story goes.
    """
    book = terminal.json(*OPEN, "--profile", "registry=RPM Bruxelles")["company_id"]
    body = tmp_path / "body.json"
    body.write_text(json.dumps({"customer_id": customer(book), "lines": [LINE, LINE]}))

    def run(*words: str) -> Any:
        return terminal.json(*words, *WHO)

    refused = terminal.run("quote", "draft", str(body), *WHO, "-s", "template=tpl_x", code=1)
    assert refused == ""
    dry = run("quote", "draft", str(body), "--dry-run")
    made = run("quote", "draft", str(body), "-s", 'deposit:={"percent": "50"}')
    assert (dry["number"], dry["position"]) == (made["number"], made["position"])
    number = made["number"]
    assert run("quote", "probability", number, "60")["probability"] == 60
    assert run("quote", "send", number)["status"] == "sent"
    assert run("quote", "refuse", number, "--reason", "Trop cher")["refusal"] == "Trop cher"
    assert run("quote", "restore", number)["status"] == "draft"
    revised = run("quote", "revise", number, str(body), "-s", 'deposit:={"percent": "30"}')
    assert revised["number"] == number
    (deposit,) = run("quote", "accept", number)["deposits"]
    asked = run("deposit", "request", deposit["id"])
    assert asked["amount"]["amount"] == 7260
    today = made["issue_date"]
    settled = run("deposit", "settle", asked["request"]["number"], "-s", f"confirm_date={today}")
    assert settled["status"] == "settled"
    balance = run("quote", "invoice", number)
    assert (balance["kind"], balance["totals"]["gross"]["amount"]) == ("balance", 24200 - 7260)
    issued = run("invoice", "validate", balance["id"])
    ticked = run("invoice", "settle", issued["number"], "-s", "instalment:=0")
    undone = run("invoice", "unsettle", issued["number"], "-s", "instalment:=0", "-s", "reason=x")
    assert undone["taken_back"] == [ticked["id"]]
    note = run("credit", "issue", issued["number"], "-s", "reason=Retour")
    assert (note["invoice_id"], note["totals"]["gross"]["amount"]) == (balance["id"], 16940)
    assert run("credit", "show", note["number"])["id"] == note["id"]
    assert [row["state"] for row in run("quote", "list")] == ["invoiced"]
    _deliver(run, body)
    _look(run, tmp_path)
    out = tmp_path / "print.pdf"
    printed = run("print", note["number"], "--out", str(out))
    assert (printed["documents"], out.read_bytes()[:5]) == (1, b"%PDF-")


def _deliver(run: Any, body: Path) -> None:
    """An order that is delivered in two parts, both on one invoice, which is discarded."""
    order = run("order", "confirm", str(body))
    part = '[{"line": 0, "quantity": "1"}]'
    some = run("delivery", "issue", "-s", f"order_id={order['number']}", "-s", f"taken:={part}")
    rest = run("delivery", "issue", "-s", f"order_id={order['number']}")
    taken = run("delivery", "invoice", some["number"], rest["number"])
    assert taken["totals"]["net"]["amount"] == 20000
    assert run("invoice", "discard", taken["id"], "--reason", "Erreur")["status"] == "discarded"
    assert run("delivery", "cancel", rest["number"], "--reason", "Retour")["id"] == rest["id"]
    assert run("order", "show", order["number"])["lines"][1]["left_to_deliver"] == "1"
    assert [row["id"] for row in run("delivery", "list", "--state", "issued")] == [some["id"]]
    assert run("order", "cancel", order["number"], "--reason", "Fin")["status"] == "cancelled"


def _look(run: Any, folder: Path) -> None:
    """A template with a logo, and its second version."""
    logo = folder / "logo.png"
    logo.write_bytes(picture())
    digest = run("template", "logo", str(logo))["logo"]
    made = run("template", "make", "-s", "name=Sobre", "-s", f"logo={digest}")
    again = run("template", "revise", made["id"], "-s", "name=Sobre", "-s", "colour=#aa0000")
    assert again["version"] == 2
    assert run("template", "show", made["id"])["colour"] == "#aa0000"
    assert [each["version"] for each in run("template", "list")] == [2]


def test_what_is_asked_wrongly_is_said(terminal: Typist, tmp_path: Path) -> None:
    terminal.run(*OPEN, "--profile", "bic=x", code=1)
    terminal.run(*OPEN, "--size", "huge", code=2)
    terminal.run(*OPEN)
    body = tmp_path / "body.json"
    body.write_text("{")
    for wrong in (
        ("draft", str(body)),
        ("draft", str(tmp_path / "none.json")),
        ("draft", "-s", "customer_id"),
        ("draft", "-s", "lines:=[}"),
        ("draft", "-s", "colour=red"),
        ("list", "--state", "lost"),
    ):
        terminal.run("quote", *wrong, *WHO, code=2)
    terminal.run("quote", "show", "DE-1999-00001", *WHO, code=1)


def test_a_company_describes_itself_anew(terminal: Typist, tmp_path: Path) -> None:
    opened = terminal.json(*OPEN)
    said = tmp_path / "company.json"
    seat = {"street": "Rue Neuve 1", "postal_code": "1000", "city": "Bruxelles", "country": "BE"}
    said.write_text(json.dumps({"name": "Essai SRL", "address": seat, "legal_form": "SRL"}))
    numbers = ("-s", "vat_number=BE0202239951", "-s", 'profile:={"registry": "RPM Bruxelles"}')
    shown = terminal.json("company", "describe", str(said), *numbers, *WHO)
    assert shown["profile"]["registry"] == "RPM Bruxelles"
    assert shown["position"] == opened["position"] + 1
    assert terminal.run("quote", "list", *WHO) == "\n"


def test_every_place_that_a_command_names_is_there() -> None:
    files = Path(quote.__file__).parent.glob("*.py")
    text = "".join(path.read_text(encoding="utf-8") for path in files)
    places = set(re.findall(r'"((?:api|services)\.[a-z_.]+:\w+)"', text))
    assert len(places) >= 30
    assert all(callable(named(place)) for place in places)
