"""Documents mailed at the door: jobs, links that anybody opens, and those that nobody does."""

import json
import re
from datetime import datetime, timedelta

import pytest
from fastapi.testclient import TestClient

from api.ids import book_id
from api.mail_examples import MAILING
from domain.sales.document_link import DocumentLinkOpened
from services.backend import Backend
from services.mailing import Mailer
from tests.api import bodies
from tests.api.conftest import Caller
from tests.services.printing.test_document_links import told
from tests.services.reminders.conftest import Inbox, inbox, mailer

__all__ = ["inbox", "mailer"]
pytestmark = pytest.mark.usefixtures("pdf_libraries")
URL = re.compile(r"https://factures\.example(/v1/document_links/[\w-]+)")


@pytest.fixture
def posting(backend: Backend, mailer: Mailer, monkeypatch: pytest.MonkeyPatch) -> Backend:
    """The backend, with a mail server and an address for customers."""
    monkeypatch.setattr(backend.postman, "mailer", mailer)
    monkeypatch.setattr(backend.link_office, "_public_url", "https://factures.example")
    return backend


def invoiced(caller: Caller, email: str = "compta@client.example") -> str:
    """An issued invoice of a customer with that address."""
    contact = caller.made("/contacts", bodies.customer(name="Dupont", email=email))
    return str(caller.validated(str(contact["id"]))["id"])


def mailed(caller: Caller, posting: Backend, inbox: Inbox, invoice: str) -> str:
    """Mails an invoice by the example; the path of its link."""
    body = json.dumps(MAILING["document_mails_ask"])
    asked = json.loads(re.sub(r"inv_\w+", invoice, body))
    job = caller.made_later("/document_mails", asked)
    posting.worker.run_due()
    (line,) = caller.get(f"{job}/file").json()["data"]
    assert caller.seen(job)["status"] == "done"
    assert (line["id"], line["outcome"]) == (invoice, "sent")
    body = told(inbox.messages[-1]).get_body()
    assert body is not None
    found = URL.search(body.get_content())
    assert found is not None
    return found[1]


@pytest.mark.feature("C10", "V18")
def test_from_a_document_to_its_opened_link(
    caller: Caller, client: TestClient, posting: Backend, inbox: Inbox
) -> None:
    invoice = invoiced(caller)
    place = mailed(caller, posting, inbox, invoice)

    def listed() -> tuple[str, str]:
        found = caller.seen("/documents_sent", caller.position())["data"]
        (row,) = (each for each in found if each["document_id"] == invoice)
        return row["state"], row["channel"]

    assert listed() == ("sent", "email")
    opened = client.get(place)
    assert opened.status_code == 200, opened.text
    assert opened.content == caller.get(f"/invoices/{invoice}/pdf").content
    assert opened.headers["cache-control"] == "private, no-store"
    assert client.get(place, headers={"Range": "bytes=0-4"}).content == b"%PDF-"
    assert listed() == ("opened", "email")
    facts = posting.store.read(str(book_id(caller.company)))
    told_of = [each.event for each in facts if isinstance(each.event, DocumentLinkOpened)]
    assert [event.document_id for event in told_of].count(invoice) == 1


@pytest.mark.feature("C10")
def test_wrong_and_expired_links(
    caller: Caller,
    posting: Backend,
    inbox: Inbox,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    client, place = caller.client, mailed(caller, posting, inbox, invoiced(caller))
    caplog.set_level("DEBUG")
    for wrong in (f"{place}A", place[:-1], "/v1/document_links/x", "/v1/document_links/%00"):
        answer = client.get(wrong)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), wrong
        assert answer.headers["content-type"] == "application/problem+json"
    assert client.get(f"{place}?at=1").json()["code"] == "unknown_parameter"

    def later(now: datetime) -> datetime:
        return now + timedelta(days=61)

    monkeypatch.setattr(posting.store, "clock", later)
    answer = client.get(place, headers={"Accept-Language": "nl"})
    assert (answer.status_code, answer.json()["code"]) == (410, "link_expired")
    assert answer.json()["title"] == "De link is vervallen"
    ours = [each for each in caplog.records if not each.name.startswith("httpx")]
    logged = " ".join(f"{each.getMessage()} {vars(each)}" for each in ours)
    assert "/v1/document_links/{link}" in logged
    assert place.rpartition("/")[2] not in logged


@pytest.mark.feature("C10")
def test_what_cannot_be_mailed(caller: Caller, posting: Backend, inbox: Inbox) -> None:
    invoice = invoiced(caller, email="")
    body = {"documents": [{"kind": "invoice", "id": invoice}]}
    answer = caller.post("/document_mails", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "recipient_missing")
    assert answer.json()["errors"][0]["pointer"] == "/documents/0/id"
    for wrong in ({"days": 0}, {"days": 366}, {"language": "de"}, {"documents": []}):
        assert caller.post("/document_mails", {**body, **wrong}).status_code == 422
    assert inbox.messages == []
