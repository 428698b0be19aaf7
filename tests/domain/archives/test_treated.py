"""The client's own marks: set and taken off, on one document or on many, never twice."""

import pytest

from domain.archives.treated import (
    DocumentIsNotArchived,
    DocumentsMarkedTreated,
    DocumentsMarkedUntreated,
    mark,
)


@pytest.mark.feature("C8")
def test_documents_are_marked_and_unmarked() -> None:
    assert mark([5, 9, 5], {5, 9}, (), as_treated=True) == [DocumentsMarkedTreated(entries=(5, 9))]
    assert mark([5, 9], {5, 9}, {5, 9}, as_treated=False) == [
        DocumentsMarkedUntreated(entries=(5, 9))
    ]


def test_what_stands_so_is_left_out() -> None:
    assert mark([5, 9], {5, 9}, {9}, as_treated=True) == [DocumentsMarkedTreated(entries=(5,))]
    assert mark([5], {5}, {5}, as_treated=True) == []
    assert mark([5], {5}, (), as_treated=False) == []


@pytest.mark.feature("C6")
def test_only_what_is_in_the_archives_can_be_marked() -> None:
    refused = mark([5, 7], {5}, (), as_treated=True)
    assert refused == DocumentIsNotArchived(entry=7, pointer="/entries/1")
