"""Links leave by a real SMTP server, once in effect, and give the original until they expire."""

import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from msgspec.structs import replace

from domain.book.refusal import Refusals
from domain.reminders.refusals import MailIsNotSetUp
from domain.sales.document_link import (
    DocumentLinkOpened,
    DocumentLinkSent,
    PublicAddressIsNotSetUp,
    RecipientIsMissing,
)
from domain.sales.printing import DocumentIsNotIssued, SelectionIsWrong
from services.document_links import PLACE, LinkHasExpired, LinkOffice, NewLink, check_recipient
from services.erasure import erase_contact
from services.identity import new_id
from services.jobs.desk import Desk as Jobs
from services.link_jobs import LinkCounter, NewMails
from services.link_seal import Link, LinkIsWrong, seal, unseal
from services.mailing import Mailer
from services.printing.originals import Printshop
from services.printing.press import Press
from services.printing.selection import Chosen
from services.reminders.post import Postman
from tests.services.printing.conftest import press
from tests.services.reminders.conftest import Inbox, LateDesk, inbox, late_desk, mailed, mailer

__all__ = ["inbox", "late_desk", "mailer", "press"]
SECRET = b"s" * 32
HERE = "https://factures.example/"
URL = re.compile(rf"{re.escape(HERE)}{re.escape(PLACE[1:])}/([\w-]+)")


class Sending:
    """A customer with a mail address and an invoice, and an office that mails it."""

    def __init__(self, desk: LateDesk, press: Press, mailer: Mailer) -> None:
        self.desk, self.store, self.book = desk, desk.store, desk.book
        self.mailer = mailer
        self.shop = Printshop(self.store, press)
        self.office = LinkOffice(self.store, self.shop, lambda: SECRET, HERE)
        self.customer = desk.contact(mailed())
        self.invoice = desk.late(customer=self.customer)

    def new(self, **others: Any) -> NewLink:
        """A link to the invoice for thirty days from now."""
        until = self.desk.clock.now + timedelta(days=30)
        told = {"link_id": new_id("lnk"), "kind": "invoice", "id": self.invoice}
        return NewLink(**{**told, "expires_at": until, **others})  # type: ignore[arg-type]

    def mail(self, new: NewLink) -> str:
        return self.office.mail(self.book, new, "test", self.mailer)

    def count(self, kind: type) -> int:
        return sum(isinstance(fact.event, kind) for fact in self.store.read(self.book))


@pytest.fixture
def sending(late_desk: LateDesk, press: Press, mailer: Mailer) -> Sending:
    """An invoice of a customer with an address."""
    return Sending(late_desk, press, mailer)


def told(message: bytes) -> EmailMessage:
    """A message as its reader has it."""
    return message_from_bytes(message, policy=policy.default)  # type: ignore[return-value]


def sealed_in(message: bytes) -> str:
    body = told(message).get_body()
    assert body is not None
    found = URL.search(body.get_content())
    assert found is not None
    return found[1]


@pytest.mark.feature("C10")
def test_a_link_is_mailed_once_and_gives_the_original(sending: Sending, inbox: Inbox) -> None:
    new = sending.new()
    assert [sending.mail(new) for _ in range(2)] == ["sent", "sent"]
    (content,) = inbox.messages
    message = told(content)
    assert message["To"] == "compta@cafe.example"
    assert message["Subject"] == "Facture FA-2026-00001"
    assert not list(message.iter_attachments())
    body = message.get_body()
    assert body is not None
    assert "FA-2026-00001 à cette adresse" in body.get_content()
    original = sending.shop.original(sending.book, "invoice", sending.invoice)
    sealed = sealed_in(content)
    assert sending.count(DocumentLinkOpened) == 0
    assert [sending.office.open(sealed).content for _ in range(2)] == [original.content] * 2
    assert sending.count(DocumentLinkOpened) == 1
    (sent,) = (
        fact.event
        for fact in sending.store.read(sending.book)
        if isinstance(fact.event, DocumentLinkSent)
    )
    assert (sent.original, sent.email) == (original.digest, "")
    assert sent.message_id == message["Message-ID"]
    past = sending.store.past(sending.book)
    assert past.reveal(sent.customer_id, sent.sealed) == {"email": "compta@cafe.example"}


