"""The ledger (C14, M53): every line of every entry, and what each account moved in each month.

The general ledger, the journals, the trial balance and the files for the tax office are read from
it. Months are sums that make a balance at any day cheap: whole months, then the lines of one.
"""

from collections.abc import Iterable
from datetime import date

from msgspec.structs import replace

from domain.book.event import Event, Recorded
from domain.imports.fec import FecImportStarted
from domain.ledger.entry import EntryLine, EntryPosted
from domain.parties.company import CompanyOpened
from domain.parties.contact import ContactChanged, ContactCreated, ContactEvent
from domain.treasury.lettering import EntriesLettered, EntriesUnlettered
from domain.values.days import legal_day
from projections.register import Register
from projections.rows import Need, Row, Rows


class LedgerLine(Row, frozen=True):
    """A line of an entry; `posted_on` is the legal day on which it was written in the book.

    Of an entry that another program posted it is the day that this program validated it.
    `codes` are the letterings it is part of now, oldest first, `lettered_on` the day of the last.
    """

    table = "ledger_line"
    key = ("entry", "line")

    entry: int
    line: int
    account: str
    party: str
    posted_on: date
    journal: str
    series: str
    number: int
    document_kind: str
    document_id: str
    document_number: str
    document_date: date
    label: str
    entry_label: str
    currency: str
    debit: int
    credit: int
    due_date: date | None
    codes: tuple[str, ...]
    lettered_on: date | None
    date: date


class AccountMonth(Row, frozen=True):
    """What an account moved in a month (named by its first day)."""

    table = "ledger_month"
    key = ("account", "currency", "month")

    account: str
    currency: str
    month: date
    debit: int
    credit: int
    lines: int


class LedgerJournal(Row, frozen=True):
    """A journal: its name and what it is for."""

    table = "ledger_journal"
    key = ("journal",)

    journal: str
    label: str
    kind: str


class LedgerParty(Row, frozen=True):
    """A third party's name and auxiliary account today; `since` is the event that made it known."""

    table = "ledger_party"
    key = ("party",)

    party: str
    name: str
    auxiliary: str
    since: int


class LedgerSettled(Row, frozen=True):
    """How much of a line a lettering that holds settles, debit positive, and under which code.

    A line may be part of several: `year` and `ordinal` order those of one account.
    """

    table = "ledger_settled"
    key = ("entry", "line", "lettering")

    entry: int
    line: int
    lettering: str
    amount: int
    code: str
    year: int
    ordinal: int
    date: date


class LedgerBook(Row, frozen=True):
    """What holds for the whole book."""

    table = "ledger_book"
    key = ()

    country: str
    time_zone: str
    start_month: int


class Ledger(Register):
    """Every line of every entry, by account and by journal."""

    name = "ledger"
    version = 3
    rows = (LedgerLine, AccountMonth, LedgerJournal, LedgerParty, LedgerSettled, LedgerBook)
    events = (
        CompanyOpened,
        ContactCreated,
        ContactChanged,
        EntryPosted,
        EntriesLettered,
        EntriesUnlettered,
        FecImportStarted,
    )

    def needs(self, event: Event) -> Iterable[Need]:
        match event:
            case EntryPosted() as entry:
                return [(LedgerBook, ()), *((AccountMonth, key) for key in _months(entry))]
            case EntriesLettered():
                return [(LedgerLine, (part.entry, part.line)) for part in event.parts]
            case EntriesUnlettered():
                places = [(part.entry, part.line) for part in event.parts]
                settled = ((LedgerSettled, (*place, event.lettering_id)) for place in places)
                return [*((LedgerLine, place) for place in places), *settled]
            case ContactChanged():
                return ((LedgerParty, event.contact_id),)
            case FecImportStarted():
                return [(LedgerJournal, journal.code) for journal in event.journals]
            case _:
                return ()

    def apply(self, fact: Recorded, rows: Rows) -> None:
        match fact.event:
            case EntryPosted() as entry:
                self._post(fact, entry, rows)
            case EntriesLettered() as lettering:
                _letter(lettering, rows)
            case EntriesUnlettered() as lettering:
                _unletter(lettering, rows)
            case ContactCreated() as contact:
                rows.add(_party(contact, fact.position))
            case ContactChanged() as contact:
                known = rows.get(LedgerParty, contact.contact_id)
                rows.put(_party(contact, known.since if known else fact.position))
            case CompanyOpened() as company:
                start = company.fiscal_year_start_month
                rows.add(LedgerBook(company.country, company.time_zone, start))
                for journal in company.journals:
                    rows.add(LedgerJournal(journal.code, journal.label, journal.kind))
            case FecImportStarted() as started:
                _take_over(started, rows)

    def _post(self, fact: Recorded, entry: EntryPosted, rows: Rows) -> None:
        book = rows.get(LedgerBook, ())
        zone = book.time_zone if book else "UTC"
        validated_on = entry.source.validated_on if entry.source else None
        posted_on = validated_on or legal_day(fact.recorded_at, zone)
        for nth, (key, line) in enumerate(zip(_months(entry), entry.lines, strict=True)):
            rows.add(_line(fact.position, nth, line, entry, posted_on))
            month = rows.get(AccountMonth, key) or AccountMonth(*key, 0, 0, 0)
            debit, credit = month.debit + line.debit, month.credit + line.credit
            rows.put(AccountMonth(*key, debit, credit, month.lines + 1))


