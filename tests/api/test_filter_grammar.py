"""One grammar of filters over every list: the same thing has the same name and form everywhere."""

import re
from collections import defaultdict
from typing import Any

import pytest

from tests.api.conftest import Caller, open_company

PAGED = {"known_at", "limit", "cursor", "format", "sort"}
"""What a list of a register takes, whatever it lists."""
OWN = {"by", "code", "kind", "means", "nature", "shown", "sort", "state", "type"}
"""Names whose values are each list's own; the name says the same everywhere."""
NARROWER = {"account", "document_kind", "external_id"}
"""Names of the same thing, of which some lists take beginnings, or have some kinds alone."""
RETIRED = {
    "customer": "party",
    "customer_id": "party",
    "supplier_id": "party",
    "contact_id": "party",
    "status": "state",
    "from": "date_gte",
    "to": "date_lte",
    "date_from": "date_gte",
    "date_to": "date_lte",
    "order": "sort",
    "search": "q",
    "page": "cursor",
}
"""Other names for what has one already."""
BETWEEN = re.compile(r"(.+)_(gte|lte)")
FORM = {"pattern", "type", "enum"}
UNDATED = {
    "/cheque_deposits": "how a slip stands has no value date; `known_at` tells",
    "/collections": "the same of a file for the bank",
    "/remittances": "the same",
    "/transfer_orders": "the same",
}
"""Lists with a date that are drawn up as of no value date, and why."""
NO_SUMMARY = {"/ledger", "/mandates"}
TO_SKIP = {"/contacts/export", "/articles/export"}
"""A whole list as a file that is put in again: not paged."""


@pytest.fixture(scope="module")
def lists(client: Any) -> dict[str, dict[str, Any]]:
    """The parameters of every list of a company, by its path, as the description has them."""
    prefix = "/v1/companies/{company_id}"
    found = {}
    for path, methods in client.get("/openapi.json").json()["paths"].items():
        asked = {
            each["name"]: each
            for each in methods.get("get", {}).get("parameters", ())
            if each["in"] == "query"
        }
        whole = path.removeprefix(prefix)
        if {"known_at", "sort"} <= set(asked) and whole not in TO_SKIP:
            found[whole] = asked
    return found


@pytest.fixture(scope="module")
def firm(client: Any, firm_key: str) -> Caller:
    """A company with a little of everything that is sold and paid."""
    caller = open_company(client, firm_key)
    caller.validated()
    caller.validated()
    caller.seen("/unpaid", caller.position())
    return caller


def form_of(parameter: dict[str, Any]) -> Any:
    """What may be written for a parameter: its schema without words and defaults."""
    schema = parameter["schema"]
    chosen = schema.get("anyOf", [schema])
    return sorted(
        str(sorted((name, str(value)) for name, value in each.items() if name in FORM))
        for each in chosen
        if each.get("type") != "null"
    )


@pytest.mark.feature("V28")
def test_every_list_is_asked_alike(lists: dict[str, dict[str, Any]]) -> None:
    assert len(lists) > 20
    for path, asked in lists.items():
        assert set(asked) >= PAGED, path
        assert not set(asked) & set(RETIRED), path
        for name in asked:
            if between := BETWEEN.fullmatch(name):
                assert {f"{between[1]}_gte", f"{between[1]}_lte"} <= set(asked), (path, name)


@pytest.mark.feature("V28")
def test_the_same_name_takes_the_same_form(lists: dict[str, dict[str, Any]]) -> None:
    forms: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for path, asked in lists.items():
        for name, parameter in asked.items():
            forms[name][str(form_of(parameter))].append(path)
    several = {name: dict(each) for name, each in forms.items() if len(each) > 1}
    assert set(several) <= OWN | NARROWER, several


@pytest.mark.feature("V28")
def test_a_list_of_third_parties_takes_country_and_words(
    client: Any, lists: dict[str, dict[str, Any]]
) -> None:
    of_parties = {path for path, asked in lists.items() if "party" in asked}
    assert len(of_parties) > 15
    assert {path for path in of_parties if not {"country", "q"} <= set(lists[path])} == set()
    assert "rate" in lists["/sales_lines"]
    assert "rate" in lists["/vat_register"]
    aged = client.get("/openapi.json").json()["paths"]["/v1/companies/{company_id}/aged_balance"]
    assert {"party", "country", "q"} <= {each["name"] for each in aged["get"]["parameters"]}


