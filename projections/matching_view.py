"""Questions to the matching register: what lines of the bank may settle, and what still waits."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from msgspec import Struct
from psycopg import Connection, sql

from domain.treasury.proposal import Acquaintance, Open
from projections.contacts_view import ListedContact
from projections.page import (
    Listing,
    Page,
    SortKey,
    Standpoint,
    asked,
    beyond,
    both,
    columns,
    read_page,
    standpoint_in,
    where,
)

R = TypeVar("R", bound=Struct)
MOST_OF_PARTY = 200
"""Open items of one third party that are looked at, the oldest first."""

ITEM = """
SELECT item.entry, item.line, item.account, item.side, item.party,
    coalesce((SELECT name FROM unpaid_party AS who
        WHERE who.book_id = %(book)s AND who.party = item.party), ''),
    item.currency, item.open, item.due_date, item.document_kind, item.document_number,
    coalesce(document.reference, '')
"""
# Settled items too: who pays with their communication again is known.
BY_REFERENCE = """
FROM matching_document AS document
JOIN open_item AS item ON item.book_id = document.book_id AND item.entry = document.entry
WHERE document.book_id = %(book)s AND item.side <> '' AND item.party <> ''
    AND document.reference <> '' AND document.reference = ANY(%(references)s)
"""
BY_DIGITS = """
FROM matching_document AS document
JOIN open_item AS item ON item.book_id = document.book_id AND item.entry = document.entry
WHERE document.book_id = %(book)s AND item.side <> '' AND item.party <> '' AND item.open <> 0
    AND document.digits <> '' AND document.digits = ANY(%(digits)s)
"""
BY_PARTY = """
FROM unnest(%(parties)s::text[]) AS wanted (party) CROSS JOIN LATERAL (
    SELECT * FROM open_item
    WHERE book_id = %(book)s AND open_item.party = wanted.party AND open <> 0 AND side <> ''
    ORDER BY due_date, entry, line LIMIT %(most)s
) AS item
LEFT JOIN matching_document AS document
    ON document.book_id = %(book)s AND document.entry = item.entry
"""
ACCOUNTS = """
SELECT account, party, side, coalesce((SELECT name FROM unpaid_party AS who
    WHERE who.book_id = %(book)s AND who.party = known.party), ''), sure
