"""Every event about being late: reminders, whom they spare, disputes, and fees that are claimed."""

from domain.book.event import Event
from domain.reminders.dispute import DisputeSettled, InvoiceDisputed
from domain.reminders.late_fees import LateFeesClaimed
from domain.reminders.policy import (
    ReminderPolicySet,
    RemindersResumed,
    RemindersSuspended,
)
from domain.reminders.reminder import ReminderFailed, ReminderIssued, ReminderSent

REMINDER_EVENTS: tuple[type[Event], ...] = (
    ReminderPolicySet,
    RemindersSuspended,
    RemindersResumed,
    InvoiceDisputed,
    DisputeSettled,
    ReminderIssued,
    ReminderSent,
    ReminderFailed,
    LateFeesClaimed,
)
