"""A reminder as a letter: its title by level, its instalments as rows, what it comes to (M43)."""

from collections.abc import Iterator

from domain.reminders.reminder import ReminderIssued, ReminderItem
from services.printing.sheet import Cell, Detail, Row
from services.printing.words import REMINDER_TITLES
from services.printing.writing import Writing

_FEES = ("description", "due_on", "open", "interest", "indemnity")
_PLAIN = ("description", "due_on", "amount", "open")


def title_of(reminder: ReminderIssued, write: Writing) -> str:
    """What the letter is called: a reminder, a second one, a formal notice."""
    return REMINDER_TITLES[reminder.level - 1][write.language]


def text_above(reminder: ReminderIssued | None, introduction: str) -> str:
    """The template's own words, then those of the letter."""
    return "\n\n".join(filter(None, [introduction, reminder.text if reminder else ""]))


def columns_of(reminder: ReminderIssued, write: Writing) -> tuple[Cell, ...]:
    """The headings; those of fees only where the letter asks for some."""
    return tuple(
        Cell(name=name, heading=write.word(name), figures=name != "description")
        for name in _names(reminder)
    )


def rows_of(reminder: ReminderIssued, write: Writing) -> tuple[Row, ...]:
    """One row an instalment: its invoice and what was supplied, its day, its amounts."""
    names = _names(reminder)[1:]
    return tuple(_row(item, names, write) for item in reminder.items)


def totals_of(reminder: ReminderIssued, write: Writing) -> Iterator[Detail]:
    """The principal, what is taken off and what is added, and what the letter asks for."""
    interest = sum(item.interest for item in reminder.items)
    indemnity = sum(item.indemnity for item in reminder.items)
    parts = {
        "principal": reminder.principal,
        "open_credits": -min(reminder.credits, reminder.principal),
        "interest": interest,
        "indemnity": indemnity,
    }
    for name, amount in parts.items():
        if amount:
            yield Detail(write.word(name), write.money(amount))
    yield Detail(write.word("to_pay"), write.money(reminder.due))


def _names(reminder: ReminderIssued) -> tuple[str, ...]:
    has_fees = any(item.interest or item.indemnity for item in reminder.items)
    return _FEES if has_fees else _PLAIN


def _row(item: ReminderItem, names: tuple[str, ...], write: Writing) -> Row:
    dated = f"{item.invoice_number} {write.word('dated')} {write.short_day(item.issue_date)}"
    known = {
        "due_on": write.short_day(item.due_date),
        "amount": write.amount(item.amount),
        "open": write.amount(item.open),
        "interest": write.amount(item.interest),
        "indemnity": write.amount(item.indemnity),
    }
    description = f"{write.word('invoice')} {dated}\n{item.subject}".rstrip()
    return Row(kind="item", description=description, cells=tuple(known[name] for name in names))
