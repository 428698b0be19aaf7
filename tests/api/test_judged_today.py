"""Lists that judge delay by today: the day after, nobody is told that nothing changed."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
import pytest
from psycopg import sql

from api.ids import book_id
from tests.api import bodies
from tests.api.conftest import Caller
from tests.api.test_remittances import payer

JUDGED = (
    *("/sales_documents", "/sales_documents/summary", "/invoices", "/invoices/summary", "/quotes"),
    *("/instalments", "/instalments/summary", "/mandates", "/bank_transactions/diagnosis"),
)
KEPT = {
    "bank_transactions": "money_accounts",
    "instalments": "instalment_book",
    "remittances": "remittance_book",
    "sales_documents": "sales_book",
}
"""Where registers keep the time zone of the company."""
TODAY, TOMORROW = "Pacific/Niue", "Pacific/Kiritimati"
"""Zones 25 hours apart: whenever this runs, the second has the later day."""


def move(database_url: str, book: UUID, zone: str) -> None:
    """Puts the company where it is another day: the clock is the database's own."""
    with psycopg.connect(database_url) as conn:
        for register, table in KEPT.items():
            moved = sql.SQL("UPDATE {} SET time_zone = %s WHERE book_id = %s").format(
                sql.Identifier(register, table)
            )
            assert conn.execute(moved, (zone, book)).rowcount == 1


@pytest.mark.feature("M27", "M37", "M42")
def test_the_next_day_a_list_is_another_one(caller: Caller, database_url: str) -> None:
    book = book_id(caller.company)
    assert book is not None
    due = datetime.now(ZoneInfo("Europe/Brussels")).date().isoformat()
    draft = caller.made("/invoices", bodies.invoice(payer(caller), due_date=due))
    caller.made(f"/invoices/{draft['id']}/validate")
    position = caller.position()
    caller.seen("/unpaid", position)

    def states() -> Any:
        return [each["state"] for each in caller.seen("/instalments")["data"]]

    move(database_url, book, TODAY)
    before = states()
    tags = {path: caller.get(path).headers["etag"] for path in JUDGED}
    day = datetime.now(UTC).astimezone(ZoneInfo(TODAY)).date()
    for path, tag in tags.items():
        assert tag == f'"{position}-{day}"', path
        assert caller.get(path, If_None_Match=tag).status_code == 304, path
    unpaid = caller.get("/unpaid").headers["etag"]
    move(database_url, book, TOMORROW)
    for path, tag in tags.items():
        answer = caller.get(path, If_None_Match=tag)
        assert (answer.status_code, answer.json()["meta"]["position"]) == (200, position), path
        assert answer.headers["etag"] != tag, path
        assert caller.get(f"{path}?on={day}", If_None_Match=tag).status_code == 304, path
    assert states() != before
    assert caller.get("/unpaid", If_None_Match=unpaid).status_code == 304
