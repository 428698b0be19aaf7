"""How a book stands before a FEC comes in: another import, and the years that have entries."""

from typing import Any

from psycopg import Connection

from domain.book.event import Recorded
from domain.book.refusal import Refusals
from domain.imports import fec
from domain.imports.batch import ImportIsUnknown, import_tag
from domain.imports.fec import FEC_TAG, FecBatch, FecImportUndone, FecMode
from domain.imports.fec_refusals import FecImportIsUnfinished, FecPeriodIsTaken
from domain.ledger.entry import EntryPosted, series_tag
from domain.values.days import fiscal_year
from services.store.pen import Pen, Reader
from services.store.store import Store

# The numbered series of a book are few; those of entries are named after journal and fiscal year.
SERIES = """
SELECT DISTINCT series FROM event
WHERE book_id = %(book)s AND series >= 'entries:' AND series < 'entries;'
"""


class Before:
    """The series of entries of a book up to `size`, looked at before the pen is taken."""

    def __init__(self, store: Store, book_id: str) -> None:
        self.size = store.head(book_id).size
        with store.entered(book_id) as conn:
            self.series = _series(conn, book_id)

    @property
    def in_use(self) -> bool:
        """Whether the book had entries at all."""
        return bool(self.series)

    def check(self, pen: Pen, year: int, start_month: int) -> None:
        """Refuses a book with entries of a fiscal year or before, but for what an undone import
        left behind; raises Refusals."""
        batch = newest(pen)
        if batch is not None and batch.state == "running":
            raise Refusals(
                FecImportIsUnfinished(batch_id=batch.started.batch_id, position=batch.position)
            )
        if batch is not None and batch.state == "standing":
            raise Refusals(FecPeriodIsTaken(exercise=year, position=batch.position))
        nothing: dict[str, int] = {}
        left = pen.fold(_left, nothing, FEC_TAG)
        early = [series for series in self.series if _year(series) <= year]
        pen.look_up([series_tag(series) for series in early])
        for series in early:
            last = pen.last(series_tag(series))
            if last is not None and getattr(last.event, "number", 0) != left.get(series):
                raise Refusals(FecPeriodIsTaken(exercise=year, position=last.position))
        for fact in pen.at(range(self.size + 1, pen.next_position)):
            entry = fact.event
            if isinstance(entry, EntryPosted) and fiscal_year(entry.date, start_month) <= year:
                raise Refusals(FecPeriodIsTaken(exercise=year, position=fact.position))


def newest(reader: Reader) -> FecBatch | None:
    """The import of a FEC that was begun last, as it stands."""
    nothing: FecBatch | None = None
    return reader.fold(fec.evolve, nothing, FEC_TAG)


def begun(reader: Reader, file: str, mode: FecMode) -> FecBatch | None:
    """The import of this very file in this way, if it stands or is half in."""
    batch = newest(reader)
    if batch is None or batch.state == "undone" or not batch.is_of(file, mode):
        return None
    return batch


def get_fec_batch(reader: Reader, batch_id: str) -> FecBatch:
    """An import of a FEC by its id; raises Refusals when there is none."""
    nothing: FecBatch | None = None
    batch = reader.fold(fec.evolve, nothing, import_tag(batch_id))
    if batch is None:
        raise Refusals(ImportIsUnknown(batch_id=batch_id[:60]))
    return batch


def _left(numbers: dict[str, int], fact: Recorded) -> dict[str, int]:
    """The last numbers of the series that undone imports left behind."""
    return numbers | fact.event.numbers if isinstance(fact.event, FecImportUndone) else numbers


def _series(conn: Connection[Any], book_id: str) -> tuple[str, ...]:
    rows = conn.execute(SERIES, {"book": book_id}).fetchall()
    return tuple(series for (series,) in rows)


def _year(series: str) -> int:
    year = series.rpartition("-")[2]
    return int(year) if year.isdigit() else 0
