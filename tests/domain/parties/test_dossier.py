"""Dossiers as facts: code, manager, and since when they are active."""

import pytest

from domain.book.refusal import Refused
from domain.parties import dossier as dossiers
from domain.parties.dossier import DOSSIER_TAG, Dossier, NewDossier
from tests.domain.spec import START, Story


def keep(story: Story, **new: object) -> Dossier:
    before = story.fold(dossiers.evolve, Dossier(since=START), DOSSIER_TAG)
    decided = dossiers.keep(before, NewDossier(**new))  # type: ignore[arg-type]
    assert not isinstance(decided, Refused)
    story.happened(*decided)
    return story.fold(dossiers.evolve, Dossier(since=START), DOSSIER_TAG)


@pytest.mark.feature("C16")
def test_a_dossier_is_put_away_and_taken_up_again() -> None:
    story = Story()
    named = keep(story, code=" C1 ", manager="mdv")
    assert (named.code, named.manager, named.active, named.since) == ("C1", "mdv", True, START)
    keep(story, code="C1", manager="mdv")
    assert len(story.facts) == 1
    assert keep(story, code="C1", manager="mdv", active=False).since is None
    assert keep(story, code="C1").since == story.facts[-1].recorded_at


def test_a_code_that_nobody_can_read_is_refused() -> None:
    assert isinstance(dossiers.keep(Dossier(), NewDossier(code="a\x00")), Refused)
