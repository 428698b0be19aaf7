"""Links to documents as facts: each leaves once, and is opened for the first time once."""

import pytest

from domain.book.event import Decision
from domain.book.refusal import Refused
from domain.sales import document_link
from domain.sales.document_link import DocumentLinkOpened, DocumentLinkSent, SentLink
from tests.domain.spec import Story
from tests.golden.events.document_links import DOCUMENT_LINKS

(SENT,) = (each for each in DOCUMENT_LINKS if isinstance(each, DocumentLinkSent))


def link(story: Story) -> SentLink | None:
    return story.fold(document_link.evolve, None, document_link.link_tag(SENT.link_id))


def happens(story: Story, decided: Decision) -> int:
    assert not isinstance(decided, Refused)
    story.happened(*decided)
    return len(decided)


@pytest.mark.feature("C10")
def test_a_link_is_told_of_once() -> None:
    story = Story()
    assert happens(story, document_link.note_sent(link(story), SENT)) == 1
    assert happens(story, document_link.note_sent(link(story), SENT)) == 0
    known = link(story)
    assert known is not None
    assert (known.sent, known.opened) == (SENT, False)


@pytest.mark.feature("C10")
def test_only_the_first_opening_is_told_and_says_nothing_of_anybody() -> None:
    story = Story([SENT])
    assert happens(story, document_link.note_opened(link(story))) == 1
    assert happens(story, document_link.note_opened(link(story))) == 0
    opened = story.newest(DocumentLinkOpened)
    assert set(opened.__struct_fields__) == {
        "link_id",
        "document_kind",
        "document_id",
        "issued_at",
    }
    known = link(story)
    assert known is not None
    assert known.opened


def test_what_was_never_sent_is_not_opened() -> None:
    assert document_link.note_opened(None) == []
