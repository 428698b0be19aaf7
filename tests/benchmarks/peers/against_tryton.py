"""Tryton does the same work as we do, in process, on the same PostgreSQL server.

Tryton runs as its own user (no access rules) through its ORM; an invoice is two transactions, as it
is two commands of ours. Both have the same number of open invoices and of customers.
"""

import json
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import Connection

from api.ids import company_id
from domain.ledger.entry import EntryPosted
from domain.sales.content import NewInvoice
from domain.sales.document import NewLine
from domain.sales.invoice import InvoiceValidated
from projections import history_view, unpaid_view
from services import invoicing
from services.replay.engine import Engine
from services.replay.reading import Readers
from services.store.store import Store
from tests.benchmarks.commands import command
from tests.benchmarks.commands import pay as pay_in_process
from tests.benchmarks.doors import Caller, served
from tests.benchmarks.doors import pay as pay_over_http
from tests.benchmarks.ground import Ground
from tests.benchmarks.long_books import Calendar, LongBook, Owed
from tests.benchmarks.measure import Figure, Sample, against, percentile, race, timed
from tests.benchmarks.peers.environment import Peer

TRYTON, DATABASE = "Tryton in process", "tryton"
CUSTOMERS = 100
RATES = ("20", "10", "20")
PRICE = "37.5"
BY_ORM = 500
"""So many moves are made by Tryton's ORM; the others are copies of their rows."""

Sold = deque[tuple[str, Owed]]


def make_database(ground: Ground) -> tuple[str, str]:
    """An empty database for Tryton on the same server; the server's URL and its name."""
    server = urlunsplit(urlsplit(ground.url)._replace(path="/postgres"))
    with psycopg.connect(server, autocommit=True) as conn:
        conn.execute(f"CREATE DATABASE {DATABASE}")
    return server, DATABASE


class Ours:
    """One company of ours, reached in process and over HTTP."""

    def __init__(self, store: Store, book: LongBook, caller: Caller) -> None:
        self._store, self._caller = store, caller
        self._book_id, self._company = book.book_id, company_id(book.book_id)
        self._customers = book.customer_ids
        self._sold: Sold = deque()

    def sell(self, nth: int) -> None:
        """Drafts and validates an invoice of three lines and two rates: two commands."""
        lines = tuple(
            NewLine(description="Pose de menuiseries", quantity="2.5", unit_price=PRICE, vat_rate=x)
            for x in RATES
        )
        new = NewInvoice(customer_id=self._customers[nth % len(self._customers)], lines=lines)
        drafted = invoicing.draft_invoice(self._store, self._book_id, new, command())
        self._validated(drafted.answer.invoice_id)

    def sell_over_http(self, nth: int) -> None:
        """The same as two requests."""
        base = f"/v1/companies/{self._company}/invoices"
        lines = [
            {
                "description": "Pose de menuiseries",
                "quantity": "2.5",
                "unit_price": PRICE,
                "vat_rate": rate,
            }
            for rate in RATES
        ]
        body = {"customer_id": self._customers[nth % len(self._customers)], "lines": lines}
        drafted = json.loads(self._caller.post(base, body))
        self._caller.post(f"{base}/{drafted['id']}/validate")

    def pay(self, _: int) -> None:
        """Records a payment of the oldest invoice sold here and letters both: two commands."""
        pay_in_process(self._store, self._book_id, self._sold.popleft())

    def pay_over_http(self, _: int) -> None:
        """The same as two requests."""
        pay_over_http(self._caller, self._company, self._sold.popleft())

    def _validated(self, invoice_id: str) -> None:
        done = invoicing.validate_invoice(self._store, self._book_id, invoice_id, command())
        issued, entered = done.events[0].event, done.events[-1]
        assert isinstance(issued, InvoiceValidated)
        assert isinstance(entered.event, EntryPosted)
        owed = Owed(entered.position, entered.event, issued.totals.gross)
        self._sold.append((issued.customer_id, owed))


def run(ground: Ground, peer: Peer) -> Iterator[Figure]:
    """Invoices and payments on nearly empty books; then lists over many open invoices."""
    peer.ask("install")
    peer.ask("found")
    peer.ask("add_customers", CUSTOMERS)
    with ground.store() as store, served(ground) as servers:
        book = LongBook(store, Calendar(), customers=CUSTOMERS)
        ours = Ours(store, book, servers.callers(1)[0])
        yield from commands(ground, peer, ours)
    yield from lists(ground, peer)


