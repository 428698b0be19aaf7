"""Templates: versions by data alone, defaults of kinds, and what is refused."""

from typing import Any

import pytest

from domain.book.refusal import Refused
from domain.sales import template
from domain.sales.template import NewTemplate, TemplateIsWrong, TemplateVersioned
from domain.values.faults import FieldIsMissing, TextIsUnreadable
from tests.domain.spec import Story


def look(**changes: Any) -> NewTemplate:
    return NewTemplate(**({"name": "Chantiers", "kinds": ("invoice", "quote")} | changes))


def versioned(story: Story, template_id: str, new: NewTemplate) -> Story:
    known = template.of_fact(story.last(template.template_tag(template_id)))
    decided = template.version(known, template_id, new, logo_is_kept=True)
    assert not isinstance(decided, Refused)
    return story.happened(*decided)


def default(story: Story, kind: template.TemplateKind) -> str:
    known = template.default_of(kind, story.last(template.default_tag(kind)))
    return "" if known is None else known.pinned


@pytest.mark.feature("M11")
def test_each_change_is_a_version_and_the_same_again_is_none():
    story = versioned(Story(), "tpl-1", look())
    versioned(story, "tpl-1", look(colour="#aa0000"))
    versioned(story, "tpl-1", look(colour="#aa0000"))
    assert [event.version for event in story.all(TemplateVersioned)] == [1, 2]


@pytest.mark.feature("M11", "M18")
def test_the_newest_template_given_to_a_kind_is_its_default():
    story = versioned(Story(), "tpl-1", look())
    assert (default(story, "invoice"), default(story, "credit_note")) == ("tpl-1@1", "")
    versioned(story, "tpl-2", look(kinds=("invoice",)))
    assert (default(story, "invoice"), default(story, "quote")) == ("tpl-2@1", "tpl-1@1")


@pytest.mark.feature("M11")
def test_a_kind_that_is_taken_away_has_the_house_template():
    story = versioned(Story(), "tpl-1", look())
    versioned(story, "tpl-1", look(kinds=("quote",)))
    assert story.newest(TemplateVersioned).withdrawn == ("invoice",)
    assert (default(story, "invoice"), default(story, "quote")) == ("", "tpl-1@2")


def test_a_logo_is_named_among_the_files_of_the_book():
    story = versioned(Story(), "tpl-1", look(logo="ab" * 32))
    assert story.newest(TemplateVersioned).files == ("ab" * 32,)


@pytest.mark.parametrize(
    ("changes", "refusal", "pointer"),
    [
        ({"name": ""}, FieldIsMissing, "/name"),
        ({"colour": "red;}"}, TemplateIsWrong, "/colour"),
        ({"colour": "#ABCDEF"}, TemplateIsWrong, "/colour"),
        ({"footer": "a\x07"}, TextIsUnreadable, "/footer"),
    ],
)
def test_what_a_template_cannot_be(changes: Any, refusal: type[Refused], pointer: str):
    refused = template.version(None, "tpl-1", look(**changes), logo_is_kept=True)
    assert isinstance(refused, refusal)
    assert refused.pointer == pointer


def test_a_logo_that_the_book_does_not_keep_is_refused():
    refused = template.version(None, "tpl-1", look(logo="ab" * 32), logo_is_kept=False)
    assert isinstance(refused, TemplateIsWrong)


def test_a_version_is_read_from_what_was_pinned():
    assert template.read_pinned("tpl-1@12") == ("tpl-1", 12)
    assert template.read_pinned("tpl-1") == ("tpl-1", None)
