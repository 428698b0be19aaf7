"""Mails leave by a real SMTP server, once in effect; failures are told and tried again."""

import json
import smtplib
import ssl
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from domain.book.refusal import Refusals
from domain.reminders.refusals import (
    ChannelIsWrong,
    MailIsNotSetUp,
    ReminderHasFailed,
    ReminderIsSent,
    ReminderIsUnknown,
)
from domain.reminders.reminder import Failed, Issued, Reminder, ReminderSent, Sent
from domain.sales.printing import SelectionIsWrong
from services.erasure import erase_contact
from services.jobs.desk import Desk as Jobs
from services.mailing import Mailer, MailNotSent, read_url
from services.printing.press import Press
from services.reminders.jobs import LETTERS, MAIL, MailIsDelayed, ReminderSender, ask_for
from services.reminders.loading import address_of
from services.reminders.post import Postman
from services.store.pen import Command
from tests.services.reminders.conftest import Inbox, LateDesk, MailServer, mailed, postman

MAY_15 = date(2026, 5, 15)


def issued(desk: LateDesk, **others: Any) -> Reminder:
    """A first reminder by mail, issued on 15 May."""
    customer = desk.contact(mailed(**others))
    invoice = desk.late(customer=customer)
    desk.at(MAY_15)
    desk.book_bank(MAY_15)
    return desk.remind(invoice, customer=customer)


def told(message: bytes) -> EmailMessage:
    """A message as its reader has it."""
    return message_from_bytes(message, policy=policy.default)  # type: ignore[return-value]


def mail(desk: LateDesk, post: Postman, reminder: Reminder) -> str:
    return post.mail(desk.book, reminder.document.reminder_id, "test")


@pytest.mark.feature("M43")
def test_a_reminder_is_mailed_once_with_its_letter(
    late_desk: LateDesk, press: Press, mailer: Mailer, inbox: Inbox
) -> None:
    reminder, post = issued(late_desk), postman(late_desk, press, mailer)
    assert [mail(late_desk, post, reminder) for _ in range(2)] == ["sent", "sent"]
    (content,) = inbox.messages
    message = told(content)
    assert message["From"] == "Atelier fictif SARL <compta@atelier.example>"
    assert message["To"] == "compta@cafe.example"
    assert message["Subject"] == "Rappel RA-2026-00001"
    body = message.get_body()
    assert body is not None
    text = body.get_content()
    assert "FA-2026-00001" in text
    assert "1 200,00 €" in text.replace("\u00a0", " ").replace("\u202f", " ")
    (letter,) = message.iter_attachments()
    assert letter.get_content().startswith(b"%PDF-")
    sent = late_desk.seen(reminder)
    assert isinstance(sent, Sent)
    assert sent.sent.sent_on == MAY_15
    assert message["Message-ID"] == sent.sent.delivery.message_id
    past = late_desk.store.past(late_desk.book)
    assert address_of(past, sent) == "compta@cafe.example"
    assert sent.sent.delivery.email == ""
    assert address_of(past, reminder) == ""