@pytest.mark.feature("C10")
def test_a_crash_before_the_note_sends_the_same_mail_again(
    sending: Sending, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = sending.new(language="nl")

    def die(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(LinkOffice, "_note_sent", die)
        with pytest.raises(KeyboardInterrupt):
            sending.mail(new)
    sealed = sealed_in(inbox.messages[0])
    assert sending.office.open(sealed).content.startswith(b"%PDF-")
    assert sending.count(DocumentLinkOpened) == 0
    assert sending.mail(new) == "sent"
    first, second = map(told, inbox.messages)
    assert first["Message-ID"] == second["Message-ID"]
    assert sealed_in(inbox.messages[1]) == sealed
    assert first["Subject"] == "Factuur FA-2026-00001"
    assert sending.count(DocumentLinkSent) == 1


@pytest.mark.feature("C10")
def test_what_the_server_refuses_is_not_told_as_sent(sending: Sending, inbox: Inbox) -> None:
    inbox.answers = ["550 no such user", "451 later"]
    new = sending.new()
    assert [sending.mail(new) for _ in range(2)] == ["refused", "unreachable"]
    assert sending.count(DocumentLinkSent) == 0
    assert sending.mail(new) == "sent"


@pytest.mark.feature("C10")
def test_a_link_expires_and_nobody_makes_one(sending: Sending, inbox: Inbox) -> None:
    new = sending.new()
    sending.mail(new)
    sealed = sealed_in(inbox.messages[0])
    for wrong in ("", "x", sealed[:-1], f"{sealed}A", "A" + sealed[1:], f"é{sealed}", "=" * 9):
        with pytest.raises(LinkIsWrong):
            sending.office.open(wrong)
    other = LinkOffice(sending.store, sending.shop, lambda: b"t" * 32, HERE)
    with pytest.raises(LinkIsWrong):
        other.open(sealed)
    sending.desk.clock.now = new.expires_at
    with pytest.raises(LinkHasExpired):
        sending.office.open(sealed)
    assert sending.count(DocumentLinkOpened) == 0


def test_a_seal_says_what_was_sealed() -> None:
    link = Link(
        book_id="0190f2c0-0000-7000-8000-000000000001",
        link_id=new_id("lnk"),
        original="ab" * 32,
        expires_at=datetime(2026, 5, 1, tzinfo=UTC),
    )
    assert unseal(SECRET, seal(SECRET, link)) == link
    assert seal(SECRET, replace(link, expires_at=datetime(2026, 5, 2, tzinfo=UTC))) != seal(
        SECRET, link
    )


@pytest.mark.feature("C10")
def test_an_erased_or_missing_address_is_refused(sending: Sending, inbox: Inbox) -> None:
    desk, book = sending.desk, sending.book
    without = desk.late()
    with pytest.raises(Refusals) as refused:
        check_recipient(sending.store.past(book), "invoice", without)
    assert isinstance(refused.value.refused, RecipientIsMissing)
    check_recipient(sending.store.past(book), "invoice", sending.invoice)
    erase_contact(sending.store, book, sending.customer, desk.command(), kept=None)
    with pytest.raises(Refusals) as refused:
        check_recipient(sending.store.past(book), "invoice", sending.invoice)
    assert isinstance(refused.value.refused, RecipientIsMissing)
    assert sending.mail(sending.new()) == "no_address"
    assert inbox.messages == []


@pytest.mark.feature("C10")
def test_what_cannot_be_asked_for(sending: Sending, press: Press) -> None:
    desk, store = sending.desk, sending.store
    invoice, jobs = Chosen("invoice", sending.invoice), Jobs(store)
    draft = Chosen("invoice", desk.drafted())

    def refused(*documents: Chosen, mailer: Mailer | None, url: str | None = HERE) -> Any:
        office = LinkOffice(store, sending.shop, lambda: SECRET, url)
        counter = LinkCounter(store, office, Postman(store, sending.shop, mailer))
        with pytest.raises(Refusals) as error:
            counter.ask(jobs, desk.book, NewMails(documents=documents), desk.command())
        return error.value.refused

    mailer = sending.mailer
    assert isinstance(refused(invoice, mailer=None), MailIsNotSetUp)
    assert isinstance(refused(invoice, mailer=mailer, url=None), PublicAddressIsNotSetUp)
    assert isinstance(refused(mailer=mailer), SelectionIsWrong)
    assert isinstance(refused(invoice, invoice, mailer=mailer), SelectionIsWrong)
    found = refused(invoice, draft, mailer=mailer)
    assert isinstance(found, DocumentIsNotIssued)
    assert found.pointer == "/documents/1/id"
