"""The archives at the door: tabs, the client's marks, days past, what was sent and received."""

import hashlib
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from api.archive_examples import ARCHIVING
from api.ids import book_id
from domain.archives.tabs import TabIsNotThere
from domain.sales.printing import DocumentPrinted
from services.backend import Backend
from services.store.pen import Command, Pen
from tests.api import bodies
from tests.api.conftest import Caller, open_company
from tests.registers import stored

PDF = b"%PDF-1.7 an original"
TABS = ("sales", "purchases", "bank", "other")


@pytest.fixture(scope="module")
def firm(backend: Backend, client: TestClient, firm_key: str) -> Iterator[Caller]:
    """A company that issued two invoices on 1 March, received a bill, and was paid on the 20th."""
    clock = backend.store.clock
    moved = [datetime(2026, 3, 1, 9, tzinfo=UTC)]
    backend.store.clock = lambda _: moved[0]
    caller = open_company(client, firm_key)
    customer = caller.customer()
    paid, other = caller.validated(customer), caller.validated(customer)
    caller.made("/invoices", bodies.invoice(customer))
    caller.made("/bills", bodies.bill(caller.supplier(), issue_date="2026-02-27"))
    moved[0] = datetime(2026, 3, 20, 9, tzinfo=UTC)
    caller.made(f"/invoices/{paid['id']}/settle", {"paid_on": "2026-03-20"})
    caller.made(f"/invoices/{other['id']}/credit_notes", {"reason": "Retour"})
    printed(backend, caller, paid)
    caller.seen("/archives", caller.position())
    yield caller
    backend.store.clock = clock


def printed(backend: Backend, caller: Caller, invoice: Any) -> None:
    """Keeps an original of an invoice, as the printer does."""

    def decide(pen: Pen) -> None:
        digest = pen.keep(PDF, "application/pdf", "original.pdf")
        told = DocumentPrinted(
            document_kind="invoice",
            document_id=invoice["id"],
            number=invoice["number"],
            issued_at=invoice["position"] if "position" in invoice else caller.position(),
            copy="original",
            language="fr",
            template="house@1",
            layout=1,
            files=(digest,),
        )
        pen.append([told])

    issued = caller.seen(f"/invoices/{invoice['id']}/events")["data"]
    (validated,) = (each for each in issued if each["type"] == "invoice.validated.v1")
    invoice = {**invoice, "position": validated["position"]}
    book = str(book_id(caller.company))
    backend.store.write(book, Command(id=str(uuid4()), actor="printer"), decide, lambda _: None)


def entries(caller: Caller, query: str = "") -> list[int]:
    """The documents of the archives, by their entries."""
    data = caller.seen(f"/archives{query}", caller.position())["data"]
    return [each["entry"] for each in data]


@pytest.mark.feature("C5", "C6", "C13")
def test_what_is_booked_stands_in_one_of_four_tabs(firm: Caller) -> None:
    assert [tab["name"] for tab in firm.seen("/archives/tabs")["tabs"]] == list(TABS)
    found = {tab: len(entries(firm, f"?tab={tab}")) for tab in TABS}
    assert found == {"sales": 3, "purchases": 1, "bank": 1, "other": 0}
    totals = firm.seen("/archives/summary")["data"]
    assert {each["tab"]: each["documents"] for each in totals} == {
        "sales": 3,
        "purchases": 1,
        "bank": 1,
    }


@pytest.mark.feature("C6")
def test_a_draft_is_not_in_the_archives_until_it_is_booked(caller: Caller) -> None:
    draft = caller.made("/invoices", bodies.invoice(caller.customer()))
    assert entries(caller) == []
    caller.made(f"/invoices/{draft['id']}/validate")
    assert len(entries(caller, "?tab=sales")) == 1


