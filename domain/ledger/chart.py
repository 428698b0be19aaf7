"""Accounts by the role they play, and the journals that entries are written in."""

import re
from typing import Literal, get_args

from msgspec import Struct

JournalKind = Literal["sale", "purchase", "bank", "cash", "miscellaneous"]
AccountRole = Literal[
    "customers",
    "doubtful",
    "suppliers",
    "deposits_received",
    "deposits_paid",
    "vat_collected",
    "vat_pending_sales",
    "vat_deductible",
    "vat_pending_purchases",
    "vat_payable",
    "vat_to_carry",
    "vat_rounding_loss",
    "vat_rounding_gain",
    "sales",
    "sales_services",
    "shipping",
    "purchases",
    "discounts_given",
    "discounts_received",
    "bad_debts",
    "bad_debts_recovered",
    "penalties_received",
    "payment_difference_loss",
    "payment_difference_gain",
    "exchange_loss",
    "exchange_gain",
    "bank",
    "bank_charges",
    "cheques_to_collect",
    "internal_transfers",
    "suspense",
]

ROLES: tuple[AccountRole, ...] = get_args(AccountRole)
REQUIRED_KINDS: tuple[JournalKind, ...] = ("sale", "purchase", "bank", "miscellaneous")
"""The kinds of which every company has a journal; a till is kept by those that have one."""

THIRD_PARTY_ROLES: tuple[AccountRole, ...] = ("customers", "doubtful", "suppliers")
"""The roles whose accounts are kept per third party, lettered, and nowhere else."""

_ACCOUNT = re.compile(r"[0-9]{3,8}", re.ASCII)
_CODE = re.compile(r"[A-Z][A-Z0-9]{0,7}", re.ASCII)


class Journal(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A journal: its short code, what it is for, and the account of its money, if it has one."""

    code: str
    kind: JournalKind
    label: str
    account: str = ""


def is_account(text: str) -> bool:
    """Whether `text` is an account: three to eight digits."""
    return _ACCOUNT.fullmatch(text) is not None


def may_serve_twice(account: str) -> bool:
    """Whether several roles may have the account: one of charges (6) or of income (7)."""
    return account.startswith(("6", "7"))


def is_journal_code(text: str) -> bool:
    """Whether `text` is a journal code: a capital, then up to seven capitals or digits."""
    return _CODE.fullmatch(text) is not None
