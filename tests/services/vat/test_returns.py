"""Belgian returns on a real book: the golden quarter, freezing, carrying over, what changed."""

import random
from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from lxml import etree

from domain.book.refusal import Refusals
from domain.ledger.vat_period import VatPeriod
from domain.ledger.vat_return import (
    GridIsNegative,
    VatPeriodIsMalformed,
    VatPeriodIsNotOver,
    VatReferenceIsWrong,
    VatReturnIsFiled,
    VatReturnOutOfOrder,
)
from domain.parties.opening import NewCompany
from services import companies
from services.files import intervat
from services.vat_return_lines import Change, GridLine, list_changes, list_grid
from services.vat_returns import NoVatReturn, Sheet, period_named
from tests.domain.steps import BELGIAN
from tests.services.vat.conftest import VatDesk
from tests.services.vat.schemas import golden_grids, schema

JULY, AUGUST, OCTOBER = date(2026, 7, 10), date(2026, 8, 10), date(2026, 10, 1)


def refusal(call: object, *args: object, **others: object) -> object:
    """The refusal that a use case raises."""
    with pytest.raises(Refusals) as caught:
        call(*args, **others)  # type: ignore[operator]
    return caught.value.refused


def all_lines(desk: VatDesk, sheet: Sheet, grid: str, limit: int = 3) -> list[GridLine]:
    """Every line of a grid, a few at a time."""
    lines: list[GridLine] = []
    after = None
    with desk.reading() as conn:
        while True:
            page = list_grid(conn, desk.book, sheet, grid, after=after, limit=limit)
            lines += page.lines
            if page.next is None:
                return lines
            after = page.next


def changes(desk: VatDesk, period: str) -> list[Change]:
    sheet = desk.sheet(period)
    with desk.reading() as conn:
        return list(list_changes(conn, desk.book, sheet)[0])


def golden(desk: VatDesk) -> None:
    """The eighteen operations of the golden quarter, as commands."""
    german = desk.someone("DE", "DE136695976")
    german_supplier = desk.someone("DE", "DE136695976", supplier=True)
    american = desk.someone("US", "")
    american_supplier = desk.someone("US", "", supplier=True)
    desk.sold(JULY, 950_000)
    credited = desk.sold(JULY, 50_000)
    desk.sold(JULY, 100_000, vat_rate="6")
    desk.sold(JULY, 500_000, vat_category="AE", vat_rate="0")
    desk.sold(JULY, 380_000, to=german, vat_category="K", vat_rate="0", nature="goods")
    returned = desk.sold(JULY, 20_000, to=german, vat_category="K", vat_rate="0", nature="goods")
    desk.sold(JULY, 150_000, to=german, vat_category="AE", vat_rate="0", nature="services")
    desk.sold(JULY, 70_000, to=american, vat_category="G", vat_rate="0", nature="goods")
    desk.credited(AUGUST, credited)
    desk.credited(AUGUST, returned)
    desk.bought(JULY, 300_000, account="604000")
    desk.bought(JULY, 100_000, account="615000")
    desk.bought(JULY, 600_000, account="230000")
    desk.bought(JULY, 100_000, account="610000", deductible="50")
    desk.bought(JULY, 250_000, category="K", by=german_supplier, account="604000")
    desk.bought(JULY, 80_000, category="AE", by=german_supplier, account="613000")
    desk.bought(JULY, 200_000, category="AE", account="611000")
    desk.bought(JULY, 120_000, category="G", by=american_supplier, vat_code="IMP")
    desk.bought(AUGUST, 30_000, credit=True)
    desk.bought(AUGUST, 10_000, category="K", by=german_supplier, credit=True)


@pytest.mark.feature("V24")
def test_the_golden_quarter_is_returned_as_the_administration_has_it(
    desk: VatDesk, shared_folder: Path
):
    """Eighteen operations as real commands give XX 3588, YY 3675 and 72 = 87.00, and the XML."""
    golden(desk)
    sheet = desk.sheet("2026-Q3")
    grids = sheet.settled.grids
    assert (grids["XX"], grids["YY"], grids["72"]) == (358_800, 367_500, 8_700)
    assert sheet.checks == ()
    assert sheet.foreign == 0
    desk.at(OCTOBER)
    filed = desk.file("2026-Q3").answer.document
    kept = desk.store.file(desk.book, filed.file)
    assert kept is not None
    schema(shared_folder, "NewTVA-in").assertValid(etree.fromstring(kept.content))
    expected = golden_grids(shared_folder / "conformance/intervat/golden_vat_2026Q3.xml")
    assert golden_grids(kept.content) == expected
    for grid, amount in grids.items():
        assert sum(line.amount for line in all_lines(desk, sheet, grid)) == amount, grid


@pytest.mark.feature("V24")
def test_a_filed_return_is_frozen_and_what_comes_late_counts_in_the_next(desk: VatDesk):
    first = desk.sold(JULY, 10_000)
    desk.at(OCTOBER)
    filing = desk.file("2026-Q3")
    assert filing.answer.document.grids == {"03": 10_000, "54": 2_100, "71": 2_100, "XX": 2_100,
                                            "YY": 0}  # fmt: skip
    desk.at(date(2026, 10, 5))
    late = desk.bought_later(date(2026, 9, 28), 5_000)
    desk.credited(date(2026, 10, 6), first)
    sheet = desk.sheet("2026-Q3")
    assert sheet.settled.grids == filing.answer.document.grids
    assert sheet.sums == {"03": 10_000, "54": 2_100}
    following = desk.sheet("2026-Q4").settled.grids
    assert (following["59"], following["64"]) == (1_050, 2_100)
    told = {change.cause: change for change in changes(desk, "2026-Q3")}
    assert set(told) == {"late_bill", "credited_since"}
    assert told["late_bill"].line.position == late
    assert told["late_bill"].grids == {"81": 5_000, "59": 1_050}
    assert {change.counted_in for change in told.values()} == {"2026-Q4"}
    assert changes(desk, "2026-Q4") == []