@pytest.mark.feature("M43")
def test_a_crash_before_the_note_sends_the_same_message_id_again(
    late_desk: LateDesk,
    press: Press,
    mailer: Mailer,
    inbox: Inbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reminder, post = issued(late_desk), postman(late_desk, press, mailer)

    def die(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Postman, "_note_sent", die)
        with pytest.raises(KeyboardInterrupt):
            mail(late_desk, post, reminder)
    assert isinstance(late_desk.seen(reminder), Issued)
    assert mail(late_desk, post, reminder) == "sent"
    first, second = map(told, inbox.messages)
    assert first["Message-ID"] == second["Message-ID"]
    letters = [next(each.iter_attachments()).get_content() for each in (first, second)]
    assert letters[0] == letters[1]
    facts = list(late_desk.store.read(late_desk.book))
    assert sum(isinstance(fact.event, ReminderSent) for fact in facts) == 1


@pytest.mark.feature("M43")
def test_what_is_refused_fails_and_what_waits_is_tried_again(
    late_desk: LateDesk, press: Press, mailer: Mailer, inbox: Inbox
) -> None:
    reminder, post = issued(late_desk), postman(late_desk, press, mailer)
    inbox.answers = ["450 4.2.0 greylisted", "450 4.2.0 greylisted"]
    assert [mail(late_desk, post, reminder) for _ in range(2)] == ["unreachable"] * 2
    waiting = late_desk.seen(reminder)
    assert isinstance(waiting, Issued)
    assert waiting.failed is not None
    assert (waiting.failed.code, waiting.failed.final) == (450, False)
    inbox.answers = ["550 5.1.1 unknown"]
    assert mail(late_desk, post, reminder) == "refused"
    failed = late_desk.seen(reminder)
    assert isinstance(failed, Failed)
    assert (failed.failed.reason, failed.failed.code) == ("refused", 550)
    with pytest.raises(Refusals) as refusal:
        mail(late_desk, post, reminder)
    assert isinstance(refusal.value.refused, ReminderHasFailed)
    (again,) = late_desk.propose().letters
    assert again.level == 1
    assert inbox.messages == []


@pytest.mark.feature("M43")
def test_what_was_paid_since_is_not_sent(
    late_desk: LateDesk, press: Press, mailer: Mailer, inbox: Inbox
) -> None:
    reminder, post = issued(late_desk), postman(late_desk, press, mailer)
    issued_to = reminder.document
    payment = late_desk.pay(120_000, MAY_15, issued_to.customer_id)
    late_desk.letter(payment, issued_to.items[0].invoice_id)
    assert mail(late_desk, post, reminder) == "stale"
    assert isinstance(late_desk.seen(reminder), Failed)
    assert inbox.messages == []


@pytest.mark.feature("M43")
def test_an_address_that_is_erased_is_erased_everywhere_and_gets_no_mail(
    late_desk: LateDesk, press: Press, mailer: Mailer, inbox: Inbox
) -> None:
    customer = late_desk.contact(mailed())
    invoices = [late_desk.late(customer=customer) for _ in range(2)]
    late_desk.at(MAY_15)
    late_desk.book_bank(MAY_15)
    first, second = [late_desk.remind(invoice, customer=customer) for invoice in invoices]
    post, store, book = postman(late_desk, press, mailer), late_desk.store, late_desk.book
    assert mail(late_desk, post, first) == "sent"
    erase_contact(store, book, customer, late_desk.command(), kept=None, fields=["email"])
    assert address_of(store.past(book), late_desk.seen(first)) == ""
    assert mail(late_desk, post, second) == "refused"
    assert len(inbox.messages) == 1


class Batch:
    """Work in hand, without a worker."""

    def __init__(self, book_id: str, *reminders: Reminder) -> None:
        self.book_id = book_id
        ids = [each.document.reminder_id for each in reminders]
        self.asked: dict[str, Any] = {"reminders": ids, "actor": "test"}

    def command(self, what: str) -> Command:
        return Command(id=f"{uuid4()}:{what}", actor="test", cause="job")

    def progress(self, done: int, total: int) -> None:
        assert done < total


@pytest.mark.feature("M43")
def test_a_batch_sends_all_it_can_and_is_tried_again_for_the_rest(
    late_desk: LateDesk, press: Press, mailer: Mailer, inbox: Inbox
) -> None:
    late_desk.clock.now = datetime(2026, 3, 1, 8, tzinfo=UTC)
    customers = [late_desk.contact(mailed(name=name)) for name in ("A", "B")]
    invoices = [late_desk.late(customer=customer) for customer in customers]
    late_desk.at(MAY_15)
    late_desk.book_bank(MAY_15)
    both = [
        late_desk.remind(invoice, customer=customer)
        for invoice, customer in zip(invoices, customers, strict=True)
    ]
    sender = ReminderSender(postman(late_desk, press, mailer))
    inbox.answers = ["451 4.3.0 later"]
    work = Batch(late_desk.book, *both)
    with pytest.raises(MailIsDelayed):
        sender(work)
    assert len(inbox.messages) == 1
    product = sender(work)
    assert len(inbox.messages) == 2
    report = json.loads(b"".join(product.content))
    assert [each["outcome"] for each in report["data"]] == ["sent", "sent"]


@pytest.mark.feature("M43")
def test_what_cannot_be_sent_is_refused_when_it_is_asked_for(
    late_desk: LateDesk, press: Press, mailer: Mailer
) -> None:
    reminder, jobs = issued(late_desk), Jobs(late_desk.store)
    store, book, post = late_desk.store, late_desk.book, postman(late_desk, press, mailer)
    known = reminder.document.reminder_id

    def refused(reminders: list[str], kind: str, with_mail: Postman) -> object:
        with pytest.raises(Refusals) as refusal:
            ask_for(store, jobs, book, reminders, late_desk.command(), kind=kind, postman=with_mail)
        return refusal.value.refused

    nothing = postman(late_desk, press, None)
    assert isinstance(refused([known], MAIL, nothing), MailIsNotSetUp)
    assert isinstance(refused([], MAIL, post), SelectionIsWrong)
    assert refused(["rem_9"], MAIL, post) == ReminderIsUnknown(
        reminder_id="rem_9", pointer="/reminders/0"
    )
    assert isinstance(refused([known], LETTERS, post), ChannelIsWrong)
    with pytest.raises(Refusals) as refusal:
        post.letter(book, known)
    assert isinstance(refusal.value.refused, ChannelIsWrong)
    assert mail(late_desk, post, reminder) == "sent"
    assert isinstance(refused([known], MAIL, post), ReminderIsSent)


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 and its key."""
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")]),
    )
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    cert, secret = tmp_path / "cert.pem", tmp_path / "key.pem"
    cert.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return cert, secret


@pytest.fixture
def tls_port(certificate: tuple[Path, Path], inbox: Inbox) -> Iterator[int]:
    """The port of a server that takes mail over STARTTLS alone."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    server = MailServer(
        inbox, hostname="127.0.0.1", port=0, tls_context=context, require_starttls=True
    )
    server.start()
    yield server.port
    server.stop()


