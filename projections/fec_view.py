"""Questions of the FEC to the ledger: every line of an exercise in the order it was validated.

Answers are streamed by the server, so that a book of a million lines takes no memory here.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from msgspec import Struct
from psycopg import Connection

BATCH = 2_000


class Posting(Struct, frozen=True):
    """A line of the ledger, with its third party and the newest lettering that it is part of.

    `since` is the event that made the third party known; `lettering` is empty without one.
    """

    entry: int
    line: int
    account: str
    day: date
    posted_on: date
    journal: str
    journal_label: str
    document_kind: str
    document_id: str
    document_number: str
    document_date: date
    label: str
    entry_label: str
    debit: int
    credit: int
    party: str
    party_name: str
    auxiliary: str
    since: int
    lettering: str
    code: str
    year: int
    settled_on: date | None


class Part(Struct, frozen=True):
    """A lettering that a line is part of."""

    lettering: str
    year: int
    ordinal: int
    code: str
    settled_on: date


class Knot(Struct, frozen=True):
    """A line that several letterings share, or that is settled in part alone."""

    settled: bool
    parts: tuple[Part, ...]


class Standing(Struct, frozen=True):
    """Where an answer stands, and the book: its country and the first month of its exercises.

    `opening_label` names the journal AN, where the company has one of its own.
    """

    position: int
    country: str
    start_month: int
    opening_label: str


class AccountSum(Struct, frozen=True):
    """What an account moved in a month (named by its first day): debit minus credit, and lines."""

    account: str
    month: date
    balance: int
    lines: int


STANDING = """
SELECT (SELECT position FROM ledger_cursor WHERE book_id = %(book)s), country, start_month,
    coalesce((SELECT label FROM ledger_journal WHERE book_id = %(book)s AND journal = 'AN'), '')
FROM ledger_book WHERE book_id = %(book)s
"""
FOREIGN = """
SELECT currency, min(month) FROM ledger_month
WHERE book_id = %(book)s AND month <= %(last)s AND currency <> %(currency)s
GROUP BY currency ORDER BY currency LIMIT 1
"""
SUMS = """
SELECT account, month, (debit - credit)::bigint, lines::bigint FROM ledger_month
WHERE book_id = %(book)s AND month <= %(last)s ORDER BY account, month
"""
# Each row is looked up by its key, in a subquery that nothing can be planned into: without
# statistics PostgreSQL would rather compare every line with every third party and lettering.
POSTINGS = """
SELECT each.entry, each.line, each.account, each.date, each.posted_on, each.journal,
    coalesce(journal.label, each.journal), each.document_kind, each.document_id,
    each.document_number, each.document_date, each.label, each.entry_label, each.debit,
    each.credit, each.party, coalesce(party.name, ''), coalesce(party.auxiliary, ''),
    coalesce(party.since, 0), coalesce(settled.lettering, ''), coalesce(settled.code, ''),
    coalesce(settled.year, 0), settled.date
FROM ledger_line AS each
LEFT JOIN LATERAL (
    SELECT label FROM ledger_journal AS one
    WHERE one.book_id = each.book_id AND one.journal = each.journal LIMIT 1
) AS journal ON true
LEFT JOIN LATERAL (
    SELECT name, auxiliary, since FROM ledger_party AS one
    WHERE one.book_id = each.book_id AND one.party = each.party LIMIT 1
) AS party ON true
LEFT JOIN LATERAL (
    SELECT lettering, code, year, date FROM ledger_settled AS one
    WHERE one.book_id = each.book_id AND one.entry = each.entry AND one.line = each.line
    ORDER BY date DESC, ordinal DESC LIMIT 1
) AS settled ON true
WHERE each.book_id = %(book)s AND each.debit <> each.credit
"""
OF_EXERCISE = f"{POSTINGS} AND each.date BETWEEN %(first)s AND %(last)s ORDER BY entry, line"
OF_PARTIES = f"""{POSTINGS} AND each.date < %(first)s AND each.party <> ''
ORDER BY account, party, entry, line"""
KNOTS = """
SELECT settled.amount = booked.amount, letterings, years, ordinals, codes, dates
FROM (
    SELECT entry, line, sum(amount) AS amount, count(*) AS parts,
        array_agg(lettering ORDER BY lettering) AS letterings,
        array_agg(year ORDER BY lettering) AS years,
        array_agg(ordinal ORDER BY lettering) AS ordinals,
        array_agg(code ORDER BY lettering) AS codes,
        array_agg(date ORDER BY lettering) AS dates
    FROM ledger_settled WHERE book_id = %(book)s GROUP BY entry, line
) AS settled
CROSS JOIN LATERAL (
    SELECT debit - credit AS amount FROM ledger_line AS each
    WHERE each.book_id = %(book)s AND each.entry = settled.entry AND each.line = settled.line
    LIMIT 1
) AS booked
WHERE settled.parts > 1 OR settled.amount <> booked.amount
ORDER BY settled.entry, settled.line
"""


def read_standing(conn: Connection[Any], book_id: str) -> Standing | None:
    """Where the ledger stands, and what holds for the book; None before it is opened."""
    row = conn.execute(STANDING, {"book": book_id}, binary=True).fetchone()
    return None if row is None else Standing(*row)


def find_foreign(
    conn: Connection[Any], book_id: str, currency: str, last: date
) -> tuple[str, date] | None:
    """Another currency that something is booked in up to a day, and its first month."""
    given = {"book": book_id, "currency": currency, "last": last}
    row = conn.execute(FOREIGN, given, binary=True).fetchone()
    return None if row is None else (row[0], row[1])


def sum_accounts(conn: Connection[Any], book_id: str, last: date) -> list[AccountSum]:
    """What each account moved in each month up to a day."""
    rows = conn.execute(SUMS, {"book": book_id, "last": last}, binary=True)
    return [AccountSum(*row) for row in rows]


def stream_exercise(
    conn: Connection[Any], book_id: str, first: date, last: date
) -> Iterator[Posting]:
    """The lines dated in an exercise in the order of their entries; those of zero are left out."""
    return _stream(conn, OF_EXERCISE, {"book": book_id, "first": first, "last": last})


def stream_parties(conn: Connection[Any], book_id: str, first: date) -> Iterator[Posting]:
    """The lines of third parties from before a day, by account and third party."""
    return _stream(conn, OF_PARTIES, {"book": book_id, "first": first})


def stream_knots(conn: Connection[Any], book_id: str) -> Iterator[Knot]:
    """The lines that several letterings share or that are settled in part."""
    with conn.cursor(name="fec_knots") as cursor:
        cursor.itersize = BATCH
        cursor.execute(KNOTS, {"book": book_id}, binary=True)
        for settled, *parts in cursor:
            yield Knot(settled, tuple(Part(*part) for part in zip(*parts, strict=True)))


def _stream(conn: Connection[Any], statement: str, given: Mapping[str, Any]) -> Iterator[Posting]:
    with conn.cursor(name="fec_lines") as cursor:
        cursor.itersize = BATCH
        cursor.execute(statement, given, binary=True)
        for row in cursor:
            yield Posting(*row)