FROM matching_account AS known WHERE book_id = %(book)s AND account = ANY(%(accounts)s)
ORDER BY account, party, side
"""
OWING = """
SELECT DISTINCT party, side FROM open_item
WHERE book_id = %(book)s AND open <> 0 AND side <> '' AND party <> '' LIMIT %(most)s
"""


CARDS = """
SELECT contact_id, position, archived, details, sealed, 0 FROM contact_card
WHERE book_id = %(book)s AND contact_id = ANY(%(parties)s) AND sealed ? 'bank_accounts'
"""


class WaitingLine(Struct, frozen=True):
    """A payment that waits on the suspense account; `amount` is negative for money sent."""

    payment_id: str
    position: int
    journal: str
    date: date
    amount: int
    currency: str
    name: str
    account: str
    communication: str
    structured: str
    reference: str
    statement_id: str
    statement_line: int


class ListedStatement(Struct, frozen=True):
    """A bank statement of the book."""

    statement_id: str
    position: int
    journal: str
    account: str
    currency: str
    source: str
    year: int
    number: int
    opening: int | None
    closing: int | None
    closed_on: date | None
    lines: int
    file: str


class WaitingFilter(Struct, frozen=True, kw_only=True):
    """Which waiting payments: None means any."""

    journal: str | None = None
    date_from: date | None = None
    date_to: date | None = None


class StatementFilter(Struct, frozen=True, kw_only=True):
    """Which statements: None means any."""

    journal: str | None = None
    account: str | None = None


HEAD = standpoint_in("matching_cursor")
WAITING_ORDER = (("date", False), ("position", False))
STATEMENT_ORDER = (("position", True),)
CONDITIONS = {
    "journal": "journal = %(journal)s",
    "account": "account = %(account)s",
    "date_from": "date >= %(date_from)s",
    "date_to": "date <= %(date_to)s",
}


def find_open(
    conn: Connection[Any],
    book_id: str,
    *,
    references: Sequence[str],
    digits: Sequence[str],
    parties: Sequence[str],
) -> list[Open]:
    """The items that lines may settle: by communication, by number, of third parties."""
    given = {
        "book": book_id,
        "references": list(references),
        "digits": list(digits),
        "parties": list(parties),
        "most": MOST_OF_PARTY,
    }
    found: dict[tuple[int, int], Open] = {}
    for statement, wanted in (
        (BY_REFERENCE, references),
        (BY_DIGITS, digits),
        (BY_PARTY, parties),
    ):
        if wanted:
            for row in conn.execute(ITEM + statement, given, binary=True):
                found[row[0], row[1]] = _open(row)
    return [found[place] for place in sorted(found)]


def find_acquaintances(
    conn: Connection[Any], book_id: str, accounts: Sequence[str]
) -> dict[str, list[Acquaintance]]:
    """Who has used these bank accounts."""
    found: dict[str, list[Acquaintance]] = {}
    if accounts:
        given = {"book": book_id, "accounts": list(accounts)}
        for account, party, side, name, sure in conn.execute(ACCOUNTS, given, binary=True):
            known = Acquaintance(party=party, side=side, party_name=name, sure=sure)
            found.setdefault(account, []).append(known)
    return found


def find_owing(conn: Connection[Any], book_id: str, most: int) -> list[tuple[str, str]]:
    """The third parties with anything open, and their side; at most so many."""
    return conn.execute(OWING, {"book": book_id, "most": most}, binary=True).fetchall()


def find_cards(conn: Connection[Any], book_id: str, parties: Sequence[str]) -> list[ListedContact]:
    """The contacts of these ids that have bank accounts of their own, sealed."""
    given = {"book": book_id, "parties": list(parties)}
    return [ListedContact(*row) for row in conn.execute(CARDS, given, binary=True)]


def list_waiting(
    conn: Connection[Any],
    book_id: str,
    wanted: WaitingFilter,
    *,
    after: SortKey | None = None,
    limit: int = 50,
) -> Page[Standpoint, WaitingLine]:
    """A page of what waits on the suspense account, the oldest first."""
    parameters = asked(book_id, wanted)
    listing = _listing("waiting_payment", WaitingLine, parameters, beyond(WAITING_ORDER, after))
    return read_page(conn, listing, WAITING_ORDER, parameters, after=after, limit=limit)


def list_statements(
    conn: Connection[Any],
    book_id: str,
    wanted: StatementFilter,
    *,
    after: SortKey | None = None,
    limit: int = 50,
) -> Page[Standpoint, ListedStatement]:
    """A page of bank statements, the newest first."""
    parameters = asked(book_id, wanted)
    further = beyond(STATEMENT_ORDER, after)
    listing = _listing("bank_statement", ListedStatement, parameters, further)
    return read_page(conn, listing, STATEMENT_ORDER, parameters, after=after, limit=limit)


def _listing(
    table: str, row: type[R], parameters: Mapping[str, Any], further: list[sql.Composable]
) -> Listing[Standpoint, R]:
    select = sql.SQL("SELECT {} FROM {} WHERE {}").format(
        columns(row),
        sql.Identifier(table),
        both([*where(parameters, CONDITIONS), *further]),
    )
    return Listing(HEAD, Standpoint, select, row)


def _open(row: Any) -> Open:
    entry, line, account, side, party, name, currency, left, due, kind, number, reference = row
    return Open(
        entry=entry,
        line=line,
        account=account,
        side=side,
        party=party,
        party_name=name,
        currency=currency,
        open=left,
        due_date=due,
        kind=kind,
        number=number,
        reference=reference,
    )
