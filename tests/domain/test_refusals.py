"""What holds for every refusal: a stable code of its own, a rule, three languages, a test."""

import re
from pathlib import Path

import pytest

from domain.book.refusal import Refused

TESTS = Path(__file__).parent


def every_refusal(kind: type[Refused] = Refused) -> list[type[Refused]]:
    """All refusals of the domain; those of tests are not ours."""
    found = []
    for child in kind.__subclasses__():
        if child.__module__.startswith("domain."):
            found += [child, *every_refusal(child)]
    return found


ALL = every_refusal()


def test_codes_are_unique():
    codes = [refusal.code for refusal in ALL]
    assert len(set(codes)) == len(codes) >= 40


@pytest.mark.parametrize("refusal", ALL, ids=lambda refusal: refusal.__name__)
def test_a_refusal_says_what_and_why_in_three_languages(refusal: type[Refused]):
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", refusal.code)
    assert refusal.rule
    assert set(refusal.text) == {"en", "fr", "nl"}
    fields = set(refusal.__struct_fields__)
    for sentence in refusal.text.values():
        assert set(re.findall(r"{(\w+)}", sentence)) <= fields
        assert sentence.endswith(".")


@pytest.mark.parametrize("refusal", ALL, ids=lambda refusal: refusal.__name__)
def test_a_refusal_is_tested(refusal: type[Refused]):
    """Somewhere under tests/ its name stands in a test: a rule nobody tried is no rule."""
    files = [path for path in TESTS.parent.rglob("test_*.py") if path.name != Path(__file__).name]
    assert any(refusal.__name__ in path.read_text(encoding="utf-8") for path in files)
