"""Which lines stand on a third party's account, decided by the roles a company gives its accounts.

A line is a third party's when it names a party, or when its account has (or ever had) the role of
customers, doubtful ones or suppliers: so a line without a party on 411000 is not lost, and the
registers add up to the control account. A deposit received is a debt of ours in goods, not in
money: its account is none of theirs. The role also tells on which side an account stands, which
neither the sign nor the kind of document can.
"""

from collections.abc import Iterator

from msgspec import Struct

from domain.ledger.entry import EntryLine, EntryPosted
from domain.parties.company import AccountMapped, CompanyOpened

Sides = dict[str, str]
"""Account to side: customers or suppliers."""

SIDE_OF_ROLE: dict[str, str] = {
    "customers": "customers",
    "doubtful": "customers",
    "suppliers": "suppliers",
}


class ThirdPartyLine(Struct, frozen=True, gc=False):
    """A line on a third party's account, the `nth` of its entry; `amount` is debit minus credit."""

    nth: int
    line: EntryLine
    side: str
    amount: int


def sides_of(company: CompanyOpened) -> Sides:
    """The sides of the accounts a company starts with."""
    return {
        account: SIDE_OF_ROLE[role]
        for role, account in company.accounts.items()
        if role in SIDE_OF_ROLE
    }


def sides_after(sides: Sides, mapped: AccountMapped) -> Sides:
    """The sides once a role has another account; the one before keeps its side."""
    side = SIDE_OF_ROLE.get(mapped.role)
    return {**sides, mapped.account: side} if side else sides


def third_party_lines(entry: EntryPosted, sides: Sides) -> Iterator[ThirdPartyLine]:
    """The entry's lines on third-party accounts, with their index."""
    for index, line in enumerate(entry.lines):
        side = sides.get(line.account, "")
        if side or line.party:
            yield ThirdPartyLine(index, line, side, line.debit - line.credit)
