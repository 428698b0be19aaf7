"""What the audit says of a desk's book: the checks of entries, numbers, documents, letterings."""

from services.audit.replay_check import Check, Step
from services.audit.replay_documents import Immutability, NumbersGapless
from services.audit.replay_entries import DebitsEqualCredits, EntriesDerive
from services.audit.replay_letterings import LetteringsBalance
from tests.services.use_cases.conftest import Desk

CHECKS: tuple[type[Check], ...] = (
    EntriesDerive,
    DebitsEqualCredits,
    NumbersGapless,
    Immutability,
    LetteringsBalance,
)


def findings(desk: Desk) -> list[str]:
    """Everything that a check finds wrong in the book."""
    said = []
    for kind in CHECKS:
        check = kind()
        for fact in desk.store.read(desk.book):
            if not check.events or isinstance(fact.event, check.events):
                check.take(Step(fact, ""))
        check.end()
        said += [f"{check.name}: {each.field} {each.detail}" for each in check.failures]
    return said
