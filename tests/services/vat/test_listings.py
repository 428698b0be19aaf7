"""The Belgian listings: who is named, by which number, with what sign; and their XML."""

from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from services.loading import load_company
from services.vat_listings import (
    ClientListing,
    UnionListing,
    see_clients,
    see_union,
    write_clients,
    write_union,
)
from services.vat_returns import load_filings, period_named
from tests.services.vat.conftest import VatDesk
from tests.services.vat.schemas import schema

DAY = date(2026, 5, 5)


def clients(desk: VatDesk, year: int) -> ClientListing:
    company = load_company(desk.store.past(desk.book))
    with desk.reading() as conn:
        return see_clients(conn, desk.book, company, year)


def union(desk: VatDesk, period: str) -> UnionListing:
    past = desk.store.past(desk.book)
    with desk.reading() as conn:
        return see_union(
            conn, desk.book, load_company(past), load_filings(past), period_named(period)
        )


def listed(desk: VatDesk, year: int) -> dict[str, tuple[int, int]]:
    return {c.vat_number: (c.turnover, c.tax) for c in clients(desk, year).clients}


@pytest.mark.feature("V24")
def test_customers_over_250_euros_are_listed_by_their_number(desk: VatDesk, shared_folder: Path):
    """250.00 exactly is not listed; two customers of one number are one; others are left out."""
    twin = desk.someone("BE", "BE0477472701")
    edge = desk.someone("BE", "BE0403053608")
    home = desk.someone("BE", "", nature="private")
    german = desk.someone("DE", "DE136695976")
    desk.sold(DAY, 15_000)
    desk.sold(DAY, 10_001, to=twin)
    desk.sold(DAY, 25_000, to=edge)
    desk.sold(DAY, 90_000, to=home)
    desk.sold(DAY, 90_000, to=german, vat_category="K", vat_rate="0", nature="goods")
    assert listed(desk, 2026) == {"BE0477472701": (25_001, 5_250)}
    content = write_clients(clients(desk, 2026))
    schema(shared_folder, "NewLK-in").assertValid(etree.fromstring(content))
    schema(shared_folder, "NewLK-in").assertValid(
        etree.fromstring(write_clients(clients(desk, 2025)))
    )


@pytest.mark.feature("V24")
def test_sales_without_tax_to_a_co_contractor_are_listed_and_exempt_ones_are_not(desk: VatDesk):
    exempt = desk.someone("BE", "BE0403053608")
    desk.sold(DAY, 40_000, vat_category="AE", vat_rate="0")
    desk.sold(DAY, 40_000, to=exempt, vat_category="E", vat_rate="0", vat_code="00/44")
    assert listed(desk, 2026) == {"BE0477472701": (40_000, 0)}


@pytest.mark.feature("V24")
def test_a_credit_note_on_an_earlier_year_is_always_listed(desk: VatDesk):
    """One on the same year only lowers the sum; one on the year before shows, whatever is left."""
    other = desk.someone("BE", "BE0403053608")
    first = desk.sold(DAY, 30_000)
    second = desk.sold(DAY, 30_000, to=other)
    desk.credited(date(2026, 6, 1), second)
    assert listed(desk, 2026) == {"BE0477472701": (30_000, 6_300)}
    desk.credited(date(2027, 1, 5), first)
    assert listed(desk, 2027) == {"BE0477472701": (-30_000, -6_300)}


@pytest.mark.feature("V24")
def test_sales_to_the_union_are_listed_by_letter_and_greece_is_el(
    desk: VatDesk, shared_folder: Path
):
    greek = desk.someone("GR", "EL094259216")
    german = desk.someone("DE", "DE136695976")
    services = {"vat_category": "AE", "vat_rate": "0", "nature": "services"}
    goods = {"vat_category": "K", "vat_rate": "0", "nature": "goods"}
    early = desk.sold(DAY, 50_000, to=greek, **services)
    desk.at(date(2026, 7, 1))
    desk.file("2026-Q2")
    desk.sold(date(2026, 7, 2), 70_000, to=german, **goods)
    desk.sold(date(2026, 7, 2), 10_000, to=german, **goods, vat_code="46T")
    kept = desk.sold(date(2026, 7, 2), 20_000, to=german, **goods)
    desk.credited(date(2026, 7, 3), kept)
    desk.credited(date(2026, 7, 3), early)
    listing = union(desk, "2026-Q3")
    rows = [(c.state, c.vat_number, c.code, c.amount, str(c.corrects)) for c in listing.clients]
    assert rows == [
        ("DE", "136695976", "L", 70_000, "None"),
        ("DE", "136695976", "T", 10_000, "None"),
        ("EL", "094259216", "S", -50_000, "2026-Q2"),
    ]
    grids = desk.sheet("2026-Q3").settled.grids
    assert sum(c.amount for c in listing.clients) == grids["46"] - grids["48"]
    content = write_union(listing)
    schema(shared_folder, "NewICO-in").assertValid(etree.fromstring(content))
    assert union(desk, "2026-Q1").clients == ()
