"""Lists by the country of their third parties: the rows, their totals, files, and what was known.

The expectation is the whole list, of which the rows of the third parties in the country are kept.
"""

import io
import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from msgspec.structs import asdict, replace
from psycopg import Connection

from domain.book.event import Event
from domain.parties.contact import ContactChanged, ContactCreated
from domain.treasury.mandate import MandateSigned
from projections import (
    archives_view,
    bank_transactions_view,
    earnings_view,
    history_view,
    instalments_view,
    ledger_view,
    letterings_view,
    printing_view,
    sales_documents_view,
    sales_lines_view,
    unpaid_view,
    vat_view,
)
from projections.registers import REGISTERS, read_by
from services.lists.reports import EXPORTS
from services.replay.as_of import loaded
from services.replay.connection import connect
from tests.books import ACCOUNTS, HERE, write_book
from tests.sales_books import SalesMaker
from tests.services.lists.conftest import Office, asked

NEEDED = {"aged_balance": {"on": date(2040, 1, 1)}}
"""What some filters cannot do without."""
RUNNING = {"carried", "balance"}
"""What is told of an account, and so another figure where some of its lines are left out."""
ASKED = sorted(name for name, kind in EXPORTS.items() if "country" in kind.filter.__struct_fields__)
OF_PARTIES = [name for name in ASKED if name != "contacts"]
SUMMARISED = sorted(
    set(OF_PARTIES)
    - {"aged_balance", "documents_received", "ledger", "mandates", "party_balances", "payments"}
    - {"vat_register"}
)
"""Lists whose totals count the rows; the VAT register's are looked at more closely."""


@dataclass
class Moved:
    """A book whose every other third party moved to Belgium in the end."""

    id: str
    before: int
    belgian: set[str]


class Maker(SalesMaker):
    """Also payments as the treasury posts them: the line of the money first."""

    def receive(self, party: str) -> None:
        """Money from a third party."""
        lines = [("512100", 500), (ACCOUNTS["customers"], -500)]
        self._enter("BQ1", "payment", f"pay_of_{party}", party, lines)


def everything(seed: int, size: int) -> list[Event]:
    """Sales, bills, payments and letterings, and a mandate of every third party."""
    maker = Maker(random.Random(seed))
    maker.open_company()
    parties = [maker.add_contact() for _ in range(4)]
    for nth, party in enumerate(parties):
        maker.events.append(
            MandateSigned(
                mandate_id=f"man_{nth}",
                reference=f"RUM{nth}",
                contact_id=party,
                contact_name=party,
                scheme="CORE",
                signed_on=maker.day,
            )
        )
    deeds = [maker.invoice, maker.bill, maker.payment, maker.letter, maker.letter]
    deeds += [maker.credit_note, maker.order, maker.deliver, maker.invoice_order]
    for party in parties:
        maker.receive(party)
    while len(maker.events) < size:
        maker.day += timedelta(days=maker.chance.randrange(3))
        maker.chance.choice(deeds)()
    return maker.events


@pytest.fixture(scope="module")
def book(office: Office) -> Moved:
    """The book, its registers at its head."""
    events = everything(31, 220)
    known = {each.contact_id: each for each in events if isinstance(each, ContactCreated)}
    moved = sorted(known)[::2]
    there = replace(HERE, country="BE")
    changes = [
        ContactChanged(contact_id=each, details=replace(known[each].details, address=there))
        for each in moved
    ]
    id_ = write_book(office.store, [*events, *changes])
    office.engine.run_to_head(id_)
    return Moved(id=id_, before=len(events), belgian=set(moved))


def wanted(name: str, **given: Any) -> Any:
    """The filter of a list."""
    return EXPORTS[name].filter(**{**NEEDED.get(name, {}), **given})


def rows_of(conn: Connection[Any], book: str, name: str, of: Any) -> tuple[Any, list[Any]]:
    """Where a list stands, and its rows."""
    page = EXPORTS[name].read(conn, book, of, EXPORTS[name].orders[0], None, 10_000)
    return page.standpoint, list(page.rows)


def parties_of(row: Any) -> set[str]:
    """The third parties of a row."""
    if hasattr(row, "parties"):
        return set(row.parties)
    return {getattr(row, "party", "") or getattr(row, "customer_id", "")}


def said(row: Any) -> Any:
    """A row without its running figures."""
    return {name: value for name, value in asdict(row).items() if name not in RUNNING}


@pytest.mark.feature("V28")
@pytest.mark.parametrize("name", OF_PARTIES)
def test_a_country_picks_the_rows_of_its_third_parties(
    office: Office, book: Moved, name: str
) -> None:
    with office.readers.still(book.id) as conn:
        _, rows = rows_of(conn, book.id, name, wanted(name))
        _, found = rows_of(conn, book.id, name, wanted(name, country="BE"))
        _, french = rows_of(conn, book.id, name, wanted(name, country="FR"))
    expected = [row for row in rows if parties_of(row) & book.belgian]
    assert list(map(said, found)) == list(map(said, expected))
    there = sum(1 for row in rows if parties_of(row) - book.belgian - {""})
    assert len(french) == there
    assert found
    assert french


