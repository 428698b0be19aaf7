"""The VAT of purchases by treatment: what is owed, what is deducted, what is a cost."""

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from msgspec.structs import replace

from domain.book.refusal import Refused
from domain.ledger.entry import EntryPosted
from domain.parties.contact import ContactCreated, ContactDetails
from domain.purchases.bill import BillLine, BillRecorded
from domain.purchases.taxing import LineRateIsMissing, LinesMissRate, PurchaseCodeIsUnknown
from domain.values.vat import VatAmount
from tests.domain.spec import Story
from tests.domain.steps import (
    BELGIAN,
    FRENCH,
    SUPPLIER,
    create_contact,
    new_bill,
    opened,
    record_bill,
)


def bought(story: Story, *lines: BillLine, vat: tuple[VatAmount, ...], **others: object) -> Story:
    new = new_bill(lines=lines, vat=vat, **others)
    return story.when(record_bill, new).then(BillRecorded, EntryPosted)


def line(net: int, **others: str) -> BillLine:
    return BillLine(description="x", net=net, **others)  # type: ignore[arg-type]


def whole(category: str, base: int, tax: int = 0, rate: str = "0") -> VatAmount:
    return VatAmount(category=category, rate=rate, base=base, tax=tax)  # type: ignore[arg-type]


def entered(story: Story) -> list[tuple[str, int]]:
    return [(each.account, each.debit - each.credit) for each in story.newest(EntryPosted).lines]


def abroad(story: Story, country: str) -> Story:
    address = replace(SUPPLIER.address, country=country)
    details = ContactDetails(name="Lieferant", roles=("supplier",), address=address)
    return story.when(create_contact, details, "ctc_3").then(ContactCreated)


@pytest.mark.feature("V24")
@pytest.mark.parametrize(
    ("category", "country", "code", "account"),
    [
        ("K", "DE", "ICG", "451055"),
        ("AE", "BE", "COC", "451056"),
        ("AE", "DE", "ICS", "451055"),
        ("AE", "US", "EXT", "451056"),
        ("O", "US", "EXT", "451056"),
        ("E", "BE", "DOM", ""),
        ("G", "US", "DOM", ""),
    ],
)
def test_a_purchase_is_treated_by_its_category_and_where_it_comes_from(
    category: str, country: str, code: str, account: str
):
    story = abroad(opened(BELGIAN), country)
    bought(story, line(10_000), vat=(whole(category, 10_000),), supplier_id="ctc_3")
    (share,) = story.newest(BillRecorded).shares
    assert (share.code, share.due_account) == (code, account)
    assert (share.due, share.deductible) == ((2_100, 2_100) if account else (0, 0))
    owed = [("411000", 2_100), (account, -2_100)] if account else []
    assert entered(story) == [("440000", -10_000), ("604000", 10_000), *owed]


def test_a_french_import_is_self_assessed_by_law_a_belgian_one_by_licence():
    story = abroad(opened(FRENCH), "US")
    bought(story, line(10_000), vat=(whole("G", 10_000),), supplier_id="ctc_3")
    assert entered(story)[2:] == [("445660", 2_000), ("445200", -2_000)]
    story = abroad(opened(BELGIAN), "US")
    bought(story, line(10_000, vat_code="IMP"), vat=(whole("G", 10_000),), supplier_id="ctc_3")
    assert entered(story)[2:] == [("411000", 2_100), ("451057", -2_100)]


@pytest.mark.feature("V24")
def test_what_is_not_deducted_is_a_cost_of_its_account():
    story = opened(BELGIAN)
    car = line(100_000, account="610000", deductible="50")
    bought(story, car, vat=(whole("S", 100_000, 21_000, "21"),))
    assert entered(story) == [("440000", -121_000), ("610000", 110_500), ("411000", 10_500)]


def test_the_rate_that_is_owed_may_be_another_than_the_standard_one():
    story = abroad(opened(BELGIAN), "DE")
    books = line(10_000, due_rate="6")
    bought(story, books, vat=(whole("K", 10_000),), supplier_id="ctc_3")
    assert entered(story)[2:] == [("411000", 600), ("451055", -600)]


def test_lines_of_one_treatment_need_no_rate_and_others_do():
    story = opened(BELGIAN)
    vat = (whole("S", 10_000, 2_100, "21"), whole("S", 5_000, 300, "6"))
    bought(story, line(9_000), line(6_000), vat=vat)
    assert [share.base for share in story.newest(BillRecorded).shares] == [10_000, 5_000]
    lines = (line(9_000), line(6_000, account="610000"))
    story.when(record_bill, new_bill("F-18", lines=lines, vat=vat)).refused(
        LineRateIsMissing, pointer="/lines/0/rate"
    )
    one = (line(10_000, rate="21"), line(2_000), line(3_000, account="610000"))
    bought(story, *one, vat=vat, supplier_reference="F-19")
    known = [(s.account, s.rate, s.base, s.tax) for s in story.newest(BillRecorded).shares]
    assert known == [
        ("604000", "21", 10_000, 2_100),
        ("604000", "6", 2_000, 120),
        ("610000", "6", 3_000, 180),
    ]


def test_lines_that_name_a_rate_are_all_of_it():
    story = opened(BELGIAN)
    vat = (whole("S", 10_000, 2_100, "21"), whole("S", 5_000, 300, "6"))
    for lines in (
        (line(9_000, rate="21"), line(6_000, rate="6")),
        (line(9_000, rate="12"), line(6_000)),
    ):
        story.when(record_bill, new_bill(lines=lines, vat=vat)).refused(LinesMissRate)
    wrong = (line(15_000, vat_code="XYZ"),)
    story.when(record_bill, new_bill(lines=wrong, vat=vat)).refused(PurchaseCodeIsUnknown)


@for_all(
    st.lists(
        st.tuples(
            st.integers(-100_000, 100_000),
            st.sampled_from(["", "610000", "230000"]),
            st.sampled_from(["21", "6", "0"]),
            st.sampled_from(["100", "50", "35.5"]),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_shares_add_up_to_their_rates(items: list[tuple[int, str, str, str]]):
    """Σ base and Σ tax of the shares are the document's own, and its entry balances."""
    sums: dict[str, int] = {}
    for net, _, rate, _ in items:
        sums[rate] = sums.get(rate, 0) + net
    vat = tuple(whole("S", base, (base * int(r)) // 100, r) for r, base in sums.items())
    lines = tuple(line(n, account=a, rate=r, deductible=d) for n, a, r, d in items)
    story = opened(BELGIAN)
    decision = record_bill(story, new_bill(lines=lines, vat=vat))
    if isinstance(decision, Refused):
        assert decision.code == "amount_out_of_bounds"
        return
    bill = decision[0]
    assert isinstance(bill, BillRecorded)
    for amount in vat:
        own = [share for share in bill.shares if share.rate == amount.rate]
        assert (sum(s.base for s in own), sum(s.tax for s in own)) == (amount.base, amount.tax)
