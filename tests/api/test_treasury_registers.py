"""Bank transactions, instalments and letterings at the door: lists, totals, files, both dates."""

import csv
import io
from typing import Any

import openpyxl
import pytest

from services.backend import Backend
from tests.api import bodies
from tests.api.conftest import Caller, open_company
from tests.api.test_bank_statements import send
from tests.services.files.statement_samples import OURS, THEIRS, Move, coda

LISTS = ("bank_transactions", "instalments", "letterings")
EVERY = (
    *LISTS,
    *("archives", "articles", "bank_lines", "bank_statements", "contacts", "history", "ledger"),
    *("journal_lines", "sales_documents", "sales_lines", "unpaid", "vat_register"),
    *("archives/summary", "history/summary", "journal_lines/summary", "sales_documents/summary"),
    *("unpaid/summary", "vat_register/summary", "bank_transactions/summary"),
    *("instalments/summary", "letterings/summary", "bank_transactions/diagnosis"),
    "trial_balance?date_gte=2026-01-01&date_lte=2026-12-31",
)


@pytest.fixture(scope="module")
def firm(client: Any, firm_key: str) -> Caller:
    """A company with a statement, an invoice paid by card, one paid in part, a lettering undone."""
    caller = open_company(client, firm_key)
    caller.made("/bank_accounts/link", {"account": OURS, "journal": "BNK"})
    content = coda([Move(12_100, "avance", name="EVRARD", iban=THEIRS), Move(-500, "frais")])
    sent = send(caller, content)
    assert sent.status_code == 201, sent.text
    customer = caller.customer()
    paid, part = caller.validated(customer), caller.validated(customer)
    caller.made(f"/invoices/{paid['id']}/settle", {"means": "card"})
    some = {"amount": bodies.eur(100), "means": "cash"}
    taken = caller.made(f"/invoices/{part['id']}/settle", some)
    caller.made(f"/invoices/{part['id']}/settle", {"amount": bodies.eur(200)})
    lettering = caller.seen(f"/payments/{taken['payment']['id']}/letterings")["letterings"][0]
    caller.made(f"/letterings/{lettering['id']}/unletter", {"reason": "mauvais client"})
    caller.made("/books/synchronise", {"entries_until": "2026-10-31"})
    caller.seen("/unpaid", caller.position())
    return caller


@pytest.mark.feature("C11", "C4")
def test_bank_transactions_say_where_they_stand(firm: Caller) -> None:
    rows = firm.seen("/bank_transactions?state=suspense")["data"]
    assert {(row["amount"]["amount"], row["state"]) for row in rows} == {
        (12_100, "suspense"),
        (-500, "suspense"),
    }
    name = rows[0]["statement_name"]
    assert firm.seen(f"/bank_transactions?statement={name}")["data"] == rows
    assert {row["statement_line"] for row in rows} == {1, 2}
    (card,) = firm.seen("/bank_transactions?means=card")["data"]
    assert (card["state"], card["settled"]) == ("lettered", bodies.eur(12_100))
    (total,) = firm.seen("/bank_transactions/summary?journal=BNK")["data"]
    assert total["waiting"] == bodies.eur(11_600)
    newest = firm.seen("/bank_transactions?journal=BNK&limit=1")["data"][0]
    assert newest["balance"] == total["balance"]


@pytest.mark.feature("C12")
def test_the_bank_is_diagnosed(firm: Caller) -> None:
    found = firm.seen("/bank_transactions/diagnosis?on=2026-12-01&days=5")["data"]
    faults = {each["fault"]: each for each in found}
    assert faults["suspense"]["amount"] == bodies.eur(11_600)
    assert faults["suspense"]["count"] == 2
    assert "not_booked" in faults
    assert firm.get("/bank_transactions/diagnosis?days=x").status_code == 400


@pytest.mark.feature("M37", "M40", "M45")
def test_instalments_and_their_side_panel(firm: Caller) -> None:
    settled, half = firm.seen("/instalments?sort=document_number")["data"]
    assert (settled["state"], settled["settled_by"][0]["means"]) == ("settled", "card")
    assert (half["paid"], half["settled_by"]) == (
        bodies.eur(200),
        [{"means": "transfer", "amount": bodies.eur(200)}],
    )
    summary = firm.seen("/instalments/summary?on=2099-01-01")["data"][0]
    assert summary["overdue"] == summary["open"] == bodies.eur(11_900)
    assert summary["paid"] == bodies.eur(12_300)
    assert [each["means"] for each in summary["settled_by"]] == ["card", "transfer"]


@pytest.mark.feature("C7", "M45")
def test_a_lettering_says_who_and_why(firm: Caller, backend: Backend) -> None:
    (undone,) = firm.seen("/letterings?state=undone")["data"]
    assert undone["undone"]["reason"] == "mauvais client"
    assert undone["undone"]["by"] == undone["lettered_by"] != ""
    assert [line["document_kind"] for line in undone["lines"]] == ["invoice", "payment"]
    assert undone["allocations"] == [{"debit": 0, "credit": 1, "amount": bodies.eur(100)}]
    actor = undone["lettered_by"]
    assert len(firm.seen(f"/letterings?actor={actor}")["data"]) == 3
    totals = firm.seen("/letterings/summary")["data"]
    assert {each["state"]: each["letterings"] for each in totals} == {
        "complete": 1,
        "partial": 1,
        "undone": 1,
    }


@pytest.mark.feature("C2", "C3")
@pytest.mark.parametrize("path", EVERY)
def test_every_answer_says_how_far_the_books_go(firm: Caller, path: str) -> None:
    meta = firm.seen(f"/{path}")["meta"]
    assert meta["entries_until"] == "2026-10-31"
    assert meta["bank_booked_until"] is not None
    then = firm.seen(f"/{path}{'&' if '?' in path else '?'}known_at=1")["meta"]
    assert (then["entries_until"], then["bank_booked_until"]) == (None, None)


@pytest.mark.feature("V27", "C2", "C3")
@pytest.mark.parametrize("name", LISTS)
def test_the_lists_leave_as_files_that_say_how_far_the_books_go(firm: Caller, name: str) -> None:
    listed = firm.seen(f"/{name}?limit=200")
    workbook = firm.get(f"/{name}?format=xlsx")
    assert workbook.status_code == 200, workbook.text
    sheet, about = openpyxl.load_workbook(io.BytesIO(workbook.content)).worksheets
    assert sheet.max_row == len(listed["data"]) + 1
    facts = dict(about.iter_rows(values_only=True))
    assert facts["Entries until"] == listed["meta"]["entries_until"]
    assert facts["Bank until"] == listed["meta"]["bank_booked_until"]
    plain = firm.get(f"/{name}?format=csv", Accept_Language="fr").content.decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(plain), delimiter=";"))) == len(listed["data"]) + 1
    assert len(firm.get(f"/{name}?format=json").content.splitlines()) == len(listed["data"])


@pytest.mark.parametrize("name", LISTS)
def test_a_list_pages_and_refuses_what_it_does_not_know(firm: Caller, name: str) -> None:
    whole = firm.seen(f"/{name}")["data"]
    page, seen = firm.seen(f"/{name}?limit=2"), 0
    while page["has_more"]:
        seen += len(page["data"])
        page = firm.seen(f"/{name}?limit=2&cursor={page['next_cursor']}")
    assert seen + len(page["data"]) == len(whole)
    for wrong in ("sort=colour", "state=blue", "colour=red"):
        assert firm.get(f"/{name}?{wrong}").status_code == 400
