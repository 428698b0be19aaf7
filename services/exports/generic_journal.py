"""The generic journal: CSV of entries that any accounting software reads, one line a line.

UTF-8 without a mark, `;` between fields, CRLF, decimal points, ISO dates, the same headings in
every language: docs/accounting-export.md says what each column holds. `VERSION` is raised when a
column changes its place or meaning.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from psycopg import Connection

from domain.values.money import written
from projections.accounting_view import AccountingLine
from projections.ledger import Ledger
from services.exports.accounting import AccountingWish, Reading, write_lines
from services.exports.kind import FileKind, Made, Task
from services.exports.mapping import Translator
from services.files.delimited import harmless

VERSION = 1
MEDIA_TYPE = "text/csv"
COLUMNS = (
    "JournalCode",
    "JournalLabel",
    "JournalKind",
    "Series",
    "EntryNumber",
    "LineNumber",
    "EntryDate",
    "Account",
    "ThirdParty",
    "ThirdPartyName",
    "DocumentKind",
    "DocumentNumber",
    "DocumentDate",
    "DueDate",
    "Label",
    "Debit",
    "Credit",
    "Currency",
    "Lettering",
    "PostedOn",
    "EntryPosition",
)
FITS = {
    "journals": lambda code: 0 < len(code) <= 20,
    "accounts": lambda code: 0 < len(code) <= 20,
    "third_parties": lambda code: 0 < len(code) <= 40,
}


def write_journal(conn: Connection[Any], task: Task) -> Made:
    """Writes the journal of a period; raises Refusals for codes that are not mapped."""
    wish: AccountingWish = task.wish
    translator = Translator(wish.codes(), FITS)

    def records(lines: Iterable[AccountingLine]) -> Iterator[bytes]:
        yield _record(COLUMNS)
        for line in lines:
            yield _record(_fields(line, translator))

    name = f"journal-{wish.date_from}-{wish.date_to}.csv"
    reading = Reading(conn, task.book_id, wish)
    made = write_lines(reading, task.folder / name, records, MEDIA_TYPE, task.progress)
    translator.require_sound()
    return made


def _fields(line: AccountingLine, translator: Translator) -> tuple[str, ...]:
    return (
        translator.journal(line),
        harmless(line.journal_label),
        line.journal_kind,
        line.series.removeprefix("entries:"),
        str(line.number),
        str(line.line + 1),
        line.date.isoformat(),
        translator.account(line),
        harmless(translator.third_party(line)),
        harmless(line.party_name),
        line.document_kind,
        harmless(line.document_number),
        line.document_date.isoformat(),
        line.due_date.isoformat() if line.due_date is not None else "",
        harmless(line.label),
        written(line.debit, line.currency),
        written(line.credit, line.currency),
        line.currency,
        " ".join(line.codes),
        line.posted_on.isoformat(),
        str(line.entry),
    )


def _record(fields: Iterable[str]) -> bytes:
    row = io.StringIO(newline="")
    csv.writer(row, delimiter=";", lineterminator="\r\n").writerow(fields)
    return row.getvalue().encode()


GENERIC_JOURNAL = FileKind(
    name="accounting_journal",
    format="csv",
    registers=(Ledger(),),
    wish=AccountingWish,
    write=write_journal,
)
