"""The printing register on a dict: letters to customers, when they leave and when they do not."""

import pytest
from msgspec.structs import replace

from domain.sales.printing import DocumentPrinted
from domain.sales.reminder import ReminderFailed, ReminderIssued, ReminderSent
from projections.printing import IssuedDocument, IssuedLetter
from tests.books import recorded
from tests.golden.events.reminders import REMINDING
from tests.registers import Tables, in_memory

(ISSUED,) = (each for each in REMINDING if isinstance(each, ReminderIssued))
(SENT,) = (each for each in REMINDING if isinstance(each, ReminderSent))
FAILED = ReminderFailed(reminder_id=ISSUED.reminder_id, reason="refused", code=550, final=True)
LATER = replace(FAILED, code=451, final=False)


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
