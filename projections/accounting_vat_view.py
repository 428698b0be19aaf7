"""What VAT stands behind the entries of documents on a day, for the firm's software."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from msgspec import Struct
from psycopg import Connection
from psycopg.rows import class_row

Document = tuple[str, str]
"""The kind and id of a document."""
KINDS = ("invoice", "credit_note", "bill", "bill_credit_note")


class TreatedShare(Struct, frozen=True):
    """A share of the VAT of a document as its register has it; a credit note's is negative.

    `rate` is that of the tax that is owed, by whomever; `account` what was bought.
    """

    kind: str
    document_id: str
    code: str
    category: str
    rate: str
    account: str
    exigible: str
    base: int
    tax: int
    deductible: int


SHARES = """
SELECT kind, document_id, code, category, coalesce(nullif(due_rate, ''), rate) AS rate, account,
    exigible, base, tax, deductible
FROM vat_detail
WHERE book_id = %(book)s AND direction IN ('sales', 'purchases') AND period = %(period)s
    AND date = %(day)s AND kind = ANY(%(kinds)s)
ORDER BY position, part
"""


def vat_of_day(
    conn: Connection[Any], book_id: str, day: date
) -> Mapping[Document, Sequence[TreatedShare]]:
    """The shares of each document that is booked on a day."""
    asked = {"book": book_id, "period": f"{day:%Y-%m}", "day": day, "kinds": list(KINDS)}
    found: dict[Document, list[TreatedShare]] = {}
    with conn.cursor(row_factory=class_row(TreatedShare)) as cursor:
        for share in cursor.execute(SHARES, asked):
            found.setdefault((share.kind, share.document_id), []).append(share)
    return found
