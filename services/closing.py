"""Use case of closings: close every day, month and fiscal year that is over, in order."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from functools import cache
from itertools import chain

from domain.book.event import Recorded
from domain.book.record import genesis
from domain.book.refusal import Refusals
from domain.ledger import closing
from domain.ledger.closing import (
    CLOSING_TAG,
    Closing,
    Level,
    Period,
    PeriodClosed,
    PeriodIsNotOver,
    Span,
)
from domain.ledger.closing_totals import Sums
from domain.parties.company import Company
from domain.values.days import legal_day
from services.loading import load_company, today_of
from services.store import statements
from services.store.pen import Command, Pen, Reader
from services.store.reading import Past
from services.store.store import Store
from services.suspense import check_suspense

CHAIN = "SELECT chain FROM event WHERE book_id = %(book)s AND position = %(position)s"
NO_PARTS: tuple[PeriodClosed, ...] = ()
Seal = Callable[[str], object]
"""Seals the book of that id as it stands; called after each closing, so that each is sealed."""


def close_periods(
    store: Store,
    book_id: str,
    until: date | None,
    command: Command,
    seal: Seal | None = None,
) -> list[Closing]:
    """Closes all that is due up to `until` (default: yesterday) and gives the new closings.

    Each closing is a command of its own whose id follows from its period: stopped at any moment,
    or run twice at once, it goes on without closing anything twice. Raises Refusals when `until`
    is not over, or a month or year is due while the suspense account is not at zero (C4); days
    before it stay closed. Whatever the seal raises comes through, after the closing it was for.
    """
    company = load_company(store.past(book_id))
    yesterday = _today(store, book_id, company) - timedelta(days=1)
    if until is not None and until > yesterday:
        raise Refusals(PeriodIsNotOver(until=until, pointer="/until"))
    clerk = Clerk(store, book_id, company, command)
    closed: list[Closing] = []
    while (due := clerk.due()).until <= (until or yesterday):
        one = clerk.close(due)
        if seal is not None:
            seal(book_id)
        closed.append(one)
    if seal is not None and not closed and find_last(store.past(book_id)) is not None:
        seal(book_id)  # the one before was stopped between the last closing and its seal
    return closed


def find_last(reader: Reader) -> Closing | None:
    """The newest closing of the book."""
    return closing.of_fact(reader.last(CLOSING_TAG))


def read_closings(
    store: Store, book_id: str, after: int, level: Level | None, most: int
) -> list[Closing]:
    """Up to `most` closings behind a position (of one level, if given), the oldest first."""
    facts: list[Recorded] = []
    store.past(book_id).fold(_collect, facts, CLOSING_TAG)
    found = [one for one in map(closing.of_fact, facts) if one is not None]
    wanted = [one for one in found if one.position > after and level in {None, one.event.level}]
    return wanted[:most]


def _collect(facts: list[Recorded], fact: Recorded) -> list[Recorded]:
    facts.append(fact)
    return facts


class Clerk:
    """Closes the periods of one book, one after the other."""

    def __init__(self, store: Store, book_id: str, company: Company, command: Command) -> None:
        self._store = store
        self._book_id = book_id
        self._company = company
        self._command = command
        (first,) = store.past(book_id).at([company.position])
        self._opened = self._day(first.recorded_at)
        self._chain_at = cache(self._read_chain)
        self._unread: tuple[int, Iterator[Recorded]] | None = None

    def due(self) -> Period:
        """The period that comes next."""
        return self._due(find_last(self._past()))

    def close(self, period: Period) -> Closing:
        """Closes a period; one that was closed meanwhile is found by the command's id."""
        gather = self._gatherer(period)
        command = Command(
            id=f"close {period.level} {period.until.isoformat()}",
            actor=self._command.actor,
            cause=self._command.cause or self._command.id,
        )

        def decide(pen: Pen) -> None:
            last = find_last(pen)
            if period.level != "day":
                check_suspense(pen, self._company, period.until)
            pen.append(
                closing.close(
                    last,
                    gather(pen),
                    period=period,
                    due=self._due(last),
                    previous_chain=self._chain_at(last.position if last is not None else 0),
                    today=today_of(pen, self._company),
                )
            )

        return self._store.write(self._book_id, command, decide, _newest).answer

    def _gatherer(self, period: Period) -> Callable[[Pen], Span]:
        """Reads what the period covers before the pen is taken; the pen adds what came since."""
        past = self._past()
        if period.level != "day":
            parts = past.fold(closing.evolve, NO_PARTS, closing.parts_tag(period))
            span = closing.span_of(parts)
            return lambda _: span
        last = find_last(past)
        after = last.event.last_position if last is not None else 0
        sums, end, is_whole = self._read_day(period, after)
        self._chain_at(end)

        def gather(pen: Pen) -> Span:
            total, upto = sums.copy(), end
            late = [] if is_whole else pen.at(range(end + 1, pen.next_position))
            for fact in late:
                if self._day(fact.recorded_at) <= period.until:
                    total.count(fact.event)
                    upto = fact.position
            return Span(after=after, last=upto, chain=self._chain_at(upto), totals=total.totals())

        return gather

    def _read_day(self, period: Period, after: int) -> tuple[Sums, int, bool]:
        """The sums of the period's events, the last of them, and whether one after it was seen."""
        sums, end = Sums(), after
        facts = self._facts(after)
        for fact in facts:
            if self._day(fact.recorded_at) > period.until:
                self._unread = end, chain([fact], facts)
                return sums, end, True
            sums.count(fact.event)
            end = fact.position
        return sums, end, False

    def _facts(self, after: int) -> Iterator[Recorded]:
        """The events after a position; a run over many days reads the book once."""
        unread, self._unread = self._unread, None
        if unread is not None and unread[0] == after:
            return unread[1]
        return self._store.read(self._book_id, after=after)

    def _due(self, last: Closing | None) -> Period:
        return closing.next_due(last, self._opened, self._company.fiscal_year_start_month)

    def _day(self, moment: datetime) -> date:
        return legal_day(moment, self._company.time_zone)

    def _past(self) -> Past:
        return self._store.past(self._book_id)

    def _read_chain(self, position: int) -> str:
        """The chain value at a position, in hex; at 0 the start of the chain."""
        if position == 0:
            return genesis(self._book_id).hex()
        wanted = {"book": self._book_id, "position": position}
        with self._store.entered(self._book_id) as conn:
            row = conn.execute(CHAIN, wanted, binary=True).fetchone()
        if row is None:
            raise LookupError(f"no event {position} in book {self._book_id}")
        return bytes(row[0]).hex()


def _newest(reader: Reader) -> Closing:
    last = find_last(reader)
    if last is None:
        raise LookupError("a closing was written and cannot be found")
    return last


def _today(store: Store, book_id: str, company: Company) -> date:
    with store.entered(book_id) as conn:
        ((now,),) = conn.execute(statements.CLOCK, binary=True).fetchall()
    return legal_day(store.clock(now), company.time_zone)
