"""A company describes itself and switches its options."""

import pytest

from tests.api import bodies
from tests.api.conftest import Caller


@pytest.mark.feature("M11")
def test_a_company_describes_itself_anew(caller: Caller) -> None:
    body = {key: value for key, value in bodies.company().items() if key not in _FIXED}
    profile = {"registry": "RPM Bruxelles", "capital": 1855000, "website": "parc.example"}
    changed = caller.made("/describe", {**body, "name": "Imprimerie neuve", "profile": profile})
    assert changed["name"] == "Imprimerie neuve"
    assert changed["profile"]["capital"] == 1855000
    assert caller.seen("") == changed
    wrong = caller.post("/describe", {**body, "profile": {"bic": "x"}})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "profile_wrong")
    assert wrong.json()["errors"][0]["pointer"] == "/profile/bic"


_FIXED = ("country", "registration")


@pytest.mark.feature("M10", "M51")
def test_an_option_is_switched(caller: Caller) -> None:
    assert "quotes" in caller.seen("")["options"]
    assert "quotes" not in caller.made("/options/quotes", {"on": False})["options"]
    assert caller.post("/options/holidays", {"on": False}).status_code == 404
