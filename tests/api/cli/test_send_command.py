"""`paraphe send`, typed by a person: a link leaves by mail, or waits."""

import json

import pytest

from domain.sales.document_link import DocumentLinkSent
from services.mailing import Mailer
from tests.api.cli.test_list_command import Typist, terminal
from tests.api.cli.test_remind_command import events, late_book
from tests.services.reminders.conftest import Inbox, inbox, mailer

__all__ = ["inbox", "mailer", "terminal"]


@pytest.mark.feature("C10")
@pytest.mark.usefixtures("pdf_libraries")
def test_a_link_is_sent_by_the_number_of_its_document(
    terminal: Typist, mailer: Mailer, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    book, server = late_book(), mailer._server
    command = ("send", "FA-2026-00001", "-c", book)
    terminal.run(*command, code=1)
    monkeypatch.setenv("PARAPHE_SMTP_URL", f"smtp://{server.host}:{server.port}")
    monkeypatch.setenv("PARAPHE_MAIL_FROM", mailer.sender)
    monkeypatch.setenv("PARAPHE_PUBLIC_URL", "https://factures.example")
    terminal.run(*command, "--language", "de", code=2)
    inbox.answers = ["451 later"]
    waiting = json.loads(terminal.run(*command, "--json", code=4))
    assert waiting == {"documents": {"FA-2026-00001": "waiting"}}
    assert terminal.json(*command) == {"documents": {"FA-2026-00001": "sent"}}
    assert events(book, DocumentLinkSent) == 1
