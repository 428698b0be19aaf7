"""Use cases of the Belgian listings: customers of a year, sales to the Union in a period."""

from collections.abc import Iterable
from typing import Any

from msgspec import Struct
from psycopg import Connection

from domain.ledger.vat_period import VatPeriod
from domain.ledger.vat_return import Filings
from domain.parties.company import Company
from projections.vat_listing_view import (
    ListedClient,
    UnionSale,
    is_correction,
    list_clients,
    list_union_sales,
)
from projections.vat_return_view import scope_of
from services.files import intervat
from services.files.intervat import Client, UnionClient

UNION_CODES = {"46L": "L", "46T": "T", "44": "S"}
"""Goods, triangular sales, services: the letters of the listing by VAT code."""


class ClientListing(Struct, frozen=True, kw_only=True):
    """The customers of a year and the position that the register stood on."""

    company: Company
    year: int
    clients: tuple[ListedClient, ...]
    position: int


class UnionListing(Struct, frozen=True, kw_only=True):
    """The sales to the Union in a period, by customer, letter and period they correct."""

    company: Company
    period: VatPeriod
    clients: tuple[UnionClient, ...]
    position: int


def see_clients(conn: Connection[Any], book_id: str, company: Company, year: int) -> ClientListing:
    """The listing of the Belgian customers of a year (art. 53quinquies CTVA)."""
    standpoint, clients = list_clients(conn, book_id, year, company.currency)
    return ClientListing(company=company, year=year, clients=clients, position=standpoint.position)


def write_clients(listing: ClientListing) -> bytes:
    """The file of a listing of customers."""
    clients = (
        Client(
            vat_number=client.vat_number.removeprefix("BE"),
            turnover=client.turnover,
            tax=client.tax,
        )
        for client in listing.clients
    )
    return intervat.write_clients(listing.company, listing.year, clients)


def see_union(
    conn: Connection[Any], book_id: str, company: Company, filings: Filings, period: VatPeriod
) -> UnionListing:
    """The sales to the Union that the return of a period counts (art. 53sexies CTVA).

    What takes back a sale of an earlier period, or came too late for its return, names that one.
    """
    scope = scope_of(filings, period, company.currency)
    standpoint, sales = list_union_sales(conn, book_id, scope)
    return UnionListing(
        company=company,
        period=period,
        clients=tuple(_by_client(sales, period)),
        position=standpoint.position,
    )


def write_union(listing: UnionListing) -> bytes:
    """The file of a listing of sales to the Union; there is none to file without sales."""
    return intervat.write_union(listing.company, listing.period, listing.clients)


def _by_client(sales: Iterable[UnionSale], period: VatPeriod) -> Iterable[UnionClient]:
    sums: dict[tuple[str, str, VatPeriod | None], int] = {}
    for sale in sales:
        corrects = period.like(sale.origin) if is_correction(sale, period) else None
        key = sale.vat_number, UNION_CODES[sale.code], corrects
        sums[key] = sums.get(key, 0) + sale.amount
    for (vat_number, code, corrects), amount in sums.items():
        state, number = intervat.state_and_number(vat_number)
        if amount:
            yield UnionClient(
                state=state, vat_number=number, code=code, amount=amount, corrects=corrects
            )
