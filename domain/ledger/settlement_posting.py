"""The lines of entries that settling makes: VAT that becomes due, differences, cash discounts."""

from collections.abc import Iterable

from domain.ledger.entry import EntryLine
from domain.ledger.posting import Accounts
from domain.purchases.lines import PurchaseShare
from domain.values.vat import VatShare

Amount = tuple[str, str, int]
"""An account, a third party or "", and an amount: debits are positive."""


def of_vat_due(accounts: Accounts, label: str, shares: Iterable[VatShare]) -> tuple[EntryLine, ...]:
    """VAT that waited for the money is collected, rate by rate; negative: it waits again."""
    taxes = ((share.rate, share.tax) for share in shares)
    return _moved(label, accounts["vat_pending_sales"], accounts["vat_collected"], taxes)


def of_vat_deductible(
    accounts: Accounts, label: str, shares: Iterable[PurchaseShare]
) -> tuple[EntryLine, ...]:
    """VAT of a bill that waited for its payment is deducted, rate by rate; negative: not yet."""
    taxes = ((share.rate, share.deductible) for share in shares)
    return _moved(label, accounts["vat_deductible"], accounts["vat_pending_purchases"], taxes)


def _moved(
    label: str, debit: str, credit: str, taxes: Iterable[tuple[str, int]]
) -> tuple[EntryLine, ...]:
    by_rate: dict[str, int] = {}
    for rate, tax in taxes:
        by_rate[rate] = by_rate.get(rate, 0) + tax
    return lines_of(
        label,
        (amount for tax in by_rate.values() for amount in ((debit, "", tax), (credit, "", -tax))),
    )


def of_difference(
    accounts: Accounts, label: str, account: str, party: str, amount: int
) -> tuple[EntryLine, ...]:
    """What a payment differs by leaves the third party's account: a loss where it is positive."""
    role = "payment_difference_loss" if amount > 0 else "payment_difference_gain"
    return lines_of(label, ((account, party, -amount), (accounts[role], "", amount)))  # type: ignore[index]


def of_discount(
    accounts: Accounts,
    label: str,
    account: str,
    party: str,
    *,
    net: int,
    pending: int,
    declared: int,
) -> tuple[EntryLine, ...]:
    """A cash discount leaves the customer's account: its price is a charge, its VAT is not owed."""
    return lines_of(
        label,
        (
            (account, party, -(net + pending + declared)),
            (accounts["discounts_given"], "", net),
            (accounts["vat_pending_sales"], "", pending),
            (accounts["vat_collected"], "", declared),
        ),
    )


def lines_of(label: str, amounts: Iterable[Amount]) -> tuple[EntryLine, ...]:
    """One line for each amount that is not zero."""
    return tuple(
        EntryLine(
            account=account,
            debit=max(amount, 0),
            credit=max(-amount, 0),
            party=party,
            label=label,
        )
        for account, party, amount in amounts
        if amount
    )
