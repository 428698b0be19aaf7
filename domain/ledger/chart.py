"""Accounts by the role they play, and the journals that entries are written in."""

import re
from typing import Literal, get_args

from msgspec import Struct

JournalKind = Literal["sale", "purchase", "bank", "miscellaneous"]
AccountRole = Literal[
    "customers",
    "suppliers",
    "deposits_received",
    "vat_collected",
    "vat_deductible",
    "sales",
    "purchases",
    "bank",
    "suspense",
]

ROLES: tuple[AccountRole, ...] = get_args(AccountRole)
KINDS: tuple[JournalKind, ...] = get_args(JournalKind)

THIRD_PARTY_ROLES: tuple[AccountRole, ...] = ("customers", "suppliers")
"""The roles whose accounts are kept per third party, lettered, and nowhere else."""

_ACCOUNT = re.compile(r"[0-9]{3,8}", re.ASCII)
_CODE = re.compile(r"[A-Z][A-Z0-9]{0,7}", re.ASCII)


class Journal(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A journal: its short code, what it is for, and the account that stands for it (bank)."""

    code: str
    kind: JournalKind
    label: str
    account: str = ""


def is_account(text: str) -> bool:
    """Whether `text` is an account: three to eight digits."""
    return _ACCOUNT.fullmatch(text) is not None


def is_journal_code(text: str) -> bool:
    """Whether `text` is a journal code: a capital, then up to seven capitals or digits."""
    return _CODE.fullmatch(text) is not None
