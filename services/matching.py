"""What lines of the bank may settle: asked of the registers once for many lines, then kept up."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from msgspec.structs import replace
from psycopg import Connection

from domain.parties.company import Company
from domain.treasury.bank_statement import StatementLine
from domain.treasury.named_numbers import digits, runs
from domain.treasury.proposal import Acquaintance, BankLine, Known, Open, Settling
from domain.values.identifiers import compact
from domain.values.structured import find_structured
from projections import matching_view
from services.directory import open_listed
from services.replay.engine import Engine
from services.replay.reading import Readers
from services.store.store import Store

MOST_OWING = 1_000
"""Third parties whose own bank accounts are opened to recognise one; of more, none is."""
Place = tuple[int, int]


class Registers(Protocol):
    """Connections on which the registers of a book are found."""

    def of(self, book_id: str) -> AbstractContextManager[Connection[Any]]:
        """A connection that sees this book and no other."""
        ...


class CurrentRegisters:
    """The live registers, brought to the head of a book before they are asked."""

    def __init__(self, engine: Engine, readers: Readers) -> None:
        self._engine = engine
        self._readers = readers

    def of(self, book_id: str) -> AbstractContextManager[Connection[Any]]:
        """A connection that sees this book and no other, as it stands now."""
        self._engine.run_to_head(book_id)
        return self._readers.of(book_id)


class Matches:
    """The open items and acquaintances that some lines name; settling one leaves less for the next.

    Nothing here is true for certain: the pen looks at each item again before it is settled.
    """

    def __init__(
        self,
        company: Company,
        own: Iterable[str],
        items: Iterable[Open],
        acquaintances: dict[str, list[Acquaintance]],
    ) -> None:
        self._own = frozenset(own)
        self._transfers = company.accounts["internal_transfers"]
        self._charges = company.accounts["bank_charges"]
        self._items: dict[Place, Open] = {(item.entry, item.line): item for item in items}
        self._acquaintances = acquaintances
        self._places: dict[str, list[Place]] = {}
        for place, item in self._items.items():
            for name in _names(item):
                self._places.setdefault(name, []).append(place)

    def known(self, line: BankLine, *, sure: bool = False) -> Known:
        """What is known about a line now; `sure`: without what only other lines taught."""
        account = line.counterparty.iban
        acquaintances = tuple(
            each for each in self._acquaintances.get(account, ()) if each.sure or not sure
        )
        names = [f"reference:{each}" for each in references(line)]
        names += [f"digits:{each}" for each in runs(line.communication)]
        names += [f"party:{each.party}" for each in acquaintances]
        places = {place for name in names for place in self._places.get(name, ())}
        return Known(
            items=tuple(self._items[place] for place in sorted(places)),
            acquaintances=acquaintances,
            own=account != "" and account in self._own,
            transfers=self._transfers,
            charges=self._charges,
        )

    def open_of(self, settling: Settling) -> int:
        """What is left of an item, as far as is known here."""
        return self._items[settling.entry, settling.line].open

    def take(self, items: Iterable[Settling]) -> None:
        """The items are settled by so much."""
        for each in items:
            place = each.entry, each.line
            item = self._items[place]
            self._items[place] = replace(item, open=item.open - each.amount)


def find_matches(
    store: Store,
    registers: Registers,
    book_id: str,
    company: Company,
    *,
    own: Iterable[str],
    lines: Sequence[BankLine],
) -> Matches:
    """Asks the registers about all these lines together; `own` are the company's bank accounts."""
    accounts = sorted({line.counterparty.iban for line in lines} - {""})
    named = sorted({each for line in lines for each in references(line)})
    numbers = sorted({each for line in lines for each in runs(line.communication)})
    with registers.of(book_id) as conn:
        known = matching_view.find_acquaintances(conn, book_id, accounts)
        strangers = [each for each in accounts if not any(who.sure for who in known.get(each, ()))]
        owing = matching_view.find_owing(conn, book_id, MOST_OWING + 1) if strangers else []
        taught = {(who.party, who.side) for each in strangers for who in known.get(each, ())}
        asked = taught | set(owing if len(owing) <= MOST_OWING else ())
        parties = sorted({party for party, _ in asked})
        cards = matching_view.find_cards(conn, book_id, parties) if parties else []
    for contact in open_listed(store, book_id, cards):
        said = [
            Acquaintance(party=party, side=side, party_name=contact.details.name)  # type: ignore[arg-type]
            for party, side in sorted(asked)
            if party == contact.contact_id
        ]
        for account in {compact(each.iban) for each in contact.details.bank_accounts}:
            if account in strangers:
                known[account] = _with_card(known.get(account, ()), said)
    parties = sorted({each.party for each_of in known.values() for each in each_of})
    with registers.of(book_id) as conn:
        items = matching_view.find_open(
            conn, book_id, references=named, digits=numbers, parties=parties
        )
    return Matches(company, own, items, known)


def _with_card(known: Iterable[Acquaintance], said: Iterable[Acquaintance]) -> list[Acquaintance]:
    """What a contact's card says in place of what lines taught of the same third party."""
    same = {(each.party, each.side) for each in said}
    return [*(each for each in known if (each.party, each.side) not in same), *said]


def references(line: BankLine) -> tuple[str, ...]:
    """The structured communications of a line, in its field or in its text."""
    found = find_structured(line.communication)
    return (line.structured, *found) if line.structured else found


def bank_line(line: StatementLine, currency: str) -> BankLine:
    """A line of a statement as proposals take it; its parts explain it too."""
    parts = " ".join(f"{part.structured} {part.communication}" for part in line.details)
    return BankLine(
        amount=line.amount,
        currency=currency,
        counterparty=line.counterparty,
        communication=f"{line.communication} {parts}".strip(),
        structured=line.structured,
        code=line.code,
    )


def _names(item: Open) -> Iterable[str]:
    """Under which names an item is looked for."""
    yield f"digits:{digits(item.number)}"
    yield f"party:{item.party}"
    if item.reference:
        yield f"reference:{item.reference}"
