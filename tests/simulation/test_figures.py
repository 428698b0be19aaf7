"""Figures of the demonstration's year: each is the sum of its list, and of its explained lines."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from api.app import create_app
from api.ids import company_id
from services.backend import open_backend
from services.demonstration import BELGIAN, COMPANIES, FRENCH
from services.demonstration.cast import Company
from services.settings import Settings
from tests.api.conftest import Caller
from tests.simulation.conftest import TODAY, Lived

DAY = f"as_of={TODAY}"
BOTH = pytest.mark.parametrize("company", COMPANIES, ids=["french", "belgian"])


class Clerk(Caller):
    """Somebody who follows the links of one company's answers, and adds up what is there."""

    def at(self, address: str) -> Any:
        """What stands at an address of ours."""
        assert address.startswith(self.base), address
        return self.seen(address.removeprefix(self.base))

    def rows(self, address: str, size: int = 200) -> list[Any]:
        """The rows of all pages at an address."""
        joint = "&" if "?" in address else "?"
        found, more = [], f"{address}{joint}limit={size}"
        while True:
            page = self.at(more)
            found += page["data"]
            if not page["has_more"]:
                return found
            more = f"{address}{joint}limit={size}&cursor={page['next_cursor']}"

    def explained(self, address: str, size: int = 200) -> int:
        """The sum of the lines of a figure, which is that of their events too."""
        total = 0
        for line in self.rows(address, size):
            amount = line["amount"]["amount"]
            shares = [event["amount"]["amount"] for event in line["events"]]
            assert sum(shares) == amount or not shares, line
            assert shares or line["kind"] in UNMADE, line
            total += amount
        return total


UNMADE = {"brought_forward", "carried_over", "transferred", "rounding"}
"""The lines of a return that nobody filed yet which no event made."""


@pytest.fixture(scope="module")
def clerks(lived: Lived) -> Iterator[dict[str, Clerk]]:
    """A clerk for each company of the demonstration, by its book."""
    with open_backend(Settings(database_url=SecretStr(lived.url))) as backend:
        for company in COMPANIES:
            backend.engine.run_to_head(company.book_id)
        key = backend.keyring.issue("clerk")
        with TestClient(create_app(backend), raise_server_exceptions=False) as client:
            yield {
                company.book_id: Clerk(client, key, company_id(company.book_id))
                for company in COMPANIES
            }


def figures_of(dashboard: Any) -> dict[str, Any]:
    """The figures of a dashboard by name, those about a customer or article by its label too."""
    return {
        figure["name"] + figure["label"]: figure
        for widget in dashboard["widgets"]
        for figure in widget["figures"]
    }


def added(rows: list[Any], sums: dict[str, int]) -> int:
    """What the columns of a list's rows add up to; a row without a value adds nothing."""
    return sum(
        sign * row[column]["amount"]
        for row in rows
        for column, sign in sums.items()
        if row[column] is not None
    )


@pytest.mark.feature("M47", "M40", "V26")
@BOTH
def test_every_figure_of_the_dashboard_is_the_sum_of_its_list(
    clerks: dict[str, Clerk], company: Company
) -> None:
    """Goal: what a click on a figure opens adds up to it, to the unit, and so do its events.
    Method: all pages of each list and of each explanation, small ones first."""
    clerk = clerks[company.book_id]
    figures = figures_of(clerk.seen(f"/dashboard?{DAY}"))
    assert len(figures) >= 25
    for name, figure in figures.items():
        amount = figure["amount"]["amount"]
        assert added(clerk.rows(figure["details"]), figure["sums"]) == amount, name
        assert clerk.explained(figure["explain"]) == amount, name
        assert clerk.at(figure["explain"])["amount"] == figure["amount"], name
    for name in ("turnover_year", "margin_year", "receivables", "payables", "vat_due"):
        assert figures[name]["amount"]["amount"] != 0, name
    for side in ("receivables", "payables"):
        bands = [figures[f"{side}{band}"]["amount"]["amount"] for band in BANDS]
        assert sum(bands) == figures[side]["amount"]["amount"]


BANDS = ("_upcoming", "_1_30", "_31_60", "_61_90", "_over_90")


