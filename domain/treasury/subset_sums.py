"""Which amounts add up to a sum: bounded work, and always the same answer."""

from collections.abc import Sequence
from itertools import accumulate

MOST_AMOUNTS = 24
MOST_STEPS = 20_000


def subsets(amounts: Sequence[int], wanted: int) -> list[tuple[int, ...]]:
    """At most two ways (by index) to make `wanted`, first those with the fewest amounts.

    The first 24 amounts are tried, and no more than 20 000 steps are taken: what is not found then
    is left to people. Two ways mean that the sum alone does not tell.
    """
    tried = [amount for amount in amounts[:MOST_AMOUNTS] if amount]
    at = [index for index, amount in enumerate(amounts[:MOST_AMOUNTS]) if amount]
    search = _Search(tried, wanted)
    for size in range(1, len(tried) + 1):
        search.of_size(size)
        if search.found or search.steps > MOST_STEPS:
            break
    return [tuple(at[index] for index in chosen) for chosen in search.found]


class _Search:
    """Depth first, cut off where what is left cannot reach the sum any more."""

    def __init__(self, amounts: list[int], wanted: int) -> None:
        self.amounts = amounts
        self.wanted = wanted
        self.found: list[tuple[int, ...]] = []
        self.steps = 0
        self._most = _from_the_end([max(amount, 0) for amount in amounts])
        self._least = _from_the_end([min(amount, 0) for amount in amounts])

    def of_size(self, size: int) -> None:
        """Looks for sums of exactly so many amounts."""
        self._look(0, size, self.wanted, ())

    def _look(self, start: int, size: int, left: int, chosen: tuple[int, ...]) -> None:
        self.steps += 1
        if len(self.found) > 1 or self.steps > MOST_STEPS:
            return
        if size == 0:
            if left == 0:
                self.found.append(chosen)
            return
        if not self._least[start] <= left <= self._most[start]:
            return
        for index in range(start, len(self.amounts) - size + 1):
            self._look(index + 1, size - 1, left - self.amounts[index], (*chosen, index))


def _from_the_end(amounts: list[int]) -> list[int]:
    """Σ of the amounts from each index on; nothing behind the last."""
    return [*[*accumulate(reversed(amounts))][::-1], 0]
