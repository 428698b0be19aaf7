"""The files of the tax office as exports: VAT returns, and the Belgian listings as Intervat's XML.

A return that is filed comes out as it was filed: from its grids, and the company as it was then.
"""

from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import Struct
from psycopg import Connection

from domain.book.refusal import Refusals, Refused, words
from domain.ledger.vat_period import VatPeriod
from projections.vat_register import VatRegister
from projections.vat_return_view import position_of
from services.exports.kind import Background, FileKind, Made, Task
from services.files import intervat
from services.files.intervat import ReturnWishes
from services.vat_listings import see_clients, see_union, write_clients, write_union
from services.vat_returns import Sheet, named, period_named, see_return, write_file

Content = Callable[[Connection[Any], str, int, Background, str], tuple[bytes, str, str]]
"""Bytes, media type and name of a file, of a period of the book at a position."""


class UnionListingIsEmpty(Refused, frozen=True, kw_only=True):
    """Without sales to the Union there is no listing of them to file."""

    code = "union_listing_empty"
    rule = "CTVA art. 53sexies"
    text = words(
        en="There are no sales to the Union in {period}: there is nothing to file.",
        fr="Aucune vente vers l'Union en {period} : il n'y a rien à déposer.",
        nl="Er zijn geen verkopen naar de Unie in {period}: er is niets in te dienen.",
    )

    period: str


class ListingIsBelgian(Refused, frozen=True, kw_only=True):
    """The listings of customers and of sales to the Union are those of Intervat."""

    code = "listing_is_belgian"
    rule = "CTVA art. 53quinquies"
    text = words(
        en="{name} is not in Belgium: it files no such listing.",
        fr="{name} n'est pas en Belgique : elle ne dépose pas ce relevé.",
        nl="{name} is niet in België gevestigd en dient die listing niet in.",
    )

    name: str


class YearIsMalformed(Refused, frozen=True, kw_only=True):
    """The listing of customers is that of a calendar year."""

    code = "year_malformed"
    rule = "CTVA art. 53quinquies"
    text = words(
        en="{year} is no year: write 2026.",
        fr="{year} n'est pas une année : écrivez 2026.",
        nl="{year} is geen jaar: schrijf 2026.",
    )

    year: str


class VatFileWish(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of which period: 2026-07 or 2026-Q3, and 2026 for the listing of customers."""

    period: str


def filed_wishes(sheet: Sheet) -> ReturnWishes:
    """What was said with a return that is filed; nothing with one that is not."""
    if sheet.filing is None:
        return ReturnWishes()
    filed = sheet.filing.document
    said = dict.fromkeys(filed.wishes, True)
    return msgspec.convert({**said, "replaces": filed.replaced_reference}, ReturnWishes)


def _return(
    conn: Connection[Any], book_id: str, at: int, background: Background, period: str
) -> tuple[bytes, str, str]:
    company, filings = background.company(at), background.filings(at)
    sheet = see_return(conn, book_id, company, filings, period_named(period))
    if sheet.filing is not None:
        then = background.company(sheet.filing.position)
        sheet = see_return(conn, book_id, then, filings, period_named(period))
    return write_file(sheet, filed_wishes(sheet)), *named(sheet)


def _clients(
    conn: Connection[Any], book_id: str, at: int, background: Background, year: str
) -> tuple[bytes, str, str]:
    if not (year.isascii() and year.isdecimal() and len(year) == 4):
        raise Refusals(YearIsMalformed(year=year[:20]))
    company = _belgian(background, at)
    content = write_clients(see_clients(conn, book_id, company, int(year)))
    return content, intervat.MEDIA_TYPE, f"client_listing_{year}.xml"


def _union(
    conn: Connection[Any], book_id: str, at: int, background: Background, text: str
) -> tuple[bytes, str, str]:
    period: VatPeriod = period_named(text)
    company = _belgian(background, at)
    listing = see_union(conn, book_id, company, background.filings(at), period)
    if not listing.clients:
        raise Refusals(UnionListingIsEmpty(period=str(period)))
    return write_union(listing), intervat.MEDIA_TYPE, f"union_listing_{period}.xml"


def _belgian(background: Background, at: int) -> Any:
    company = background.company(at)
    if company.country != "BE":
        raise Refusals(ListingIsBelgian(name=company.name))
    return company


def _kind(name: str, content: Content) -> FileKind:
    def write(conn: Connection[Any], task: Task) -> Made:
        wish: VatFileWish = task.wish
        at = position_of(conn, task.book_id)
        found = content(conn, task.book_id, at, task.background, wish.period)
        data, media_type, file_name = found
        path = task.folder / file_name
        path.write_bytes(data)
        return Made(path=path, media_type=media_type, position=at)

    return FileKind(
        name=name, format="xml", registers=(VatRegister(),), wish=VatFileWish, write=write
    )


VAT_RETURN = _kind("vat_return", _return)
CLIENT_LISTING = _kind("client_listing", _clients)
UNION_LISTING = _kind("union_listing", _union)
