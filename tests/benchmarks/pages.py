"""First and deep pages, and totals, of a book of 100 000 (`--large`: a million) invoices.

Each against plain indexed SQL, in a transaction of its own, over a hand-made table of the same
rows: no row-level security, no position, no dates of freshness. The rows come from `multiplied`.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from msgspec import Struct
from psycopg import Connection

from projections import archives_view, history_view, ledger_view, unpaid_view
from projections.archives_view import ArchiveFilter
from projections.history_view import HistoryFilter
from projections.unpaid_view import UnpaidFilter
from services.replay.engine import Engine
from services.replay.reading import Readers
from tests.benchmarks.ground import Ground
from tests.benchmarks.long_books import Calendar, LongBook
from tests.benchmarks.measure import Figure, growth, load, percentile, race, timed
from tests.benchmarks.multiplied import multiply

PLAIN = "plain SQL"
LIMIT = 100
MOST = 2.0
HAND_MADE = """
DROP TABLE IF EXISTS plain_item, plain_history, plain_document, plain_settlement, plain_line;
CREATE TABLE plain_item AS SELECT * FROM unpaid.open_item;
CREATE INDEX ON plain_item (book_id, due_date, entry, line) WHERE open <> 0;
CREATE TABLE plain_history AS SELECT * FROM history.history_line;
CREATE INDEX ON plain_history (book_id, party, account, currency, date, entry, line);
CREATE TABLE plain_document AS SELECT * FROM archives.archive_document;
CREATE INDEX ON plain_document (book_id, date, entry);
CREATE INDEX ON plain_document (book_id, entry);
CREATE TABLE plain_settlement AS SELECT * FROM archives.archive_settlement;
CREATE INDEX ON plain_settlement (book_id, entry);
CREATE INDEX ON plain_settlement (book_id, lettering_id);
CREATE TABLE plain_line AS SELECT book_id, date, account, currency, debit, credit
    FROM ledger.ledger_line;
CREATE INDEX ON plain_line (book_id, date);
"""
ITEMS = """
SELECT * FROM plain_item WHERE book_id = %(book)s AND open <> 0
    AND (due_date, entry, line) > (%(day)s::date, %(entry)s, %(line)s)
ORDER BY due_date, entry, line LIMIT 100
"""
ITEM_TOTALS = """
SELECT side, currency, count(*), sum(greatest(open, 0)), sum(least(open, 0)), sum(open)
FROM plain_item WHERE book_id = %(book)s AND open <> 0 GROUP BY side, currency
"""
LINES = """
SELECT *, sum(debit - credit) OVER (
    PARTITION BY party, account, currency ORDER BY date, entry, line
) FROM (
    SELECT * FROM plain_history WHERE book_id = %(book)s
        AND (party, account, currency, date, entry, line)
            > (%(party)s, %(account)s, %(currency)s, %(day)s::date, %(entry)s, %(line)s)
    ORDER BY party, account, currency, date, entry, line LIMIT 100
) AS page ORDER BY party, account, currency, date, entry, line
"""
LINE_TOTALS = """
SELECT side, account, party, currency, count(*), sum(debit), sum(credit), sum(debit - credit)
FROM plain_history WHERE book_id = %(book)s GROUP BY side, account, party, currency
ORDER BY side, account, party, currency
"""
DOCUMENTS = """
SELECT *, unsettled = 0 AS paid, (
    SELECT json_agg(json_build_object('code', own.code, 'date', own.date, 'documents', (
        SELECT json_agg(settling.number)
        FROM plain_settlement AS other JOIN plain_document AS settling USING (book_id, entry)
        WHERE other.book_id = own.book_id AND other.lettering_id = own.lettering_id
            AND other.entry <> own.entry
    ))) FROM plain_settlement AS own
    WHERE own.book_id = page.book_id AND own.entry = page.entry
) AS settled_by FROM (
    SELECT * FROM plain_document
    WHERE book_id = %(book)s AND (date, entry) < (%(day)s::date, %(entry)s)
    ORDER BY date DESC, entry DESC LIMIT 100
) AS page ORDER BY date DESC, entry DESC
"""
DOCUMENT_TOTALS = """
SELECT journal_kind, currency, count(*), sum(amount), sum(unsettled), count(treated_at)
FROM plain_document WHERE book_id = %(book)s GROUP BY journal_kind, currency
"""
TRIAL = """
SELECT account, currency, sum(debit - credit) FILTER (WHERE date < %(day)s),
    sum(debit) FILTER (WHERE date >= %(day)s), sum(credit) FILTER (WHERE date >= %(day)s)
