"""Entries for the firm's software: the ledger's totals, documented columns, mapped codes."""

import csv
import io
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from domain.book.refusal import Refusals
from domain.ledger.entry import EntryLine
from domain.ledger.miscellaneous import NewEntry
from projections.ledger_view import LedgerFilter, total_journals
from services import ledger
from services.exports.generic_journal import COLUMNS
from services.exports.mapping import CodesAreNotMapped, CodesDoNotFit
from services.exports.winbooks import FIELDS, WinbooksIsInEuros
from tests.services.exports.conftest import Leaving
from tests.services.vat.conftest import VatDesk

YEAR = {"date_from": date(2026, 1, 1), "date_to": date(2026, 12, 31)}
DAY = date(2026, 3, 10)


@pytest.fixture
def trade(desk: VatDesk) -> VatDesk:
    """A company that sold, credited and bought."""
    desk.sold(DAY, 12_345)
    desk.credited(date(2026, 3, 12), desk.sold(DAY, 5_000))
    desk.bought(date(2026, 4, 2), 7_777)
    return desk


def ledger_totals(desk: VatDesk) -> dict[str, tuple[int, int]]:
    """What each journal moved, as the ledger says it."""
    with desk.reading() as conn:
        _, totals = total_journals(conn, desk.book, LedgerFilter())
    return {total.journal: (total.debit, total.credit) for total in totals}


def journal_of(content: bytes) -> list[dict[str, str]]:
    """The lines of a generic journal."""
    return list(csv.DictReader(io.StringIO(content.decode(), newline=""), delimiter=";"))


def act_of(content: bytes) -> list[dict[str, str]]:
    """The records of an ACT.TXT."""
    rows = csv.reader(io.StringIO(content.decode(), newline=""))
    return [dict(zip(FIELDS, row, strict=True)) for row in rows]


def cents(text: str) -> int:
    return int(Decimal(text) * 100)


@pytest.mark.feature("V19", "V21")
def test_the_generic_journal_has_each_line_and_the_totals_of_the_ledger(
    trade: VatDesk, leaving: Leaving
) -> None:
    content = leaving.export("accounting_journal", **YEAR)
    rows = journal_of(content)
    assert tuple(rows[0]) == COLUMNS
    sums: dict[str, tuple[int, int]] = {}
    for row in rows:
        debit, credit = sums.get(row["JournalCode"], (0, 0))
        moved = (debit + cents(row["Debit"]), credit + cents(row["Credit"]))
        sums[row["JournalCode"]] = moved
    assert sums == ledger_totals(trade)
    assert content.count(b"\r\n") == len(rows) + 1
    noted = leaving.noted()
    assert (noted.kind, noted.size) == ("accounting_journal", len(content))
    trade.sold(date(2026, 5, 5), 100)
    assert leaving.again(noted) == content
    assert leaving.export("accounting_journal", position=noted.position, **YEAR) == content


@pytest.mark.feature("V19", "V21")
def test_winbooks_takes_records_of_its_own_layout_that_balance(
    trade: VatDesk, leaving: Leaving
) -> None:
    """Goal: the published layout, and the ledger's figures. Method: read back field by field."""
    content = leaving.export("winbooks", **YEAR, credit_journals={"VEN": "NCV"}, book_year="7")
    records = act_of(content)
    assert len(FIELDS) == 36
    by_document: dict[tuple[str, str], int] = {}
    for record in records:
        key = (record["DBKCODE"], record["DOCNUMBER"])
        by_document[key] = by_document.get(key, 0) + cents(record["AMOUNTEUR"])
        assert cents(record["AMOUNTEUR"]) != 0
        assert (record["BOOKYEAR"], len(record["COMMENT"]) <= 40) == ("7", True)
    assert set(by_document.values()) == {0}
    debit = sum(max(cents(record["AMOUNTEUR"]), 0) for record in records)
    assert debit == sum(each[0] for each in ledger_totals(trade).values())
    assert {(r["DBKCODE"], r["DBKTYPE"]) for r in records} == {
        ("VEN", "2"), ("NCV", "3"), ("ACH", "0"),
    }  # fmt: skip
    customer = next(r for r in records if r["DOCTYPE"] == "1")
    assert (customer["ACCOUNTGL"], customer["PERIOD"]) == ("400000", "03")
    assert customer["DATE"] == "20260310"
    assert customer["ACCOUNTRP"]
    assert next(r for r in records if r["DOCTYPE"] == "2")["ACCOUNTGL"] == "440000"
    assert leaving.again(leaving.noted()) == content


