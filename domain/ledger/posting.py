"""The lines of each document's entry: pure, so that an auditor derives them again and compares.

The third party's line always stands, even at zero, for it carries the document into the history;
of the other lines only those with an amount are written, and at least one.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from msgspec import Struct

from domain.ledger.chart import AccountRole
from domain.ledger.entry import EntryLine
from domain.purchases.lines import PurchaseShare
from domain.values.vat import VatShare

Accounts = Mapping[AccountRole, str]


class Charge(Struct, frozen=True):
    """What a document line puts on an account, in minor units; empty: the account of the role."""

    account: str
    net: int
    role: AccountRole


class ThirdParty(Struct, frozen=True, kw_only=True):
    """Whose line it is, what it says and when it falls due.

    `parts` are the amounts of several lines and the day of each; their sum is the document's.
    """

    contact_id: str
    label: str
    due_date: date | None = None
    parts: tuple[tuple[int, date], ...] = ()


class Share(Struct, frozen=True):
    """A part of a payment: its account, the third party or "", the amount in its direction."""

    account: str
    party: str
    amount: int


def of_sale(
    accounts: Accounts, party: ThirdParty, charges: Iterable[Charge], shares: Iterable[VatShare]
) -> tuple[EntryLine, ...]:
    """A customer invoice: the customer owes the gross in its instalments; sales are earned.

    VAT is collected, or waits for the money where that makes it due (CGI 269, 2, c).
    """
    earned = _charged(charges, accounts) + _collected(shares, accounts)
    return _against(accounts["customers"], party, earned, sign=1)


def of_sale_credited(
    accounts: Accounts, party: ThirdParty, charges: Iterable[Charge], shares: Iterable[VatShare]
) -> tuple[EntryLine, ...]:
    """A credit note on an invoice: the same lines on the other sides."""
    earned = _charged(charges, accounts) + _collected(shares, accounts)
    return _against(accounts["customers"], party, earned, sign=-1)


def of_purchase(
    accounts: Accounts,
    party: ThirdParty,
    charges: Iterable[Charge],
    shares: Sequence[PurchaseShare],
) -> tuple[EntryLine, ...]:
    """A supplier bill: purchases and deductible VAT are spent; the supplier is owed the gross.

    Tax that he left to the company is owed to the State and deducted in the same entry; VAT that
    is deducted once he is paid waits on its own account (CGI 271, I, 2).
    """
    spent = _charged(charges, accounts) + _taxed(shares, accounts)
    return _against(accounts["suppliers"], party, spent, sign=-1)


def of_purchase_credited(
    accounts: Accounts,
    party: ThirdParty,
    charges: Iterable[Charge],
    shares: Sequence[PurchaseShare],
) -> tuple[EntryLine, ...]:
    """A supplier's credit note: the same lines on the other sides."""
    spent = _charged(charges, accounts) + _taxed(shares, accounts)
    return _against(accounts["suppliers"], party, spent, sign=1)


def of_money(
    bank: str, other: str, party: ThirdParty, amount: int, *, received: bool
) -> tuple[EntryLine, ...]:
    """Money on a bank account: received is its debit and the other side's credit."""
    signed = amount if received else -amount
    return (
        _line(bank, signed, label=party.label),
        _line(other, -signed, party=party.contact_id, label=party.label),
    )


def of_assignment(
    suspense: str, shares: Sequence[Share], label: str, *, received: bool
) -> tuple[EntryLine, ...]:
    """Money that waited goes to whose it is: out of suspense, then each share on its account."""
    sign = 1 if received else -1
    whole = sign * sum(share.amount for share in shares)
    return (
        _line(suspense, whole, label=label),
        *(
            _line(share.account, -sign * share.amount, party=share.party, label=label)
            for share in shares
        ),
    )


