"""FECs of random books over two exercises: whole, sound, letterings one group, openings right."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import reduce
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.book.event import Event
from domain.book.refusal import Refusals
from domain.ledger.entry import EntryPosted
from domain.parties import company as companies
from domain.parties.company import Company, CompanyOpened
from domain.parties.contact import ContactChanged, ContactCreated
from domain.parties.particulars import AccountingData
from domain.treasury.lettering import EntriesLettered, EntriesUnlettered
from domain.values.days import fiscal_days, fiscal_year
from projections.ledger import Ledger
from services.fec.writing import CurrencyIsNotConverted, ExerciseIsEmpty, Wish, write_fec
from services.files.fec.following import check_opening
from services.files.fec.line import COLUMNS, Encoding
from services.replay.as_of import loaded
from services.replay.connection import connect
from services.store.migrations import migrate
from tests.books import make_book, recorded

LATIN: Encoding = "iso-8859-15"
START = 4
"""The first month of the exercises: the books, of some hundred days from January, span two."""


def in_euros(event: Event) -> Event:
    """The event as a company that knows euros alone, with its exercises from April on."""
    match event:
        case CompanyOpened():
            return replace(event, fiscal_year_start_month=START)
        case EntriesLettered():
            year = fiscal_year(event.date, START)
            return replace(event, currency="EUR", year=year)
    return replace(event, currency="EUR") if hasattr(event, "currency") else event


def make(seed: int, size: int) -> list[Event]:
    """A random book in euros."""
    return [in_euros(event) for event in make_book(seed, size)]


books = st.builds(make, st.integers(0, 10**9), st.integers(60, 260))


@pytest.fixture(scope="module")
def url(database_url: str) -> str:
    """The worker's database, with the right to make schemas."""
    migrate(database_url)
    return database_url


@contextmanager
def exported(url: str, events: list[Event], *years: int) -> Iterator[list[Path]]:
    """The FECs of a book as far as its exercises have entries."""
    facts = recorded(events)
    company: Company | None = reduce(companies.evolve, facts, None)
    assert company is not None
    whose, book, paths = company, str(uuid4()), []
    with (
        TemporaryDirectory() as folder,
        connect(url) as conn,
        loaded(conn, [Ledger()], book, facts) as scratch,
    ):
        for year in years:
            wish = Wish(exercise=year)
            paths.append(write_fec(scratch, book, wish, Path(folder), lambda _: whose).path)
        yield paths


def rows_of(path: Path) -> list[dict[str, str]]:
    """The lines of a file by the headers."""
    lines = path.read_text(encoding=LATIN).splitlines()
    return [dict(zip(COLUMNS, line.split("\t"), strict=True)) for line in lines[1:]]


def amount(row: dict[str, str]) -> int:
    """What a line moves in cents, debit positive."""
    return int(row["Debit"].replace(",", "")) - int(row["Credit"].replace(",", ""))


def spans_two(events: list[Event]) -> bool:
    """Whether something is booked in each of the two exercises."""
    days = [event.date for event in events if isinstance(event, EntryPosted)]
    return bool(days) and days[0] < date(2026, START, 1) <= days[-1]


@pytest.mark.feature("M53", "V19")
@settings(max_examples=25, deadline=None)
@given(events=books)
def test_two_exercises_hold_each_line_once_and_the_second_opens_as_the_first_closed(
    url: str, events: list[Event]
) -> None:
    if not spans_two(events):
        return
    with exported(url, events, 2026, 2027) as (first, second):
        assert list(check_opening(second, first, LATIN)) == []
        for year, path in ((2026, first), (2027, second)):
            begin, end = fiscal_days(year, START)
            expected = [
                (line.account, line.debit - line.credit, entry.date.strftime("%Y%m%d"))
                for entry in events
                if isinstance(entry, EntryPosted) and begin <= entry.date <= end
                for line in entry.lines
                if line.debit != line.credit
            ]
            rows = [row for row in rows_of(path) if row["JournalCode"] != "AN"]
            assert expected == [
                (row["CompteNum"], amount(row), row["EcritureDate"]) for row in rows
            ]
            numbers = [int(row["EcritureNum"]) for row in rows_of(path)]
            assert sorted(set(numbers)) == list(range(1, numbers[-1] + 1))


Place = tuple[int, int]


