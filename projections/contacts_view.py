"""Questions to the register of contacts: the list, filtered and sorted by any column (M5, M36)."""

from typing import Any, Literal, get_args

from msgspec import Struct
from psycopg import Connection, sql

from domain.parties.particulars import ContactRole, PartyNature
from projections.page import (
    Listing,
    Page,
    SortKey,
    Standpoint,
    asked,
    beyond,
    both,
    by_rank,
    columns,
    read_page,
    standpoint_in,
    where,
)

Shown = Literal["active", "archived", "all"]
ContactColumn = Literal[
    "name",
    "introduced",
    "nature",
    "city",
    "postal_code",
    "country",
    "language",
    "registration",
    "vat_number",
    "vat_category",
    "vat_rate",
    "vat_code",
    "payment_days",
    "payment_means",
    "auxiliary",
    "external_id",
]
COLUMNS: tuple[ContactColumn, ...] = get_args(ContactColumn)
RANKS = {"name": sql.Identifier("sort_name")}


class ContactFilter(Struct, frozen=True, kw_only=True):
    """Which contacts: None means any. `q` looks for words in name, numbers and addresses.

    `account` is one that goes before the company's; `file` the digest of the file that a contact
    was imported from.
    """

    role: ContactRole | None = None
    nature: PartyNature | None = None
    shown: Shown = "active"
    country: str | None = None
    language: str | None = None
    registration: str | None = None
    vat_number: str | None = None
    vat_category: str | None = None
    vat_rate: str | None = None
    payment_means: str | None = None
    account: str | None = None
    external_id: str | None = None
    file: str | None = None
    q: str | None = None


class ListedContact(Struct, frozen=True):
    """A contact as listed: details without personal fields, which are sealed beside."""

    contact_id: str
    position: int
    archived: bool
    details: dict[str, Any]
    sealed: dict[str, Any]
    rank: Any


HEAD = standpoint_in("contacts_cursor")
CONDITIONS = {
    "role": "%(role)s = ANY(roles)",
    "nature": "nature = %(nature)s",
    "country": "country = %(country)s",
    "language": "language = %(language)s",
    "registration": "registration = %(registration)s",
    "vat_number": "vat_number = %(vat_number)s",
    "vat_category": "vat_category = %(vat_category)s",
    "vat_rate": "vat_rate = %(vat_rate)s",
    "payment_means": "payment_means = %(payment_means)s",
    "account": "%(account)s = ANY(accounts)",
    "external_id": "external_id = %(external_id)s",
    "file": "file = %(file)s",
    "pattern": "words LIKE %(pattern)s",
}
SHOWN: dict[Shown, list[sql.Composable]] = {
    "active": [sql.SQL("NOT archived")],
    "archived": [sql.SQL("archived")],
    "all": [],
}


def list_contacts(
    conn: Connection[Any],
    book_id: str,
    wanted: ContactFilter,
    *,
    sort: str = "name",
    after: SortKey | None = None,
    limit: int = 50,
) -> Page[Standpoint, ListedContact]:
    """A page of contacts sorted by one of COLUMNS, descending behind a `-`; raises ValueError."""
    _, rank, order = by_rank(sort, COLUMNS, RANKS, ("contact_id",))
    select = sql.SQL(
        "SELECT {columns} FROM (SELECT *, {rank} AS rank FROM contact_card) AS card WHERE {wanted}"
    ).format(
        columns=columns(ListedContact),
        rank=rank,
        wanted=both([*_conditions(wanted), *beyond(order, after)]),
    )
    listing = Listing(HEAD, Standpoint, select, ListedContact)
    return read_page(conn, listing, order, asked(book_id, wanted), after=after, limit=limit)


def _conditions(wanted: ContactFilter) -> list[sql.Composable]:
    return [*where(asked("", wanted), CONDITIONS), *SHOWN[wanted.shown]]
