"""A document as its page shows it: every word and figure as it will be read, and no logic left."""

from typing import Literal

from msgspec import Struct

from domain.sales.pricing import Language
from domain.sales.template import Typeface

Mark = Literal["", "duplicate", "draft"]


class Detail(Struct, frozen=True):
    """A label and what it says."""

    label: str
    text: str


class Block(Struct, frozen=True, kw_only=True):
    """Somebody's name and the lines under it."""

    name: str
    lines: tuple[str, ...] = ()


class Cell(Struct, frozen=True, kw_only=True):
    """A column of the table of lines: its name, its heading and whether it holds figures."""

    name: str
    heading: str
    figures: bool = True


class Row(Struct, frozen=True, kw_only=True):
    """A row of that table; `kind` is item, text, discount, shipping, subtotal or deposit.

    A description may have several lines. `cells` are those after it; a text has none.
    """

    kind: str
    description: str
    cells: tuple[str, ...] = ()


class RateRow(Struct, frozen=True, kw_only=True):
    """The VAT of one rate; `why` are the legal words where there is none."""

    rate: str
    base: str
    tax: str
    why: str = ""


class Payment(Struct, frozen=True, kw_only=True):
    """How to pay: details, the instalments, and the code that a banking application reads."""

    details: tuple[Detail, ...]
    schedule: tuple[Detail, ...] = ()
    code: str = ""
    """An SVG drawing, made by us."""
    code_amount: str = ""


class Sealed(Struct, frozen=True, kw_only=True):
    """The newest seal of the book and the one before, in short, and both as an SVG drawing."""

    lines: tuple[Detail, ...]
    about: str
    code: str


class Sheet(Struct, frozen=True, kw_only=True):
    """One document. `totals` ends with what is to be paid; `logo` is a data: URL or empty."""

    language: Language
    title: str
    number: str
    mark: Mark
    mark_word: str
    day: str
    """The date of issue, YYYY-MM-DD, for the PDF's own description."""
    seller: Block
    seller_line: tuple[str, ...]
    customer_label: str
    customer: Block
    details: tuple[Detail, ...]
    introduction: str
    columns: tuple[Cell, ...]
    rows: tuple[Row, ...]
    rates_heading: tuple[str, str, str]
    rates: tuple[RateRow, ...]
    totals: tuple[Detail, ...]
    payment_label: str
    schedule_label: str
    scan_label: str
    payment: Payment | None
    note: str
    closing: str
    signature: str
    mentions: tuple[str, ...]
    footer: str
    page_word: str
    seal_label: str
    seal: Sealed | None
    colour: str
    typeface: Typeface
    logo: str
