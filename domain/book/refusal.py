"""A refusal: why a command gives no event, as a value with a name."""

from collections.abc import Callable, Iterable
from typing import Any, ClassVar, ParamSpec

from msgspec import Struct

P = ParamSpec("P")


class Refused(Struct, frozen=True, kw_only=True):
    """What is wrong, by a stable `code`, the `rule` that says so and the event that causes it.

    `rule` is a row of the feature list (V…, E…, C…, M…) or an article of law. `pointer` is the JSON
    pointer of the faulty field in the command, empty where the state refuses, not a field.
    `text` holds the sentence in English, French and Dutch, filled with the fields of the refusal.
    """

    code: ClassVar[str] = ""
    rule: ClassVar[str] = ""
    text: ClassVar[dict[str, str]] = {}

    pointer: str = ""
    position: int | None = None

    def explain(self, language: str = "en") -> str:
        """The refusal in words, in `language` (en, fr, nl) or in English."""
        words = self.text.get(language) or self.text["en"]
        return words.format(**self.values())

    def values(self) -> dict[str, Any]:
        """The fields that make up this refusal, by name."""
        return {name: getattr(self, name) for name in self.__struct_fields__}


class Refusals(Exception):
    """Carries a refusal from a decision through the pen to the door; nothing was written."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.explain())
        self.refused = refused


def words(en: str, fr: str, nl: str) -> dict[str, str]:
    """The sentence of a refusal in the three languages of its readers."""
    return {"en": en, "fr": fr, "nl": nl}


def judge(
    rules: Iterable[Callable[P, Refused | None]], *args: P.args, **kwargs: P.kwargs
) -> Refused | None:
    """The refusal of the first rule of a family that refuses, or None."""
    for rule in rules:
        refused = rule(*args, **kwargs)
        if refused is not None:
            return refused
    return None
