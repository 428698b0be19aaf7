"""The money accounts of a company: which line of an entry moves money, and in which journal."""

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from domain.ledger.entry import EntryLine, EntryPosted
from domain.parties.company import CompanyOpened
from projections.rows import Row


class MoneyAccounts(Row, frozen=True):
    """Each journal's own account ("" is the `usual` one), and the first journal of each account."""

    table = "money_accounts"
    key = ()

    own: dict[str, str]
    first: dict[str, str]
    usual: str
    time_zone: str


class MovedLine(Struct, frozen=True, gc=False):
    """A line on a money account, the `nth` of its entry, and the journal that it counts in."""

    nth: int
    line: EntryLine
    journal: str


def moved_lines(entry: EntryPosted, money: MoneyAccounts) -> Iterator[MovedLine]:
    """The lines of an entry that move money."""
    for nth, line in enumerate(entry.lines):
        journal = money.first.get(line.account)
        if journal is not None:
            own = money.own.get(entry.journal)
            is_own = own is not None and (own or money.usual) == line.account
            yield MovedLine(nth, line, entry.journal if is_own else journal)


def money_of(company: CompanyOpened) -> MoneyAccounts:
    """The money accounts that a company starts with."""
    journals = [journal for journal in company.journals if journal.kind in ("bank", "cash")]
    usual = company.accounts["bank"]
    first: dict[str, str] = {}
    for journal in journals:
        first.setdefault(journal.account or usual, journal.code)
    own = {journal.code: journal.account for journal in journals}
    return MoneyAccounts(own, first, usual, company.time_zone)


def money_after(money: MoneyAccounts, account: str) -> MoneyAccounts:
    """The money accounts once the usual one is another; that of before stays one of them."""
    heirs = [code for code, own in money.own.items() if not own]
    if not heirs:
        return money
    return replace(money, usual=account, first={account: heirs[0], **money.first})
