"""The closing balances of a FEC as the opening entry of the exercise that follows.

Charges and income do not go on: their sum stands on 120 or 129. Third parties stand there line by
line as far as they are open, each with the number and the day of its document.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import BinaryIO

from msgspec import Struct

from domain.book.refusal import Refusals
from domain.countries.fr_accounts import RESULT_LOSS, RESULT_PROFIT
from domain.imports.fec_refusals import FecEntryIsUnbalanced, FecIsTooLarge
from services.files.fec.line import OPENING_JOURNAL
from services.imports.fec_entries import entries_of
from services.imports.fec_survey import MOST_LINES_OF_ENTRY, Survey, party_of

CHARGES_AND_INCOME = ("6", "7")


class OpeningLine(Struct, frozen=True, kw_only=True):
    """A line that is carried: debit positive, in cents; `row` is a line of the file, or 0."""

    account: str
    amount: int
    code: str = ""
    row: int = 0
    piece: str
    piece_day: date
    label: str


def opening_lines(file: BinaryIO, survey: Survey) -> list[OpeningLine]:
    """The lines of the opening entry, by account; they balance. Raises Refusals."""
    lines = sorted(_open_items(file, survey), key=lambda line: (line.account, line.code))
    rests = closing_balances(survey)
    for line in lines:
        rests[line.account] -= line.amount
    day = opening_day(survey)
    label = f"À-nouveaux {day.year}"
    for account, amount in rests.items():
        if amount:
            lines.append(
                OpeningLine(
                    account=account,
                    amount=amount,
                    piece=OPENING_JOURNAL,
                    piece_day=day,
                    label=label,
                )
            )
    if len(lines) < 2:
        raise Refusals(FecEntryIsUnbalanced(number=label, count=len(lines), debit=0, credit=0))
    return sorted(lines, key=lambda line: (line.account, line.code))


def closing_balances(survey: Survey) -> dict[str, int]:
    """The balance of each account that goes on (debit positive), the result among them."""
    balances: dict[str, int] = {}
    result = 0
    for account, (debit, credit) in sorted(survey.balances.items()):
        if account.startswith(CHARGES_AND_INCOME):
            result += debit - credit
        else:
            balances[account] = debit - credit
    if result:
        account = RESULT_PROFIT if result < 0 else RESULT_LOSS
        balances[account] = balances.get(account, 0) + result
    return balances


def opening_day(survey: Survey) -> date:
    """The first day of the exercise that follows."""
    return survey.until + timedelta(days=1)


def _open_items(file: BinaryIO, survey: Survey) -> Iterator[OpeningLine]:
    rests, count = survey.letterings.rests(), 0
    for entry in entries_of(file, survey, range(survey.entries)):
        for index, row in enumerate(entry.rows):
            code = party_of(row)
            if not code or row.account.startswith(CHARGES_AND_INCOME):
                continue
            amount = rests.get((entry.nth, index), 0) if row.code else row.amount
            if not amount:
                continue
            count += 1
            if count > MOST_LINES_OF_ENTRY:
                raise Refusals(
                    FecIsTooLarge(most=MOST_LINES_OF_ENTRY, what="open items", pointer="/file")
                )
            yield OpeningLine(
                account=row.account,
                amount=amount,
                code=code,
                row=row.line,
                piece=row.piece or row.number,
                piece_day=row.piece_day or row.day,
                label=row.label,
            )
