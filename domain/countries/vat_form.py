"""The return of each country: its grids, how they are settled, checked and added up."""

from collections.abc import Callable, Mapping

from msgspec import Struct

from domain.countries import be_grids, fr_boxes
from domain.countries.country import Country
from domain.countries.grids import Check, Form, Settled

Sums = Mapping[str, int]


class VatForm(Struct, frozen=True, kw_only=True):
    """A country's return: `settle` takes the sums of the operations and what was carried over.

    `totals` are the grids that add up others, and how often each of these counts.
    """

    form: Form
    settle: Callable[[Sums, Sums], Settled]
    check: Callable[[Sums], tuple[Check, ...]]
    totals: Mapping[str, Mapping[str, int]]


VAT_FORMS: dict[Country, VatForm] = {
    "BE": VatForm(
        form=be_grids.FORM,
        settle=be_grids.settle,
        check=be_grids.check,
        totals=be_grids.TOTALS,
    ),
    "FR": VatForm(
        form=fr_boxes.FORM,
        settle=fr_boxes.settle,
        check=fr_boxes.check,
        totals=fr_boxes.TOTALS,
    ),
}