def commands(ground: Ground, peer: Peer, ours: Ours) -> Iterator[Figure]:
    """Create and post an invoice; pay and reconcile it. One client each."""
    few, many, rounds = ground.sized(1, 4), ground.sized(5, 50), ground.sized(1, 5)
    peer.ask("post", 1)  # what a process does once is not measured
    ours.sell(0)
    samples = race(
        {
            "ours": lambda: timed(ours.sell, range(many)),
            "HTTP": lambda: timed(ours.sell_over_http, range(many)),
            TRYTON: lambda: taken(peer.ask("post", few)),
        },
        rounds,
    )
    yield from both(samples, "draft and validate an invoice (3 lines, 2 rates)", least=150)
    half = many // 2
    samples = race(
        {
            "ours": lambda: timed(ours.pay, range(half)),
            "HTTP": lambda: timed(ours.pay_over_http, range(half)),
            TRYTON: lambda: taken(peer.ask("pay", few)),
        },
        rounds,
    )
    yield from both(samples, "pay it and letter it", least=40)


def both(samples: dict[str, list[Sample]], what: str, *, least: float) -> Iterator[Figure]:
    """The figures in process and over HTTP; the goal is for HTTP."""
    yield against(f"{what}, in process", samples, TRYTON, unit="/s")
    over_http = {"ours": samples["HTTP"], TRYTON: samples[TRYTON]}
    yield against(f"{what}, HTTP", over_http, TRYTON, unit="/s", least=least)


def taken(seconds: Sequence[float]) -> Sample:
    """What Tryton says of itself."""
    return Sample(len(seconds) / sum(seconds), tuple(each * 1000 for each in seconds))


def lists(ground: Ground, peer: Peer) -> Iterator[Figure]:
    """Aged balance, balances by party and the ledger of one party, all invoices being open."""
    invoices = ground.sized(100, 100_000 if ground.large else 10_000)
    peer.ask("fill", invoices, min(invoices, BY_ORM))
    peer.ask("analyse")
    calendar = Calendar()
    with ground.store(calendar) as store:
        book = LongBook(store, calendar, customers=CUSTOMERS)
        book.live(invoices, still_open=10 * invoices)
    engine, readers = Engine(ground.url), Readers(ground.url)
    engine.run_to_head(book.book_id)
    engine.stop()
    with ground.connection() as conn:
        conn.execute("ANALYZE")
    with readers.of(book.book_id) as conn:
        questions = Questions(conn, book)
        wanted: dict[str, tuple[Callable[[int], Any], str]] = {
            "aged balance of every customer": (questions.age, "age"),
            "ledger by party: every balance": (questions.balances, "balances"),
            "ledger of one party: its first lines": (questions.lines, "lines"),
        }
        for what, (ask, name) in wanted.items():
            yield from answered(ground, peer, f"{what}, {invoices:,} invoices", ask, name)
    readers.close()


def answered(
    ground: Ground, peer: Peer, what: str, ask: Callable[[int], Any], name: str
) -> Iterator[Figure]:
    """How many answers a second, and the 95th percentile of their time."""
    asked = range(ground.sized(2, 10))
    arguments = (lambda nth: (nth,)) if name == "lines" else (lambda _: ())
    sides = {
        "ours": lambda: timed(ask, asked),
        TRYTON: lambda: taken([peer.ask(name, *arguments(nth))[0] for nth in asked]),
    }
    samples = race(sides, ground.sized(1, 5))
    yield against(what, samples, TRYTON, unit="/s")
    slow, theirs = (percentile(samples[side], 0.95) for side in sides)
    yield Figure(
        what="  p95", ours=slow, unit="ms", reference=TRYTON, theirs=theirs, ratio=slow / theirs
    )


class Questions:
    """What is asked of the registers of one book."""

    def __init__(self, conn: Connection[Any], book: LongBook) -> None:
        self._conn = conn
        self._book_id = book.book_id
        self._customers = list(dict.fromkeys(customer for customer, _ in book.still_owed()))
        self._today = datetime.now(UTC).date()

    def age(self, _: int) -> None:
        """What every customer owes, by age."""
        wanted = unpaid_view.UnpaidFilter()
        _, rows = unpaid_view.age(self._conn, self._book_id, wanted, on=self._today)
        assert rows

    def balances(self, _: int) -> None:
        """The balance of every third party."""
        wanted = history_view.HistoryFilter()
        _, rows = history_view.balance_parties(self._conn, self._book_id, wanted)
        assert rows

    def lines(self, nth: int) -> None:
        """The first hundred lines of one party, with their running balance."""
        wanted = history_view.HistoryFilter(party=self._customers[nth % len(self._customers)])
        page = history_view.list_lines(self._conn, self._book_id, wanted, limit=100)
        assert page.rows
