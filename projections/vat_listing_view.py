"""What the Belgian listings ask of the VAT register: customers of a year, sales to the Union."""

from datetime import date
from typing import Any

from msgspec import Struct
from psycopg import Connection, sql

from domain.ledger.vat_period import VatPeriod
from projections.page import Standpoint, read_standpoint
from projections.vat_return_view import COUNTED, HEAD, VatScope, parameters_of

LEAST_LISTED = 250_00
"""A customer is listed whose operations of the year are more than this, in cents, without VAT."""

# Not listed: operations exempt by art. 44, outside the scope, or of the One Stop Shop.
CLIENTS = sql.SQL("""
    SELECT party_vat, min(party_name), sum(base)::bigint, sum(tax)::bigint
    FROM vat_detail
    WHERE book_id = %(book)s AND direction = 'sales' AND period BETWEEN %(first)s AND %(last)s
        AND exigible = 'issue' AND currency = %(currency)s AND party_vat LIKE 'BE%%'
        AND kind IN ('invoice', 'credit_note') AND code NOT IN ('00/44', 'NA', 'NS', 'OSS')
    GROUP BY 1
    HAVING sum(base) > %(least)s
        OR bool_or(kind = 'credit_note' AND extract(year FROM origin) < %(year)s)
    ORDER BY 1""")
TO_THE_UNION = sql.SQL("""
    SELECT party_vat, code, origin, min(party_name), sum(base)::bigint
    FROM {} WHERE direction = 'sales' AND code IN ('44', '46L', '46T') AND currency = %(currency)s
        AND kind IN ('invoice', 'credit_note')
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3""").format(COUNTED)


class ListedClient(Struct, frozen=True):
    """A Belgian customer of a year by VAT number: turnover and VAT in cents, signed."""

    vat_number: str
    name: str
    turnover: int
    tax: int


class UnionSale(Struct, frozen=True):
    """What was supplied to a customer in the Union, by VAT code and date of the first invoice."""

    vat_number: str
    code: str
    origin: date
    name: str
    amount: int


def list_clients(
    conn: Connection[Any], book_id: str, year: int, currency: str
) -> tuple[Standpoint, tuple[ListedClient, ...]]:
    """The customers of a year that the listing must name, by VAT number.

    More than 250 euros of operations less the credit notes on them; whoever was credited for an
    earlier year is listed whatever the balance (notice 725).
    """
    wanted = {
        "book": book_id,
        "first": f"{year}-01",
        "last": f"{year}-12",
        "year": year,
        "currency": currency,
        "least": LEAST_LISTED,
    }
    rows = conn.execute(CLIENTS, wanted).fetchall()
    return read_standpoint(conn, HEAD, book_id), tuple(ListedClient(*row) for row in rows)


def list_union_sales(
    conn: Connection[Any], book_id: str, scope: VatScope
) -> tuple[Standpoint, tuple[UnionSale, ...]]:
    """What the return of a period counts in 44 and 46 less 48, by customer, code and origin."""
    rows = conn.execute(TO_THE_UNION, parameters_of(book_id, scope)).fetchall()
    return read_standpoint(conn, HEAD, book_id), tuple(UnionSale(*row) for row in rows)


def is_correction(sale: UnionSale, period: VatPeriod) -> bool:
    """Whether it belongs to a period before this one."""
    return sale.origin < date(period.year, period.month, 1)
