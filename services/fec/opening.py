"""The opening entry (à-nouveaux): the balances at the end of the exercise before.

Charges and income do not go on: the result of each exercise before stands on 120 or 129, until an
entry allocates it. Third parties are in detail: a balance for each, and beside it the lines that
are lettered in this exercise, one by one, so that its letterings balance in its own file.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Any

from msgspec import Struct
from psycopg import Connection

from domain.countries.fr_accounts import RESULT_LOSS, RESULT_PROFIT
from domain.values.days import fiscal_year
from projections.fec_view import AccountSum, Posting, stream_parties, sum_accounts
from services.fec.letterings import Group, Letterings

CHARGES_AND_INCOME = ("6", "7")


class Carried(Struct, frozen=True):
    """What is carried on an account, debit positive and never zero.

    `line` names the third party, and is the very line that is carried where it has a `group`.
    """

    account: str
    amount: int
    line: Posting | None = None
    group: Group | None = None


def carry(
    conn: Connection[Any], book_id: str, first: date, last: date, letterings: Letterings
) -> Iterator[Carried]:
    """The lines of the opening entry of an exercise, by account and third party; they balance."""
    sums = [each for each in sum_accounts(conn, book_id, first) if each.month < first]
    if not sums:
        return
    balances = closing_balances(sums, first.month)
    parties = groupby(stream_parties(conn, book_id, first), key=lambda line: line.account)
    account, lines = next(parties, (None, None))
    for each in sorted(balances):
        rest = balances[each]
        while account is not None and account < each:  # charges and income of a third party
            account, lines = next(parties, (None, None))
        if account == each and lines is not None:
            for carried in _of_parties(each, lines, first, last, letterings):
                rest -= carried.amount
                yield carried
            account, lines = next(parties, (None, None))
        if rest:
            yield Carried(each, rest)


def closing_balances(sums: list[AccountSum], start_month: int) -> dict[str, int]:
    """The balance of each account that goes on, and the result of each exercise on its account."""
    balances: defaultdict[str, int] = defaultdict(int)
    results: defaultdict[int, int] = defaultdict(int)
    for each in sums:
        if each.account.startswith(CHARGES_AND_INCOME):
            results[fiscal_year(each.month, start_month)] += each.balance
        else:
            balances[each.account] += each.balance
    for result in results.values():
        if result:
            balances[RESULT_PROFIT if result < 0 else RESULT_LOSS] += result
    return balances


def _of_parties(
    account: str, lines: Iterator[Posting], first: date, last: date, letterings: Letterings
) -> Iterator[Carried]:
    """The third parties of an account: what is lettered in the exercise, then the rest."""
    for _, of_party in groupby(lines, key=lambda line: line.party):
        rest, any_line = 0, None
        for line in of_party:
            any_line, amount, group = line, line.debit - line.credit, letterings.of(line)
            if group is not None and first <= group.settled_on <= last:
                yield Carried(account, amount, line, group)
            else:
                rest += amount
        if rest:
            yield Carried(account, rest, any_line)
