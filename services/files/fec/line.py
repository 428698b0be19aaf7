"""A line of a FEC: its eighteen columns, and how days, amounts and texts are written in them."""

import unicodedata
from datetime import date
from functools import cache
from typing import Literal

from msgspec import Struct

Encoding = Literal["iso-8859-15", "utf-8"]

COLUMNS = (
    "JournalCode",
    "JournalLib",
    "EcritureNum",
    "EcritureDate",
    "CompteNum",
    "CompteLib",
    "CompAuxNum",
    "CompAuxLib",
    "PieceRef",
    "PieceDate",
    "EcritureLib",
    "Debit",
    "Credit",
    "EcritureLet",
    "DateLet",
    "ValidDate",
    "Montantdevise",
    "Idevise",
)
"""The headers, exactly as the decree has them (A47 A-1, VII): CompAux…, not CompteAux…"""

SEPARATOR = "\t"
END_OF_LINE = "\r\n"
OPENING_JOURNAL = "AN"
"""The journal of the entry that carries the balances of the exercise before."""

# What ISO 8859-15 lacks and has a usual spelling in it; other letters lose their marks.
_SPELT = str.maketrans(
    {
        "‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "‹": "<", "›": ">",
        "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-", "…": "...", "•": "-", "™": "TM",
        "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "ħ": "h", "Ħ": "H", "ŋ": "n",
        "´": "'", "¨": '"', "¼": "1/4", "½": "1/2", "¾": "3/4", "¸": ",", "¦": "/", "¤": "EUR",
    }
)  # fmt: skip


class FecLine(Struct, frozen=True, kw_only=True):
    """A line: amounts in cents, exactly one of `debit` and `credit` above zero.

    `number` is that of its entry; `foreign` is the amount in `currency`, as it is written.
    """

    journal: str
    journal_label: str
    number: int
    day: date
    account: str
    account_label: str
    auxiliary: str = ""
    auxiliary_label: str = ""
    piece: str
    piece_date: date
    label: str
    debit: int = 0
    credit: int = 0
    code: str = ""
    lettered_on: date | None = None
    validated_on: date
    foreign: str = ""
    currency: str = ""


def write_line(line: FecLine, encoding: Encoding) -> bytes:
    """The line as bytes, its end included; nothing in it is quoted."""
    fields = (
        plain(line.journal, encoding),
        plain(line.journal_label, encoding),
        str(line.number),
        write_day(line.day),
        line.account,
        plain(line.account_label, encoding),
        plain(line.auxiliary, encoding),
        plain(line.auxiliary_label, encoding),
        plain(line.piece, encoding),
        write_day(line.piece_date),
        plain(line.label, encoding),
        write_amount(line.debit),
        write_amount(line.credit),
        line.code,
        write_day(line.lettered_on) if line.lettered_on else "",
        write_day(line.validated_on),
        line.foreign,
        line.currency,
    )
    return (SEPARATOR.join(fields) + END_OF_LINE).encode(encoding)


def write_heading(encoding: Encoding) -> bytes:
    """The first line."""
    return (SEPARATOR.join(COLUMNS) + END_OF_LINE).encode(encoding)


@cache
def write_day(day: date) -> str:
    """A day as AAAAMMJJ."""
    return f"{day.year:04d}{day.month:02d}{day.day:02d}"


def write_amount(cents: int) -> str:
    """Cents as euros with a decimal comma and two decimals."""
    return f"{cents // 100},{cents % 100:02d}"


def plain(text: str, encoding: Encoding) -> str:
    """The text on one line, without separators, in characters that the encoding has.

    A `|` becomes `/`; white space and control characters become one space.
    """
    if text.isascii() and text.isprintable() and "|" not in text and "  " not in text:
        return text.strip()
    text = unicodedata.normalize("NFC", text).replace("|", "/")
    text = " ".join("".join(map(_harmless, text)).split())
    if encoding == "utf-8":
        return text
    return "".join(map(_latin, text)).strip()


def _harmless(character: str) -> str:
    """The character, or a space for one that ends lines or is not to be seen."""
    return " " if unicodedata.category(character)[0] in "ZC" else character


@cache
def _latin(character: str) -> str:
    """The character in ISO 8859-15: itself, its usual spelling, its bare letter, or `?`."""
    if _fits(character):
        return character
    spelt = character.translate(_SPELT)
    bare = "".join(
        each for each in unicodedata.normalize("NFKD", spelt) if not unicodedata.combining(each)
    )
    found = "".join(each for each in bare if _fits(each) and each.isprintable() and each != "|")
    return found or "?"


def _fits(character: str) -> bool:
    try:
        character.encode("iso-8859-15")
    except UnicodeEncodeError:
        return False
    return True