@pytest.mark.feature("V28", "C4")
def test_a_list_with_a_date_is_drawn_up_as_of_a_day(lists: dict[str, dict[str, Any]]) -> None:
    dated = {
        path for path, asked in lists.items() if any(BETWEEN.fullmatch(each) for each in asked)
    }
    assert {path for path in dated if "as_of" not in lists[path]} == set(UNDATED)


@pytest.mark.feature("V28")
def test_every_list_of_third_parties_is_answered_by_country(
    firm: Caller, lists: dict[str, dict[str, Any]]
) -> None:
    for path in (each for each, asked in lists.items() if "country" in asked):
        if path == "/contacts":
            continue
        paths = [path] if path in NO_SUMMARY else [path, f"{path}/summary"]
        for each in paths:
            here, there = firm.seen(f"{each}?country=BE&q=1"), firm.seen(f"{each}?country=LU")
            assert there["data"] == [], each
            assert here["meta"]["position"] == there["meta"]["position"], each
        assert firm.get(f"{path}?country=Belgium").status_code == 400, path


@pytest.mark.feature("V28")
def test_what_is_not_known_is_refused_by_every_list(
    firm: Caller, lists: dict[str, dict[str, Any]]
) -> None:
    for path in lists:
        for unknown in ("invented=1", "Party=1", "sort=invented", "limit=1&limit=2"):
            refused = firm.get(f"{path}?{unknown}")
            assert refused.status_code == 400, (path, unknown, refused.text)
        assert firm.get(f"{path}?known_at=1").status_code == 200, path


@pytest.mark.feature("V28")
def test_totals_take_what_their_list_takes(client: Any, lists: dict[str, dict[str, Any]]) -> None:
    """Σ of a list under the same filters: only what pages and sorts is the list's alone."""
    paths = client.get("/openapi.json").json()["paths"]
    for path, asked in lists.items():
        summary = paths.get(f"/v1/companies/{{company_id}}{path}/summary")
        if summary is None:
            continue
        taken = {p["name"] for p in summary["get"]["parameters"] if p["in"] == "query"}
        missing = set(asked) - taken - (PAGED - {"known_at"}) - {"expand"}
        assert not missing, (path, missing)


@pytest.mark.feature("V28", "M36")
def test_every_order_is_answered_both_ways(firm: Caller, lists: dict[str, dict[str, Any]]) -> None:
    """Each column of the registers' lists, over HTTP: a page of one row, then the page after it."""
    for path in ("/unpaid", "/history", "/ledger", "/journal_lines", "/vat_register"):
        pattern = lists[path]["sort"]["schema"]["pattern"]
        columns = pattern.removeprefix("^-?(").removesuffix(")$").split("|")
        assert len(columns) > 10, path
        for column in columns:
            for sort in (column, f"-{column}"):
                first = firm.seen(f"{path}?sort={sort}&limit=1")
                cursor = first["next_cursor"]
                second = firm.seen(f"{path}?sort={sort}&limit=1&cursor={cursor}")
                assert first["data"] != second["data"], (path, sort)


@pytest.mark.feature("V28", "C14")
def test_a_trial_balance_ends_at_its_value_date(firm: Caller) -> None:
    period = "/trial_balance?date_gte=2020-01-01"
    ended = firm.seen(f"{period}&date_lte=2098-12-31&as_of=2097-12-31")
    assert ended == firm.seen(f"{period}&date_lte=2097-12-31")
    (figure, *_) = ended["data"]
    assert firm.client.get(
        figure["explain"]["closing"], headers={"Authorization": f"Bearer {firm.key}"}
    ).json()["data"]
    assert firm.seen(f"{period}&date_lte=2098-12-31&as_of=2020-01-01")["data"] == []
    assert firm.get(f"{period}&date_lte=2098-12-31&as_of=2019-12-31").status_code == 400


@pytest.mark.feature("V26", "V28")
def test_what_words_pick_is_explained_nowhere(firm: Caller) -> None:
    """A figure's address says nothing of words; of a country it need not: a row is one party's."""
    position = firm.position()
    for path in ("/aged_balance", "/history/summary"):
        whole = firm.seen(f"{path}?country=BE")["data"]
        assert firm.seen(f"{path}?country=BE&known_at={position}")["data"]
        assert firm.seen(f"{path}?country=LU&known_at={position}")["data"] == []
        (row,) = firm.seen(f"{path}?q={whole[0]['party_name'][:7]}&party={whole[0]['party']}")[
            "data"
        ]
        (known,) = firm.seen(f"{path}?country=BE&party={row['party']}")["data"]
        if path == "/aged_balance":
            row, known = row["open"], known["open"]
        assert (row["explain"], bool(known["explain"])) == ("", True)
