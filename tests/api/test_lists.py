"""Lists of sales documents over HTTP: filters, orders, pages, what is put in, their files."""

import csv
import hashlib
import io
import json
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest

from services.backend import Backend
from tests.api import bodies
from tests.api.conftest import Caller, open_company

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(scope="module")
def firm(client: Any, firm_key: str) -> Caller:
    """A company with invoices at several stages, a credit note and a payment."""
    caller = open_company(client, firm_key)
    one = str(caller.made("/contacts", bodies.customer(name="Évrard & Fils"))["id"])
    two = str(caller.made("/contacts", bodies.customer(name='=HYPERLINK("http://x")'))["id"])
    paid, credited = caller.validated(one), caller.validated(two)
    caller.validated(one)
    caller.made(f"/invoices/{credited['id']}/credit_notes", {"reason": "Retour"})
    caller.made("/invoices", bodies.invoice(two, external_id="X-1", note="Chantier d'été"))
    gone = caller.made("/invoices", bodies.invoice(one))
    caller.made(f"/invoices/{gone['id']}/discard", {"reason": "Erreur"})
    payment = caller.made("/payments", bodies.payment(one))
    (item,) = [
        each
        for each in caller.seen("/unpaid", caller.position())["data"]
        if each["document_id"] == paid["id"]
    ]
    parts = [{"entry": item["entry"], "line": item["line"]}, {"entry": payment["entry"], "line": 1}]
    caller.made("/letterings", {"parts": parts})
    caller.seen("/sales_documents", caller.position())
    return caller


def states(caller: Caller, path: str) -> list[str]:
    """The states of the documents of a list."""
    return [document["state"] for document in caller.seen(path)["data"]]


@pytest.mark.feature("M12", "M27")
def test_each_kind_has_its_list(firm: Caller) -> None:
    assert states(firm, "/invoices") == ["settled", "cancelled", "validated", "draft", "discarded"]
    assert states(firm, "/credit_notes") == ["validated"]
    for empty in ("quotes", "orders", "deliveries", "deposit_requests"):
        assert states(firm, f"/{empty}") == []
    assert len(states(firm, "/sales_documents")) == 6
    assert states(firm, "/sales_documents?kind=credit_note") == ["validated"]


@pytest.mark.feature("M27", "V28")
@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ("state=draft", 1),
        ("state=settled", 1),
        ("type=deposit", 0),
        ("external_id=X-1", 1),
        ("q=ete", 1),
        ("q=EVRARD", 3),
        ("q=%25", 0),
        ("gross_gte=12101", 0),
        ("gross_lte=12100&open_gte=1", 2),
        ("overdue=true&on=2099-01-01", 2),
        ("overdue=true&on=2000-01-01", 0),
        ("date_gte=2000-01-01&date_lte=2000-12-31", 0),
    ],
)
def test_a_list_is_filtered(firm: Caller, asked: str, count: int) -> None:
    assert len(firm.seen(f"/invoices?{asked}")["data"]) == count


@pytest.mark.parametrize(
    ("path", "count"),
    [("unpaid?q=evrard", 1), ("unpaid?q=FILS", 1), ("unpaid?q=%25", 0), ("archives?q=évrard", 3)],
)
def test_words_are_looked_for_without_accents(firm: Caller, path: str, count: int) -> None:
    assert len(firm.seen(f"/{path}")["data"]) == count


@pytest.mark.feature("M36")
def test_any_column_sorts_both_ways_and_pages_are_the_whole(firm: Caller) -> None:
    for column in ("number", "state", "customer_name", "gross", "open", "due_date", "issue_date"):
        whole = firm.seen(f"/sales_documents?sort={column}")["data"]
        turned = firm.seen(f"/sales_documents?sort=-{column}")["data"]
        assert [each["id"] for each in turned] == [each["id"] for each in whole][::-1]
        paged: list[Any] = []
        path = f"/sales_documents?sort={column}&limit=2"
        cursor = ""
        while True:
            page = firm.seen(path + cursor)
            paged += page["data"]
            if not page["has_more"]:
                break
            cursor = f"&cursor={page['next_cursor']}"
        assert paged == whole
    refused = firm.get("/invoices?sort=words")
    assert (refused.status_code, refused.json()["code"]) == (400, "parameter_invalid")