@pytest.mark.feature("V24")
def test_a_period_is_filed_once_in_order_and_replaced_until_its_deadline(desk: VatDesk):
    desk.sold(JULY, 10_000)
    desk.at(date(2026, 9, 30))
    assert isinstance(refusal(desk.file, "2026-Q3"), VatPeriodIsNotOver)
    desk.at(OCTOBER)
    first = desk.file("2026-Q3")
    assert isinstance(refusal(desk.file, "2026-Q3"), VatReturnIsFiled)
    desk.bought_later(date(2026, 9, 28), 5_000)
    desk.at(date(2026, 10, 26))  # the 25th is a Sunday
    assert isinstance(refusal(desk.file, "2026-Q3", replaces="x"), VatReferenceIsWrong)
    replaced = desk.file("2026-Q3", replaces="12-0202239951-123456").answer.document
    assert replaced.grids["59"] == 1_050
    assert replaced.replaces == first.answer.position
    assert desk.sheet("2026-Q4").settled.grids["YY"] == 0
    desk.at(date(2026, 10, 27))
    again = {"replaces": "12-0202239951-123456"}
    assert isinstance(refusal(desk.file, "2026-Q3", **again), VatReturnIsFiled)
    desk.at(date(2027, 4, 2))
    assert isinstance(refusal(desk.file, "2027-Q1"), VatReturnOutOfOrder)
    desk.file("2026-Q4")
    assert isinstance(refusal(desk.file, "2026-Q3", **again), VatReturnOutOfOrder)


def test_more_credited_than_bought_waits_for_the_next_period(desk: VatDesk):
    desk.bought(JULY, 10_000, credit=True)
    desk.at(OCTOBER)
    filed = desk.file("2026-Q3").answer.document
    assert filed.carried == {"81": -10_000}
    assert filed.grids == {"63": 2_100, "71": 2_100, "85": 10_000, "XX": 2_100, "YY": 0}
    desk.bought(date(2026, 11, 2), 25_000)
    sheet = desk.sheet("2026-Q4")
    assert sheet.settled.grids["81"] == 15_000
    lines = all_lines(desk, sheet, "81")
    assert [(line.kind, line.amount) for line in lines] == [
        ("bill", 25_000), ("brought_forward", -10_000),
    ]  # fmt: skip
    assert [line.amount for line in all_lines(desk, desk.sheet("2026-Q3"), "81")] == [
        -10_000, 10_000,
    ]  # fmt: skip


def test_what_is_no_return(desk: VatDesk):
    for wrong in ("2026", "2026-13", "2026-Q5", "Q3"):
        assert isinstance(refusal(period_named, wrong), VatPeriodIsMalformed)
    assert str(period_named("2026-07")) == "2026-07"
    assert period_named("2026-12").following == date(2027, 1, 1)
    assert GridIsNegative(grid="54").explain("nl").startswith("Rooster 54")


def test_a_company_in_the_franchise_files_none(desk: VatDesk):
    desk.book = str(uuid4())
    fields = {name: getattr(BELGIAN, name) for name in BELGIAN.__struct_fields__}
    new = NewCompany(**{**fields, "vat_regime": "franchise"})
    companies.open_company(desk.store, desk.book, new, desk.command())
    assert isinstance(refusal(desk.sheet, "2026-Q3"), NoVatReturn)


@pytest.mark.feature("V24")
@pytest.mark.parametrize("seed", range(3))
def test_every_grid_is_the_sum_of_its_lines_in_a_random_book(desk: VatDesk, seed: int):
    """Two filed quarters and one that is open, with documents that come late."""
    chance = random.Random(seed)
    german = desk.someone("DE", "DE136695976", supplier=True)
    for month in range(1, 10):
        day = date(2026, month, chance.randrange(1, 28))
        if month in (4, 7):
            desk.at(date(2026, month, 1))
            desk.file(f"2026-Q{month // 3}")
        invoice = desk.sold(day, chance.randrange(100, 99_999), vat_rate="21")
        if chance.random() < 0.4:
            desk.credited(day, invoice)
        for _ in range(2):
            desk.bought(
                day,
                chance.randrange(100, 99_999),
                category=chance.choice(["S", "K", "AE"]),
                by=german,
                credit=chance.random() < 0.4,
                account=chance.choice(["604000", "613000", "230000"]),
                deductible=chance.choice(["100", "50"]),
            )
        desk.bought_later(date(2026, max(1, month - 3), 3), chance.randrange(100, 9_999))
    for period in ("2026-Q1", "2026-Q2", "2026-Q3"):
        sheet = desk.sheet(period)
        if sheet.filing is not None:
            form = sheet.form.settle(sheet.sums, sheet.brought)
            assert form.grids == sheet.settled.grids
        for grid, amount in sheet.settled.grids.items():
            assert sum(line.amount for line in all_lines(desk, sheet, grid)) == amount, grid


def test_months_and_quarters_are_written_and_read():
    assert VatPeriod(2026, 7, 3) == period_named("2026-Q3")
    assert [str(VatPeriod(2026, 7, 3).like(date(2026, 5, 9))), str(VatPeriod(2026, 7, 1))] == [
        "2026-Q2", "2026-07",
    ]  # fmt: skip
    assert intervat.state_and_number("GR094259216") == ("EL", "094259216")
