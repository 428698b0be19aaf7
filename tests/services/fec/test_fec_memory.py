"""A FEC takes no more memory for a longer book: lines are streamed and checked as they come."""

import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import reduce
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import pytest
from psycopg import Connection

from domain.parties import company as companies
from domain.parties.company import Company
from projections.ledger import Ledger
from services.fec.writing import Wish, write_fec
from services.replay.as_of import loaded
from services.replay.connection import connect
from services.store.migrations import migrate
from tests.books import make_book, recorded

BOOK = str(uuid4())
OPENED = recorded(make_book(1, 1, contacts=1), BOOK)[:2]
# Sales and their payments, each pair lettered: four lines, two entries.
FILL = """
RESET ROLE;
INSERT INTO ledger_line
SELECT %(book)s, 10 + 2 * n + pay, side, account, party, day + pay, '2026-12-31', 'VE',
    'entries', n, 'invoice', 'inv_' || n, 'FA-' || n, day, 'Facture ' || n, 'Facture ' || n, 'EUR',
    CASE WHEN side = pay THEN 12000 ELSE 0 END, CASE WHEN side = pay THEN 0 ELSE 12000 END,
    NULL, ARRAY['AAA'], day
FROM generate_series(1, %(pairs)s) AS n,
    LATERAL (SELECT date '2026-01-01' + n * 300 / %(pairs)s AS day) AS dated,
    (VALUES (0, 0, '411000', 'con_0000'), (0, 1, '707000', ''),
        (1, 0, '411000', 'con_0000'), (1, 1, '512000', '')) AS line(pay, side, account, party);
INSERT INTO ledger_settled
SELECT %(book)s, 10 + 2 * n + pay, 0, 'let_' || n, 12000 - 24000 * pay, 'L' || n, 2026, n,
    date '2026-01-01' + n * 300 / %(pairs)s + 1
FROM generate_series(1, %(pairs)s) AS n, generate_series(0, 1) AS pay;
INSERT INTO ledger_month
SELECT %(book)s, account, 'EUR', date_trunc('month', date)::date, sum(debit), sum(credit), count(*)
FROM ledger_line GROUP BY account, date_trunc('month', date);
SET LOCAL ROLE paraphe_app
"""


@contextmanager
def filled(url: str, lines: int) -> Iterator[Connection[Any]]:
    """A ledger of so many lines."""
    with connect(url) as conn, loaded(conn, [Ledger()], BOOK, OPENED) as scratch:
        for statement in FILL.split(";"):
            scratch.execute(statement, {"book": BOOK, "pairs": lines // 4}, prepare=False)
        yield scratch


BATCH = 100
"""Lines that come at a time: the books are short, so fewer than in life."""


def peak(url: str, lines: int) -> int:
    """The most bytes that one export of so many lines holds at a time."""
    whose: Company | None = reduce(companies.evolve, OPENED, None)
    assert whose is not None
    company = whose
    with filled(url, lines) as conn, TemporaryDirectory() as folder:
        tracemalloc.start()
        try:
            wish = Wish(exercise=2026)
            files = write_fec(conn, BOOK, wish, Path(folder), lambda _: company)
            assert files.lines == lines
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()


@pytest.fixture(scope="module")
def url(database_url: str) -> str:
    """The worker's database, with the right to make schemas."""
    migrate(database_url)
    return database_url


def test_memory_does_not_grow_with_the_book(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("projections.fec_view.BATCH", BATCH)
    peak(url, 400)  # what is kept for ever is kept now
    small, large = peak(url, 1_000), peak(url, 4_000)
    assert large < small + 100_000, (small, large)
