"""The CA3 of a French book: frozen in its file, each box the sum of its lines."""

from datetime import date

import pytest
from msgspec import json

from tests.services.vat.conftest import VatDesk
from tests.services.vat.test_returns import all_lines

DAY = date(2026, 7, 10)


@pytest.mark.feature("V24")
def test_a_ca3_counts_what_is_due_and_is_filed_in_whole_euros(french: VatDesk):
    """Goods are due as invoiced; a service waits for its money and is in no box until then."""
    german = french.someone("DE", "DE136695976")
    german_supplier = french.someone("DE", "DE136695976", supplier=True)
    home = french.someone("FR", "")
    sale = french.sold(DAY, 100_055, to=home, vat_rate="20", nature="goods")
    french.sold(DAY, 50_000, to=home, vat_rate="20", nature="services")
    french.sold(DAY, 70_040, to=german, vat_category="K", vat_rate="0", nature="goods")
    french.bought(DAY, 30_030, category="K", by=german_supplier)
    sheet = french.sheet("2026-07")
    grids = sheet.settled.grids
    assert grids == {
        "08": 26_000, "08B": 130_100, "16": 26_000, "17": 6_000, "20": 6_000, "23": 6_000,
        "28": 20_000, "32": 20_000, "A1": 100_100, "B2": 30_000, "F2": 70_000,
    }  # fmt: skip
    for box, amount in grids.items():
        assert sum(line.amount for line in all_lines(french, sheet, box)) == amount, box
    french.at(date(2026, 8, 3))
    filed = french.file("2026-07").answer.document
    kept = french.store.file(french.book, filed.file)
    assert kept is not None
    assert json.decode(kept.content)["boxes"]["28"] == 200
    french.credited(date(2026, 8, 5), sale)
    sheet = french.sheet("2026-08")
    assert sheet.settled.grids == {"21": 20_000, "23": 20_000, "25": 20_000, "27": 20_000,
                                   "16": 0, "F8": 100_100}  # fmt: skip
    for box, amount in sheet.settled.grids.items():
        assert sum(line.amount for line in all_lines(french, sheet, box)) == amount, box
    assert {line.kind for line in all_lines(french, sheet, "F8")} == {"transferred", "rounding"}
