"""Reminders as letters: their words and figures on the page, in three languages."""

import io
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from pypdf import PdfReader

from domain.book.refusal import Refusals
from domain.reminders.policy import ReminderPolicy
from domain.reminders.refusals import ReminderIsStale
from domain.reminders.reminder import Failed, Sent
from domain.sales.template import NewTemplate
from services import templates
from services.printing.press import Press
from services.printing.writing import Writing
from services.reminders import settings as reminder_settings
from services.reminders.jobs import ReminderPrinter
from services.reminders.mail import text_of
from tests.services.reminders.conftest import LateDesk, consumer, mailed, postman
from tests.services.reminders.test_sending import Batch

Read = Callable[[bytes], str]
MAY_15 = date(2026, 5, 15)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.feature("M43", "M11", "M4")
def test_a_second_letter_shows_interest_indemnity_and_what_to_pay(
    late_desk: LateDesk, press: Press, read: Read
) -> None:
    desk = late_desk
    look = NewTemplate(name="Relances", introduction="Service comptabilité", footer="Merci.")
    made = templates.make_template(desk.store, desk.book, look, desk.command()).answer
    assigned = {"reminder": made.template_id}
    customer = desk.contact(mailed(templates=_templates(**assigned), language="fr"))
    invoice = desk.late(customer=customer)
    desk.at(date(2026, 4, 10))
    desk.book_bank(date(2026, 4, 10))
    post = postman(desk, press, None)
    first = desk.remind(invoice, channel="post", customer=customer)
    assert first.document.template == made.pinned
    post.post(desk.book, first.document.reminder_id, "test")
    desk.at(MAY_15)
    desk.book_bank(MAY_15)
    second = desk.remind(invoice, level=2, channel="post", customer=customer)
    said = plain(read(post.letter(desk.book, second.document.reminder_id)))
    for words in (
        "Deuxième rappel",
        "RA-2026-00002",
        "Service comptabilité",
        "Malgré notre précédent rappel",
        "Facture FA-2026-00001 du 01/03/2026",
        "Conseil",
        "31/03/2026",
        "1 200,00",
        "17,98",
        "40,00",
        "1 257,98 €",
        "Intérêts calculés jusqu'au 15/05/2026",
        "Merci.",
    ):
        assert words in said, words
    assert "TVA 20" not in said


@pytest.mark.feature("M43")
@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "fr",
            [
                "Rappel",
                "numéro d'entreprise 0202239951",
                "14 jours calendrier",
                "troisième jour ouvrable",
                "300,00 EUR",
                "indemnité de 45,00 EUR",
                "Échéance",
            ],
        ),
        (
            "nl",
            [
                "Herinnering",
                "ondernemingsnummer 0202239951",
                "14 kalenderdagen",
                "derde werkdag",
                "schadevergoeding van 45,00 EUR",
                "Vervaldag",
            ],
        ),
        (
            "en",
            [
                "Reminder",
                "enterprise number 0202239951",
                "14 calendar days",
                "third working day",
                "indemnity of 45.00 EUR",
                "Due date",
            ],
        ),
    ],
)
def test_a_consumers_first_letter_says_all_that_the_law_wants(
    belgian: LateDesk, press: Press, read: Read, language: str, words: list[str]
) -> None:
    """Principal and indemnity, creditor and number, what was supplied, its due date, 14 days."""
    desk = belgian
    customer = desk.contact(consumer(language=language))
    invoice = desk.late("283.02", "6", customer)
    policy = ReminderPolicy(consumer_terms=True)
    reminder_settings.set_policy(desk.store, desk.book, policy, desk.command())
    desk.at(MAY_15)
    desk.book_bank(MAY_15)
    reminder = desk.remind(invoice, channel="post", customer=customer)
    said = plain(read(postman(desk, press, None).letter(desk.book, reminder.document.reminder_id)))
    for each in [*words, "Conseil", "31/03/2026", "Atelier fictif SRL"]:
        assert each.casefold() in said.casefold(), each
    mail = plain(text_of(reminder.document, Writing(reminder.document.language, "BE", "EUR")))
    for each in [*words[1:6], "Conseil", "31/03/2026", "Atelier fictif SRL"]:
        assert each in mail, each


@pytest.mark.feature("M43")
def test_letters_are_printed_into_one_file_and_count_as_posted(
    late_desk: LateDesk, press: Press, read: Read
) -> None:
    desk = late_desk
    customers = [desk.contact(mailed(name=name)) for name in ("A", "B", "C")]
    invoices = [desk.late(customer=customer) for customer in customers]
    desk.at(MAY_15)
    desk.book_bank(MAY_15)
    letters = [
        desk.remind(invoice, channel="post", customer=customer)
        for invoice, customer in zip(invoices, customers, strict=True)
    ]
    desk.letter(desk.pay(120_000, MAY_15, customers[1]), invoices[1])
    printer = ReminderPrinter(desk.store, postman(desk, press, None))
    pdf = b"".join(printer(Batch(desk.book, *letters)).content)
    outline: list[Any] = PdfReader(io.BytesIO(pdf)).outline
    assert [each.title for each in outline] == ["RA-2026-00001", "RA-2026-00003"]
    states = [type(desk.seen(letter)) for letter in letters]
    assert states == [Sent, Failed, Sent]
    again = b"".join(printer(Batch(desk.book, letters[0], letters[2])).content)
    assert read(again) == read(pdf)
    with pytest.raises(Refusals):
        printer(Batch(desk.book, letters[1]))
    stale = ReminderIsStale(number=str(uuid4()))
    assert stale.explain("nl")


def _templates(**assigned: str) -> Any:
    from domain.parties.particulars import AssignedTemplates

    return AssignedTemplates(**assigned)