def _take_over(started: FecImportStarted, rows: Rows) -> None:
    """The journals of a file that the company does not have."""
    for named in started.journals:
        if rows.get(LedgerJournal, named.code) is None:
            rows.put(LedgerJournal(named.code, named.label, "miscellaneous"))


def _party(contact: ContactEvent, since: int) -> LedgerParty:
    details = contact.details
    return LedgerParty(contact.contact_id, details.name, details.accounting.auxiliary, since)


def _letter(lettering: EntriesLettered, rows: Rows) -> None:
    for line in _lettered(lettering, rows):
        codes = (*line.codes, lettering.code)
        rows.put(replace(line, codes=codes, lettered_on=lettering.date))
    for settled in _settled(lettering):
        rows.add(settled)


def _unletter(lettering: EntriesUnlettered, rows: Rows) -> None:
    for line in _lettered(lettering, rows):
        codes = tuple(code for code in line.codes if code != lettering.code)
        left = line.lettered_on if codes else None
        rows.put(replace(line, codes=codes, lettered_on=left))
        rows.drop(LedgerSettled, (line.entry, line.line, lettering.lettering_id))


def _settled(lettering: EntriesLettered) -> Iterable[LedgerSettled]:
    """What a lettering settles, each line once."""
    amounts: dict[tuple[int, int], int] = {}
    for part in lettering.parts:
        place = (part.entry, part.line)
        amounts[place] = amounts.get(place, 0) + part.amount
    for (entry, line), amount in amounts.items():
        yield LedgerSettled(
            entry=entry,
            line=line,
            lettering=lettering.lettering_id,
            amount=amount,
            code=lettering.code,
            year=lettering.year,
            ordinal=lettering.ordinal,
            date=lettering.date,
        )


def _months(entry: EntryPosted) -> list[tuple[str, str, date]]:
    """Account, currency and month of each line of an entry."""
    month = entry.date.replace(day=1)
    return [(line.account, entry.currency, month) for line in entry.lines]


def _line(
    position: int, nth: int, line: EntryLine, entry: EntryPosted, posted_on: date
) -> LedgerLine:
    document, (number, day) = entry.document, entry.piece_of(nth)
    return LedgerLine(
        entry=position,
        line=nth,
        account=line.account,
        party=line.party,
        date=entry.date,
        posted_on=posted_on,
        journal=entry.journal,
        series=entry.series,
        number=entry.number,
        document_kind=document.kind,
        document_id=document.id,
        document_number=number,
        document_date=day,
        label=line.label or entry.label,
        entry_label=entry.label,
        currency=entry.currency,
        debit=line.debit,
        credit=line.credit,
        due_date=line.due_date,
        codes=(),
        lettered_on=None,
    )


def _lettered(lettering: EntriesLettered | EntriesUnlettered, rows: Rows) -> Iterable[LedgerLine]:
    """The lines a lettering touches, each once."""
    for key in dict.fromkeys((part.entry, part.line) for part in lettering.parts):
        line = rows.get(LedgerLine, key)
        if line is None:
            raise LookupError(f"no line at entry {key[0]}, line {key[1]}")
        yield line
