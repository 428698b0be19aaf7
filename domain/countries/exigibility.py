"""When the tax of a line becomes due: dated rules by nature, for invoices and for deposits."""

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from domain.values.days import is_in_force
from domain.values.vat import Exigible, Nature, VatCategory


class ExigibilityRule(Struct, frozen=True, kw_only=True):
    """One rule and its article: None fits anything, `valid_to` is its last day.

    `deposit` says whether it is for deposits, `on_debits` whether for companies that opted to pay
    the tax on services as they invoice them.
    """

    exigible: Exigible
    law: str
    valid_from: date
    valid_to: date | None = None
    nature: Nature | None = None
    category: VatCategory | None = None
    deposit: bool | None = None
    on_debits: bool | None = None


class Taxing(Struct, frozen=True, kw_only=True):
    """What decides when the tax of a line is due; `day` is when the document is issued."""

    nature: Nature
    category: VatCategory
    deposit: bool
    on_debits: bool
    day: date


def exigible_by(rules: Iterable[ExigibilityRule], taxing: Taxing) -> Exigible:
    """What the first rule that fits says (M64); without any, the document makes the tax due."""
    fitting = (rule.exigible for rule in rules if _fits(rule, taxing))
    return next(fitting, "issue")


def _fits(rule: ExigibilityRule, taxing: Taxing) -> bool:
    return (
        rule.nature in (None, taxing.nature)
        and rule.category in (None, taxing.category)
        and rule.deposit in (None, taxing.deposit)
        and rule.on_debits in (None, taxing.on_debits)
        and is_in_force(rule.valid_from, rule.valid_to, taxing.day)
    )
