"""`paraphe remind`, typed by a person: dry run, mails and letters."""

import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader

from domain.book.event import Event
from domain.reminders.reminder import ReminderIssued, ReminderSent
from services.backend import open_backend
from services.mailing import Mailer
from services.settings import Settings
from tests.api.cli.test_list_command import Typist, terminal
from tests.services.reminders.conftest import Inbox, LateDesk, inbox, mailed, mailer
from tests.services.use_cases.conftest import Clock

__all__ = ["inbox", "mailer", "terminal"]


def late_book() -> str:
    """A book with a late customer who has a mail address, and one who has none."""
    clock, today = Clock(), datetime.now(UTC)
    clock.now = today - timedelta(days=80)
    with open_backend(Settings(), clock=clock) as opened:
        desk = LateDesk(opened.store, clock)
        without, desk.customer = desk.customer, desk.contact(mailed())
        desk.invoiced()
        desk.customer = without
        desk.invoiced()
        clock.now = today - timedelta(days=1)
        desk.book_bank(clock.now.date())
        desk.close()
        return desk.book


def events(book: str, kind: type[Event]) -> int:
    with open_backend(Settings()) as opened:
        return sum(isinstance(fact.event, kind) for fact in opened.store.read(book))


@pytest.mark.feature("M43")
def test_a_dry_run_says_who_is_due_what(terminal: Typist) -> None:
    book = late_book()
    letters = terminal.json("remind", "-c", book, "--dry-run")["letters"]
    assert sorted(letter["channel"] for letter in letters) == ["email", "post"]
    assert "Café Éric" in terminal.run("remind", "-c", book, "--dry-run")
    assert events(book, ReminderIssued) == 0
    terminal.run("remind", "-c", book, code=2)
    terminal.run("remind", "-c", book, "--dry-run", "--send", code=2)
    terminal.run("remind", "-c", book, "--send", code=1)


@pytest.mark.feature("M43")
@pytest.mark.usefixtures("pdf_libraries")
def test_mails_are_sent_and_the_others_printed(
    terminal: Typist,
    mailer: Mailer,
    inbox: Inbox,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    book, out = late_book(), tmp_path / "letters.pdf"
    server = mailer._server
    monkeypatch.setenv("PARAPHE_SMTP_URL", f"smtp://{server.host}:{server.port}")
    monkeypatch.setenv("PARAPHE_MAIL_FROM", mailer.sender)
    command = ("remind", "-c", book, "--send", "--pdf", str(out))
    inbox.answers = ["451 later"]
    said = json.loads(terminal.run(*command, "--json", code=4))
    assert sorted(said["reminders"].values()) == ["issued", "sent"]
    pages = PdfReader(io.BytesIO(out.read_bytes())).pages
    assert "RA-" in pages[0].extract_text()
    again = terminal.json(*command)
    assert (list(again["reminders"].values()), again["pdf"]) == (["sent"], None)
    assert len(inbox.messages) == 1
    assert terminal.json(*command) == {"reminders": {}, "pdf": None}
    assert events(book, ReminderSent) == 2
