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


class Labels(Struct, frozen=True, kw_only=True):
    """The words over the parts of a sheet; `mark` is empty where it has none."""

    mark: str
    customer: str
    rates: tuple[str, str, str]
    payment: str
    schedule: str
    scan: str
    seal: str


class Look(Struct, frozen=True, kw_only=True):
    """The colour and the letters of a template, and a logo: a data: URL, or empty."""

    colour: str
    typeface: Typeface
    logo: str


class Sheet(Struct, frozen=True, kw_only=True):
    """One document. `totals` ends with what is to be paid."""

    language: Language
    title: str
    number: str
    mark: Mark
    labels: Labels
    day: str
    """The date of issue, YYYY-MM-DD, for the PDF's own description."""
    seller: Block
    seller_line: tuple[str, ...]
    customer: Block
    details: tuple[Detail, ...]
    introduction: str
    columns: tuple[Cell, ...]
    rows: tuple[Row, ...]
    rates: tuple[RateRow, ...]
    totals: tuple[Detail, ...]
    payment: Payment | None
    note: str
    closing: str
    signature: str
    mentions: tuple[str, ...]
    footer: str
    seal: Sealed | None
    look: Look
