"""A FEC and its description written to a folder, checked, from a connection that stands still."""

import hashlib
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Any

from msgspec import Struct
from psycopg import Connection

from domain.book.refusal import Refusals, Refused, words
from domain.parties.company import Company
from domain.values.days import fiscal_days
from projections.fec_view import (
    Standing,
    find_foreign,
    read_standing,
    stream_knots,
    sum_accounts,
)
from services.fec.exercise import Exercise, fec_lines
from services.fec.letterings import Letterings
from services.files.fec.checking import require_sound
from services.files.fec.description import Described, JournalSum, describe
from services.files.fec.line import OPENING_JOURNAL, Encoding, FecLine, write_heading, write_line
from services.files.fec.naming import Frame

LAW = "LPF art. A47 A-1"
REPORTED = 5_000
"""Lines between two words about progress."""
Progress = Callable[[int, int], None]


class FecIsFrench(Refused, frozen=True, kw_only=True):
    """Only a company in France hands over a FEC."""

    code = "fec_is_french"
    rule = LAW
    text = words(
        en="{name} is not in France: it has no FEC.",
        fr="{name} n'est pas en France : elle n'a pas de FEC.",
        nl="{name} is niet in Frankrijk gevestigd en heeft geen FEC.",
    )

    name: str


class ExerciseIsEmpty(Refused, frozen=True, kw_only=True):
    """Nothing is booked in that fiscal year, and nothing is carried into it."""

    code = "exercise_empty"
    rule = LAW
    text = words(
        en="Nothing is booked in the fiscal year {exercise}.",
        fr="Aucune écriture dans l'exercice {exercise}.",
        nl="Er is niets geboekt in boekjaar {exercise}.",
    )

    exercise: int


class CurrencyIsNotConverted(Refused, frozen=True, kw_only=True):
    """A FEC is in euros; an entry in another currency has no rate in the book."""

    code = "currency_not_converted"
    rule = LAW
    text = words(
        en="Entries of {month} are in {currency}, and the book has no rate for them.",
        fr="Des écritures de {month} sont en {currency}, sans cours de change dans le livre.",
        nl="Boekingen van {month} zijn in {currency}, zonder wisselkoers in het boek.",
    )

    currency: str
    month: str


class Wish(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A FEC as it is asked for: the fiscal year by the year in which it ends, and the encoding."""

    exercise: int
    encoding: Encoding = "iso-8859-15"


class Files(Struct, frozen=True, kw_only=True):
    """A FEC and its description as they were written."""

    path: Path
    description: Path
    position: int
    sha256: str
    lines: int


def write_fec(
    conn: Connection[Any],
    book_id: str,
    wish: Wish,
    folder: Path,
    company: Callable[[int], Company],
    *,
    position: int | None = None,
    progress: Progress = lambda _done, _total: None,
) -> Files:
    """Writes both files into a folder; the same book up to the same position gives the same bytes.

    `company` tells whose book it is once its position is known. Raises Refusals, and NotSound when
    what was written breaks a rule of the format.
    """
    standing = read_standing(conn, book_id)
    at = _at(standing, position)
    whose = company(at)
    if standing is None or whose.country != "FR":
        raise Refusals(FecIsFrench(name=whose.name))
    exercise = _exercise(conn, book_id, standing, wish)
    frame = Frame(siren=whose.registration[:9], first=exercise.first, last=exercise.last)
    path, description = folder / frame.name, folder / frame.description_name
    total = _count(conn, book_id, exercise)
    tally = _Tally(lambda done: progress(done, total))
    lines = fec_lines(conn, book_id, exercise, Letterings(stream_knots(conn, book_id)))
    digest, size = _write(path, lines, wish, tally)
    if not tally.lines:
        raise Refusals(ExerciseIsEmpty(exercise=wish.exercise))
    require_sound(path, frame, wish.encoding)
    said = tally.described(
        frame,
        whose.name,
        encoding=wish.encoding,
        position=at,
        sha256=digest,
        size=size,
    )
    description.write_bytes(describe(said))
    return Files(path=path, description=description, position=at, sha256=digest, lines=tally.lines)


def _at(standing: Standing | None, position: int | None) -> int:
    """The position asked for, or the one where the ledger stands."""
    if position is not None:
        return position
    return standing.position if standing is not None else 0


def _exercise(conn: Connection[Any], book_id: str, standing: Standing, wish: Wish) -> Exercise:
    first, last = fiscal_days(wish.exercise, standing.start_month)
    foreign = find_foreign(conn, book_id, "EUR", last)
    if foreign is not None:
        currency, month = foreign
        raise Refusals(CurrencyIsNotConverted(currency=currency, month=f"{month:%Y-%m}"))
    named = {"opening_label": standing.opening_label} if standing.opening_label else {}
    return Exercise(year=wish.exercise, first=first, last=last, **named)


def _count(conn: Connection[Any], book_id: str, exercise: Exercise) -> int:
    """How many lines the exercise has, more or less."""
    sums = sum_accounts(conn, book_id, exercise.last)
    return sum(each.lines for each in sums if each.month >= exercise.first)


def _write(path: Path, lines: Iterable[FecLine], wish: Wish, tally: "_Tally") -> tuple[str, int]:
    """Writes the file; gives its SHA-256 in hex and its size."""
    digest, size = hashlib.sha256(), 0
    with path.open("wb") as file:
        for content in _contents(lines, wish.encoding, tally):
            file.write(content)
            digest.update(content)
            size += len(content)
    return digest.hexdigest(), size


def _contents(lines: Iterable[FecLine], encoding: Encoding, tally: "_Tally") -> Iterable[bytes]:
    yield write_heading(encoding)
    for line in lines:
        tally.take(line)
        yield write_line(line, encoding)


class _Tally:
    """What was written, journal by journal."""

    def __init__(self, reached: Callable[[int], None]) -> None:
        self.lines = 0
        self.opens = False
        self.validated_until: date | None = None
        self._entry = 0
        self._reached = reached
        self._journals: dict[str, list[int]] = {}
        self._labels: dict[str, str] = {}

    def take(self, line: FecLine) -> None:
        """Counts a line."""
        self._labels.setdefault(line.journal, line.journal_label)
        sums = self._journals.setdefault(line.journal, [0, 0, 0, 0])
        sums[0] += line.number != self._entry
        sums[1] += 1
        sums[2] += line.debit
        sums[3] += line.credit
        opening = line.number == 1 and line.journal == OPENING_JOURNAL
        self.opens = self.opens or opening
        if not opening:
            self.validated_until = max(line.validated_on, self.validated_until or date.min)
        self._entry = line.number
        self.lines += 1
        if self.lines % REPORTED == 0:
            self._reached(self.lines)

    def described(
        self,
        frame: Frame,
        company: str,
        *,
        encoding: Encoding,
        position: int,
        sha256: str,
        size: int,
    ) -> Described:
        """What the description says about the file."""
        return Described(
            frame=frame,
            company=company,
            encoding=encoding,
            position=position,
            sha256=sha256,
            size=size,
            journals=self._sums(),
            validated_until=self.validated_until,
            opens=self.opens,
        )

    def _sums(self) -> tuple[JournalSum, ...]:
        """The sums of each journal, by its code."""
        return tuple(
            JournalSum(
                code=code,
                label=self._labels[code],
                entries=sums[0],
                lines=sums[1],
                debit=sums[2],
                credit=sums[3],
            )
            for code, sums in sorted(self._journals.items())
        )
