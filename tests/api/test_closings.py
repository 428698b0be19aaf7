"""Closings, the journal of technical events, and refused keys, over HTTP."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from api.ids import book_id, company_id
from domain.operations.technical import LoginRefused
from services.backend import Backend
from services.closing_keeper import ClosingKeeper
from services.store.store import Store
from services.technical import read_journal
from tests.api.conftest import Caller


def closed(caller: Caller, backend: Backend, days: int) -> None:
    """Lets so many days pass, and closes them."""
    then = timedelta(days=days)
    store = Store(backend.datastore, mapper=backend.store.mapper, clock=lambda now: now + then)
    ClosingKeeper(store, backend.url, lambda _: None).round()


def test_closings_are_listed_with_their_totals(
    caller: Caller, backend: Backend, tmp_path: Path
) -> None:
    assert caller.get("/closings").json() == {"data": [], "has_more": False, "next_after": 0}
    closed(caller, backend, 3)
    page = caller.get("/closings?level=day&limit=2").json()
    assert [one["level"] for one in page["data"]] == ["day", "day"]
    assert page["has_more"]
    first = page["data"][0]
    assert first["first"] == first["until"]
    assert (first["previous_position"], first["rates"]) == (0, [])
    rest = caller.get(f"/closings?after={page['next_after']}").json()
    assert rest["data"][0]["position"] > page["data"][-1]["position"]
    assert caller.get("/closings?level=week").status_code == 400


def test_the_journal_is_read_in_pages(caller: Caller, backend: Backend) -> None:
    closed(caller, backend, 2)
    page = caller.get("/journal?limit=1").json()
    assert (page["has_more"], len(page["data"])) == (True, 1)
    rest = caller.get(f"/journal?after={page['next_after']}&limit=200").json()
    types = [event["type"] for event in [*page["data"], *rest["data"]]]
    assert "key.used.v1" in types
    assert "period.closed.v1" in types


def test_a_refused_key_is_noted_once_a_day_and_nothing_of_it_is_kept(
    caller: Caller, backend: Backend
) -> None:
    secret = "pk_live_" + "s3cret" * 7
    stranger = Caller(caller.client, secret, caller.company)
    book = str(book_id(caller.company))
    for _ in range(3):
        assert stranger.get("").status_code == 401
    noted = [
        one for one in read_journal(backend.store, book) if isinstance(one.event, LoginRefused)
    ]
    assert [one.event for one in noted] == [LoginRefused(day=datetime.now(UTC).date())]
    assert noted[0].actor == "paraphe"
    with backend.store.entered(book) as conn:
        rows = conn.execute("SELECT body FROM event", binary=True).fetchall()
    assert not any(b"s3cret" in body for (body,) in rows)


def test_nothing_is_noted_of_books_that_are_none(caller: Caller, backend: Backend) -> None:
    nowhere = company_id(str(uuid4()))
    assert Caller(caller.client, "pk_live_wrong", nowhere).get("").status_code == 401
    book = str(book_id(caller.company))
    before = backend.store.head(book).size
    assert caller.client.get(f"/v1/companies/{caller.company}").status_code == 401  # shows no key
    assert backend.store.head(book).size == before
