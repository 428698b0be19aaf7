"""Entries for WinBooks: its import file ACT.TXT, one record a line of an entry.

The layout is the one that WinBooks publishes for imports ("Import of external data in WinBooks",
annex "WinBooks files structure", help.winbooks.be) and that Tryton's account_export_winbooks
writes: 36 fields in the order of `FIELDS`, all quoted, commas between, no heading, dates YYYYMMDD,
the amount in AMOUNTEUR, positive for debit. Fields that WinBooks fills in by itself are left empty:
DOCORDER, the VAT of whole documents, matching, state. So are VATCODE and VATBASE, for an entry does
not say which line has which VAT: the accounts agree to the cent, but the VAT return is drawn from
our figures and not from WinBooks.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from psycopg import Connection

from domain.book.refusal import Refusals, Refused, words
from domain.parties.company import Company
from domain.values.days import fiscal_days, fiscal_year
from domain.values.money import written
from projections.accounting_view import AccountingLine
from projections.ledger import Ledger
from services.exports.accounting import AccountingWish, Reading, write_lines
from services.exports.kind import FileKind, Made, Task
from services.exports.mapping import Translator
from services.files.delimited import harmless

MEDIA_TYPE = "text/plain"
FIELDS = (
    "DOCTYPE", "DBKCODE", "DBKTYPE", "DOCNUMBER", "DOCORDER", "OPCODE", "ACCOUNTGL", "ACCOUNTRP",
    "BOOKYEAR", "PERIOD", "DATE", "DATEDOC", "DUEDATE", "COMMENT", "COMMENTEXT", "AMOUNT",
    "AMOUNTEUR", "VATBASE", "VATCODE", "CURRAMOUNT", "CURRCODE", "CUREURBASE", "VATTAX", "VATIMPUT",
    "CURRATE", "REMINDLEV", "MATCHNO", "OLDDATE", "ISMATCHED", "ISLOCKED", "ISIMPORTED",
    "ISPOSITIVE", "ISTEMP", "MEMOTYPE", "ISDOC", "DOCSTATUS",
)  # fmt: skip
CUSTOMER, SUPPLIER, GENERAL = "1", "2", "3"
"""DOCTYPE: whose record it is."""
PURCHASES, PURCHASE_CREDITS, SALES, SALES_CREDITS, FINANCIAL, MISCELLANEOUS = "012345"
"""DBKTYPE: what its journal is for."""
LONGEST_COMMENT = 40
FITS = {
    "journals": lambda code: re.fullmatch(r"[A-Z0-9]{1,6}", code) is not None,
    "accounts": lambda code: re.fullmatch(r"[0-9]{3,8}", code) is not None,
    "third_parties": lambda code: re.fullmatch(r"[A-Za-z0-9._-]{1,10}", code) is not None,
}


class WinbooksIsInEuros(Refused, frozen=True, kw_only=True):
    """Entries in another currency have no amount in euros in the book."""

    code = "winbooks_in_euros"
    rule = "V21"
    text = words(
        en="Entries of {month} are in {currency}, and the book has no rate for them.",
        fr="Des écritures de {month} sont en {currency}, sans cours de change dans le livre.",
        nl="Boekingen van {month} zijn in {currency}, zonder wisselkoers in het boek.",
    )

    currency: str
    month: str


def write_act(conn: Connection[Any], task: Task) -> Made:
    """Writes the records of a period; raises Refusals for codes that WinBooks cannot take."""
    wish: AccountingWish = task.wish
    translator = Translator(wish.codes(), FITS)
    reading = Reading(conn, task.book_id, wish)

    def records(lines: Iterable[AccountingLine]) -> Iterator[bytes]:
        company: Company | None = None
        for line in lines:
            company = company or task.background.company(reading.position)
            if line.currency != "EUR":
                raise Refusals(
                    WinbooksIsInEuros(currency=line.currency, month=f"{line.date:%Y-%m}")
                )
            if line.debit != line.credit:
                yield _record(_said(line, translator, company, wish.book_year))

    path = task.folder / "ACT.txt"
    made = write_lines(reading, path, records, MEDIA_TYPE, task.progress)
    translator.require_sound()
    return made


def _said(
    line: AccountingLine, translator: Translator, company: Company, book_year: str
) -> dict[str, str]:
    """What a record says of a line."""
    return {
        "DOCTYPE": _doctype(line, company),
        "DBKCODE": translator.journal(line),
        "DBKTYPE": _dbktype(line),
        "DOCNUMBER": str(line.number),
        "ACCOUNTGL": translator.account(line),
        "ACCOUNTRP": translator.third_party(line),
        "BOOKYEAR": book_year,
        "PERIOD": _period(line.date, company.fiscal_year_start_month),
        "DATE": f"{line.date:%Y%m%d}",
        "DATEDOC": f"{line.document_date:%Y%m%d}",
        "DUEDATE": f"{line.due_date:%Y%m%d}" if line.due_date is not None else "",
        "COMMENT": harmless(line.label)[:LONGEST_COMMENT],
        "COMMENTEXT": harmless(line.document_number)[:LONGEST_COMMENT],
        "AMOUNT": "0.00",
        "AMOUNTEUR": written(line.debit - line.credit, "EUR"),
    }


def _doctype(line: AccountingLine, company: Company) -> str:
    if not line.party:
        return GENERAL
    return SUPPLIER if line.account[:3] == company.accounts["suppliers"][:3] else CUSTOMER


def _dbktype(line: AccountingLine) -> str:
    match line.journal_kind, line.document_kind:
        case "sale", kind:
            return SALES_CREDITS if kind == "credit_note" else SALES
        case "purchase", kind:
            return PURCHASE_CREDITS if kind == "bill_credit_note" else PURCHASES
        case "bank" | "cash", _:
            return FINANCIAL
    return MISCELLANEOUS


def _period(day: date, start_month: int) -> str:
    """The month of the fiscal year: 01 is its first."""
    first, _ = fiscal_days(fiscal_year(day, start_month), start_month)
    return f"{(day.year - first.year) * 12 + day.month - first.month + 1:02d}"


def _record(said: dict[str, str]) -> bytes:
    row = io.StringIO(newline="")
    writer = csv.writer(row, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([said.get(field, "") for field in FIELDS])
    return row.getvalue().encode()


WINBOOKS = FileKind(
    name="winbooks", format="txt", registers=(Ledger(),), wish=AccountingWish, write=write_act
)
