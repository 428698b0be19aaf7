"""The files of the tax office leave a digest, and an audit makes them again."""

import json
from datetime import date

import pytest
from lxml import etree

from domain.book.refusal import Refusals
from services.exports.vat_files import ListingIsBelgian, UnionListingIsEmpty, YearIsMalformed
from services.lists.export import Format
from services.lists.reports import REPORTS, VatFiguresFilter
from tests.services.exports.conftest import Leaving
from tests.services.lists.conftest import Office, asked
from tests.services.vat.conftest import VatDesk

DAY = date(2026, 5, 5)


@pytest.mark.feature("V24")
def test_listings_and_returns_are_noted_and_made_again(desk: VatDesk, leaving: Leaving) -> None:
    """Goal: bytes equal after the book went on. Method: export, go on, make each again."""
    german = desk.someone("DE", "DE136695976")
    desk.sold(DAY, 40_000)
    desk.sold(DAY, 70_000, to=german, vat_category="K", vat_rate="0", nature="goods")
    asked = {
        "client_listing": "2026",
        "union_listing": "2026-Q2",
        "vat_return": "2026-Q2",
    }
    left = {}
    for kind, period in asked.items():
        content = leaving.export(kind, period=period)
        etree.fromstring(content)
        left[kind] = (leaving.noted(), content)
    desk.sold(date(2026, 5, 6), 90_000)
    for kind, (noted, content) in left.items():
        assert (noted.kind, noted.parameters, noted.size) == (
            kind, {"period": asked[kind]}, len(content),
        )  # fmt: skip
        assert leaving.again(noted) == content
        assert leaving.export(kind, period=asked[kind]) != content or kind == "union_listing"


@pytest.mark.feature("V24")
def test_a_filed_return_leaves_as_it_was_filed_whatever_came_after(
    desk: VatDesk, leaving: Leaving
) -> None:
    desk.sold(DAY, 40_000)
    desk.at(date(2026, 7, 1))
    filed = desk.file("2026-Q2", refund=True).answer.document
    kept = desk.store.file(desk.book, filed.file)
    assert kept is not None
    assert filed.wishes == ("refund",)
    desk.bought_later(date(2026, 6, 28), 5_000)
    assert leaving.export("vat_return", period="2026-Q2") == kept.content
    assert leaving.noted().sha256 == filed.file
    assert leaving.again(leaving.noted()) == kept.content


@pytest.mark.feature("V24")
def test_a_ca3_is_made_again_too(french: VatDesk) -> None:
    leaving = Leaving(french.backend, french.book)
    french.sold(DAY, 100_055, to=french.someone("FR", "FR44732829320"), vat_rate="20")
    content = leaving.export("vat_return", period="2026-05")
    assert leaving.again(leaving.noted()) == content
    assert leaving.noted().format == "json"


def test_what_is_no_listing_is_refused(desk: VatDesk, french: VatDesk, leaving: Leaving) -> None:
    abroad = Leaving(french.backend, french.book)
    for expected, of, kind, period in (
        (UnionListingIsEmpty, leaving, "union_listing", "2026-Q1"),
        (YearIsMalformed, leaving, "client_listing", "2026-Q1"),
        (ListingIsBelgian, abroad, "client_listing", "2026"),
        (ListingIsBelgian, abroad, "union_listing", "2026-01"),
    ):
        with pytest.raises(Refusals) as caught:
            of.export(kind, period=period)
        assert isinstance(caught.value.refused, expected)


@pytest.mark.feature("V24", "V27")
@pytest.mark.parametrize("form", ["csv", "xlsx", "json"])
def test_the_figures_of_a_return_leave_as_a_report(desk: VatDesk, form: Format) -> None:
    """Goal: each grid is what the return says, filed or not, and an audit finds the same bytes."""
    desk.sold(DAY, 40_000)
    desk.bought(DAY, 10_000, credit=True)
    desk.at(date(2026, 7, 1))
    kind = REPORTS["vat_figures"]
    made = Office(desk.store, desk.backend.readers, desk.backend.engine, desk.backend.url)
    of = asked(kind, form, VatFiguresFilter(period="2026-Q2"))
    for _ in range(2):
        content = made.export(desk.book, of)
        assert made.again(desk.book, made.noted(desk.book)) == content
        if form == "json":
            rows = [json.loads(line) for line in content.splitlines()]
            settled = desk.sheet("2026-Q2").settled
            found = {row["grid"]: row["amount"] for row in rows if row["nature"] != "carried_over"}
            assert found == settled.grids
            over = {row["grid"]: row["amount"] for row in rows if row["nature"] == "carried_over"}
            assert over == settled.carried
        if desk.sheet("2026-Q2").filing is None:
            desk.file("2026-Q2")
