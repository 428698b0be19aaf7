"""What a file says of the list in it: whose, of what, as of when, and what its rows come to."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from services.files.table import Column, Language, Total, places_of
from services.lists.filter_words import FILTERS, in_words, order_in_words
from services.lists.headings import ABOUT
from services.lists.provenance import Provenance

TOTAL = {"en": "Total", "fr": "Total", "nl": "Totaal"}


def facts_of_list(
    title: str,
    parameters: dict[str, str],
    standpoint: Any,
    source: Provenance,
    *,
    rows: int,
    language: Language,
) -> Iterator[tuple[str, str]]:
    """The facts, in the reader's language; the position and the chain come last."""
    heading = {name: each[language] for name, each in ABOUT.items()}
    yield heading["list"], title
    yield heading["company"], source.company
    yield heading["registration"], source.registration
    for name in sorted(parameters.keys() - {"sort", "language"}):
        word = FILTERS.get(name, {}).get(language, name)
        yield f"{heading['filter']}: {word}", in_words(parameters[name], language)
    yield heading["sort"], order_in_words(parameters["sort"], language)
    yield heading["rows"], str(rows)
    for name in ("entries_until", "bank_booked_until"):
        until: date | None = getattr(standpoint, name, None)
        yield heading[name], "" if until is None else until.isoformat()
    if source.recorded_at is not None:
        yield heading["recorded_at"], source.recorded_at.isoformat()
    yield heading["position"], str(standpoint.position)
    yield heading["digest"], source.digest


def facts_of_totals(
    totals: Sequence[Total], columns: Sequence[Column], language: Language
) -> Iterator[tuple[str, str]]:
    """Each total as a fact: what it adds up in which currency, and the amount."""
    labels = {column.name: column.label[language] for column in columns}
    for total in totals:
        for name, amount in total.amounts.items():
            said = (TOTAL[language], total.group, labels[name], total.currency)
            exact = Decimal(amount).scaleb(-places_of(total.currency))
            yield " ".join(filter(None, said)), str(exact)
