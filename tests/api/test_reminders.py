"""Reminders at the door: proposals, issuing, batches by jobs, disputes, claims."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.reminder_examples import REMINDING
from services.backend import Backend
from services.mailing import Mailer
from tests.api import bodies
from tests.api.conftest import Caller, open_company
from tests.services.reminders.conftest import Inbox, inbox, mailer

__all__ = ["inbox", "mailer"]
ID = re.compile(r"(ctc|rem)_\w+")


class Calendar:
    """Sets the day of commands; a book's own clock never runs backwards."""

    def __init__(self) -> None:
        self.moved = timedelta()

    def at(self, day: date) -> None:
        """It is that day from now on."""
        self.moved = datetime(day.year, day.month, day.day, 9, tzinfo=UTC) - datetime.now(UTC)


@pytest.fixture
def calendar(backend: Backend) -> Iterator[Calendar]:
    """The calendar of the backend; its own day again at the end."""
    made, clock = Calendar(), backend.store.clock
    made.at(date(2026, 3, 1))
    backend.store.clock = lambda now: now + made.moved
    yield made
    backend.store.clock = clock


@pytest.fixture
def posting(backend: Backend, mailer: Mailer, monkeypatch: pytest.MonkeyPatch) -> Backend:
    """The backend, with a mail server."""
    monkeypatch.setattr(backend.postman, "mailer", mailer)
    return backend


@pytest.fixture
def company(calendar: Calendar, client: TestClient, firm_key: str) -> Caller:
    """A Belgian company, on 1 March 2026."""
    return open_company(client, firm_key)


def late(caller: Caller, calendar: Calendar, *names: str) -> list[str]:
    """Customers with an invoice of 1 March each, on 15 May, the bank booked up to then."""
    customers = []
    for name in names:
        contact = bodies.customer(name=name, email=f"{name.lower()}@client.example")
        customers.append(str(caller.made("/contacts", contact)["id"]))
        caller.validated(customers[-1])
    calendar.at(date(2026, 5, 15))
    paid = bodies.payment("", 1, date="2026-05-15", role="suspense")
    caller.made("/payments", paid)
    return customers


def proposed(caller: Caller) -> Any:
    return caller.seen("/reminders/proposals", caller.position())


def issue(caller: Caller, letter: Any, **changes: Any) -> Any:
    items = [{"entry": item["entry"], "line": item["line"]} for item in letter["items"]]
    body = {"customer_id": letter["customer_id"], "level": letter["level"], "items": items}
    return caller.made("/reminders", {**body, **changes})


@pytest.mark.feature("M43")
def test_from_a_proposal_to_a_mail(
    company: Caller, calendar: Calendar, posting: Backend, inbox: Inbox, pdf_libraries: None
) -> None:
    (customer,) = late(company, calendar, "Dupont")
    (letter,) = proposed(company)["data"]
    assert (letter["customer_id"], letter["level"]) == (customer, 1)
    reminder = issue(company, letter)
    assert (reminder["status"], reminder["due"]) == ("issued", bodies.eur(12100))
    address = f"/reminders/{reminder['id']}"
    assert company.seen(address) == reminder
    after = proposed(company)
    assert (after["data"], after["unsent"]) == ([], [reminder["id"]])
    assert [each["code"] for each in after["held"]] == ["reminder_unsent"]
    assert after["meta"]["bank_booked_until"] == "2026-05-15"
    job = company.made_later("/reminder_mails", {"reminders": [reminder["id"]]})
    posting.worker.run_due()
    assert company.seen(job)["status"] == "done"
    report = company.get(f"{job}/file").json()
    assert report["data"] == [{"reminder": reminder["id"], "outcome": "sent"}]
    seen = company.seen(address)
    assert (seen["status"], seen["sent_on"]) == ("sent", "2026-05-15")
    assert seen["message_id"].encode() in inbox.messages[0]
    types = [event["type"] for event in company.seen(f"{address}/events")["data"]]
    assert types == ["reminder.issued.v1", "reminder.sent.v1"]
    assert company.get(f"{address}/pdf").content.startswith(b"%PDF-")
    again = company.post("/reminder_mails", {"reminders": [reminder["id"]]})
    assert again.json()["code"] == "reminder_sent"


@pytest.mark.feature("M43")
def test_letters_go_into_one_pdf(
    company: Caller, calendar: Calendar, backend: Backend, pdf_libraries: None
) -> None:
    late(company, calendar, "Dupont")
    reminder = issue(company, proposed(company)["data"][0], channel="post")
    job = company.made_later("/reminder_letters", {"reminders": [reminder["id"]]})
    backend.worker.run_due()
    assert company.get(f"{job}/file").content.startswith(b"%PDF-")
    assert company.seen(f"/reminders/{reminder['id']}")["status"] == "sent"
    refused = company.post("/reminder_mails", {"reminders": [reminder["id"]]})
    assert refused.json()["code"] == "mail_not_set_up"


@pytest.mark.feature("M43", "C3")
def test_nobody_is_reminded_before_the_bank_is_booked(company: Caller, calendar: Calendar) -> None:
    customer = company.customer()
    company.validated(customer)
    calendar.at(date(2026, 5, 15))
    (held,) = proposed(company)["held"]
    assert held["code"] == "bank_not_booked"
    place = {"entry": held["entry"], "line": held["line"]}
    answer = company.post("/reminders", {"customer_id": customer, "level": 1, "items": [place]})
    assert (answer.status_code, answer.json()["code"]) == (409, "bank_not_booked")


@pytest.mark.feature("M43")
def test_every_example_works(company: Caller, calendar: Calendar, posting: Backend) -> None:
    by_mail, by_post = late(company, calendar, "Dupont", "Martin")
    letters = {letter["customer_id"]: letter for letter in proposed(company)["data"]}
    (item,) = letters[by_mail]["items"]
    ids = {"ctc": by_mail, "rem": ""}
    sent = set()

    def send(operation: str, path: str, **changes: Any) -> Any:
        said = json.dumps({**REMINDING[operation], **changes})
        answer = company.post(path, json.loads(ID.sub(lambda found: ids[found[1]], said)))
        assert answer.status_code in (200, 201, 202), (operation, answer.text)
        sent.add(operation)
        return answer.json()

    place = {name: item[name] for name in ("entry", "line")}
    ids["rem"] = send("reminders_issue", "/reminders", items=[place])["id"]
    send("reminder_mails_ask", "/reminder_mails")
    ids["rem"] = issue(company, letters[by_post], channel="post")["id"]
    send("reminder_letters_ask", "/reminder_letters")
    policy = send("reminders_set_policy", "/reminders/policy")
    assert company.seen("/reminders/policy") == policy
    contact, invoice = f"/contacts/{by_mail}", f"/invoices/{item['invoice_id']}"
    assert send("contacts_suspend_reminders", f"{contact}/suspend_reminders")["suspended"]
    assert not send("contacts_resume_reminders", f"{contact}/resume_reminders")["suspended"]
    assert send("invoices_dispute", f"{invoice}/dispute")["disputed"]
    assert not send("invoices_settle_dispute", f"{invoice}/settle_dispute")["disputed"]
    calendar.at(date(2026, 7, 15))
    claim = send("invoices_claim_late_fees", f"{invoice}/claim_late_fees")
    # 91 days on 121.00 at 10.5 %
    assert (claim["interest"], claim["indemnity"]) == (bodies.eur(317), bodies.eur(4000))
    assert company.seen(f"/late_fees/{claim['id']}") == claim
    assert sent == REMINDING.keys()
