"""Reminders leave: by mail, each once in effect, or as letters that go to the post (M43)."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Literal
from uuid import uuid4

from domain.book.refusal import Refusals, Refused
from domain.reminders import dunning
from domain.reminders import reminder as reminders
from domain.reminders.refusals import ChannelIsWrong, ReminderIsStale
from domain.reminders.reminder import Delivery, FailureReason, Reminder, Sent, reminder_tag
from services.directory import get_contact
from services.envelope import Envelope, message_id_of
from services.loading import load_company, today_of
from services.mailing import Mailer, MailNotSent, require
from services.printing.originals import Printshop
from services.reminders.loading import check_fresh, get_reminder, load_circumstances
from services.reminders.mail import compose
from services.store.pen import Command, Pen
from services.store.store import Store

TAKE = "SELECT pg_try_advisory_xact_lock(hashtextextended('paraphe.reminder.' || %s, 0))"
Outcome = Literal["sent", "refused", "unreachable", "stale", "elsewhere"]
"""What came of a mail; `elsewhere`: another process sends it right now."""

log = logging.getLogger(__name__)


class Postman:
    """Lets the reminders of any book leave. Its methods raise Refusals, and PressFailed."""

    def __init__(self, store: Store, shop: Printshop, mailer: Mailer | None) -> None:
        self.mailer = mailer
        self._store = store
        self._shop = shop

    def mail(self, book_id: str, reminder_id: str, actor: str) -> Outcome:
        """Sends a reminder unless it left before, and notes that it did, or why it did not.

        A process that is killed between the two sends it again, with the same Message-ID.
        """
        mailer = require(self.mailer)
        with self._alone(book_id, reminder_id) as mine:
            if not mine:
                return "elsewhere"
            reminder = get_reminder(self._store.past(book_id), reminder_id)
            if isinstance(reminder, Sent):
                return "sent"
            refused = self._check(book_id, reminder, "email")
            if isinstance(refused, ReminderIsStale):
                return self.fail(book_id, reminder_id, actor, "stale")
            if refused is not None:
                raise Refusals(refused)
            return self._hand_over(book_id, reminder, actor, mailer)

    def letter(self, book_id: str, reminder_id: str) -> bytes:
        """The PDF of a reminder that goes, or went, by post; raises Refusals, for a stale one."""
        reminder = get_reminder(self._store.past(book_id), reminder_id)
        refused = None if isinstance(reminder, Sent) else self._check(book_id, reminder, "post")
        if refused is not None:
            raise Refusals(refused)
        return self._shop.original(book_id, "reminder", reminder_id).content

    def post(self, book_id: str, reminder_id: str, actor: str) -> None:
        """Notes that a printed letter goes to the post today."""
        self._note_sent(book_id, reminder_id, actor, Delivery(channel="post"))

    def fail(
        self,
        book_id: str,
        reminder_id: str,
        actor: str,
        reason: FailureReason,
        *,
        code: int = 0,
    ) -> FailureReason:
        """Notes that a letter did not leave; only what is out of reach is tried again."""

        def decide(pen: Pen) -> None:
            reminder, final = get_reminder(pen, reminder_id), reason != "unreachable"
            pen.append(reminders.note_failed(reminder, reason, code=code, final=final))

        # Each attempt is a command of its own; what it notes again changes nothing.
        command = Command(id=f"reminder failed {uuid4()}", actor=actor, cause="job")
        self._store.write(book_id, command, decide, lambda _: None, [reminder_tag(reminder_id)])
        return reason

    def _hand_over(self, book_id: str, reminder: Reminder, actor: str, mailer: Mailer) -> Outcome:
        now, issued = self._store.past(book_id), reminder.document
        company, customer = load_company(now), get_contact(now, issued.customer_id)
        pdf = self._shop.original(book_id, "reminder", issued.reminder_id).content
        envelope = Envelope(
            sender=mailer.sender,
            to=customer.details.email,
            reply_to=company.profile.email,
            message_id=message_id_of(book_id, issued.reminder_id, mailer.domain),
            now=datetime.now(UTC),
        )
        try:
            mailer.send(compose(issued, pdf, company.country, envelope))
        except MailNotSent as error:
            log.info("reminder %s did not leave: %s (%d)", issued.reminder_id, error, error.code)
            reason: FailureReason = "refused" if error.final else "unreachable"
            return self.fail(book_id, issued.reminder_id, actor, reason, code=error.code)
        delivery = Delivery(channel="email", message_id=envelope.message_id, email=envelope.to)
        self._note_sent(book_id, issued.reminder_id, actor, delivery)
        return "sent"

    def _check(self, book_id: str, reminder: Reminder, channel: str) -> Refused | None:
        issued = reminder.document
        if issued.channel != channel:
            return ChannelIsWrong(
                number=issued.document_number, channel=issued.channel, position=reminder.position
            )
        stale = check_fresh(self._store.past(book_id), reminder)
        return reminders.check_unsent(reminder) or stale

    def _note_sent(self, book_id: str, reminder_id: str, actor: str, delivery: Delivery) -> None:
        def decide(pen: Pen) -> None:
            reminder, company = get_reminder(pen, reminder_id), load_company(pen)
            issued, today = reminder.document, today_of(pen, company)
            customer = get_contact(pen, issued.customer_id)
            known = load_circumstances(pen, company, customer, today=today, bank_until=None)
            earliest = dunning.earliest_next(issued.level, delivery.channel, today, known)
            told = reminders.note_sent(reminder, delivery, sent_on=today, earliest_next=earliest)
            pen.append(told)

        command = Command(id=f"reminder sent {reminder_id}", actor=actor, cause="job")
        self._store.write(book_id, command, decide, lambda _: None, [reminder_tag(reminder_id)])

    @contextmanager
    def _alone(self, book_id: str, reminder_id: str) -> Iterator[bool]:
        """Whether nobody else sends this one now; the lock dies with its holder."""
        with self._store.entered(book_id) as conn:
            ((mine,),) = conn.execute(TAKE, (reminder_id,)).fetchall()
            yield bool(mine)
