"""Instalments: the parts in which a document is to be paid, each with its day (M32, M33)."""

from collections.abc import Sequence
from datetime import date, timedelta

from msgspec import Struct
from msgspec.structs import replace

from domain.book.refusal import Refused, words
from domain.sales.document import Instalment
from domain.sales.terms import LONGEST_TERM, PaymentTerms
from domain.values import faults
from domain.values.money import half_up
from domain.values.quantity import exact, is_percent

MOST_INSTALMENTS = 60


class NewInstalment(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of the total by amount or percentage (the last one without either takes the rest),

    due on a day or so many days after the invoice.
    """

    due_date: date | None = None
    days: int | None = None
    amount: int | None = None
    percent: str = ""


class InstalmentsAreWrong(Refused, frozen=True, kw_only=True):
    """The instalments do not add up to the total, or one says its amount or day in two ways."""

    code = "instalments_wrong"
    rule = "M33"
    text = words(
        en="The instalments must add up to {gross}, each with one amount or percentage and one "
        "day.",
        fr="Les échéances doivent totaliser {gross}, chacune avec un montant ou un pourcentage et "
        "une date.",
        nl="De termijnen moeten samen {gross} zijn, elk met één bedrag of percentage en één dag.",
    )

    gross: int


class DueBeforeIssue(Refused, frozen=True, kw_only=True):
    """An invoice is not due before it is issued."""

    code = "due_before_issue"
    rule = "M32"
    text = words(
        en="The due date {due_date} is before the issue date {issue_date}.",
        fr="L'échéance {due_date} précède la date de facture {issue_date}.",
        nl="De vervaldag {due_date} ligt voor de factuurdatum {issue_date}.",
    )

    due_date: date
    issue_date: date


def check_instalments(asked: Sequence[NewInstalment], gross: int) -> Refused | None:
    """Refuses instalments that cannot be those of a document of `gross`, whatever its date."""
    if not asked:
        return None
    if len(asked) > MOST_INSTALMENTS:
        return InstalmentsAreWrong(gross=gross, pointer="/instalments")
    for at, part in enumerate(asked):
        if not _is_sound(part, is_last=at == len(asked) - 1):
            return InstalmentsAreWrong(gross=gross, pointer=f"/instalments/{at}")
        refused = faults.out_of_years(part.due_date, f"/instalments/{at}/due_date")
        if refused is not None:
            return refused
    if _amounts(asked, gross) is None:
        return InstalmentsAreWrong(gross=gross, pointer="/instalments")
    return None


def check_days(asked: Sequence[NewInstalment], issue_date: date) -> Refused | None:
    """Refuses an instalment that is due before a document of that day."""
    for at, part in enumerate(asked):
        if part.due_date is not None and part.due_date < issue_date:
            pointer = f"/instalments/{at}/due_date"
            return DueBeforeIssue(due_date=part.due_date, issue_date=issue_date, pointer=pointer)
    return None


def after_prepayment(
    asked: Sequence[NewInstalment], gross: int, prepaid: int
) -> tuple[NewInstalment, ...]:
    """The instalments of a document once `prepaid` of its gross is paid: the first go first.

    Where nothing is paid they stay as asked; where they were not of `gross` there are none.
    """
    if not prepaid or not asked:
        return tuple(asked)
    left: list[NewInstalment] = []
    for part, amount in zip(asked, _amounts(asked, gross) or (), strict=False):
        taken = min(amount, prepaid)
        prepaid -= taken
        if amount > taken:
            left.append(replace(part, amount=amount - taken, percent=""))
    return tuple(left)


def settle_instalments(
    asked: Sequence[NewInstalment],
    gross: int,
    *,
    issue_date: date,
    due_date: date | None,
    terms: PaymentTerms,
) -> tuple[Instalment, ...] | Refused:
    """The instalments of a document of that day, Σ = `gross`; without any asked for, one.

    A part without a day of its own is due on `due_date`, or as the customer's terms say.
    """
    usual = due_date or terms.due_on(issue_date)
    if not asked:
        if usual < issue_date:
            return DueBeforeIssue(due_date=usual, issue_date=issue_date, pointer="/due_date")
        return (Instalment(due_date=usual, amount=gross),)
    amounts = _amounts(asked, gross)
    if amounts is None:
        return InstalmentsAreWrong(gross=gross, pointer="/instalments")
    parts: list[Instalment] = []
    for at, (part, amount) in enumerate(zip(asked, amounts, strict=True)):
        due = _due_on(part, issue_date) or usual
        if due < issue_date:
            pointer = f"/instalments/{at}/due_date"
            return DueBeforeIssue(due_date=due, issue_date=issue_date, pointer=pointer)
        parts.append(Instalment(due_date=due, amount=amount))
    return tuple(parts)


def _is_sound(part: NewInstalment, *, is_last: bool) -> bool:
    ways = (part.amount is not None) + bool(part.percent)
    return (
        (ways == 1 or (ways == 0 and is_last))
        and (part.amount is None or part.amount > 0)
        and (not part.percent or is_percent(part.percent))
        and (part.due_date is None or part.days is None)
        and (part.days is None or 0 <= part.days <= LONGEST_TERM)
    )


def _amounts(asked: Sequence[NewInstalment], gross: int) -> list[int] | None:
    """What each comes to; the last takes what the others leave, and a percentage of it no more

    than the cents of rounding. None when they do not add up.
    """
    amounts = [
        half_up(gross * exact(part.percent) / 100) if part.percent else part.amount or 0
        for part in asked
    ]
    last, rest = asked[-1], gross - sum(amounts[:-1])
    rounding = len(asked) if last.percent else 0
    free = last.amount is None and not last.percent
    if not free and abs(amounts[-1] - rest) > rounding:
        return None
    amounts[-1] = rest
    return amounts if min(amounts) > 0 or amounts == [gross] else None


def _due_on(part: NewInstalment, issue_date: date) -> date | None:
    if part.days is not None:
        return issue_date + timedelta(days=part.days)
    return part.due_date
