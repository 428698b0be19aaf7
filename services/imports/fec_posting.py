"""The steps that post the entries of a FEC, letter their lines, or open with its balances."""

from collections.abc import Iterator, Sequence
from datetime import date

from msgspec.structs import replace

from domain.book.event import Recorded
from domain.imports.fec_source import FecSource
from domain.ledger import imported
from domain.ledger.entering import Standing, entry_series
from domain.ledger.entry import DocumentReference, EntryLine, EntryPosted
from domain.parties.company import Company
from domain.treasury.codes import codes_tag
from domain.treasury.lettering import EntriesLettered, LetteredPart
from domain.values.days import fiscal_year
from services.files.fec.line import OPENING_JOURNAL
from services.imports.fec_fields import FecRow
from services.imports.fec_letterings import Group
from services.imports.fec_opening import OpeningLine, opening_day
from services.imports.fec_steps import Coming
from services.imports.fec_survey import FecEntry, party_of, validated_on
from services.loading import load_company, load_standing
from services.store.pen import Pen, Reader


class Clerk:
    """Writes entries one after the other: what they all stand on is looked up once."""

    def __init__(self, pen: Pen) -> None:
        self.company: Company = load_company(pen)
        self._pen = pen
        self._standings: dict[str, Standing] = {}

    def standing(self, journal: str, day: date) -> Standing:
        """How the book stands for the next entry of a journal."""
        series = entry_series(self.company, journal, day)
        if series not in self._standings:
            self._standings[series] = load_standing(self._pen, self.company, journal, day)
        return self._standings[series]

    def post(self, entry: EntryPosted) -> Recorded:
        """Appends an entry."""
        (fact,) = self._pen.append([entry])
        standing = self._standings[entry.series]
        self._standings[entry.series] = replace(standing, last_entry=fact)
        return fact


class Enter:
    """Entries of the file are posted."""

    def __init__(self, coming: Coming, entries: Sequence[FecEntry]) -> None:
        self.weight = sum(len(entry.rows) for entry in entries)
        self._coming = coming
        self._entries = entries

    def write(self, pen: Pen) -> None:
        """Appends them."""
        clerk = Clerk(pen)
        for entry in self._entries:
            first = entry.rows[0]
            standing = clerk.standing(first.journal, first.day)
            fact = clerk.post(self._entry(entry, standing))
            self._coming.places[entry.nth] = fact.position

    def recall(self, facts: Iterator[Recorded], then: Reader) -> None:  # noqa: ARG002  as others
        """Takes their positions."""
        for entry in self._entries:
            self._coming.places[entry.nth] = next(facts).position

    def _entry(self, entry: FecEntry, standing: Standing) -> EntryPosted:
        rows, first, ids = entry.rows, entry.rows[0], self._coming.parties.ids
        parties = {party: row for row in rows if (party := party_of(row))}
        (code, of_party) = next(iter(parties.items())) if len(parties) == 1 else ("", first)
        document = DocumentReference(
            kind="entry",
            id=self._coming.own_id("ent", entry.nth),
            number=piece_of(first)[0],
            issue_date=piece_of(first)[1],
            party=ids[code] if code else "",
            party_name=of_party.party_label if code else "",
        )
        lines = tuple(
            EntryLine(
                account=row.account,
                debit=max(row.amount, 0),
                credit=max(-row.amount, 0),
                party=ids[party] if (party := party_of(row)) else "",
                label=row.label,
            )
            for row in rows
        )
        return imported.take_over(
            document, lines, standing, day=first.day, label=first.label, source=self._source(rows)
        )

    def _source(self, rows: Sequence[FecRow]) -> FecSource:
        first = rows[0]
        source = self._coming.source((row.line for row in rows), first.number)
        pieces = [piece_of(row) for row in rows]
        if len(set(pieces)) > 1:
            numbers, days = zip(*pieces, strict=True)
            source = replace(source, pieces=numbers, piece_days=days)
        return replace(source, validated_on=validated_on(rows))


class Letter:
    """Lines settle each other as the file says."""

    def __init__(self, coming: Coming, groups: Sequence[Group]) -> None:
        self.weight = sum(len(group.parts) for group in groups)
        self._coming = coming
        self._groups = groups

    def write(self, pen: Pen) -> None:
        """Appends the letterings."""
        company = load_company(pen)
        year = fiscal_year(self._coming.survey.until, company.fiscal_year_start_month)
        ordinals = last_codes(pen, {group.account for group in self._groups}, year)
        for group in self._groups:
            pen.append([self._lettering(group, company, year, ordinals)])

    def recall(self, facts: Iterator[Recorded], then: Reader) -> None:
        """Nothing is needed of them."""

    def _lettering(
        self, group: Group, company: Company, year: int, ordinals: dict[str, int]
    ) -> EntriesLettered:
        coming = self._coming
        taken = [x for x in zip(group.parts, group.settled, strict=True) if x[1]]
        day = max(coming.survey.days[part.entry] for part, _ in taken)
        whose = group.account, coming.parties.ids[group.party], company.currency
        return imported.settle(
            coming.own_id("let", group.account, group.party, group.code),
            whose,
            [
                LetteredPart(entry=coming.places[part.entry], line=part.line, amount=amount)
                for part, amount in taken
            ],
            ordinals,
            year=year,
            day=date.fromordinal(day),
            complete=group.is_complete,
            source=coming.source((part.row for part, _ in taken), group.code),
        )


class Open:
    """The closing balances of the file are posted as one opening entry."""

    def __init__(self, coming: Coming, lines: Sequence[OpeningLine]) -> None:
        self.weight = len(lines)
        self._coming = coming
        self._lines = lines

    def write(self, pen: Pen) -> None:
        """Appends it."""
        coming, clerk = self._coming, Clerk(pen)
        day = opening_day(coming.survey)
        document = DocumentReference(
            kind="entry", id=coming.own_id("ent", "opening"), number=OPENING_JOURNAL, issue_date=day
        )
        source = replace(
            coming.source((line.row for line in self._lines), OPENING_JOURNAL),
            validated_on=day,
            pieces=tuple(line.piece for line in self._lines),
            piece_days=tuple(line.piece_day for line in self._lines),
        )
        entry = imported.take_over(
            document,
            tuple(self._line(line) for line in self._lines),
            clerk.standing(OPENING_JOURNAL, day),
            day=day,
            label=f"À-nouveaux {day.year}",
            source=source,
        )
        clerk.post(entry)

    def recall(self, facts: Iterator[Recorded], then: Reader) -> None:
        """Nothing is needed of it."""

    def _line(self, line: OpeningLine) -> EntryLine:
        return EntryLine(
            account=line.account,
            debit=max(line.amount, 0),
            credit=max(-line.amount, 0),
            party=self._coming.parties.ids[line.code] if line.code else "",
            label=line.label,
            due_date=line.piece_day if line.code else None,
        )


def piece_of(row: FecRow) -> tuple[str, date]:
    """The document of a line: its number, or that of the entry; its day, or the entry's."""
    return row.piece or row.number, row.piece_day or row.day


def last_codes(pen: Pen, accounts: set[str], year: int) -> dict[str, int]:
    """The number of the last code of each account in a fiscal year."""
    tags = {account: codes_tag(account, year) for account in accounts}
    pen.look_up(list(tags.values()))
    found = {account: pen.last(tag) for account, tag in tags.items()}
    return {
        account: fact.event.ordinal
        for account, fact in found.items()
        if fact is not None and isinstance(fact.event, EntriesLettered)
    }
