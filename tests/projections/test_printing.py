"""The printing register on a dict: letters to customers, when they leave and when they do not."""

from datetime import date

import pytest
from msgspec.structs import replace

from domain.book.event import Event
from domain.reminders.reminder import ReminderFailed, ReminderIssued, ReminderSent
from domain.sales.document_link import DocumentLinkOpened, DocumentLinkSent
from domain.sales.printing import DocumentPrinted
from projections.printing import IssuedDocument, IssuedLetter
from tests.books import recorded
from tests.golden.events.document_links import DOCUMENT_LINKS
from tests.golden.events.reminders import REMINDING
from tests.registers import Tables, in_memory

(ISSUED,) = (each for each in REMINDING if isinstance(each, ReminderIssued))
(SENT,) = (each for each in REMINDING if isinstance(each, ReminderSent))
FAILED = ReminderFailed(reminder_id=ISSUED.reminder_id, reason="refused", code=550, final=True)
LATER = replace(FAILED, code=451, final=False)

(LINKED,) = (each for each in DOCUMENT_LINKS if isinstance(each, DocumentLinkSent))
(OPENED,) = (each for each in DOCUMENT_LINKS if isinstance(each, DocumentLinkOpened))


def letter(*events: object) -> IssuedLetter:
    """The letter after what happened to it."""
    tables: Tables = in_memory(recorded([ISSUED, *events]))  # type: ignore[list-item]
    found = tables["issued_letter"][ISSUED.reminder_id]
    assert isinstance(found, IssuedLetter)
    return found


@pytest.mark.feature("V18", "M43")
def test_a_letter_is_issued_then_leaves() -> None:
    sent = replace(SENT, reminder_id=ISSUED.reminder_id)
    issued = letter()
    assert (issued.party_name, issued.amount) == (ISSUED.customer.name, ISSUED.due)
    assert (issued.sent_on, issued.failed) == (None, False)
    left = letter(LATER, sent)
    assert (left.sent_on, left.channel, left.failed) == (
        sent.sent_on,
        sent.delivery.channel,
        False,
    )


def test_a_letter_that_never_leaves_has_failed() -> None:
    assert letter(LATER).failed is False
    assert letter(LATER, FAILED).failed is True


def test_a_print_is_that_of_the_letter() -> None:
    told = DocumentPrinted(
        document_kind="reminder",
        document_id=ISSUED.reminder_id,
        number=ISSUED.document_number,
        issued_at=1,
        copy="original",
        language="fr",
        template="house@1",
        layout=1,
        files=("ab" * 32,),
    )
    row = in_memory(recorded([ISSUED, told]))["issued_document"]["reminder", ISSUED.reminder_id]
    assert isinstance(row, IssuedDocument)
    assert row.original == "ab" * 32


@pytest.mark.feature("V18", "C10")
def test_a_link_leaves_and_is_opened() -> None:
    """Links to what was issued before say nothing of what was issued since."""
    about = {"document_kind": "reminder", "document_id": ISSUED.reminder_id}
    sent = replace(LINKED, **about, issued_at=1)
    opened = replace(OPENED, **about, issued_at=1)

    def seen(*events: Event) -> tuple[date | None, bool]:
        tables = in_memory(recorded([ISSUED, *events]))
        row = tables["issued_document"]["reminder", ISSUED.reminder_id]
        assert isinstance(row, IssuedDocument)
        return row.mailed_on, row.opened

    assert seen() == (None, False)
    assert seen(sent) == (sent.sent_on, False)
    assert seen(sent, opened) == (sent.sent_on, True)
    assert seen(replace(sent, issued_at=9), replace(opened, issued_at=9)) == (None, False)
