"""PDF of a list: what it is, its rows in typed columns, what they come to, page n of m.

A long list is printed some hundred rows at a time and bound together, so that it takes the memory
of a part. The same rows and facts give the same pages; other versions of what prints them would
give other bytes, so the digest of what is on the pages is told beside, with those versions.
"""

from collections.abc import Iterator, Mapping
from contextlib import closing, nullcontext
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from msgspec import Struct

from services.files.binding import bind
from services.files.table import Column, Language, Table, Total, Words, value_of
from services.files.typography import write_amount, write_day, write_decimal
from services.printing.press import Press

MEDIA_TYPE = "application/pdf"
AT_ONCE = 250
"""Rows that are printed together."""
ANY_WIDTH = 7
"""So many columns fit on an upright sheet."""
TECHNICAL = frozenset(
    ("article_id", "contact_id", "customer_id", "document_id", "entry", "external_id", "files",
     "id", "line", "original", "party", "position", "quote_id")
)  # fmt: skip
"""Columns for programs: on paper nobody reads them, and they take the place of the others."""
WEIGHTS = {
    "text": 22, "code": 13, "date": 14, "amount": 16, "number": 9, "decimal": 10, "truth": 8
}  # fmt: skip
OWN_WEIGHTS = {
    "account": 11, "auxiliary": 12, "code": 9, "codes": 9, "country": 7, "currency": 7, "grid": 8,
    "journal": 8, "label": 30, "description": 30, "name": 28, "customer_name": 28,
    "party_name": 28, "rate": 7, "series": 11, "postal_code": 9, "unit": 7, "vat_category": 7,
}  # fmt: skip
"""Of texts that are short, or long, whatever list they are in."""
FIGURES = ("amount", "number", "decimal")
CLASSES = {**dict.fromkeys(FIGURES, ' class="f"'), "date": ' class="d"'}
NOTHING: Words = {"en": "No rows.", "fr": "Aucune ligne.", "nl": "Geen rijen."}
TOTAL: Words = {"en": "Total", "fr": "Total", "nl": "Totaal"}
FOLDER = Path(__file__).parent / "templates"
_PAGES = Environment(
    loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)
SHORT = Press()
"""Prints what is printed at once, begun with the first; a long list has a press of its own, whose
memory goes with it."""
STYLE = (FOLDER / "report.css").read_text(encoding="utf-8")


class Heading(Struct, frozen=True):
    """A column of the page: its heading, its share of the width in percent, whether of figures."""

    heading: str
    width: str
    figures: bool


class SumCell(Struct, frozen=True):
    """A cell of a row of totals; `span` is the number of columns that its words take."""

    text: str
    span: int = 0


class Sheet(Struct, frozen=True, kw_only=True):
    """A part of the list as its page shows it."""

    language: Language
    title: str
    company: str
    standing: str
    sheet: str
    first: bool
    facts: tuple[tuple[str, str], ...]
    columns: tuple[Heading, ...]
    rows: Markup
    sums: tuple[tuple[SumCell, ...], ...]
    nothing: str


class Paged:
    """A PDF being written to a path; `add` each row, then `close` it with its table."""

    def __init__(self, path: Path, columns: tuple[Column, ...], language: Language) -> None:
        self._path = path
        self._columns = tuple(column for column in columns if column.name not in TECHNICAL)
        self._language = language
        self._rows = TemporaryFile()  # noqa: SIM115  closed with the table
        self._starts = [0]
        self._count = 0

    def add(self, row: Any) -> None:
        """Keeps the next row, on disk, as its page will have it."""
        if self._count and self._count % AT_ONCE == 0:
            self._starts.append(self._rows.tell())
        self._count += 1
        cells = "".join(self._cell(row, column) for column in self._columns)
        self._rows.write(f"<tr>{cells}</tr>\n".encode())

    def close(self, table: Table) -> Mapping[str, str]:
        """Prints the pages; gives the digest of what is on them and what printed them."""
        digest = sha256()
        whole = len(self._starts) == 1
        press = SHORT if whole else Press()
        printed = (self._printed(press, page, digest) for page in self._pages(table))
        with self._rows, nullcontext() if whole else closing(press):
            if whole:
                self._path.write_bytes(next(printed))
            else:
                sheet = self._sheet()
                bind(printed, self._path, press, sheet=sheet, title=table.title)
        return {"figures": digest.hexdigest(), "printed_by": printed_by()}

    @staticmethod
    def _printed(press: Press, page: str, digest: Any) -> bytes:
        digest.update(page.encode())
        return press.print(page)

    def _pages(self, table: Table) -> Iterator[str]:
        ends = [*self._starts[1:], self._rows.tell()]
        whole = len(self._starts) == 1
        standing = ", ".join(f"{name} {value}" for name, value in table.facts[-2:])
        for start, end in zip(self._starts, ends, strict=True):
            self._rows.seek(start)
            last = end == ends[-1]
            page = Sheet(
                language=self._language,
                title=table.title,
                company=table.company,
                standing=standing,
                sheet=self._sheet() if whole else f"{self._sheet()}-part",
                first=start == 0,
                facts=table.facts,
                columns=_headings(self._columns, self._language),
                rows=Markup(self._rows.read(end - start).decode()),  # noqa: S704  escaped by us
                sums=tuple(self._sums(total) for total in table.totals) if last else (),
                nothing=NOTHING[self._language],
            )
            yield _PAGES.get_template("report.html").render(
                page=page,
                style=Markup(STYLE),  # noqa: S704  ours
            )

    def _sheet(self) -> str:
        return "upright" if len(self._columns) <= ANY_WIDTH else "wide"

    def _cell(self, row: Any, column: Column) -> str:
        look = CLASSES.get(column.kind, "")
        return f"<td{look}>{escape(self._text(row, column))}</td>"

    def _text(self, row: Any, column: Column) -> str:
        value = value_of(row, column, self._language)
        if value is None:
            return ""
        match column.kind:
            case "amount":
                return write_amount(value, row.currency, self._language)
            case "decimal":
                return write_decimal(str(value), self._language)
            case "date":
                return write_day(value, self._language)
        return str(value)

    def _sums(self, total: Total) -> tuple[SumCell, ...]:
        """A row of totals: its words up to the first column that adds up, then each in its own."""
        names = [column.name for column in self._columns]
        first = min(names.index(name) for name in total.amounts)
        words = " ".join(filter(None, (TOTAL[self._language], total.group, total.currency)))
        cells = [SumCell(words, first)] if first else []
        for name in names[first:]:
            amount = total.amounts.get(name)
            text = "" if amount is None else write_amount(amount, total.currency, self._language)
            cells.append(SumCell(text))
        return tuple(cells)


def _headings(columns: tuple[Column, ...], language: Language) -> tuple[Heading, ...]:
    weights = [OWN_WEIGHTS.get(column.name, WEIGHTS[column.kind]) for column in columns]
    return tuple(
        Heading(
            column.label[language], f"{100 * weight / sum(weights):.3f}", column.kind in FIGURES
        )
        for column, weight in zip(columns, weights, strict=True)
    )


@cache
def printed_by() -> str:
    """The versions of what decides on the bytes of a page; fonts are those of the machine."""
    names = ("weasyprint", "pydyf", "fonttools", "pypdf")
    return " ".join(f"{name} {version(name)}" for name in names)