def of_loss(
    accounts: Accounts, party: ThirdParty, customer: str, *, net: int, pending: int, declared: int
) -> tuple[EntryLine, ...]:
    """A debt that is lost: it leaves the account `customer`, and its price is a charge.

    VAT that waited for the money is not owed any more; what was declared stays with the customer
    among the doubtful debts until it is taken back (PCG 416 and 654, PCMN 407 and 642).
    """
    others = [
        _line(accounts["bad_debts"], net, label=party.label),
        _line(accounts["vat_pending_sales"], pending, label=party.label),
        _line(accounts["doubtful"], declared, party=party.contact_id, label=party.label),
    ]
    whole = net + pending + declared
    return (
        _line(customer, -whole, party=party.contact_id, label=party.label),
        *(line for line in others if line.debit or line.credit),
    )


def of_reclaimed_vat(
    accounts: Accounts, party: ThirdParty, role: AccountRole, tax: int
) -> tuple[EntryLine, ...]:
    """The VAT of a lost debt is taken back on the account of `role`."""
    return (
        _line(accounts["doubtful"], -tax, party=party.contact_id, label=party.label),
        _line(accounts[role], tax, label=party.label),
    )


def of_recovery(
    accounts: Accounts, party: ThirdParty, net: int, *, due: int, doubtful: int
) -> tuple[EntryLine, ...]:
    """A lost debt that is paid after all: the customer owes it again, and VAT of `due` with it.

    `doubtful` is the VAT that was declared and never taken back.
    """
    others = [
        _line(accounts["bad_debts_recovered"], -net, label=party.label),
        _line(accounts["vat_collected"], -due, label=party.label),
        _line(accounts["doubtful"], -doubtful, party=party.contact_id, label=party.label),
    ]
    whole = net + due + doubtful
    return (
        _line(accounts["customers"], whole, party=party.contact_id, label=party.label),
        *(line for line in others if line.debit or line.credit),
    )


def _against(
    account: str, party: ThirdParty, others: list[tuple[str, str, int]], sign: int
) -> tuple[EntryLine, ...]:
    """The third party's line or lines, `sign` times the sum, balanced by the others."""
    whole = sum(amount for _, _, amount in others)
    written = [other for other in others if other[2]] or others[:1]
    parts = party.parts or ((whole, party.due_date),)
    return (
        *(
            _line(account, sign * amount, party=party.contact_id, label=party.label, due=due)
            for amount, due in parts
        ),
        *(
            _line(other, -sign * amount, label=text or party.label)
            for other, text, amount in written
        ),
    )


def _charged(charges: Iterable[Charge], accounts: Accounts) -> list[tuple[str, str, int]]:
    """One (account, label, amount) for each account, in the order first met."""
    sums: dict[str, int] = {}
    for charge in charges:
        account = charge.account or accounts[charge.role]
        sums[account] = sums.get(account, 0) + charge.net
    return [(account, "", amount) for account, amount in sums.items()]


def _collected(shares: Iterable[VatShare], accounts: Accounts) -> list[tuple[str, str, int]]:
    """One (account, label, amount) for each account of VAT and each rate."""
    sums: dict[tuple[str, str], int] = {}
    for share in shares:
        role: AccountRole = "vat_pending_sales" if share.exigible == "payment" else "vat_collected"
        key = accounts[role], share.rate
        sums[key] = sums.get(key, 0) + share.tax
    return [(account, f"{rate} %", tax) for (account, rate), tax in sums.items()]


def _taxed(shares: Sequence[PurchaseShare], accounts: Accounts) -> list[tuple[str, str, int]]:
    """One (account, label, amount) for each account and rate; tax that is owed is negative."""
    sums: dict[tuple[str, str], int] = {}
    for share in shares:
        rate = share.due_rate or share.rate
        waits = share.exigible == "payment"
        key = accounts["vat_pending_purchases" if waits else "vat_deductible"], rate
        sums[key] = sums.get(key, 0) + share.deductible
        if share.due:
            owed = share.due_account, rate
            sums[owed] = sums.get(owed, 0) - share.due
    return [(each, f"{rate} %", tax) for (each, rate), tax in sums.items()]


def _line(
    account: str, signed: int, *, party: str = "", label: str = "", due: date | None = None
) -> EntryLine:
    """A line of a signed amount: positive is a debit."""
    return EntryLine(
        account=account,
        debit=max(signed, 0),
        credit=max(-signed, 0),
        party=party,
        label=label,
        due_date=due,
    )
