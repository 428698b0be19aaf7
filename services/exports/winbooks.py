"""Entries for WinBooks: its import file ACT.TXT, one record a line of an entry.

The layout is the one that WinBooks publishes for imports ("Import of external data in WinBooks",
annex "WinBooks files structure", help.winbooks.be) and that Tryton's account_export_winbooks
writes: 36 fields in the order of `FIELDS`, all quoted, commas between, no heading, dates YYYYMMDD,
the amount in AMOUNTEUR, positive for debit. Fields that WinBooks fills in by itself are left empty:
DOCORDER, the VAT of whole documents, matching, state. So are VATCODE and VATBASE, unless they are
asked for: `winbooks_vat` says what they hold.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from typing import Any

from psycopg import Connection

from domain.book.refusal import Refusals, Refused, words
from domain.parties.company import Company
from domain.values.days import fiscal_days, fiscal_year
from domain.values.money import written
from projections.accounting_view import AccountingLine
from projections.ledger import Ledger
from projections.vat_register import VatRegister
from services.exports.accounting import AccountingWish, Reading, write_lines
from services.exports.kind import FileKind, Made, Task
from services.exports.mapping import Translator
from services.exports.winbooks_vat import (
    Treated,
    VatOfDocuments,
    WinbooksVatIsBelgian,
    carried_by,
)
from services.files.delimited import harmless

MEDIA_TYPE = "text/plain"
FIELDS = (
    "DOCTYPE", "DBKCODE", "DBKTYPE", "DOCNUMBER", "DOCORDER", "OPCODE", "ACCOUNTGL", "ACCOUNTRP",
    "BOOKYEAR", "PERIOD", "DATE", "DATEDOC", "DUEDATE", "COMMENT", "COMMENTEXT", "AMOUNT",
    "AMOUNTEUR", "VATBASE", "VATCODE", "CURRAMOUNT", "CURRCODE", "CUREURBASE", "VATTAX", "VATIMPUT",
    "CURRATE", "REMINDLEV", "MATCHNO", "OLDDATE", "ISMATCHED", "ISLOCKED", "ISIMPORTED",
    "ISPOSITIVE", "ISTEMP", "MEMOTYPE", "ISDOC", "DOCSTATUS",
)  # fmt: skip
CUSTOMER, SUPPLIER, GENERAL, WITHOUT_VAT = "1", "2", "3", "4"
"""DOCTYPE: whose record it is; the last has the base of what bears no VAT."""
PURCHASES, PURCHASE_CREDITS, SALES, SALES_CREDITS, FINANCIAL, MISCELLANEOUS = "012345"
"""DBKTYPE: what its journal is for."""
LONGEST_COMMENT = 40
FITS = {
    "journals": lambda code: re.fullmatch(r"[A-Z0-9]{1,6}", code) is not None,
    "accounts": lambda code: re.fullmatch(r"[0-9]{3,8}", code) is not None,
    "third_parties": lambda code: re.fullmatch(r"[A-Za-z0-9._-]{1,10}", code) is not None,
    "vat_codes": lambda code: re.fullmatch(r"[A-Z0-9]{1,10}", code) is not None,
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
    vat = VatOfDocuments(conn, task.book_id, wish.vat_codes) if wish.asks_vat else None

    def records(lines: Iterable[AccountingLine]) -> Iterator[bytes]:
        company: Company | None = None
        for _, entry in groupby(lines, key=lambda line: line.entry):
            company = company or _company(task, wish, reading.position)
            for line, said in _with_vat(list(entry), vat):
                yield _record(_said(line, translator, company, wish.book_year) | said)

    path = task.folder / "ACT.txt"
    made = write_lines(reading, path, records, MEDIA_TYPE, task.progress)
    if vat is not None:
        translator.take_vat(vat.used, vat.missing)
    translator.require_sound()
    return made


def _company(task: Task, wish: AccountingWish, position: int) -> Company:
    """The company as of the entries; raises Refusals where WinBooks knows nothing of its VAT."""
    company = task.background.company(position)
    if wish.asks_vat and company.country != "BE":
        raise Refusals(WinbooksVatIsBelgian(name=company.name))
    return company


def _with_vat(
    entry: list[AccountingLine], vat: VatOfDocuments | None
) -> Iterator[tuple[AccountingLine, dict[str, str]]]:
    """The lines of an entry that have a record, each with what it says beside: its VAT.

    The line of a tax is cut by codes; treatments without a tax follow in lines of no amount.
    """
    treated = vat.of(entry[0]) if vat is not None else []
    carried: list[Treated] = []
    for line in entry:
        if line.currency != "EUR":
            raise Refusals(WinbooksIsInEuros(currency=line.currency, month=f"{line.date:%Y-%m}"))
        own = carried_by(line, treated)
        carried += own
        for each in own:
            yield line, _vat_said(each)
        if not own and line.debit != line.credit:
            yield line, {}
    for each in treated:
        if each not in carried and each.base:
            nothing = {"DOCTYPE": WITHOUT_VAT, "ACCOUNTGL": "", "ACCOUNTRP": "", "DUEDATE": ""}
            yield entry[-1], _vat_said(each) | nothing


def _vat_said(treated: Treated) -> dict[str, str]:
    return {
        "AMOUNTEUR": written(treated.tax, "EUR"),
        "VATBASE": written(treated.base, "EUR"),
        "VATCODE": treated.code,
    }


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
    name="winbooks",
    format="txt",
    registers=(Ledger(), VatRegister()),
    wish=AccountingWish,
    write=write_act,
)