@pytest.mark.feature("V21")
def test_codes_are_those_of_the_firm(trade: VatDesk, leaving: Leaving) -> None:
    wish: dict[str, Any] = {"journals": {"VEN": "S", "ACH": "P"}, "third_parties": {}}
    rows = journal_of(leaving.export("accounting_journal", **YEAR, **wish))
    assert {row["JournalCode"] for row in rows} == {"S", "P"}
    assert leaving.noted().parameters["journals"] == '{"ACH":"P","VEN":"S"}'
    assert leaving.again(leaving.noted())


@pytest.mark.feature("V21")
def test_what_a_mapping_lacks_or_cannot_say_is_named(trade: VatDesk, leaving: Leaving) -> None:
    def refused(name: str, **wish: Any) -> Any:
        with pytest.raises(Refusals) as caught:
            leaving.export(name, **YEAR, **wish)
        return caught.value.refused

    found = refused("accounting_journal", journals={"VEN": "S"})
    assert found == CodesAreNotMapped(what="journals", codes="ACH")
    found = refused("accounting_journal", accounts={"400000": "400"})
    assert isinstance(found, CodesAreNotMapped)
    assert "440000" in found.codes
    found = refused("winbooks", journals={"VEN": "VENTES-1", "ACH": "A"})
    assert found == CodesDoNotFit(what="journals", codes="VENTES-1")
    shared = dict.fromkeys((trade.client, trade.supplier), "SAME")
    found = refused("winbooks", third_parties=shared)
    assert found == CodesDoNotFit(what="third_parties", codes="SAME")


def test_winbooks_is_in_euros(desk: VatDesk, leaving: Leaving) -> None:
    lines = (EntryLine(account="604000", debit=5), EntryLine(account="499000", credit=5))
    new = NewEntry(date=DAY, label="USD", lines=lines, currency="USD")
    desk.at(DAY)
    ledger.post_entry(desk.store, desk.book, new, desk.command())
    with pytest.raises(Refusals) as caught:
        leaving.export("winbooks", **YEAR)
    assert caught.value.refused == WinbooksIsInEuros(currency="USD", month="2026-03")
    (row, _) = journal_of(leaving.export("accounting_journal", **YEAR))
    assert (row["Currency"], row["Debit"]) == ("USD", "0.05")


@pytest.mark.feature("V27")
@pytest.mark.parametrize("name", ["accounting_journal", "winbooks"])
def test_what_looks_like_a_formula_stays_text(desk: VatDesk, leaving: Leaving, name: str) -> None:
    lines = tuple(
        EntryLine(account=account, debit=debit, credit=credit, label="=1+1")
        for account, debit, credit in (("604000", 5, 0), ("499000", 0, 5))
    )
    desk.at(DAY)
    new = NewEntry(date=DAY, label="@x", lines=lines, reference="+1")
    ledger.post_entry(desk.store, desk.book, new, desk.command())
    content = leaving.export(name, **YEAR).decode()
    cells = [cell for row in csv.reader(io.StringIO(content), delimiter=";") for cell in row]
    if name == "winbooks":
        cells = [cell for row in csv.reader(io.StringIO(content)) for cell in row]
    assert "'=1+1" in cells
    assert "'+1" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]


def test_the_columns_are_documented(checkout: str) -> None:
    words = (Path(checkout) / "docs" / "accounting-export.md").read_text(encoding="utf-8")
    for column in (*COLUMNS, *(field for field in FIELDS if not field.startswith("IS"))):
        assert f"`{column}`" in words, column