def test_totals_are_those_of_the_list(firm: Caller) -> None:
    totals = firm.seen("/sales_documents/summary?state=validated")["data"]
    assert {(each["kind"], each["documents"], each["open"]["amount"]) for each in totals} == {
        ("invoice", 1, 12100),
        ("credit_note", 1, 12100),
    }
    assert firm.seen("/credit_notes/summary")["data"][0]["gross"] == bodies.eur(12100)


def test_a_list_is_answered_as_it_was_known(firm: Caller) -> None:
    drafted = next(
        event["position"]
        for event in firm.seen("/events?types=invoice.drafted.v1")["data"]
        if event["type"] == "invoice.drafted.v1"
    )
    (then,) = firm.seen(f"/sales_documents?known_at={drafted}")["data"]
    assert (then["state"], then["number"]) == ("draft", None)


def test_customer_and_lines_are_put_in_when_asked(firm: Caller) -> None:
    bare = firm.seen("/invoices?limit=1")["data"][0]
    assert (bare["customer"], bare["lines"]) == (None, None)
    (full,) = firm.seen("/invoices?limit=1&expand=customer,lines")["data"]
    assert full["customer"]["name"] == "Évrard & Fils"
    assert full["lines"] == firm.seen(f"/invoices/{full['id']}")["lines"]
    refused = firm.get("/invoices?expand=seller")
    assert refused.status_code == 400


def test_what_is_put_in_needs_its_own_scope(firm: Caller, backend: Backend) -> None:
    key = backend.keyring.issue("narrow", scopes=["registers:read"])
    narrow = Caller(firm.client, key, firm.company)
    assert narrow.get("/sales_documents").status_code == 200
    for part in ("customer", "lines"):
        assert narrow.get(f"/sales_documents?expand={part}").status_code == 403


