"""Jobs of reminders: a batch of mails, and a batch of letters as one PDF (M43)."""

import json
from collections.abc import Sequence

import msgspec
from msgspec import Struct

from domain.book.refusal import Refusals
from domain.reminders.refusals import ChannelIsWrong, ReminderIsStale
from domain.reminders.reminder import Reminder, Sent, check_unsent
from domain.sales.printing import SelectionIsWrong
from services.jobs.desk import Desk
from services.jobs.job import Job, Product, Work
from services.mailing import require
from services.printing.originals import PDF
from services.printing.selection import Leaf, bind
from services.reminders.loading import get_reminder
from services.reminders.post import Outcome, Postman
from services.store.pen import Command, Reader
from services.store.store import Store

MAIL = "send_reminders"
LETTERS = "print_reminders"
"""The kinds of these jobs."""
CHANNELS = {MAIL: "email", LETTERS: "post"}
MOST = 500


class Chosen(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The reminders that a job is asked to let leave."""

    reminders: tuple[str, ...]
    actor: str


class MailIsDelayed(Exception):
    """Some mails did not leave yet: the job is tried again, and then fails."""


def ask_for(
    store: Store,
    desk: Desk,
    book_id: str,
    reminders: Sequence[str],
    command: Command,
    *,
    kind: str,
    postman: Postman,
    dry: bool = False,
) -> tuple[Job, bool]:
    """Queues reminders to be sent or printed; raises Refusals for one that cannot be.

    Says the job, and whether the same command asked for it before. `dry`: nothing is queued.
    """
    if not 1 <= len(reminders) <= MOST or len(set(reminders)) < len(reminders):
        raise Refusals(SelectionIsWrong(count=len(reminders), pointer="/reminders"))
    if kind == MAIL:
        require(postman.mailer)
    now = store.past(book_id)
    for nth, reminder_id in enumerate(reminders):
        _check(now, kind, reminder_id, f"/reminders/{nth}")
    chosen = Chosen(reminders=tuple(reminders), actor=command.actor)
    asked = msgspec.to_builtins(chosen)
    if dry:
        return desk.rehearse(book_id, kind, asked, command), False
    return desk.ask(book_id, kind, asked, command)


class ReminderSender:
    """Does jobs of mails; its file says what came of each."""

    def __init__(self, postman: Postman) -> None:
        self._postman = postman

    def __call__(self, work: Work) -> Product:
        """Sends what was not sent yet; raises MailIsDelayed while some are out of reach."""
        asked = msgspec.convert(work.asked, Chosen)
        outcomes: dict[str, Outcome] = {}
        for done, reminder_id in enumerate(asked.reminders):
            work.progress(done, len(asked.reminders))
            outcomes[reminder_id] = self._postman.mail(work.book_id, reminder_id, asked.actor)
        waiting = [key for key, each in outcomes.items() if each in ("unreachable", "elsewhere")]
        if waiting:
            raise MailIsDelayed(f"{len(waiting)} of {len(outcomes)} mails wait for the server")
        told = {"data": [{"reminder": key, "outcome": each} for key, each in outcomes.items()]}
        content = json.dumps(told, indent=1).encode()
        return Product(name="reminders.json", media_type="application/json", content=[content])


class ReminderPrinter:
    """Does jobs of letters: each counts as posted on the day on which it is printed."""

    def __init__(self, store: Store, postman: Postman) -> None:
        self._store = store
        self._postman = postman

    def __call__(self, work: Work) -> Product:
        """Prints the letters into one file; those that say no longer what is owed are left out."""
        asked = msgspec.convert(work.asked, Chosen)
        leaves: list[Leaf] = []
        for done, reminder_id in enumerate(asked.reminders):
            work.progress(done, len(asked.reminders))
            leaves += self._leaf(work.book_id, reminder_id, asked.actor)
        if not leaves:
            raise Refusals(ReminderIsStale(number=", ".join(asked.reminders)))
        content = bind(sorted(leaves, key=lambda leaf: leaf.order))
        return Product(name="reminders.pdf", media_type=PDF, content=[content])

    def _leaf(self, book_id: str, reminder_id: str, actor: str) -> list[Leaf]:
        number = get_reminder(self._store.past(book_id), reminder_id).document.document_number
        try:
            pdf = self._postman.letter(book_id, reminder_id)
        except Refusals as error:
            if not isinstance(error.refused, ReminderIsStale):
                raise
            self._postman.fail(book_id, reminder_id, actor, "stale")
            return []
        self._postman.post(book_id, reminder_id, actor)
        return [Leaf("", (number,), number, pdf)]


def _check(reader: Reader, kind: str, reminder_id: str, pointer: str) -> None:
    """Raises Refusals for what goes another way or never will; what left by post prints again."""
    try:
        reminder = get_reminder(reader, reminder_id)
    except Refusals as error:
        raise Refusals(msgspec.structs.replace(error.refused, pointer=pointer)) from None
    issued = reminder.document
    if issued.channel != CHANNELS[kind]:
        number, channel = issued.document_number, issued.channel
        raise Refusals(ChannelIsWrong(number=number, channel=channel, pointer=pointer))
    refused = None if _prints_again(reminder, kind) else check_unsent(reminder)
    if refused is not None:
        raise Refusals(msgspec.structs.replace(refused, pointer=pointer))


def _prints_again(reminder: Reminder, kind: str) -> bool:
    return kind == LETTERS and isinstance(reminder, Sent)
