"""VAT codes for WinBooks: own mapping before the default, bases that are those of the register."""

from datetime import date
from typing import Any

import pytest

from domain.book.refusal import Refusals
from domain.sales.document import NewLine
from services import invoicing
from services.exports.mapping import CodesAreNotMapped, CodesDoNotFit
from services.exports.winbooks_vat import WinbooksVatIsBelgian
from tests.domain.steps import new_invoice
from tests.services.exports.conftest import Leaving
from tests.services.exports.test_accounting import YEAR, act_of, cents
from tests.services.vat.conftest import VatDesk

DAY = date(2026, 3, 10)
OWN = {
    "invoice:01:S:6": "211200",
    "bill:DOM:S:21": "111400",
    "bill:DOM:S:21:61": "121400",
    "bill:ICG:K:21": "ICG21",
}
REGISTER = """
SELECT kind, code, coalesce(nullif(due_rate, ''), rate), sum(base) FROM vat_detail
WHERE book_id = %s GROUP BY 1, 2, 3
"""


@pytest.fixture
def trade(desk: VatDesk) -> VatDesk:
    """A company that sold at three rates, credited, and bought at home and in the Union."""
    lines = (
        NewLine(description="a", unit_price="100.00", vat_rate="21"),
        NewLine(description="b", unit_price="50.00", vat_rate="6"),
        NewLine(description="c", unit_price="30.00", vat_rate="0", vat_category="Z"),
    )
    desk.at(DAY)
    new = new_invoice(*lines, customer_id=desk.client)
    made = invoicing.draft_invoice(desk.store, desk.book, new, desk.command())
    invoicing.validate_invoice(desk.store, desk.book, made.answer.invoice_id, desk.command())
    desk.credited(date(2026, 3, 12), made.answer.invoice_id)
    desk.sold(date(2026, 3, 20), 8_000)
    desk.bought(date(2026, 4, 2), 7_777)
    desk.bought(date(2026, 4, 3), 2_000, account="612000")
    abroad = desk.someone("NL", "NL004495445B01", supplier=True)
    desk.bought(date(2026, 4, 4), 40_000, category="K", by=abroad)
    return desk


def said(content: bytes) -> dict[tuple[str, str], int]:
    """The bases of the file by kind of journal and code, in cents."""
    sums: dict[tuple[str, str], int] = {}
    for record in act_of(content):
        if record["VATCODE"]:
            key = record["DBKTYPE"], record["VATCODE"]
            sums[key] = sums.get(key, 0) + cents(record["VATBASE"])
        else:
            assert not record["VATBASE"]
    return sums


@pytest.mark.feature("V19", "V21", "V24")
def test_bases_of_codes_are_those_of_the_register(trade: VatDesk, leaving: Leaving) -> None:
    """Goal: WinBooks draws up the return that we do. Method: each code's bases, both ways."""
    content = leaving.export("winbooks", **YEAR, vat_codes=OWN)
    with trade.reading() as conn:
        rows = conn.execute(REGISTER, [trade.book]).fetchall()
    register = {(kind, code, rate): int(base) for kind, code, rate, base in rows}
    bases = said(content)
    assert bases["2", "211400"] == -register["invoice", "03", "21"] == -18_000
    assert bases["2", "211200"] == -register["invoice", "01", "6"] == -5_000
    assert bases["2", "211100"] == -register["invoice", "00", "0"] == -3_000
    assert bases["3", "211400"] == -register["credit_note", "03", "21"] == 10_000
    assert bases["0", "111400"] + bases["0", "121400"] == register["bill", "DOM", "21"] == 9_777
    assert bases["0", "121400"] == 2_000
    assert bases["0", "ICG21"] == register["bill", "ICG", "21"] == 40_000
    assert leaving.again(leaving.noted()) == content


@pytest.mark.feature("V19", "V21")
def test_entries_balance_as_without_codes(trade: VatDesk, leaving: Leaving) -> None:
    """Goal: codes move no cent. Method: accounts of the file with and without them."""

    def moved(content: bytes) -> dict[tuple[str, str], int]:
        sums: dict[tuple[str, str], int] = {}
        for record in act_of(content):
            amount = cents(record["AMOUNTEUR"])
            key = record["DOCNUMBER"] + record["DBKCODE"], record["ACCOUNTGL"]
            sums[key] = sums.get(key, 0) + amount
            assert bool(amount) != (record["DOCTYPE"] == "4")
        return {key: amount for key, amount in sums.items() if key[1]}

    coded = leaving.export("winbooks", **YEAR, vat_codes=OWN)
    assert moved(coded) == moved(leaving.export("winbooks", **YEAR))
    (zero, again) = [record for record in act_of(coded) if record["DOCTYPE"] == "4"]
    assert (zero["VATCODE"], zero["VATBASE"], zero["AMOUNTEUR"]) == ("211100", "-30.00", "0.00")
    assert (again["DBKTYPE"], again["VATBASE"], again["ACCOUNTGL"]) == ("3", "30.00", "")


@pytest.mark.feature("V21")
def test_the_companys_own_code_beats_the_default_from_its_day_on(
    desk: VatDesk, leaving: Leaving
) -> None:
    desk.sold(DAY, 10_000)
    desk.credited(date(2026, 3, 12), desk.sold(date(2026, 3, 11), 5_000))

    def codes(**wish: Any) -> list[str]:
        records = act_of(leaving.export("winbooks", **YEAR, **wish))
        return [record["VATCODE"] for record in records if record["VATCODE"]]

    assert codes() == []
    assert codes(with_vat=True) == ["211400"] * 3
    own = {"invoice:03:S:21": "A", "invoice:03:S:21@2026-03-11": "B", "credit_note:03:S:21": "C"}
    assert codes(vat_codes=own) == ["A", "B", "C"]
    assert codes(vat_codes={"invoice:03:S:21@2026-03-11": "B"}) == ["211400", "B", "B"]


@pytest.mark.feature("V21")
def test_a_treatment_without_a_code_is_named(trade: VatDesk, leaving: Leaving) -> None:
    with pytest.raises(Refusals) as caught:
        leaving.export("winbooks", **YEAR, with_vat=True)
    missing = "bill:DOM:S:21, bill:ICG:K:21, credit_note:01:S:6, invoice:01:S:6"
    assert caught.value.refused == CodesAreNotMapped(what="vat_codes", codes=missing)
    with pytest.raises(Refusals) as caught:
        leaving.export("winbooks", **YEAR, vat_codes={**OWN, "invoice:01:S:6": "six per cent"})
    assert caught.value.refused == CodesDoNotFit(what="vat_codes", codes="six per cent")


def test_codes_are_those_of_the_belgian_return(french: VatDesk) -> None:
    french.sold(DAY, 10_000, vat_rate="20")
    with pytest.raises(Refusals) as caught:
        Leaving(french.backend, french.book).export("winbooks", **YEAR, with_vat=True)
    assert isinstance(caught.value.refused, WinbooksVatIsBelgian)