def file_of(caller: Caller, path: str, **headers: str) -> bytes:
    """The file that a list leaves as."""
    answer = caller.get(path, **headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["etag"] == f'"{hashlib.sha256(answer.content).hexdigest()}"'
    assert "attachment" in answer.headers["content-disposition"]
    return answer.content


@pytest.mark.feature("M13", "M27", "V27")
def test_a_workbook_is_exactly_the_filtered_list(firm: Caller) -> None:
    """Goal: typed cells equal to the list. Method: the file read back by another library."""
    path = "/invoices?state=validated&sort=-number"
    listed = firm.seen(path)["data"]
    book = openpyxl.load_workbook(io.BytesIO(file_of(firm, f"{path}&format=xlsx")))
    sheet, about = book.worksheets
    heading, *rows = sheet.iter_rows(values_only=True)
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", f"A1:U{len(listed) + 1}")
    assert len(rows) == len(listed)
    for row, document in zip(rows, listed, strict=True):
        cells = dict(zip(heading, row, strict=True))
        assert cells["Number"] == document["number"]
        assert cells["Customer"] == document["customer_name"]
        assert cells["Date"].date() == date.fromisoformat(document["date"])
        assert isinstance(cells["Date"], datetime)
        assert cells["Total incl. VAT"] == document["gross"]["amount"] / 100
        assert cells["State"] == "validated"
    amount = sheet.cell(2, heading.index("Total incl. VAT") + 1)
    assert (amount.data_type, amount.number_format.split(";")[0]) == ("n", "#,##0.00 [$EUR]")
    facts = dict(about.iter_rows(values_only=True))
    assert facts["Filter: state"] == "validated"
    assert facts["Order"] == "number, descending"
    assert facts["Company"] == "Imprimerie du Parc"
    assert len(facts["Chain of the book"]) == 64


@pytest.mark.feature("V27")
def test_what_looks_like_a_formula_stays_text(firm: Caller) -> None:
    content = file_of(firm, "/credit_notes?format=xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    heading, row = sheet.iter_rows()
    at = [cell.value for cell in heading].index("Customer")
    assert (row[at].value, row[at].data_type) == ('=HYPERLINK("http://x")', "s")
    written = file_of(firm, "/credit_notes?format=csv").decode("utf-8-sig")
    assert next(csv.DictReader(io.StringIO(written)))["Customer"] == '\'=HYPERLINK("http://x")'


@pytest.mark.parametrize("language", ["en", "fr", "nl"])
def test_delimited_text_speaks_the_readers_language(firm: Caller, language: str) -> None:
    content = file_of(firm, "/unpaid?format=csv", Accept_Language=language)
    assert content.startswith(b"\xef\xbb\xbf")
    delimiter, point = (",", ".") if language == "en" else (";", ",")
    heading, *rows = csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=delimiter)
    account = {"en": "Account", "fr": "Compte", "nl": "Rekening"}[language]
    assert account in heading
    amounts = {
        row[heading.index({"en": "Open", "fr": "Reste dû", "nl": "Openstaand"}[language])]
        for row in rows
    }
    assert f"121{point}00" in amounts


@pytest.mark.parametrize(
    "name",
    ["archives", "articles", "contacts", "history", "sales_documents", "unpaid", "vat_register"],
)
def test_every_list_leaves_as_lines_of_json(firm: Caller, name: str) -> None:
    """Goal: the file has the rows of the list, however many pages the list has."""
    path = f"/{name}"
    count, cursor = 0, ""
    while True:
        page = firm.seen(f"{path}?limit=2{cursor}")
        count += len(page["data"])
        if not page["has_more"]:
            break
        cursor = f"&cursor={page['next_cursor']}"
    lines = file_of(firm, f"{path}?format=json").splitlines()
    assert len(lines) == count
    assert all(json.loads(line) for line in lines)


def test_an_export_is_noted_with_what_it_takes_to_make_it_again(firm: Caller) -> None:
    content = file_of(firm, "/invoices?state=draft&format=csv", Accept_Language="fr")
    noted = firm.seen("/events?types=report.exported.v1&limit=200")["data"][-1]
    data = noted["data"]
    assert (data["kind"], data["format"]) == ("sales_documents", "csv")
    assert data["sha256"] == hashlib.sha256(content).hexdigest()
    assert data["size"] == len(content)
    asked = {"kind": "invoice", "state": "draft", "sort": "date", "language": "fr"}
    assert asked.items() <= data["parameters"].items()
    assert data["position"] < noted["position"]


def test_the_same_position_gives_the_same_bytes(firm: Caller) -> None:
    position = firm.position()
    path = f"/sales_documents?known_at={position}&on=2026-01-01&format=xlsx"
    assert file_of(firm, path) == file_of(firm, path)


def test_a_long_list_is_exported_by_a_job(firm: Caller, backend: Backend) -> None:
    wish = {"list": "sales_documents", "filter": {"state": "draft"}, "format": "csv"}
    said = firm.post("/exports?dry_run=true", wish)
    assert said.json()["answer"]["status"] == "queued"
    asked = firm.post("/exports", wish, Idempotency_Key="export-1")
    assert (asked.status_code, asked.json()["status"]) == (202, "queued")
    address = asked.headers["location"].removeprefix(firm.base)
    assert firm.get(f"{address}/file").json()["code"] == "job_unfinished"
    backend.worker.run_due()
    done = firm.seen(address)
    assert done["status"] == "done"
    content = firm.get(f"{address}/file").content
    assert hashlib.sha256(content).hexdigest() == done["file"]["sha256"]
    (row,) = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    assert row["External id"] == "X-1"


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"list": "ghosts"}, "/list"),
        ({"sort": "words"}, "/sort"),
        ({"filter": {"colour": "red"}}, "/filter"),
        ({"filter": {"date_from": "soon"}}, "/filter"),
    ],
)
def test_an_export_of_what_is_no_list_is_refused(
    firm: Caller, changes: dict[str, Any], pointer: str
) -> None:
    refused = firm.post("/exports", {"list": "sales_documents", "format": "csv", **changes})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, pointer)


def test_an_export_of_contacts_needs_their_scope(firm: Caller, backend: Backend) -> None:
    key = backend.keyring.issue("registers alone", scopes=["registers:read"])
    narrow = Caller(firm.client, key, firm.company)
    wish = {"list": "contacts", "format": "csv"}
    assert narrow.post("/exports", wish).json()["scope"] == "contacts:read"


def test_a_file_is_not_paged(firm: Caller) -> None:
    for other in ("limit=10", "cursor=abc"):
        refused = firm.get(f"/invoices?format=xlsx&{other}")
        assert (refused.status_code, refused.json()["code"]) == (400, "parameter_invalid")
    assert firm.get("/invoices?format=odt").status_code == 400