@pytest.mark.feature("C5")
def test_the_archives_are_laid_out_anew(client: TestClient, firm_key: str) -> None:
    caller = open_company(client, firm_key)
    caller.validated()
    supplier = caller.supplier()
    caller.made("/bills", bodies.bill(supplier))
    line = {"description": "Intérim", "net": bodies.eur(10000), "account": "617000"}
    vat = [{"rate": "21", "base": bodies.eur(10000), "tax": bodies.eur(2100)}]
    staff = bodies.bill(supplier, supplier_reference="I-1", lines=[line], vat=vat)
    caller.made("/bills", staff)
    before = caller.position()
    layout = deepcopy(ARCHIVING["archive_tabs_set"]["tabs"])
    layout[0]["rules"][0]["accounts"] = ["617"]
    laid = caller.made("/archives/tabs", {"tabs": layout})
    assert laid == caller.seen("/archives/tabs")
    rows = caller.seen("/archives?sort=tab", caller.position())["data"]
    assert [row["tab"] for row in rows] == ["purchases", "sales", "staff"]
    assert len(entries(caller, "?tab=staff&account=617000")) == 1
    refused = caller.get("/archives?tab=bank")
    assert (refused.status_code, refused.json()["code"]) == (409, TabIsNotThere.code)
    assert caller.get("/archives/summary?tab=bank").status_code == 409
    assert caller.seen(f"/archives/summary?tab=bank&known_at={before}")["data"] == []
    three = caller.post("/archives/tabs", {"tabs": layout[1:]})
    assert (three.status_code, three.json()["code"]) == (422, "archive_tabs_count")


@pytest.mark.feature("C8", "C9")
def test_a_mark_is_set_and_taken_off_and_says_by_whom(firm: Caller, backend: Backend) -> None:
    first, *_, last = entries(firm)
    key = backend.keyring.issue("client", scopes=["archives:write", "registers:read"])
    client = Caller(firm.client, key, firm.company)
    assert client.made("/archives/treat", {"entries": [first, last, first]}) == {
        "entries": [first, last],
        "treated": True,
    }
    assert sorted(entries(firm, "?treated=true")) == sorted([first, last])
    (row,) = (r for r in firm.seen("/archives?treated=true")["data"] if r["entry"] == first)
    assert row["treated_by"].startswith("key_")
    (event,) = firm.seen(f"/events?after={row['treated_at'] - 1}&limit=1")["data"]
    assert event["type"] == "documents.marked_treated.v1"
    position = firm.position()
    client.made("/archives/treat", {"entries": [first]})
    assert firm.position() == position
    client.made("/archives/untreat", {"entries": [first, last]})
    assert entries(firm, "?treated=true") == []
    assert len(entries(firm, "?paid=false&treated=false")) == 3
    unknown = client.post("/archives/treat", {"entries": [1]})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "document_not_archived")
    assert client.post("/archives/tabs", ARCHIVING["archive_tabs_set"]).status_code == 403


UNMOVED = (
    "/ledger?format=csv",
    "/journal_lines?format=csv",
    "/trial_balance?date_gte=2026-01-01&date_lte=2026-12-31",
    "/unpaid?format=csv",
    "/history?format=csv",
    "/vat_register?format=csv",
    "/vat_register/summary",
)


@pytest.mark.feature("C8")
def test_marks_and_tabs_leave_the_accounts_as_they_were(firm: Caller, database_url: str) -> None:
    """Goal: Traité has no effect on the accounts. Method: each list of the accounts byte for byte,
    and every row of every register but the archives' own, before and after."""
    book = str(book_id(firm.company))

    def accounts() -> dict[str, Any]:
        position = firm.position()
        found: dict[str, Any] = {}
        for path in UNMOVED:
            answer = firm.get(path, Min_Position=str(position))
            assert answer.status_code == 200, answer.text
            found[path] = answer.content if "csv" in path else answer.json()["data"]
        firm.seen("/archives", firm.position())
        tables = stored(database_url, book)
        own = ("archive_document", "archive_layout")
        return {**found, **{name: rows for name, rows in tables.items() if name not in own}}

    chosen = {"entries": entries(firm)}
    before = accounts()
    firm.made("/archives/treat", chosen)
    firm.made("/archives/tabs", {"tabs": [*firm.seen("/archives/tabs")["tabs"][:3], REST]})
    assert len(entries(firm, "?treated=true")) == 5
    marked = accounts()
    firm.made("/archives/untreat", chosen)
    assert before == marked == accounts()


REST = {"name": "other", "label": "Le reste", "rules": []}


