"""One complete example of every event of an import of a FEC."""

from datetime import date

from domain.book.event import Event
from domain.imports.batch import KeptItem
from domain.imports.fec import (
    FecImportCompleted,
    FecImportStarted,
    FecImportUndone,
    FecJournal,
    MappedAccount,
)
from domain.imports.fec_source import FecSource

FILE = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

POSTED = FecSource(
    batch="imp_0r1",
    file=FILE,
    rows=(2, 3, 4),
    number="VE000012",
    validated_on=date(2025, 4, 30),
    pieces=("F-12", "F-12", "F-13"),
    piece_days=(date(2025, 3, 30), date(2025, 3, 30), date(2025, 3, 31)),
    reverses=12,
)
LETTERED = FecSource(batch="imp_0r1", file=FILE, rows=(2, 9), number="AB")

FEC_IMPORTS: list[Event] = [
    FecImportStarted(
        batch_id="imp_0r1",
        mode="history",
        file=FILE,
        files=(FILE,),
        name="732829320FEC20251231.txt",
        first=date(2025, 1, 1),
        until=date(2025, 12, 31),
        lines=1200,
        entries=410,
        debit=98_765_432,
        credit=98_765_432,
        journals=(FecJournal(code="VT", label="Ventes"), FecJournal(code="BQ1", label="Crédit")),
        mapped=(MappedAccount(role="customers", before="411000", after="41100000"),),
    ),
    FecImportCompleted(
        batch_id="imp_0r1",
        file=FILE,
        entries=410,
        letterings=96,
        made=("ctc_0a", "ctc_0b"),
        known=3,
    ),
    FecImportUndone(
        batch_id="imp_0r1",
        file=FILE,
        entries=410,
        letterings=96,
        archived=("ctc_0a",),
        kept=(KeptItem(id="ctc_0b", why="used", position=61),),
        mapped=(MappedAccount(role="customers", before="41100000", after="411000"),),
        numbers={"entries:VT-2025": 820},
    ),
]
