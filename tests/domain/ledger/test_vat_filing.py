"""Filing a return: frozen once, and the cents that whole euros make are booked to 658 or 758."""

from datetime import date

import pytest

from domain.countries import fr_boxes
from domain.ledger.entry import EntryPosted
from domain.ledger.vat_filing import entry_lines, file_return
from domain.ledger.vat_period import VatPeriod
from domain.ledger.vat_return import Filing, Prepared, VatReturnFiled
from tests.domain.steps import company, opened, standing

JULY = VatPeriod(2026, 7, 1)
TODAY = date(2026, 8, 3)


def filed(rounding: int, *, carried: int = 0, before: int | None = None) -> list[object]:
    """What filing July decides, after an earlier filing that booked `before`."""
    story = opened()
    earlier = ()
    if before is not None:
        old = file_return((), prepared(before), standing(story, "OD", JULY.last_day, TODAY),
                          file="", reference="")  # fmt: skip
        assert isinstance(old, list)
        assert isinstance(old[0], VatReturnFiled)
        earlier = (Filing(position=9, document=old[0], period=JULY),)
    decision = file_return(
        earlier,
        prepared(rounding, carried=carried, known=9 if earlier else 0),
        standing(story, "OD", JULY.last_day, TODAY),
        file="ab",
        reference="r" if earlier else "",
    )
    assert isinstance(decision, list)
    return list(decision)


def prepared(rounding: int, *, carried: int = 0, known: int = 0) -> Prepared:
    over = {"22": carried} if carried else {}
    return Prepared(
        period=JULY, grids={"28": 100}, carried=over, stands_on=7, known=known, rounding=rounding
    )


@pytest.mark.feature("V24")
@pytest.mark.parametrize(
    ("rounding", "carried", "expected"),
    [
        (45, 0, [("658800", 45, 0), ("445510", 0, 45)]),
        (-30, 0, [("758800", 0, 30), ("445510", 30, 0)]),
        (20, 500, [("658800", 20, 0), ("445670", 0, 20)]),
    ],
)
def test_what_is_rounded_is_booked_with_the_filing(
    rounding: int, carried: int, expected: list[tuple[str, int, int]]
) -> None:
    told, entry = filed(rounding, carried=carried)
    assert isinstance(told, VatReturnFiled)
    assert isinstance(entry, EntryPosted)
    assert (told.rounding, told.booked, told.entry_date) == (rounding, rounding, JULY.last_day)
    assert [(line.account, line.debit, line.credit) for line in entry.lines] == expected
    assert (entry.date, entry.document.number) == (JULY.last_day, "CA3-2026-07")
    assert entry_lines(told, company(opened())) == entry.lines


def test_a_filing_that_replaces_another_books_the_difference_alone() -> None:
    told, entry = filed(45, before=30)
    assert isinstance(told, VatReturnFiled)
    assert isinstance(entry, EntryPosted)
    assert (told.rounding, told.booked, entry.lines[0].debit) == (45, 15, 15)
    (same,) = filed(30, before=30)
    assert isinstance(same, VatReturnFiled)
    assert same.entry_date is None


def test_nothing_is_booked_where_nothing_is_rounded() -> None:
    (told,) = filed(0)
    assert isinstance(told, VatReturnFiled)
    assert entry_lines(told, company(opened())) is None


@pytest.mark.feature("V24")
@pytest.mark.parametrize(
    ("sums", "rounding"),
    [
        ({"08": 20_050}, 50),  # half-up: 200.50 is 201
        ({"08": 20_049}, -49),
        ({"08": 20_049, "20": 10_060}, -49 - 40),  # each box by itself
        ({"08": 10_000, "20": 20_049}, 49),  # a credit of 100 instead of 100.49
        ({"08": -20_049}, 49),  # it goes to box 21
    ],
)
def test_rounding_is_what_whole_euros_add_to_what_is_owed(
    sums: dict[str, int], rounding: int
) -> None:
    settled = fr_boxes.settle(sums, {})
    assert settled.rounding == rounding
    owed = settled.grids.get("28", 0) - settled.grids.get("25", 0)
    exact = sums.get("08", 0) - sums.get("20", 0)
    assert owed - exact == rounding