def groups_of(events: list[Event]) -> dict[Place, tuple[frozenset[Place], bool]]:
    """For each lettered line, the lines that it settles with, and whether all are settled whole.

    Said in another way than the export says it: lines are merged until nothing is shared.
    """
    living: dict[str, EntriesLettered] = {}
    amounts: dict[Place, int] = {}
    for position, event in enumerate(events, 1):
        match event:
            case EntryPosted():
                for nth, line in enumerate(event.lines):
                    amounts[position, nth] = line.debit - line.credit
            case EntriesLettered():
                living[event.lettering_id] = event
            case EntriesUnlettered():
                del living[event.lettering_id]
    settled: defaultdict[Place, int] = defaultdict(int)
    groups: list[set[Place]] = []
    for lettering in living.values():
        places = {(part.entry, part.line) for part in lettering.parts}
        for part in lettering.parts:
            settled[part.entry, part.line] += part.amount
        touching = [group for group in groups if group & places]
        groups = [group for group in groups if not group & places]
        groups.append(places.union(*touching))
    return {
        place: (frozenset(group), all(settled[each] == amounts[each] for each in group))
        for group in groups
        for place in group
    }


@settings(max_examples=25, deadline=None)
@given(events=books)
def test_lines_that_settle_each_other_bear_one_code_in_capitals_when_all_are_settled(
    url: str, events: list[Event]
) -> None:
    begin, end = fiscal_days(2026, START)
    places = [
        (position, nth)
        for position, entry in enumerate(events, 1)
        if isinstance(entry, EntryPosted) and begin <= entry.date <= end
        for nth, line in enumerate(entry.lines)
        if line.debit != line.credit
    ]
    if not places:
        return
    groups = groups_of(events)
    with exported(url, events, 2026) as (path,):
        rows = dict(zip(places, rows_of(path), strict=True))
    codes: dict[str, frozenset[Place]] = {}
    for place, row in rows.items():
        assert bool(row["EcritureLet"]) == bool(row["DateLet"]) == (place in groups)
        if place in groups:
            group, complete = groups[place]
            code = row["EcritureLet"].partition("-")[0]
            assert code == (code.upper() if complete else code.lower())
            assert codes.setdefault(row["EcritureLet"] + row["CompteNum"], group) == group


@pytest.mark.feature("V21")
@settings(max_examples=8, deadline=None)
@given(events=books)
def test_the_same_events_give_the_same_bytes_and_later_ones_move_no_number(
    url: str, events: list[Event]
) -> None:
    cut = next((n for n, each in enumerate(events) if isinstance(each, EntryPosted)), None)
    if cut is None:
        return
    cut = max(cut + 1, len(events) * 2 // 3)
    with exported(url, events[:cut], 2026) as (one,), exported(url, events[:cut], 2026) as (other,):
        assert one.read_bytes() == other.read_bytes()
        with exported(url, events, 2026) as (later,):
            stable = [name for name in COLUMNS if "Let" not in name and name != "CompAuxLib"]
            before, after = rows_of(one), rows_of(later)
            for row, then in zip(before, after, strict=False):
                assert [row[name] for name in stable] == [then[name] for name in stable]
            assert len(after) >= len(before)


def test_an_entry_in_another_currency_has_no_place_without_its_rate(url: str) -> None:
    events = [
        replace(each, currency="USD") if isinstance(each, EntryPosted) else each
        for each in make(4, 60)
    ]
    with pytest.raises(Refusals) as refused, exported(url, events, 2026):
        pass
    assert isinstance(refused.value.refused, CurrencyIsNotConverted)
    assert "USD" in refused.value.refused.explain("fr")


def test_an_exercise_before_the_first_entry_is_empty(url: str) -> None:
    with pytest.raises(Refusals) as refused, exported(url, make(4, 60), 2020):
        pass
    assert isinstance(refused.value.refused, ExerciseIsEmpty)


def test_a_third_party_has_the_code_it_was_given_or_one_of_its_own(url: str) -> None:
    events, given_to, others = make(4, 120), "con_0000", set()
    for place, event in enumerate(events):
        if isinstance(event, ContactCreated | ContactChanged) and event.contact_id == given_to:
            accounting = AccountingData(auxiliary="DUPONT")
            details = replace(event.details, accounting=accounting, name=given_to)
            events[place] = replace(event, details=details)
        elif isinstance(event, ContactCreated):
            others.add(f"#{place + 1:05d}")
    with exported(url, events, 2026) as (path,):
        named: dict[str, Any] = {row["CompAuxNum"]: row["CompAuxLib"] for row in rows_of(path)}
    assert named.pop("") == ""
    assert named.pop("DUPONT") == given_to
    assert named.keys() <= others
