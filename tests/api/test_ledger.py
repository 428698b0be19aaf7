"""The books at the door: ledger, journals and trial balance add up and name their documents."""

import pytest

from tests.api import bodies
from tests.api.conftest import Caller


@pytest.mark.feature("C14", "M53")
def test_an_invoice_is_found_in_the_ledger_in_its_journal_and_in_the_balance(
    caller: Caller,
) -> None:
    invoice = caller.validated()
    position = caller.position()
    year = invoice["issue_date"][:4]
    lines = caller.seen("/ledger?account=4", position)["data"]
    assert {line["document_number"] for line in lines} == {invoice["number"]}
    (owed,) = [line for line in lines if line["account"] == "400000"]
    assert owed["balance"] == owed["debit"] == bodies.eur(12100)
    journal = caller.seen("/journal_lines?journal=VEN")["data"]
    assert journal[0]["account"] == "400000"
    (total,) = caller.seen("/journal_lines/summary")["data"]
    assert (total["entries"], total["debit"]) == (1, total["credit"])
    balances = caller.seen(f"/trial_balance?date_gte={year}-01-01&date_lte={year}-12-31")["data"]
    assert sum(each["closing"]["amount"] for each in balances) == 0
    assert sum(each["debit"]["amount"] for each in balances) == 12100
    before = f"/trial_balance?date_gte={int(year) + 1}-01-01&date_lte={int(year) + 1}-12-31"
    assert {each["opening"]["amount"] for each in caller.seen(before)["data"]} == {
        each["closing"]["amount"] for each in balances
    }
    backwards = caller.get(f"/trial_balance?date_gte={year}-02-01&date_lte={year}-01-01")
    assert backwards.status_code == 400


@pytest.mark.feature("M53", "V27")
def test_the_journals_leave_as_a_file(caller: Caller) -> None:
    caller.validated()
    position = caller.position()
    file = caller.get("/journal_lines?format=csv", Min_Position=str(position))
    assert file.status_code == 200, file.text
    rows = file.content.decode("utf-8-sig").splitlines()
    assert len(rows) == 1 + 3
