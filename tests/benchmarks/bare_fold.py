"""The bare fold: read, decode, dicts, COPY. What one would write for these four registers by hand.

It knows one book of sales, payments and letterings, and gives tables equal to those of the engine
(the benchmark compares them): no unit of work, no declared needs, no routes, no cursors.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from psycopg import Connection, sql
from psycopg.types.json import Jsonb

from domain.book.catalogue import CATALOGUE
from domain.ledger.entry import EntryPosted
from domain.parties.company import CompanyOpened
from domain.parties.contact import ContactCreated
from domain.sales.invoice import InvoiceValidated
from domain.treasury.lettering import EntriesLettered
from projections.registers import REGISTERS as EVERY
from projections.registers import SEARCH_PATH
from projections.rows import Row
from projections.third_parties import SIDE_OF_ROLE
from services.replay.bulk import uncollected
from services.replay.connection import SETTINGS
from services.store.mapper import Body

BY_HAND = {"archives", "freshness", "history", "unpaid", "vat_register"}
REGISTERS = tuple(each for each in EVERY if each.name in BY_HAND)
"""What the bare fold does by hand, and what it is compared with."""

PAGE = """
SELECT position, type, body FROM public.event
WHERE book_id = %s AND position > %s AND position <= %s ORDER BY position LIMIT 5000
"""
OPEN, UNSETTLED, CODES = 15, 17, 16  # where a row has what a lettering changes
Values = list[Any]


class BareFold:
    """Lists of values by table, as a lettering or the next entry finds them."""

    def __init__(self) -> None:
        self.documents: dict[int, Values] = {}
        self.items: dict[tuple[int, int], Values] = {}
        self.lines: dict[tuple[int, int], Values] = {}
        self.totals: dict[tuple[Any, ...], Values] = {}
        self.banks: dict[str, Values] = {}
        self.settlements: list[Values] = []
        self.archived: list[Values] = []
        self.details: list[Values] = []
        self.parties: list[Values] = []
        self.books: tuple[dict[str, str], dict[str, str], dict[str, str]] = ({}, {}, {})
        self._do: dict[type, Callable[[int, Any], None]] = {
            CompanyOpened: self.open,
            ContactCreated: self.meet,
            InvoiceValidated: self.invoice,
            EntryPosted: self.post,
            EntriesLettered: self.letter,
        }

    def take(self, position: int, event: Any) -> None:
        """One event."""
        do = self._do.get(type(event))
        if do is not None:
            do(position, event)

    def open(self, _: int, company: CompanyOpened) -> None:
        """The company's journals and sides."""
        kinds = {journal.code: str(journal.kind) for journal in company.journals}
        accounts = {each.code: each.account for each in company.journals if each.account}
        sides = {
            account: SIDE_OF_ROLE[role]
            for role, account in company.accounts.items()
            if role in SIDE_OF_ROLE
        }
        self.books = kinds, accounts, sides
        for journal in company.journals:
            if journal.kind == "bank":
                self.banks[journal.code] = [journal.code, journal.label, None, False]

    def meet(self, _: int, contact: ContactCreated) -> None:
        """A name."""
        self.parties.append([contact.contact_id, contact.details.name])

    def invoice(self, position: int, event: InvoiceValidated) -> None:
        """VAT by rate."""
        period = event.issue_date.isoformat()[:7]
        why = {(each.category, each.rate): each.exemption for each in event.totals.vat}
        for part, share in enumerate(event.shares):
            rate = share.rate
            rate = rate.rstrip("0").rstrip(".") if "." in rate else rate
            self.details.append(
                [
                    position, part, "sales", period, "invoice", event.invoice_id,
                    event.document_number, event.issue_date, event.issue_date, event.issue_date,
                    event.customer_id, event.customer.name, event.currency, share.category, rate,
                    share.code, share.nature, share.exigible,
                    why.get((share.category, share.rate), ""),
                    share.base, share.tax, 0, 0, "", "", event.customer.vat_number,
                    event.customer.address.country,
                ]
            )  # fmt: skip
            due = share.code, share.exigible
            key = ("sales", period, event.currency, share.category, rate, *due)
            total = self.totals.setdefault(key, [*key, 0, 0, 0, 0])
            total[7] += share.base
            total[8] += share.tax

    def post(self, position: int, entry: EntryPosted) -> None:
        """A document in the archives, and its lines of third parties in history and unpaid."""
        kinds, accounts, sides = self.books
        document, kind = entry.document, kinds.get(entry.journal, "miscellaneous")
        bank = self.banks.get(entry.journal)
        if bank and (bank[2] is None or bank[2] < entry.date):
            bank[2] = entry.date
        unsettled, amount = None, 0
        for nth, line in enumerate(entry.lines):
            side = sides.get(line.account, "")
            if not side and not line.party:
                continue
            owed = line.debit - line.credit
            unsettled = (unsettled or 0) + abs(owed)
            amount += owed
            label = line.label or entry.label
            self.items[position, nth] = [
                position, nth, line.account, side, line.party, entry.journal, document.issue_date,
                line.due_date or document.due_date or entry.date, entry.date, document.kind,
                document.id, document.number, label, entry.currency, owed, owed,
            ]  # fmt: skip
            self.lines[position, nth] = [
                position, nth, line.account, side, line.party, entry.date, entry.journal,
                entry.series, entry.number, document.kind, document.id, document.number, label,
                entry.currency, line.debit, line.credit, [], list(document.files),
            ]  # fmt: skip
        own = accounts.get(entry.journal)
        if kind == "bank" and own:
            amount = sum(x.debit - x.credit for x in entry.lines if x.account == own)
        elif kind == "bank":
            amount = sum(x.debit for x in entry.lines)
        self.documents[position] = [
            position, entry.journal, kind, entry.series, entry.number, document.kind, document.id,
            document.number, entry.date, document.due_date, document.issue_date, document.party,
            document.party_name, entry.label, entry.currency, amount, unsettled,
            unsettled, list(dict.fromkeys(line.account for line in entry.lines)), None, "",
            list(document.files),
        ]  # fmt: skip

    def letter(self, position: int, lettering: EntriesLettered) -> None:
        """Parts of lines are settled."""
        shares: dict[int, int] = {}
        taken: dict[int, int] = {}
        for number, part in enumerate(lettering.parts):
            key = part.entry, part.line
            self.items[key][OPEN] -= part.amount
            self.lines[key][CODES].append(lettering.code)
            self.documents[part.entry][UNSETTLED] -= abs(part.amount)
            shares[part.entry] = shares.get(part.entry, 0) + part.amount
            taken[part.entry] = taken.get(part.entry, 0) + abs(part.amount)
            self.settlements.append(
                [
                    position, number, part.entry, part.line, lettering.date, part.amount,
                    lettering.lettering_id, lettering.code,
                ]
            )  # fmt: skip
        for entry, amount in shares.items():
            self.archived.append(
                [
                    entry, lettering.lettering_id, lettering.code, lettering.date,
                    lettering.complete, amount, taken[entry],
                ]
            )  # fmt: skip

    def tables(self) -> dict[str, list[Values]]:
        """The values of every table."""
        kinds, accounts, sides = map(Jsonb, self.books)
        return {
            "archive_document": list(self.documents.values()),
            "archive_settlement": self.archived,
            "archive_book": [[kinds, accounts, sides]],
            "archive_layout": [],
            "history_line": list(self.lines.values()),
            "history_party": self.parties,
            "history_book": [[sides]],
            "open_item": list(self.items.values()),
            "open_item_settlement": self.settlements,
            "bank_journal": list(self.banks.values()),
            "unpaid_party": self.parties,
            "unpaid_book": [[sides]],
            "freshness_book": [],
            "vat_detail": self.details,
            "vat_total": list(self.totals.values()),
        }


