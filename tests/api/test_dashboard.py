"""The dashboard over HTTP: what options hide and put in its place, and what is not known."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.api import bodies
from tests.api.conftest import Caller, open_company


def figures(caller: Caller, query: str = "") -> dict[str, Any]:
    """The figures of the dashboard by name, once it stands at the head of the book."""
    seen = caller.seen(f"/dashboard{query}", caller.position())
    return {each["name"]: each for widget in seen["widgets"] for each in widget["figures"]}


def hidden(caller: Caller) -> list[str]:
    """The widgets that are not shown."""
    return list(caller.seen("/dashboard", caller.position())["hidden"])


def switch(caller: Caller, option: str, *, on: bool) -> None:
    caller.made(f"/options/{option}", {"on": on})


def sold(caller: Caller, customer: str, **line: Any) -> Any:
    """A validated invoice of one line."""
    draft = caller.made("/invoices", bodies.invoice(customer, lines=[bodies.line(**line)]))
    return caller.made(f"/invoices/{draft['id']}/validate")


def quote(caller: Caller, customer: str, probability: int | None, valid: int = 90) -> None:
    """A quote of 100.00 that was sent today, to be accepted within so many days."""
    until = (datetime.now(UTC).date() + timedelta(days=valid)).isoformat()
    body = {"customer_id": customer, "lines": [bodies.line()], "valid_until": until}
    made = caller.made("/quotes", body)
    if probability is not None:
        caller.made(f"/quotes/{made['id']}/probability", {"probability": probability})
    caller.made(f"/quotes/{made['id']}/send")


@pytest.mark.feature("M49")
def test_without_margins_or_quotes_the_best_take_their_place(caller: Caller) -> None:
    """Goal: each option off hides its widget, and the best customers and articles show instead;
    each of their figures is the sum of its list too."""
    first, second = caller.customer(), caller.made("/contacts", bodies.supplier())["id"]
    article = caller.made(
        "/articles",
        {"code": "A1", "label": "Affiche", "unit_price": "30", "unit_cost": "20", "vat_rate": "21"},
    )["id"]
    sold(caller, first, quantity="1")
    sold(caller, second, article_id=article, quantity="4", unit_price="30")
    assert hidden(caller) == ["top_customers", "top_articles"]
    switch(caller, "margins", on=False)
    assert hidden(caller) == ["margin"]
    best = caller.seen("/dashboard")["widgets"][-2:]
    assert [each["name"] for each in best] == ["top_customers", "top_articles"]
    assert [[f["label"], f["amount"]["amount"]] for each in best for f in each["figures"]] == [
        ["Papeterie Peeters", 12_000],
        ["Librairie Dupont", 5_000],
        ["Cartes de visite", 12_000],
    ]
    for figure in (figure for each in best for figure in each["figures"]):
        for place, column in (("details", "net"), ("explain", "amount")):
            rows = caller.seen(figure[place].removeprefix(caller.base))["data"]
            assert sum(row[column]["amount"] for row in rows) == figure["amount"]["amount"]
    switch(caller, "margins", on=True)
    switch(caller, "quotes", on=False)
    assert hidden(caller) == ["quotes"]
    lists = caller.seen("/dashboard")["lists"]
    assert [each["name"] for each in lists] == ["recent_invoices", "oldest_instalments"]
    explained = caller.get(f"/explain?figure=dashboard:quotes_pending:{date.today()}")  # noqa: DTZ011
    assert explained.json()["code"] == "figure_unknown"


@pytest.mark.feature("M19", "M47", "M50")
def test_quotes_weigh_what_they_are_likely_to_bring(caller: Caller) -> None:
    customer = caller.customer()
    assert figures(caller)["quotes_pending_weighted"]["amount"] == bodies.eur(0)
    quote(caller, customer, None)
    unsaid = figures(caller)["quotes_pending_weighted"]
    assert (unsaid["amount"], unsaid["unknown"]) == (None, 1)
    quote(caller, customer, 75, valid=10)
    quote(caller, customer, 33)
    seen = figures(caller)
    assert seen["quotes_pending"]["amount"] == bodies.eur(30_000)
    assert seen["quotes_pending_weighted"]["amount"] == bodies.eur(10_800)
    assert seen["quotes_pending_weighted"]["unknown"] == 1
    assert seen["quotes_expiring_weighted"]["amount"] == bodies.eur(7_500)
    assert seen["quotes_expired"]["amount"] == bodies.eur(0)
    later = figures(caller, f"?as_of={datetime.now(UTC).date() + timedelta(days=40)}")
    assert later["quotes_expired_weighted"]["amount"] == bodies.eur(7_500)
    assert later["quotes_pending"]["amount"] == bodies.eur(20_000)
    for name in ("quotes_expired", "quotes_expired_weighted"):
        address = later[name]["details"].removeprefix(caller.base)
        column = "net" if name == "quotes_expired" else "weighted"
        (row,) = caller.seen(address)["data"]
        assert row[column] == later[name]["amount"]
        (line,) = caller.seen(later[name]["explain"].removeprefix(caller.base))["data"]
        assert [event["type"] for event in line["events"]] == [
            "quote.drafted.v1",
            "quote.probability_set.v1",
            "quote.sent.v1",
        ]
        assert sum(event["amount"]["amount"] for event in line["events"]) == row[column]["amount"]
    switch(caller, "deals", on=False)
    names = figures(caller).keys()
    assert "quotes_pending" in names
    assert not [name for name in names if name.endswith("_weighted")]


@pytest.mark.feature("M47")
def test_a_margin_is_of_what_has_a_cost_and_not_known_without(caller: Caller) -> None:
    customer = caller.customer()
    assert figures(caller)["margin_month"]["amount"] == bodies.eur(0)
    dear = sold(caller, customer)
    unknown = figures(caller)["margin_month"]
    assert (unknown["amount"], unknown["unknown"]) == (None, 1)
    sold(caller, customer, quantity="3", unit_cost="12.345")
    seen = figures(caller)
    assert (seen["margin_month"]["amount"], seen["margin_month"]["unknown"]) == (
        bodies.eur(15_000 - 3_704),
        1,
    )
    caller.made(f"/invoices/{dear['id']}/credit_notes", {"reason": "Retour"})
    seen = figures(caller)
    assert seen["margin_year"]["unknown"] == 2
    assert seen["turnover_month"]["amount"] == bodies.eur(15_000)
    lines = caller.seen("/sales_lines")["data"]
    assert [line["margin"] for line in lines] == [None, bodies.eur(11_296), None]
    (total,) = caller.seen("/sales_lines/summary")["data"]
    assert (total["net"], total["margin"]) == (bodies.eur(15_000), bodies.eur(11_296))


@pytest.mark.feature("M47", "C2", "C3")
def test_a_dashboard_stands_on_a_position_and_two_dates(caller: Caller) -> None:
    sold(caller, caller.customer())
    caller.made("/books/synchronise", {"entries_until": "2026-10-31"})
    seen = caller.seen("/dashboard", caller.position())
    assert seen["meta"] == {
        "position": caller.position(),
        "entries_until": "2026-10-31",
        "bank_booked_until": None,
    }
    before = caller.seen("/dashboard?known_at=1")
    assert before["meta"]["position"] == 1
    amounts = [f["amount"]["amount"] for w in before["widgets"] for f in w["figures"]]
    assert set(amounts) == {0}


@pytest.mark.feature("M47")
def test_a_company_without_returns_of_vat_shows_none(client: TestClient, firm_key: str) -> None:
    caller = open_company(client, firm_key, vat_regime="franchise", vat_number="")
    assert "vat" in hidden(caller)
    refused = caller.get("/explain?figure=vat:2026-Q3:54")
    assert (refused.status_code, refused.json()["code"]) == (409, "vat_return_none")


@pytest.mark.feature("V24")
def test_a_filed_return_is_explained_as_it_was_filed(caller: Caller) -> None:
    """Goal: what comes after a filing changes none of its boxes, nor what explains them."""
    supplier = caller.supplier()
    last_month = datetime.now(UTC).date().replace(day=1) - timedelta(days=1)
    bill = bodies.bill(supplier) | {"issue_date": last_month.isoformat()}
    caller.made("/bills", bill)
    period = last_month.isoformat()[:7]
    caller.seen(f"/vat_returns/{period}", caller.position())
    caller.made(f"/vat_returns/{period}/file", {})
    caller.made("/bills", bill | {"supplier_reference": "LATE"})
    boxes = caller.seen(f"/vat_returns/{period}", caller.position())["grids"]
    assert len(boxes) >= 4
    for box in boxes:
        explained = caller.seen(box["explain"].removeprefix(caller.base))
        assert explained["amount"] == box["amount"]
        assert (
            sum(line["amount"]["amount"] for line in explained["data"]) == box["amount"]["amount"]
        )
        assert all(event["originals"] == [] for x in explained["data"] for event in x["events"])


@pytest.mark.feature("M47", "V24")
def test_vat_that_is_owed_to_the_company_is_negative(caller: Caller) -> None:
    today = datetime.now(UTC).date().isoformat()
    caller.made("/bills", bodies.bill(caller.supplier(), issue_date=today))
    due = figures(caller)["vat_due"]
    assert (due["amount"], due["sums"]) == (bodies.eur(-4_200), {"amount": -1})
    (line,) = caller.seen(due["details"].removeprefix(caller.base))["data"]
    assert line["amount"] == bodies.eur(4_200)
    (line,) = caller.seen(due["explain"].removeprefix(caller.base))["data"]
    assert line["amount"] == due["amount"] == line["events"][0]["amount"]
    sold(caller, caller.customer(), quantity="10")
    assert figures(caller)["vat_due"]["amount"] == bodies.eur(6_300)