@pytest.mark.feature("V24")
@BOTH
def test_every_box_of_every_return_is_the_sum_of_what_explains_it(
    clerks: dict[str, Clerk], company: Company
) -> None:
    """Goal: every box of a CA3 and every grid in Belgium, by month and by quarter, comes down to
    events to the cent; also what adds up other boxes, is carried over or rounded."""
    clerk = clerks[company.book_id]
    boxes = 0
    for period in MONTHS if company is FRENCH else QUARTERS:
        seen = clerk.seen(f"/vat_returns/{period}")
        for box in seen["grids"]:
            assert clerk.explained(box["explain"]) == box["amount"]["amount"], (period, box)
            boxes += 1
    assert boxes >= 40
    empty = clerk.seen(f"/explain?figure=vat:{period}:{'17' if company is FRENCH else '61'}")
    assert (empty["amount"]["amount"], empty["data"]) == (0, [])


MONTHS = [f"2026-{month:02}" for month in range(1, 12)]
QUARTERS = [f"2026-Q{quarter}" for quarter in range(1, 5)]


@pytest.mark.feature("C14", "V24")
@BOTH
def test_every_balance_is_the_sum_of_what_explains_it(
    clerks: dict[str, Clerk], company: Company
) -> None:
    """Goal: the four columns of each row of the trial balance, and the balance of each third
    party on each account, come down to their entries."""
    clerk = clerks[company.book_id]
    rows = clerk.seen(f"/trial_balance?date_gte=2026-06-10&date_lte={TODAY}")["data"]
    assert len(rows) >= 8
    for row in rows:
        for column, address in row["explain"].items():
            assert clerk.explained(address) == row[column]["amount"], (row["account"], column)
    parties = clerk.seen("/history/summary?date_gte=2026-03-01&date_lte=2026-10-31")["data"]
    assert len(parties) >= 6
    for party in parties:
        assert clerk.explained(party["explain"]) == party["balance"]["amount"], party


@pytest.mark.feature("C14", "V26")
@BOTH
def test_every_age_band_of_every_party_is_the_sum_of_what_explains_it(
    clerks: dict[str, Clerk], company: Company
) -> None:
    """Goal: what is open is the entry less its letterings, by party and age, on any value date."""
    clerk = clerks[company.book_id]
    for on in ("2026-07-31", str(TODAY)):
        items = clerk.rows(f"{clerk.base}/unpaid?as_of={on}")
        sides = {(item["party"], item["side"]) for item in items}
        assert {side for _, side in sides} == {"customers", "suppliers"}
        for party, side in sides:
            own = [each for each in items if (each["party"], each["side"]) == (party, side)]
            sign = 1 if side == "customers" else -1
            figures = [
                clerk.seen(f"/explain?figure=aged:{side}:{by}:{band}:EUR:{on}:{party}")
                for by, bands in (("due_date", AGES), ("issue_date", ("all",)))
                for band in bands
            ]
            for figure in figures:
                lines = [line["amount"]["amount"] for line in figure["data"]]
                assert not figure["has_more"]
                assert sum(lines) == figure["amount"]["amount"]
            found = [figure["amount"]["amount"] for figure in figures]
            whole = sign * sum(each["open"]["amount"] for each in own)
            assert found[-1] == whole == sum(found[:-1])


AGES = ("upcoming", "1-30", "31-60", "61-")


@pytest.mark.feature("V26")
@BOTH
def test_an_aged_balance_says_where_each_band_is_explained(
    clerks: dict[str, Clerk], company: Company
) -> None:
    clerk = clerks[company.book_id]
    for query in (DAY, f"{DAY}&by=issue_date&bands=15,45"):
        rows = clerk.seen(f"/aged_balance?{query}")["data"]
        assert {row["side"] for row in rows} == {"customers", "suppliers"}
        for row in rows:
            amounts = [band["amount"]["amount"] for band in row["bands"]]
            assert sum(amounts) == row["open"]["amount"]["amount"]
            for band in (row["open"], *row["bands"]):
                assert clerk.at(band["explain"])["amount"] == band["amount"], band
    refused = clerk.get("/aged_balance?bands=60,30")
    assert (refused.status_code, refused.json()["code"]) == (409, "bands_wrong")


@pytest.mark.feature("M47")
def test_a_figure_is_explained_as_it_was_known(clerks: dict[str, Clerk]) -> None:
    """Goal: at any position, figure, list and explanation are those of the book cut there."""
    clerk = clerks[FRENCH.book_id]
    place = 500
    seen = clerk.seen(f"/dashboard?known_at={place}")
    assert seen["meta"]["position"] == place
    assert seen["on"] < str(TODAY)
    figures = figures_of(seen)
    for name in ("margin_month", "receivables"):
        figure = figures[name]
        amount = figure["amount"]["amount"]
        assert added(clerk.rows(figure["details"]), figure["sums"]) == amount != 0, name
        lines = clerk.rows(figure["explain"])
        assert sum(line["amount"]["amount"] for line in lines) == amount, name
        assert all(event["position"] <= place for line in lines for event in line["events"])
    month = seen["on"][:7]
    (box,) = clerk.seen(f"/vat_returns/{month}?known_at={place}")["grids"][:1]
    assert clerk.explained(box["explain"]) == box["amount"]["amount"]


