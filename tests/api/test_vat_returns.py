"""VAT returns over HTTP: prepared, explained to the event, filed, and what changed since."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.api import bodies
from tests.api.conftest import Caller


def today() -> date:
    """The day of the server's clock."""
    return datetime.now(UTC).date()


def months_ago(months: int) -> date:
    """The fifth of a month that is over."""
    number = today().year * 12 + today().month - 1 - months
    return date(number // 12, number % 12 + 1, 5)


def bill(caller: Caller, supplier: str, day: date, reference: str, net: int = 10_000) -> Any:
    tax = net * 21 // 100
    body = {
        "supplier_id": supplier,
        "supplier_reference": reference,
        "issue_date": day.isoformat(),
        "lines": [{"description": "Leasing", "net": bodies.eur(net), "account": "610000",
                   "deductible": "50"}],
        "vat": [{"rate": "21", "base": bodies.eur(net), "tax": bodies.eur(tax)}],
    }  # fmt: skip
    return caller.made("/bills", body)


@pytest.mark.feature("V24")
def test_a_return_is_prepared_explained_filed_and_compared(caller: Caller) -> None:
    supplier = caller.supplier()
    day = months_ago(2)
    period = day.isoformat()[:7]
    first = bill(caller, supplier, day, "F-1")
    place = caller.position()
    seen = caller.seen(f"/vat_returns/{period}", place)
    grids = {each["grid"]: each["amount"]["amount"] for each in seen["grids"]}
    assert grids == {"59": 1_050, "72": 1_050, "82": 11_050, "XX": 0, "YY": 1_050}
    assert (seen["filing"], seen["warnings"], seen["position"]) == (None, [], place)
    for each in seen["grids"]:
        lines = caller.seen(each["lines"].removeprefix(caller.base), place)
        assert lines["total"] == each["amount"]
        assert sum(line["amount"]["amount"] for line in lines["data"]) == each["amount"]["amount"]
    (line,) = caller.seen(f"/vat_returns/{period}/grids/82")["data"]
    assert line["document"] == f"{caller.base}/bills/{first['id']}"
    (event,) = caller.seen(line["event"].removeprefix(caller.base))["data"]
    assert (event["type"], event["position"]) == ("bill.recorded.v1", line["position"])

    filed = caller.post(f"/vat_returns/{period}/file", {"refund": True})
    assert filed.status_code == 201, filed.text
    body = filed.json()
    content = caller.get(body["file"].removeprefix(caller.base)).text
    assert '<ns2:Amount GridNumber="82">110.50</ns2:Amount>' in content
    again = caller.post(f"/vat_returns/{period}/file", {})
    assert (again.status_code, again.json()["code"]) == (409, "vat_return_filed")
    bill(caller, supplier, day, "F-2")
    place = caller.position()
    after = caller.seen(f"/vat_returns/{period}", place)
    assert after["grids"] == seen["grids"]
    assert after["filing"]["position"] == body["position"]
    (change,) = caller.seen(f"/vat_returns/{period}/changes")["data"]
    following = months_ago(1).isoformat()[:7]
    assert (change["cause"], change["counted_in"]) == ("late_bill", following)
    assert change["grids"] == {"82": bodies.eur(11_050), "59": bodies.eur(1_050)}
    late = caller.seen(f"/vat_returns/{following}")
    assert {"59": 1_050, "82": 11_050}.items() <= {
        each["grid"]: each["amount"]["amount"] for each in late["grids"]
    }.items()
    known = caller.seen(f"/vat_returns/{period}?known_at={body['position'] - 1}")
    amounts = {each["grid"]: each["amount"] for each in seen["grids"]}
    assert known["filing"] is None
    assert {each["grid"]: each["amount"] for each in known["grids"]} == amounts
    assert [each["period"] for each in caller.seen("/vat_returns")["data"]] == [period]


@pytest.mark.feature("V24")
def test_lines_of_a_grid_come_in_pages(caller: Caller) -> None:
    supplier = caller.supplier()
    day = months_ago(1)
    for number in range(5):
        bill(caller, supplier, day, f"F-{number}", 100 + number)
    path = f"/vat_returns/{day.isoformat()[:7]}/grids/YY"
    page = caller.seen(f"{path}?limit=2", caller.position())
    found = page["data"]
    while page["has_more"]:
        page = caller.seen(f"{path}?limit=2&cursor={page['next_cursor']}")
        found += page["data"]
    assert len(found) == 5
    assert sum(line["amount"]["amount"] for line in found) == page["total"]["amount"]


@pytest.mark.feature("V24")
def test_the_listings_and_what_is_no_period(caller: Caller) -> None:
    year = today().year
    invoice = caller.validated()
    place = caller.position()
    assert invoice["status"] == "validated"
    assert caller.seen(f"/vat_listings/clients/{year}", place)["data"] == []
    assert caller.seen(f"/vat_listings/union/{year}-Q1", place)["data"] == []
    for wrong in ("2026", "2026-13", "Q3"):
        assert caller.get(f"/vat_returns/{wrong}").status_code == 404
    assert caller.get("/vat_returns/2026-07?x=1").status_code == 400
    assert caller.get("/vat_returns/2026-07/grids/03?cursor=x").status_code == 400
    month = today().isoformat()[:7]
    early = caller.post(f"/vat_returns/{month}/file", {})
    assert (early.status_code, early.json()["code"]) == (409, "vat_period_not_over")
