"""Every event about being late: reminders, whom they spare, disputes, and fees that are claimed."""

from domain.book.event import Event
from domain.sales.dispute import DisputeSettled, InvoiceDisputed
from domain.sales.late_fees import LateFeesClaimed
from domain.sales.reminder import ReminderFailed, ReminderIssued, ReminderSent
from domain.sales.reminder_policy import (
    ReminderPolicySet,
    RemindersResumed,
    RemindersSuspended,
)

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
