"""Questions to the VAT register: what the One Stop Shop wants to know of a quarter (V25).

Directive 2006/112/EC, art. 369g: by member state of consumption, nature and rate, to the cent.
What an earlier quarter's invoice loses is a net correction of that quarter and state.
"""

from datetime import date
from typing import Any

from msgspec import Struct
from psycopg import Connection, sql

from projections.page import Listing, Order, Standpoint, read_all, standpoint_in


class OssRow(Struct, frozen=True):
    """Supplies of a quarter in one state; `origin` is the first day of the quarter they were

    declared in, `base` and `tax` minor units of `currency`, `newest` the last day among them.
    """

    origin: date
    country: str
    nature: str
    rate: str
    currency: str
    documents: int
    base: int
    tax: int
    newest: date


HEAD = standpoint_in("vat_register_cursor")
ORDER: Order = tuple((each, False) for each in ("origin", "country", "nature", "rate", "currency"))
# A discount or a loss does not say where its invoice went: the party's newest invoice does.
SUPPLIES = sql.SQL("""
SELECT date_trunc('quarter', origin)::date AS origin, country, nature, rate, currency,
    count(DISTINCT document_id) AS documents, sum(base)::bigint AS base, sum(tax)::bigint AS tax,
    max(origin) AS newest
FROM (
    SELECT detail.*, coalesce(nullif(party_country, ''), (
        SELECT known.party_country FROM vat_detail AS known
        WHERE known.book_id = %(book)s AND known.party = detail.party
            AND known.direction = 'sales' AND known.party_country <> ''
        ORDER BY known.date DESC, known.position DESC, known.part LIMIT 1
    ), '') AS country
    FROM vat_detail AS detail
    WHERE detail.book_id = %(book)s AND detail.direction = 'sales' AND detail.code = 'OSS'
        AND detail.exigible = 'issue'
        AND detail.period >= %(first)s AND detail.period <= %(last)s
) AS supplied
GROUP BY 1, country, nature, rate, currency
""")


def list_supplies(
    conn: Connection[Any], book_id: str, first: str, last: str
) -> tuple[Standpoint, tuple[OssRow, ...]]:
    """What became due in months (YYYY-MM), by quarter of origin, state and rate."""
    listing = Listing(HEAD, Standpoint, SUPPLIES, OssRow)
    return read_all(conn, listing, ORDER, {"book": book_id, "first": first, "last": last})
