"""Exports of lists: what is read back is the list, and the same facts give the same bytes."""

import csv
import io
import json
import tempfile
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.book.event import Event
from domain.book.refusal import Refusals
from domain.operations.exported import ReportExported
from services.files.delimited import harmless
from services.files.table import places_of, value_of
from services.jobs.worker import Worker
from services.lists.export import Asked, Format, export_list, write_list
from services.lists.job import EXPORT, ListAsked, ListMaker
from services.lists.kinds import LISTS, SALES_DOCUMENTS, ListKind
from services.lists.provenance import Provenance
from services.lists.reproducing import reproducers
from services.replay.as_of import loaded
from services.replay.connection import connect
from services.replay.engine import Engine
from services.replay.reading import Readers
from services.store.pen import Command
from services.store.store import Store
from tests.books import recorded, write_book
from tests.sales_books import make_sales_book
from tests.services.lists.conftest import asked

books = st.builds(make_sales_book, st.integers(0, 10**9), st.integers(20, 120))
NOWHERE = Provenance(company="Essai", registration="1", digest="ab", recorded_at=None)


def listed(conn: Any, book: str, of: Asked) -> list[Any]:
    """The rows of a list, in one page."""
    return list(of.kind.read(conn, book, of.wanted, of.sort, None, 10_000).rows)


def read_back(content: bytes, form: Format) -> list[list[Any]]:
    """The rows of a file, the heading left out."""
    if form == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
        return [list(row) for row in sheet.iter_rows(min_row=2, values_only=True)]
    if form == "csv":
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))[1:]
    return [list(json.loads(line).values()) for line in content.splitlines()]


def cell(row: Any, column: Any, form: Format) -> Any:
    """What a cell must hold, said in another way than the writers say it."""
    raw = getattr(row, column.name)
    if form == "json":
        return json.loads(json.dumps(raw, default=str))
    value = value_of(row, column, "fr")
    if value is None or value == "":
        return None if form == "xlsx" else ""
    if column.kind == "amount":
        amount = Decimal(raw) / 10 ** places_of(row.currency)
        return float(amount) if form == "xlsx" else f"{amount:.2f}".replace(".", ",")
    if form == "csv":
        text = str(value)
        return text.replace(".", ",") if column.kind == "decimal" else _plain(text, column.kind)
    if column.kind == "decimal":
        return float(value)
    return value


def _plain(text: str, kind: str) -> str:
    return text if kind in ("date", "number") else harmless(text)


def shown(value: Any) -> Any:
    """A cell as it was read: days as days."""
    return value.date() if hasattr(value, "date") else value


@pytest.mark.feature("V27")
@settings(max_examples=12)
@given(books, st.sampled_from(sorted(LISTS)), st.sampled_from(["xlsx", "csv", "json"]))
def test_a_file_read_back_is_the_list(
    url: str, events: list[Event], name: str, form: Format
) -> None:
    """Goal: every cell of every row. Method: random books, each list, read by other libraries."""
    book, of = str(uuid4()), asked(LISTS[name], form)
    with (
        connect(url) as conn,
        loaded(conn, [of.kind.register], book, recorded(events, book)) as scratch,
        tempfile.TemporaryDirectory() as folder,
    ):
        rows = [of.kind.line(row) for row in listed(scratch, book, of)]
        path = Path(folder) / "list"
        write_list(scratch, book, of, path, lambda _: NOWHERE)
        found = read_back(path.read_bytes(), form)
    expected = [[cell(row, column, form) for column in of.kind.columns] for row in rows]
    if not of.kind.columns or not rows:
        assert found == []
        return
    assert [[shown(value) for value in row] for row in found] == expected


def facts_of(store: Store, book: str, exported: ReportExported) -> Any:
    """The events that an export stands on, as often as they are asked for."""
    return lambda: store.read(book, upto=exported.position)


def noted(store: Store, book: str) -> ReportExported:
    """The newest export of a book."""
    event = list(store.read(book, types=[ReportExported.stored_as]))[-1].event
    assert isinstance(event, ReportExported)
    return event


