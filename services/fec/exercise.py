"""The lines of a FEC, a pure function of the book: the opening entry, then what was validated."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from msgspec import Struct
from psycopg import Connection

from domain.countries.account_label import label_of
from domain.countries.fr_accounts import CHART
from projections.fec_view import Posting, stream_exercise
from services.fec.letterings import Group, Letterings
from services.fec.opening import Carried, carry
from services.files.fec.line import OPENING_JOURNAL, FecLine, plain


class Exercise(Struct, frozen=True, kw_only=True):
    """A fiscal year, named after the year in which it ends, and its first and last day.

    `opening_label` names the journal of its opening entry.
    """

    year: int
    first: date
    last: date
    opening_label: str = "À-nouveaux"

    def label(self, account: str) -> str:
        """What an account is called in this exercise: one name, that of its last day."""
        return label_of(CHART, account, self.last)

    def code(self, group: Group | None) -> str:
        """The code of a lettering; that of a later year is named with its year."""
        if group is None:
            return ""
        return group.code if group.year == self.year else f"{group.code}-{group.year}"


def fec_lines(
    conn: Connection[Any], book_id: str, exercise: Exercise, letterings: Letterings
) -> Iterator[FecLine]:
    """The lines of the exercise in the order of the file; entries are numbered from 1.

    The order is that of the book, so a later cut-off adds entries behind and moves no number.
    """
    number = 0
    carried = carry(conn, book_id, exercise.first, exercise.last, letterings)
    for line in carried:
        number = 1
        yield _opening(line, exercise)
    entry = 0
    for posting in stream_exercise(conn, book_id, exercise.first, exercise.last):
        if posting.entry != entry:
            entry, number = posting.entry, number + 1
        yield _line(posting, number, exercise, letterings.of(posting))


def _opening(carried: Carried, exercise: Exercise) -> FecLine:
    """A line of the opening entry, dated and validated on the first day of the exercise."""
    line, group = carried.line, carried.group
    auxiliary, name = auxiliary_of(line) if line is not None else ("", "")
    piece, piece_date, label = OPENING_JOURNAL, exercise.first, f"À-nouveaux {exercise.year}"
    if line is not None and group is not None:
        piece, piece_date, label = piece_of(line), line.document_date, label_of_line(line)
    return FecLine(
        journal=OPENING_JOURNAL,
        journal_label=exercise.opening_label,
        number=1,
        day=exercise.first,
        account=carried.account,
        account_label=exercise.label(carried.account),
        auxiliary=auxiliary,
        auxiliary_label=name,
        piece=piece,
        piece_date=piece_date,
        label=label,
        debit=max(carried.amount, 0),
        credit=max(-carried.amount, 0),
        code=exercise.code(group),
        lettered_on=group.settled_on if group is not None else None,
        validated_on=exercise.first,
    )


def _line(line: Posting, number: int, exercise: Exercise, group: Group | None) -> FecLine:
    auxiliary, name = auxiliary_of(line)
    amount = line.debit - line.credit
    return FecLine(
        journal=line.journal,
        journal_label=_first_said((line.journal_label, line.journal)),
        number=number,
        day=line.day,
        account=line.account,
        account_label=exercise.label(line.account),
        auxiliary=auxiliary,
        auxiliary_label=name,
        piece=piece_of(line),
        piece_date=line.document_date,
        label=label_of_line(line),
        debit=max(amount, 0),
        credit=max(-amount, 0),
        code=exercise.code(group),
        lettered_on=group.settled_on if group is not None else None,
        validated_on=line.posted_on,
    )


def auxiliary_of(line: Posting) -> tuple[str, str]:
    """The auxiliary account of a line's third party and its name; both empty without one.

    A third party that was given no code has one of its own: `#` and the position in the book of the
    event that made it known. No code that is given can have that sign.
    """
    if not line.party:
        return "", ""
    code = line.auxiliary or (f"#{line.since:05d}" if line.since else line.party)
    return code, _first_said((line.party_name, line.party))


def piece_of(line: Posting) -> str:
    """The reference of the document that a line books."""
    return _first_said((line.document_number, line.document_id, str(line.entry)))


def label_of_line(line: Posting) -> str:
    """What a line says, or what its entry says, or its document."""
    return _first_said((line.label, line.entry_label, piece_of(line)))


def _first_said(texts: Iterable[str]) -> str:
    """The first text of which something is left on a line of a file."""
    return next((text for text in texts if plain(text, "utf-8")), "?")