def a_message() -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = "a@atelier.example", "b@cafe.example"
    message.set_content("Bonjour")
    return message


def test_mail_is_encrypted_to_a_server_whose_certificate_is_trusted(
    tls_port: int,
    certificate: tuple[Path, Path],
    inbox: Inbox,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mailer = Mailer(read_url(f"smtp://127.0.0.1:{tls_port}"), "a@atelier.example")
    with pytest.raises(MailNotSent) as error:
        mailer.send(a_message())
    assert (error.value.code, error.value.final) == (0, False)
    assert inbox.messages == []
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    mailer.send(a_message())
    assert len(inbox.messages) == 1


def test_nothing_leaves_in_clear_for_a_server_elsewhere(
    inbox: Inbox, mailer: Mailer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name of this machine stands for one elsewhere: without STARTTLS it gets nothing."""
    port = mailer._server.port
    monkeypatch.setattr("services.mailing._is_here", lambda _: False)
    with pytest.raises(MailNotSent) as error:
        mailer.send(a_message())
    assert error.value.final
    assert isinstance(error.value.__cause__, smtplib.SMTPNotSupportedError)
    assert inbox.messages == []
    assert read_url(f"smtps://u%40x:p%3A@mail.example:{port}") == (
        "mail.example",
        port,
        "u@x",
        "p:",
        True,
    )
    assert read_url("smtp://mail.example").port == 587
    assert read_url("smtps://mail.example").port == 465
    with pytest.raises(ValueError, match="smtp"):
        read_url("http://mail.example")


def test_a_server_that_is_not_there_is_tried_again() -> None:
    with pytest.raises(MailNotSent) as error:
        Mailer(read_url("smtp://127.0.0.1:1"), "a@atelier.example").send(a_message())
    assert not error.value.final
