"""A company describes itself and switches its options."""

import pytest

from api.ids import book_id
from services.backend import Backend
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


@pytest.mark.feature("C16")
def test_companies_are_listed_as_dossiers(caller: Caller, backend: Backend) -> None:
    kept = caller.made("/dossier", {"code": "C0417", "manager": "mdv"})["dossier"]
    assert (kept["code"], kept["manager"], kept["active"]) == ("C0417", "mdv", True)
    key = backend.keyring.issue("one company", books=[str(book_id(caller.company))])

    def listed(query: str) -> list[str]:
        headers = {"Authorization": f"Bearer {key}"}
        answer = caller.client.get(f"/v1/companies{query}", headers=headers)
        assert answer.status_code == 200, answer.text
        return [each["dossier"]["code"] for each in answer.json()["data"]]

    assert listed("?active=true&manager=mdv&sort=-name&q=c0417") == ["C0417"]
    assert listed("?active=false") == []
    caller.made("/dossier", {"code": "C0417", "active": False})
    assert listed("?active=false") == ["C0417"]


@pytest.mark.feature("C16")
def test_a_second_active_company_of_a_number_is_refused(
    caller: Caller, backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    unique = backend.settings.model_copy(update={"unique_companies": True})
    monkeypatch.setattr(backend, "settings", unique)
    headers = {"Authorization": f"Bearer {caller.key}", "Idempotency-Key": "a-second-one"}
    answer = caller.client.post("/v1/companies", headers=headers, json=bodies.company())
    assert (answer.status_code, answer.json()["code"]) == (409, "registration_taken")