FROM plain_line WHERE book_id = %(book)s AND date <= %(end)s GROUP BY account, currency
ORDER BY account, currency
"""
MIDDLE_ITEM = """
SELECT due_date, entry, line FROM plain_item WHERE open <> 0 ORDER BY due_date, entry, line
LIMIT 1 OFFSET (SELECT count(*) / 2 FROM plain_item WHERE open <> 0)
"""
MIDDLE_LINE = """
SELECT party, account, currency, date, entry, line FROM plain_history
ORDER BY party, account, currency, date, entry, line
LIMIT 1 OFFSET (SELECT count(*) / 2 FROM plain_history)
"""
MIDDLE_DOCUMENT = """
SELECT date, entry FROM plain_document ORDER BY date DESC, entry DESC
LIMIT 1 OFFSET (SELECT count(*) / 2 FROM plain_document)
"""
FIRST, LAST = date(1, 1, 1), date(9999, 12, 31)


class Question(Struct, frozen=True):
    """What is asked of a register, and the plain SQL that answers the same."""

    what: str
    ours: Callable[..., Any]
    plain: str
    asked: dict[str, Any]


def run(ground: Ground) -> Iterator[Figure]:
    """Every question at each length of the book."""
    base = ground.sized(100, 2_500)
    lengths = [1_000] if ground.quick else [100_000, *[1_000_000] * ground.large]
    calendar = Calendar()
    with ground.store(calendar) as store:
        book = LongBook(store, calendar)
        book.live(base, still_open=200)
        size = store.head(book.book_id).size
    engine, readers = Engine(ground.url), Readers(ground.url)
    engine.run_to_head(book.book_id)

    def ours(question: Question) -> None:
        with readers.of(book.book_id) as own:
            question.ours(own, book.book_id)

    done = 1
    with ground.connection() as conn:
        for length in lengths:
            multiply(conn, book.book_id, size, done, length // base)
            done = length // base
            conn.execute(HAND_MADE, prepare=False)
            conn.execute("VACUUM ANALYZE")
            for each in [*first_pages(), *deep_pages(conn), *totals()]:
                asked = {"book": book.book_id, **each.asked}
                question = Question(
                    f"{length:,} invoices: {each.what}", each.ours, each.plain, asked
                )
                yield compared(conn, ours, question, ground.sized(2, 10), ground.rounds)
    engine.stop()
    readers.close()


def first_pages() -> Iterator[Question]:
    """The first hundred lines of each list."""
    start = {"day": FIRST, "entry": 0, "line": 0}
    page = partial(unpaid_view.list_items, wanted=UnpaidFilter(), limit=LIMIT)
    yield Question("unpaid, first page", page, ITEMS, start)
    page = partial(history_view.list_lines, wanted=HistoryFilter(), limit=LIMIT)
    nobody = {"party": "", "account": "", "currency": ""}
    yield Question("history, first page", page, LINES, start | nobody)
    page = partial(archives_view.list_documents, wanted=ArchiveFilter(), limit=LIMIT)
    yield Question("archives, first page", page, DOCUMENTS, start | {"day": LAST})


def deep_pages(conn: Connection[Any]) -> Iterator[Question]:
    """The hundred lines after the middle of each list."""
    [key] = conn.execute(MIDDLE_ITEM).fetchall()
    asked = dict(zip(("day", "entry", "line"), key, strict=True))
    page = partial(unpaid_view.list_items, wanted=UnpaidFilter(), limit=LIMIT, after=key)
    yield Question("unpaid, page in the middle", page, ITEMS, asked)
    [key] = conn.execute(MIDDLE_LINE).fetchall()
    names = ("party", "account", "currency", "day", "entry", "line")
    page = partial(history_view.list_lines, wanted=HistoryFilter(), limit=LIMIT, after=key)
    asked = dict(zip(names, key, strict=True))
    yield Question("history, page in the middle", page, LINES, asked)
    [key] = conn.execute(MIDDLE_DOCUMENT).fetchall()
    page = partial(archives_view.list_documents, wanted=ArchiveFilter(), limit=LIMIT, after=key)
    asked = dict(zip(("day", "entry"), key, strict=True))
    yield Question("archives, page in the middle", page, DOCUMENTS, asked)


def totals() -> Iterator[Question]:
    """The sums under each list, and the trial balance, whose sums are all there is of it."""
    sums = partial(unpaid_view.summarise, wanted=UnpaidFilter())
    yield Question("unpaid, totals", sums, ITEM_TOTALS, {})
    sums = partial(history_view.balance_parties, wanted=HistoryFilter())
    yield Question("history, balance of each third party", sums, LINE_TOTALS, {})
    sums = partial(archives_view.summarise, wanted=ArchiveFilter())
    yield Question("archives, totals", sums, DOCUMENT_TOTALS, {})
    today = datetime.now(UTC).date()
    begin, end = today - timedelta(days=200), today - timedelta(days=40)
    sums = partial(ledger_view.balance_accounts, date_from=begin, date_to=end)
    yield Question("trial balance of 160 days", sums, TRIAL, {"day": begin, "end": end})


def compared(
    conn: Connection[Any], ours: Callable[[Question], Any], asked: Question, times: int, rounds: int
) -> Figure:
    """Both sides in turns."""

    def plain(_: Question) -> None:
        with conn.transaction():
            conn.execute(asked.plain, asked.asked, binary=True).fetchall()

    again = [asked] * times
    sides = {"ours": lambda: timed(ours, again), PLAIN: lambda: timed(plain, again)}
    samples = race(sides, rounds)
    return Figure(
        what=asked.what,
        ours=percentile(samples["ours"], 0.5),
        unit="ms",
        reference=PLAIN,
        theirs=percentile(samples[PLAIN], 0.5),
        ratio=growth(samples["ours"], samples[PLAIN]),
        most=MOST,
        rounds=rounds,
        load=load(),
    )