@pytest.mark.feature("C4", "C7")
def test_paid_is_told_as_of_a_value_date(firm: Caller) -> None:
    def seen(path: str, day: str) -> list[tuple[str, int]]:
        data = firm.seen(f"{path}as_of={day}")["data"]
        return [(each["state"], each["open"]["amount"]) for each in data]

    sales = "/archives?tab=sales&kind=invoice&sort=entry&"
    assert seen(sales, "2026-02-28") == []
    assert seen(sales, "2026-03-19") == [("unpaid", 12100), ("unpaid", 12100)]
    assert seen(sales, "2026-03-20") == [("paid", 0), ("unpaid", 12100)]
    assert len(firm.seen("/archives?paid=true&as_of=2026-03-19")["data"]) == 0
    documents = "/sales_documents?kind=invoice&sort=number&"
    assert [state for state, _ in seen(f"{documents}state=validated&", "2026-03-19")] == [
        "validated",
        "validated",
    ]
    assert seen(f"{documents}state=validated&", "2026-03-20") == []
    assert sorted(seen(documents, "2026-03-21")) == [
        ("cancelled", 12100),
        ("draft", 0),
        ("settled", 0),
    ]
    (total,) = firm.seen("/sales_documents/summary?state=validated&as_of=2026-03-19")["data"]
    assert (total["documents"], total["open"]["amount"]) == (2, 24200)
    overdue = firm.seen("/sales_documents?overdue=true&as_of=2026-03-10")["data"]
    assert overdue == []


@pytest.mark.feature("V28")
def test_as_of_and_known_at_are_two_questions(firm: Caller) -> None:
    """What was not recorded yet is not known, whatever its value date."""
    first = min(entries(firm, "?kind=invoice"))
    known = f"as_of=2026-03-31&known_at={first}"
    assert [row["state"] for row in firm.seen(f"/archives?{known}")["data"]] == ["unpaid"]
    (listed,) = firm.seen(f"/sales_documents?kind=invoice&{known}")["data"]
    assert listed["state"] == "validated"


@pytest.mark.feature("V18")
def test_documents_sent_with_their_originals(firm: Caller) -> None:
    data = firm.seen("/documents_sent?sort=number")["data"]
    assert [(each["kind"], each["state"]) for each in data] == [
        ("credit_note", "issued"),
        ("invoice", "printed"),
        ("invoice", "issued"),
    ]
    assert data[1]["original"] == hashlib.sha256(PDF).hexdigest()
    assert data[1]["amount"] == bodies.eur(12100)
    assert firm.seen("/documents_sent?state=printed&q=dupont&amount_gte=1")["data"] == [data[1]]
    totals = firm.seen("/documents_sent/summary")["data"]
    assert sum(each["documents"] for each in totals) == len(data)
    assert sum(each["amount"]["amount"] for each in totals) == sum(
        each["amount"]["amount"] for each in data
    )
    issued = data[1]["issued_at"]
    (then,) = firm.seen(f"/documents_sent?known_at={issued}")["data"]
    assert (then["state"], then["original"]) == ("issued", "")
    assert firm.get("/documents_sent?format=csv").text.count("\n") >= 4


@pytest.mark.feature("V18")
def test_documents_received(firm: Caller) -> None:
    (bill,) = firm.seen("/documents_received")["data"]
    assert (bill["kind"], bill["channel"], bill["files"]) == ("bill", "typed", [])
    (total,) = firm.seen("/documents_received/summary")["data"]
    assert total["amount"] == bill["amount"] == bodies.eur(24200)
    assert firm.seen("/documents_received?kind=invoice")["data"] == []
    assert firm.get("/documents_received?format=csv").status_code == 200


@pytest.mark.feature("V28")
@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ("amount_lte=-1", 1),
        ("amount_gte=-12100&amount_lte=12100", 4),
        ("entry_date_gte=2026-03-02", 2),
        ("entry_date_lte=2026-03-01&kind=invoice", 2),
        ("state=paid&kind=invoice", 1),
        ("account=700000", 3),
        ("q=dupont&treated=false", 4),
    ],
)
def test_the_archives_are_filtered(firm: Caller, asked: str, count: int) -> None:
    assert len(entries(firm, f"?{asked}")) == count


def test_what_the_archives_do_not_know_is_refused(firm: Caller) -> None:
    for wrong in ("sort=words", "colour=red", "amount_gte=1.5", "tab=A", "state=open", "treated=1"):
        refused = firm.get(f"/archives?{wrong}")
        assert refused.status_code == 400, wrong
    assert date.fromisoformat(firm.seen("/archives")["data"][0]["date"]) <= date(2026, 3, 20)