@pytest.mark.parametrize("form", ["xlsx", "csv", "json"])
def test_an_export_is_made_again_from_events_alone(
    url: str, store: Store, readers: Readers, engine: Engine, form: Format
) -> None:
    """Goal: an auditor's replay gives the very bytes, after the book has gone on."""
    events = make_sales_book(11, 120)
    book = write_book(store, events[:100])
    engine.run_to_head(book)
    contents = []
    for kind in LISTS.values():
        command = Command(id=str(uuid4()), actor="test")
        still = readers.still(book)
        with export_list(store, book, still, asked(kind, form), command) as file:
            contents.append((file.path.read_bytes(), noted(store, book)))
    write_book(store, events[100:], book)
    for content, exported in contents:
        assert exported.sha256 == sha256(content).hexdigest()
        make = reproducers(url)[exported.kind]
        assert make(exported, facts_of(store, book, exported)) == content


def test_a_list_that_is_too_long_is_refused_and_not_noted(
    store: Store, readers: Readers, engine: Engine
) -> None:
    book = write_book(store, make_sales_book(3, 60))
    engine.run_to_head(book)
    size = store.head(book).size
    of = asked(SALES_DOCUMENTS, "csv", most=5)
    command = Command(id=str(uuid4()), actor="test")
    with (
        pytest.raises(Refusals, match="5"),
        export_list(store, book, readers.still(book), of, command),
    ):
        pytest.fail("it was made")
    assert store.head(book).size == size


def test_rows_written_meanwhile_are_not_in_the_file(
    store: Store, readers: Readers, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Goal: a list of many pages stands at one position. Method: the book goes on between pages."""
    events = make_sales_book(5, 200)
    book = write_book(store, events[:150])
    engine.run_to_head(book)
    monkeypatch.setattr("services.lists.export.PAGE", 10)
    pages = 0

    def read(*question: Any) -> Any:
        nonlocal pages
        page = SALES_DOCUMENTS.read(*question)
        pages += 1
        if pages == 1:
            write_book(store, events[150:], book)
            engine.run_to_head(book)
        return page

    kind = ListKind(
        **{n: getattr(SALES_DOCUMENTS, n) for n in SALES_DOCUMENTS.__struct_fields__}
        | {"read": read}
    )
    command = Command(id=str(uuid4()), actor="test")
    with export_list(store, book, readers.still(book), asked(kind, "json"), command) as file:
        assert pages > 2
        assert file.position == 150


def test_a_long_list_is_made_by_a_job(
    url: str, store: Store, readers: Readers, engine: Engine
) -> None:
    from services.jobs.desk import Desk

    book = write_book(store, make_sales_book(9, 80))
    engine.run_to_head(book)
    desk = Desk(store)
    command = Command(id=str(uuid4()), actor="test", request="r")
    wish = {"list": "sales_documents", "filter": {"kind": "invoice"}, "sort": "-number"}
    job, _ = desk.ask(book, EXPORT, {**wish, "format": "csv", "language": "nl"}, command)
    maker = ListMaker(store, readers, engine)
    assert Worker(url, {EXPORT: maker}).run_due() >= 1  # other tests may have left some
    done = desk.find(book, job.job_id, [EXPORT])
    assert done is not None
    assert done.file is not None
    assert (done.state, done.file.name) == ("done", "sales_documents.csv")
    content = b"".join(desk.read(done, 0, done.file.size - 1))
    assert sha256(content).hexdigest() == done.file.digest == noted(store, book).sha256


class Attempt:
    """A job in a worker's hands, for one attempt."""

    def __init__(self, book: str, wish: dict[str, Any], job: str) -> None:
        self.book_id = book
        self.asked = wish
        self._job = job

    def command(self, what: str) -> Command:
        """The same command in each attempt."""
        return Command(id=f"{self._job}:{what}", actor="test", cause="job")

    def progress(self, done: int, total: int) -> None:
        """Nobody listens."""


def test_a_job_that_is_repeated_makes_the_same_file(
    store: Store, readers: Readers, engine: Engine
) -> None:
    events = make_sales_book(21, 120)
    book = write_book(store, events[:90])
    engine.run_to_head(book)
    wish = {"list": "sales_documents", "filter": {}, "sort": "date", "format": "xlsx"}
    maker, job = ListMaker(store, readers, engine), str(uuid4())
    first = b"".join(maker(Attempt(book, wish, job)).content)
    write_book(store, events[90:], book)
    engine.run_to_head(book)
    size = store.head(book).size
    assert b"".join(maker(Attempt(book, wish, job)).content) == first
    assert store.head(book).size == size


def test_a_job_for_no_list_is_refused() -> None:
    with pytest.raises(ValueError, match="no such list"):
        ListAsked(list="ghosts", filter={}, sort="date", format="csv").asked()
