"""The parts of the product that a company can do without, and those that it begins with."""

from typing import Literal, get_args

Option = Literal[
    "quotes",
    "deals",
    "margins",
    "orders",
    "deliveries",
    "vat_on_debits",
    "invoice_deposits",
    "automatic_lettering",
]

OPTIONS: tuple[Option, ...] = get_args(Option)
OPTIONS_AT_FIRST: frozenset[Option] = frozenset(
    {"quotes", "deals", "margins", "orders", "deliveries"}
)
"""What is switched on at first; VAT on debits, deposits outside quotes (A2.1) and lettering by
itself what a bank statement leaves no doubt about (C7) are not."""
