"""How a bank writes its lists of movements (CSV): columns, dates and numbers, kept per account."""

from collections.abc import Mapping
from typing import ClassVar, Literal, get_args

from msgspec import Struct

from domain.book.event import Decision, Event, Recorded
from domain.book.refusal import Refused, words
from domain.values import faults, identifiers
from domain.values.text import tidy

Field = Literal[
    "date",
    "value_date",
    "amount",
    "debit",
    "credit",
    "currency",
    "name",
    "iban",
    "communication",
    "reference",
    "code",
]
DateOrder = Literal["dmy", "mdy", "ymd"]
FIELDS: tuple[Field, ...] = get_args(Field)
LAYOUTS_TAG = "csv_layouts"


class CsvLayout(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The headings of the columns, in which order dates are written, and the decimal mark.

    Either one column has signed amounts, or one has what went out and one what came in. Lines
    before the headings are skipped; a debit column may be written with or without its sign.
    """

    account: str
    columns: dict[Field, str]
    dates: DateOrder = "dmy"
    decimal: Literal[",", "."] = ","
    currency: str = "EUR"


class CsvLayoutSet(Event, frozen=True, kw_only=True):
    """The lists of movements of an account are read like this from now on."""

    stored_as: ClassVar[str] = "csv_layout.set.v1"

    layout: CsvLayout

    @property
    def tags(self) -> tuple[str, ...]:
        return (LAYOUTS_TAG,)


Layouts = Mapping[str, CsvLayout]
NO_LAYOUTS: Layouts = {}


class LayoutIsWrong(Refused, frozen=True, kw_only=True):
    """A layout names a date and an amount, each heading once."""

    code = "csv_layout_wrong"
    rule = "C3"
    text = words(
        en="A layout names a column of dates and one of amounts, or debit and credit, each once.",
        fr="Un format nomme une colonne de dates et une de montants, ou débit et crédit, uniques.",
        nl="Een indeling noemt een kolom datums en een met bedragen, of debet en credit, elk eens.",
    )


def set_layout(known: Layouts, layout: CsvLayout) -> Decision:
    """Keeps how the lists of an account are written; the same again changes nothing."""
    layout = tidy(layout)
    iban = identifiers.iban(layout.account)
    if iban is None:
        return faults.IdentifierIsWrong(kind="IBAN", pointer="/account")
    refused = faults.unknown_currency(layout.currency) or faults.unreadable(layout)
    if refused is not None:
        return refused
    columns = layout.columns
    signed = "amount" in columns and not {"debit", "credit"} & columns.keys()
    split = {"debit", "credit"} <= columns.keys() and "amount" not in columns
    names = [_folded(heading) for heading in columns.values()]
    if "date" not in columns or not (signed or split) or len(set(names)) != len(names):
        return LayoutIsWrong(pointer="/columns")
    if not all(names):
        return LayoutIsWrong(pointer="/columns")
    whole = CsvLayout(
        account=iban,
        columns=columns,
        dates=layout.dates,
        decimal=layout.decimal,
        currency=layout.currency,
    )
    return [] if known.get(iban) == whole else [CsvLayoutSet(layout=whole)]


def evolve(known: Layouts, fact: Recorded) -> Layouts:
    """The layouts after one more event of their tag, by account."""
    match fact.event:
        case CsvLayoutSet(layout=layout):
            return {**known, layout.account: layout}
    return known


def _folded(heading: str) -> str:
    return "".join(heading.split()).casefold()
