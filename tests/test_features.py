"""docs/features.md says what the markers on the tests say."""

from tests.features import PAGE, held, page


def test_the_page_of_features_is_true() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "refresh it: python -m tests.features"


def test_the_rows_of_the_foundation_are_held() -> None:
    foundation = {"V16", "V24", "V26", "C2", "C3", "C4", "C5", "C7", "C13", "C14", "E28"}
    foundation |= {"M14", "M15", "M16", "M17", "M30", "M31", "M32"}
    missing = foundation - {row for row, _ in held()}
    assert not missing