@pytest.mark.feature("M47")
@BOTH
def test_events_documents_and_originals_are_where_an_explanation_says(
    clerks: dict[str, Clerk], company: Company
) -> None:
    """Goal: each address of an explanation answers. Method: one of each kind of document."""
    clerk = clerks[company.book_id]
    found: dict[str, str] = {}
    for name in ("turnover_year", "receivables", "payables", "quotes_pending"):
        for line in clerk.rows(f"{clerk.base}/explain?figure=dashboard:{name}:{TODAY}"):
            assert line["document"], line
            for event in line["events"]:
                links = (event["event"], event["document"], *event["originals"])
                assert all(links), event
                found |= {re.sub(r"\w{3}_\w{26}|[0-9]+", "", link): link for link in links}
    assert len(found) >= 6
    prints = [link for link in found.values() if link.endswith("/pdf")]
    for link in set(found.values()) - set(prints):
        clerk.at(link)
    for link in prints:  # nobody prints here: the document is there, and its print has an address
        clerk.at(link.removesuffix("/pdf"))
        assert re.sub(r"(\w{3})_\w{26}", "", link.removeprefix(clerk.base)) in PRINTS


PRINTS = {f"/{place}//pdf" for place in ("invoices", "credit_notes", "quotes")}


@pytest.mark.feature("M47")
def test_an_explanation_comes_in_pages(clerks: dict[str, Clerk]) -> None:
    clerk = clerks[BELGIAN.book_id]
    for figure in (
        f"dashboard:turnover_year:{TODAY}",
        f"dashboard:receivables:{TODAY}",
        f"dashboard:margin_year:{TODAY}",
        f"account:400000:EUR:debit:2026-05-01:{TODAY}",
        "vat:2026-Q3:03",
    ):
        address = f"{clerk.base}/explain?figure={figure}"
        whole = clerk.rows(address)
        assert len(whole) > 7
        assert clerk.rows(address, 7) == whole
    cursor = clerk.at(f"{address}&limit=1")["next_cursor"]
    other = f"/explain?figure=vat:2026-Q2:03&cursor={cursor}"
    assert clerk.get(other).json()["code"] == "cursor_mismatch"


@pytest.mark.parametrize(
    "figure",
    [
        "turnover",
        "vat:2026-07",
        "vat:2026-13:16",
        "vat:2026-07:ZZ",
        "account:411000:EUR:balance:2026-01-01:2026-02-01",
        "account:411000:EUR:closing:2026-02-01:2026-01-01",
        "account:41:EUR:closing:2026-01-01:2026-02-01",
        "party:411000:somebody:EUR::",
        "aged:customers:due_date:30-1:EUR:2026-01-01",
        "aged:everybody:due_date:all:EUR:2026-01-01",
        "aged:customers:due_date:all:EUR:2026-01-01:ctc_x:more",
        "dashboard:happiness:2026-01-01",
        "dashboard:turnover_month:2026-02-30",
        "dashboard:top_customer:2026-02-01:ctc_01kp1na92pexbvpqd9xpcynabv",
        "dashboard:turnover_month:2026-02-01:ctc_01kp1na92pexbvpqd9xpcynabv",
    ],
)
def test_what_is_no_figure_is_refused_by_name(clerks: dict[str, Clerk], figure: str) -> None:
    """FigureIsUnknown, in the reader's language."""
    clerk = clerks[FRENCH.book_id]
    answer = clerk.get(f"/explain?figure={figure}", Accept_Language="fr")
    assert (answer.status_code, answer.json()["code"]) == (422, "figure_unknown")
    assert figure in answer.json()["detail"]


@pytest.mark.feature("M48")
def test_short_lists_are_the_first_rows_of_their_lists(clerks: dict[str, Clerk]) -> None:
    clerk = clerks[FRENCH.book_id]
    lists = {each["name"]: each for each in clerk.seen(f"/dashboard?{DAY}")["lists"]}
    assert lists.keys() == {"recent_quotes", "recent_invoices", "oldest_instalments"}
    for each in lists.values():
        first = clerk.at(f"{each['details']}&limit=5")["data"]
        numbers = [row.get("document_number", row.get("number")) or "" for row in first]
        assert [row["number"] for row in each["rows"]] == numbers
        assert len(numbers) == 5
        assert all(clerk.at(row["document"]) for row in each["rows"][:1])