@contextmanager
def plain(url: str) -> Iterator[Connection[Any]]:
    """A connection as psycopg makes it, with the plans of the replay engine; sees live tables."""
    with psycopg.connect(url, autocommit=True, prepare_threshold=1) as conn:
        for name, value in SETTINGS.items():
            setting = sql.SQL("SET {} = {}")
            conn.execute(setting.format(sql.Identifier(name), sql.Literal(value)))
        conn.execute(sql.SQL("SET search_path = {}, public").format(sql.SQL(SEARCH_PATH)))
        conn.execute("SET ROLE paraphe_replay")
        yield conn


class BareLoader:
    """Folds a book and copies its rows into tables of the schema `bare`, which have no keys."""

    def __init__(self, conn: Connection[Any]) -> None:
        self._conn = conn
        self._decoders = {
            name: msgspec.json.Decoder(Body[event])  # type: ignore[valid-type]
            for name, event in CATALOGUE.items()
        }
        conn.execute("CREATE SCHEMA IF NOT EXISTS bare")
        self._tables: dict[str, tuple[bytes, list[int]]] = {}
        self.tables: list[tuple[type[Row], sql.Composed]] = []
        for row in (row for register in REGISTERS for row in register.rows):
            here = sql.Identifier("bare", row.table)
            conn.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(here))
            there = sql.Identifier(row.table)
            conn.execute(sql.SQL("CREATE TABLE {} (LIKE {})").format(here, there))
            columns = sql.SQL(", ").join(map(sql.Identifier, ("book_id", *row.__struct_fields__)))
            probe = conn.execute(sql.SQL("SELECT {} FROM {}").format(columns, here), prepare=False)
            copy_into = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(here, columns)
            oids = [each.type_code for each in probe.description or ()]
            self._tables[row.table] = copy_into.as_bytes(conn), oids
            self.tables.append((row, columns))

    def empty(self) -> None:
        """Empties the tables."""
        for table in self._tables:
            self._conn.execute(sql.SQL("TRUNCATE {}").format(sql.Identifier("bare", table)))

    def load(self, book_id: UUID, upto: int, wanted: tuple[str, ...] = ()) -> None:
        """One book, in one transaction; `wanted`: only these tables are written."""
        with self._conn.transaction(), uncollected():
            fold = BareFold()
            after, decoders = 0, self._decoders
            while after < upto:
                cursor = self._conn.execute(PAGE, (book_id, after, upto), binary=True)
                for position, type_, body in cursor.fetchall():
                    fold.take(position, decoders[type_].decode(body).data)
                    after = position
            for table, rows in fold.tables().items():
                if not wanted or table in wanted:
                    self._copy(book_id, table, rows)

    def _copy(self, book_id: UUID, table: str, rows: list[Values]) -> None:
        copy_into, oids = self._tables[table]
        with self._conn.cursor().copy(copy_into) as copy:
            copy.set_types(oids)
            for row in rows:
                copy.write_row([book_id, *row])
