"""Figures of the demonstration's year: each is the sum of its list, and of its explained lines."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from api.app import create_app
from api.ids import company_id
from services.backend import open_backend
from services.demonstration import COMPANIES
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