def add_up(conn: Connection[Any], book: str, name: str, of: Any) -> int:
    """How many rows a summary counts."""
    summaries: dict[str, Any] = {
        "archives": (archives_view.summarise, "documents"),
        "bank_transactions": (bank_transactions_view.summarise, "transactions"),
        "documents_sent": (printing_view.summarise_sent, "documents"),
        "history": (history_view.balance_parties, "lines"),
        "instalments": (instalments_view.summarise, "instalments"),
        "journals": (ledger_view.total_journals, "lines"),
        "letterings": (letterings_view.summarise, "letterings"),
        "sales_documents": (sales_documents_view.summarise, "documents"),
        "sales_lines": (sales_lines_view.summarise, "lines"),
        "unpaid": (unpaid_view.summarise, "items"),
    }
    if name in ("revenues", "expenses"):
        _, totals = earnings_view.total_earnings(conn, book, name, of)  # type: ignore[arg-type]
        return sum(total.lines for total in totals)
    summarise, column = summaries[name]
    return sum(getattr(total, column) for total in summarise(conn, book, of)[1])


@pytest.mark.feature("V28")
@pytest.mark.parametrize("name", SUMMARISED)
def test_totals_of_a_country_are_those_of_its_rows(office: Office, book: Moved, name: str) -> None:
    of = wanted(name, country="BE")
    with office.readers.still(book.id) as conn:
        standpoint, rows = rows_of(conn, book.id, name, of)
        assert add_up(conn, book.id, name, of) == len(rows)
    assert standpoint.position == office.store.head(book.id).size


@pytest.mark.feature("V24", "V28")
def test_vat_of_a_country_and_of_others_is_all_vat(office: Office, book: Moved) -> None:
    """Totals that go into documents are those by month, taken apart; the rows add up to them."""
    sums = ("base", "tax", "credit_base", "credit_tax", "net_base", "net_tax", "pending_base")

    def totals(total: Any, **given: Any) -> dict[Any, list[int]]:
        _, rows = total(conn, book.id, wanted("vat_register", **given))
        return {
            (row.direction, row.period, row.currency, row.category, row.rate, row.code): [
                getattr(row, each) for each in sums
            ]
            for row in rows
        }

    with office.readers.still(book.id) as conn:
        for total in (vat_view.total_rates, vat_view.total_codes, vat_view.summarise):
            whole = totals(total)
            both = [totals(total, country="BE"), totals(total, country="FR")]
            none = [0] * len(sums)
            added = {
                key: [
                    sum(each) for each in zip(*(part.get(key, none) for part in both), strict=True)
                ]
                for key in whole
            }
            assert all(both)
            assert added == whole == totals(total, as_of=date(2040, 1, 1))


@pytest.mark.feature("V28", "C4")
@pytest.mark.parametrize("name", ["unpaid", "sales_documents", "ledger", "vat_register"])
def test_a_country_is_what_was_known(office: Office, book: Moved, name: str) -> None:
    of = asked(EXPORTS[name], "json", wanted(name, country="BE"))
    assert of.registers == [EXPORTS[name].register.name, "contacts"]
    for position, there in ((book.before, False), (book.before + len(book.belgian), True)):
        with office.engine.known_at(book.id, position, of.registers) as conn:
            standpoint, rows = rows_of(conn, book.id, name, of.wanted)
        assert (standpoint.position, bool(rows)) == (position, there)


@pytest.mark.parametrize("name", OF_PARTIES)
def test_an_answer_stands_where_the_contacts_are_behind(
    office: Office, book: Moved, name: str
) -> None:
    """Goal: the position told is that of the register furthest back. Only where it is asked."""
    registers = [
        each for each in REGISTERS if each.name in (EXPORTS[name].register.name, "contacts")
    ]
    facts = list(office.store.read(book.id))
    with connect(office.url) as conn, loaded(conn, registers, book.id, facts) as scratch:
        scratch.execute("RESET ROLE")
        scratch.execute("UPDATE contacts_cursor SET position = 3")
        there, _ = rows_of(scratch, book.id, name, wanted(name, country="BE"))
        anywhere, _ = rows_of(scratch, book.id, name, wanted(name))
    assert (there.position, anywhere.position) == (3, len(facts))


def test_who_asks_for_no_country_reads_no_contacts() -> None:
    assert read_by(["ledger"], wanted("ledger")) == ["ledger"]


@pytest.mark.feature("V21", "V27", "V28")
@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("unpaid", {"country": "BE"}),
        ("sales_lines", {"country": "BE", "rate": "20"}),
        ("vat_register", {"country": "FR", "as_of": date(2026, 2, 20)}),
        ("trial_balance", {"date_from": date(2020, 1, 1), "date_to": date(2040, 1, 1),
            "as_of": date(2026, 2, 20)}),
        ("documents_sent", {"as_of": date(2026, 2, 20)}),
        ("history", {"country": "BE", "q": "con"}),
    ],
    ids=["country", "rate", "country and day", "period and day", "day", "words"],
)  # fmt: skip
def test_such_a_file_says_so_and_is_made_again(
    office: Office, book: Moved, name: str, given: dict[str, Any]
) -> None:
    """Goal: an auditor's replay gives the very bytes, after every contact has gone elsewhere."""
    content = office.export(book.id, asked(EXPORTS[name], "xlsx", wanted(name, **given)))
    sheets = openpyxl.load_workbook(io.BytesIO(content)).worksheets
    about = dict(sheets[1].iter_rows(values_only=True))
    words = {"country": "pays", "as_of": "situation au", "rate": "taux tva", "q": "mots"}
    shown = {each: value for each, value in given.items() if each in words}
    for each, value in shown.items():
        day = f"{value:%d/%m/%Y}" if isinstance(value, date) else value
        assert about[f"Filtre: {words[each]}"] == day
    assert office.again(book.id, office.noted(book.id)) == content
