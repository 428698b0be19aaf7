"""Prints as facts: one original for ever, duplicates after it."""

from domain.book.refusal import Refused
from domain.sales import printing
from domain.sales.printing import Copy, DocumentPrinted, Printed
from tests.domain.spec import Story


def told(copy: Copy = "original", digest: str = "aa", issued_at: int = 7) -> DocumentPrinted:
    return DocumentPrinted(
        document_kind="invoice",
        document_id="i-1",
        number="FA-2026-00001",
        issued_at=issued_at,
        copy=copy,
        language="fr",
        template="house",
        layout=1,
        files=(digest,),
    )


def printed(story: Story) -> Printed | None:
    return story.fold(printing.evolve, None, printing.printed_tag("invoice", "i-1"))


def note(story: Story, what: DocumentPrinted) -> None:
    decided = printing.note(printed(story), what)
    assert not isinstance(decided, Refused)
    story.happened(*decided)


def test_the_first_original_is_the_original():
    story = Story()
    note(story, told(digest="aa"))
    note(story, told(digest="bb"))
    known = printed(story)
    assert known is not None
    assert (known.original, len(story.facts)) == ("aa", 1)


def test_duplicates_are_counted_and_change_nothing_else():
    story = Story()
    for copy, digest in (("original", "aa"), ("duplicate", "bb"), ("duplicate", "cc")):
        note(story, told(copy, digest))  # type: ignore[arg-type]
    known = printed(story)
    assert known is not None
    assert (known.original, known.duplicates) == ("aa", 2)


def test_what_is_issued_again_has_another_original():
    story = Story()
    note(story, told(digest="aa"))
    note(story, told(digest="bb", issued_at=12))
    known = printed(story)
    assert known is not None
    assert known.original == "bb"
