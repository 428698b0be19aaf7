"""How small a payment difference may be written off with a lettering: a setting of the company."""

from typing import ClassVar

from msgspec import Struct

from domain.book.event import Decision, Event, Recorded
from domain.book.refusal import Refused, words
from domain.values import faults

TOLERANCE_TAG = "payment_tolerance"
AT_FIRST = 100
"""One euro, in cents: what a company tolerates before it says otherwise."""
MOST = 100_00


class PaymentToleranceSet(Event, frozen=True, kw_only=True):
    """Differences of up to `amount` (minor units) may be written off when lines are lettered."""

    stored_as: ClassVar[str] = "payment_tolerance.set.v1"

    amount: int

    @property
    def tags(self) -> tuple[str, ...]:
        return (TOLERANCE_TAG,)


class Tolerance(Struct, frozen=True, kw_only=True):
    """The tolerance as of now, and the event that says so (0: none has)."""

    amount: int = AT_FIRST
    position: int = 0


class DifferenceIsTooLarge(Refused, frozen=True, kw_only=True):
    """What the two sides differ by is more than the company writes off."""

    code = "difference_too_large"
    rule = "C7"
    text = words(
        en="The lines differ by {difference}; at most {tolerance} may be written off.",
        fr="L'écart est de {difference} ; au plus {tolerance} peut être passé en écart.",
        nl="Het verschil is {difference}; hoogstens {tolerance} mag worden weggeboekt.",
    )

    difference: int
    tolerance: int


def set_tolerance(before: Tolerance, amount: int) -> Decision:
    """Sets the largest difference to write off, at most a hundred; nothing when it stands so."""
    refused = faults.out_of_bounds(amount, "/amount", least=0)
    if refused is None and amount > MOST:
        refused = faults.AmountIsOutOfBounds(amount=amount, pointer="/amount")
    if refused is not None:
        return refused
    return [] if before.amount == amount else [PaymentToleranceSet(amount=amount)]


def of_fact(fact: Recorded | None) -> Tolerance:
    """The tolerance that the newest event of its tag describes; one euro before the first."""
    match fact:
        case Recorded(event=PaymentToleranceSet(amount=amount)):
            return Tolerance(amount=amount, position=fact.position)
    return Tolerance()


def check_tolerated(tolerance: Tolerance, difference: int) -> DifferenceIsTooLarge | None:
    """Refuses to write off more than is tolerated, on either side."""
    if abs(difference) <= tolerance.amount:
        return None
    return DifferenceIsTooLarge(
        difference=abs(difference),
        tolerance=tolerance.amount,
        position=tolerance.position or None,
        pointer="/difference",
    )
