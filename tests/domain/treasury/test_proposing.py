"""Proposals: the order of matching, its signs and bounds, and that every one explains itself."""

from datetime import date

import pytest
from hypothesis import given as over
from hypothesis import strategies as some
from msgspec.structs import replace

from domain.treasury.explaining import WORDS, explain
from domain.treasury.named_numbers import names, runs
from domain.treasury.payment import Counterparty
from domain.treasury.proposal import Acquaintance, BankLine, Known, Open, Proposal
from domain.treasury.proposing import propose, third_party
from domain.treasury.subset_sums import subsets
from domain.values.structured import find_structured, structured

IBAN = "BE43730004200601"
OGM = "001202600138"


def item(entry: int, amount: int, **others: object) -> Open:
    """An open line; a customer's invoice, or his credit note where it is negative."""
    fields = {
        "entry": entry,
        "line": 0,
        "account": "400000",
        "side": "customers",
        "party": "ctc_1",
        "party_name": "Beta",
        "currency": "EUR",
        "open": amount,
        "due_date": date(2026, 3, entry % 28 + 1),
        "kind": "invoice" if amount > 0 else "credit_note",
        "number": f"{'FA' if amount > 0 else 'AV'}-2026-{entry:05d}",
        **others,
    }
    return Open(**fields)  # type: ignore[arg-type]


def bill(entry: int, amount: int, **others: object) -> Open:
    """A supplier's bill of so much: an open credit."""
    fields = {"side": "suppliers", "account": "440000", "kind": "bill", "party": "ctc_2"}
    return item(entry, -amount, **{**fields, **others})


def line(amount: int, text: str = "", **others: str) -> BankLine:
    account = Counterparty(iban=others.pop("iban", ""))
    return BankLine(
        amount=amount, currency="EUR", communication=text, counterparty=account, **others
    )


def known(*items: Open, who: str = "", side: str = "customers", **others: object) -> Known:
    met = (Acquaintance(party=who, side=side, party_name="Beta"),) if who else ()  # type: ignore[arg-type]
    return Known(items=items, acquaintances=met, **others)  # type: ignore[arg-type]


def settled(proposal: Proposal) -> list[tuple[int, int]]:
    return [(each.entry, each.amount) for each in proposal.items]


@pytest.mark.feature("C7")
def test_a_structured_communication_comes_first():
    items = (item(1, 121_000, reference=OGM), item(2, 121_000))
    (first, *_) = propose(line(121_000, structured=OGM), known(*items))
    assert (first.rule, first.confidence, settled(first)) == ("structured", 98, [(1, 121_000)])
    (best, *_) = propose(line(121_000, structured=OGM), known(*items, who="ctc_1"))
    assert (best.rule, best.confidence) == ("structured_and_account", 100)
    typed = propose(line(121_000, "fact +++001/2026/00138+++ merci"), known(*items))
    assert (typed[0].rule, typed[0].confidence) == ("structured_in_text", 95)


def test_instalments_are_paid_in_the_order_of_their_days():
    parts = [
        item(5, 40_000, line=n, due_date=date(2026, month, 1), reference=OGM)
        for n, month in enumerate((5, 3, 4))
    ]
    (found,) = propose(line(60_000, structured=OGM), known(*parts))
    assert [(each.line, each.amount) for each in found.items] == [(1, 40_000), (2, 20_000)]
    (more,) = propose(line(130_000, structured=OGM), known(*parts))
    assert (more.left, more.is_certain) == (10_000, True)


@pytest.mark.feature("C7", "M45")
def test_numbers_in_the_text_settle_an_invoice_and_its_credit_note():
    items = (
        item(1, 60_500, number="2026-0042"),
        item(2, -12_100, number="2026-0007"),
        item(3, 48_400, number="2026-0100"),
    )
    (found, *_) = propose(line(48_400, "FACT 2026-0042 ET NC 2026-0007 SOLDE"), known(*items))
    assert (found.rule, found.confidence) == ("numbers", 92)
    assert settled(found) == [(1, 60_500), (2, -12_100)]
    (part,) = propose(line(30_000, "2026 0042, nc 2026/0007"), known(*items))
    assert (part.rule, settled(part), part.left) == (
        "numbers_in_part",
        [(1, 42_100), (2, -12_100)],
        0,
    )


def test_numbers_are_found_however_they_are_written():
    both = [("FA-2026-00012", "invoice"), ("AV-2026-00012", "credit_note")]
    assert names("fa 2026 00012", both) == {"FA-2026-00012"}
    assert names("paiement 2026/00012", both) == {"FA-2026-00012"}
    assert names("nc 202600012", both) == {"AV-2026-00012"}
    assert names("votre avoir AV202600012 et FA-2026-00012", both) == {each for each, _ in both}
    assert names("12026000123", both) == set()
    assert names("17", [("F-17", "bill")]) == set()
    assert "202600012" in runs("facture n° 2026-00012 du 3/4")


@pytest.mark.feature("C4")
def test_an_account_and_an_amount_that_is_unique():
    items = (item(1, 5_000), item(2, 7_000))
    (found, *_) = propose(line(7_000, iban=IBAN), known(*items, who="ctc_1"))
    assert (found.rule, found.is_certain, settled(found)) == (
        "account_and_amount",
        True,
        [(2, 7_000)],
    )
    twice = propose(line(5_000, iban=IBAN), known(item(1, 5_000), item(2, 5_000), who="ctc_1"))
    assert [(each.rule, settled(each), each.is_certain) for each in twice[:1]] == [
        ("account_and_one_of", [(1, 5_000)], False)
    ]
    assert propose(line(7_000, iban=IBAN), known(*items)) == []


def test_an_account_and_a_sum_with_credit_notes():
    items = (item(1, 5_000), item(2, 7_000), item(3, -1_000), item(4, 100_000))
    (found, *_) = propose(line(11_000, iban=IBAN), known(*items, who="ctc_1"))
    assert (found.rule, found.confidence, found.is_certain) == ("account_and_sum", 75, False)
    assert settled(found) == [(1, 5_000), (2, 7_000), (3, -1_000)]


@pytest.mark.feature("C4")
def test_money_that_goes_out_never_settles_a_customers_invoice():
    """A supplier's bill and the refund of a credit note, but no receivable and no advance."""
    invoice = item(1, 5_000, reference=OGM)
    assert propose(line(-5_000, structured=OGM), known(invoice, who="ctc_1")) == []
    advance = item(2, -5_000, kind="payment", number="BNK-2026-00002")
    assert propose(line(-5_000, "BNK-2026-00002", iban=IBAN), known(advance, who="ctc_1")) == []
    note = item(3, -5_000)
    (refund, *_) = propose(line(-5_000, "AV-2026-00003"), known(note))
    assert (refund.side, settled(refund)) == ("customers", [(3, -5_000)])
    owed = bill(4, 5_000, reference=OGM)
    (paid, *_) = propose(line(-5_000, structured=OGM), known(owed))
    assert (paid.side, settled(paid)) == ("suppliers", [(4, -5_000)])
    assert propose(line(5_000, structured=OGM), known(owed)) == []


def test_a_reference_of_two_third_parties_is_not_certain():
    items = (bill(1, 5_000, reference=OGM), bill(2, 5_000, reference=OGM, party="ctc_3"))
    found = propose(line(-5_000, structured=OGM), known(*items))
    assert [each.is_certain for each in found] == [False, False]
    assert third_party(line(-5_000, structured=OGM), found, known(*items)) is None
    best = propose(line(-5_000, structured=OGM), known(*items, who="ctc_3", side="suppliers"))[0]
    assert (best.rule, best.party) == ("structured_and_account", "ctc_3")


def test_what_is_paid_a_second_time_is_known_to_be_somebodys():
    paid = replace(item(1, 5_000, reference=OGM), open=0)
    (found,) = propose(line(5_000, structured=OGM), known(paid))
    assert (found.rule, found.items, found.left) == ("paid_before", (), 5_000)
    assert third_party(line(5_000, structured=OGM), [found], known(paid)) == found


def test_the_own_account_and_the_charges_of_the_bank():
    own = known(own=True, transfers="580000", charges="658000")
    (moved,) = propose(line(-5_000, iban=IBAN), own)
    assert (moved.rule, moved.account, moved.is_certain) == ("internal_transfer", "580000", False)
    for code in ("03537000", "PMNT/MCOP/CHRG", "NCHG"):
        (cost,) = propose(line(-1_210, code=code), known(charges="658000"))
        assert (cost.rule, cost.account, cost.party) == ("charges", "658000", "")
    assert propose(line(1_210, code="NCHG"), known(charges="658000")) == []


def test_other_currencies_are_never_mixed():
    assert (
        propose(line(5_000, structured=OGM), known(item(1, 5_000, reference=OGM, currency="USD")))
        == []
    )


def test_every_rule_has_words_in_three_languages():
    for rule in WORDS:
        said = explain(rule, party="Beta", numbers="FA-1")
        assert set(said) == {"en", "fr", "nl"}
        assert all(text.endswith(".") and "{" not in text for text in said.values())


def test_structured_communications_are_checked():
    vectors = {"0909337554": "93", "0012026001": "38", "0000000097": "97", "9999999999": "48"}
    for base, check in vectors.items():
        digits = base + check
        assert structured(f"+++{digits[:3]}/{digits[3:7]}/{digits[7:]}+++") == digits
        assert structured(f"***{digits}***") == digits
    for wrong in ("000000009700", "000000000000", "090933755494", "RF19539007547034", "1234", ""):
        assert structured(wrong) == ""
    text = "RF18 5390 0754 7034 et 090/9337/55493 puis 0012026001381"
    assert find_structured(text) == ("090933755493", "RF18539007547034")


@over(some.lists(some.integers(-500, 500).filter(bool), max_size=12), some.data())
def test_subset_sums_are_sums_and_always_the_same(amounts, data):
    chosen = (
        data.draw(some.lists(some.sampled_from(range(len(amounts))), unique=True))
        if amounts
        else []
    )
    wanted = sum(amounts[at] for at in chosen)
    found = subsets(amounts, wanted)
    assert found == subsets(amounts, wanted)
    assert len(found) <= 2
    assert all(sum(amounts[at] for at in one) == wanted for one in found)
    if chosen:
        assert found
        assert len(found[0]) <= len(chosen)


def test_a_search_without_end_is_given_up():
    assert subsets([2] * 24, 25) == []
    assert len(subsets([1_000_003 * n + 1 for n in range(1, 25)], 7)) <= 2


amounts = some.integers(-9_000, 9_000).filter(bool)


@pytest.mark.feature("C7")
@over(
    some.lists(some.tuples(amounts, some.booleans()), max_size=6),
    amounts,
    some.sampled_from(["", "ctc_1"]),
    some.booleans(),
)
def test_no_proposal_settles_more_than_is_open(opens, amount, who, quoted):
    """Over any items and any line: within each item, Σ settled + left = the line, same sign."""
    items = tuple(
        item(n, opened, reference=OGM if mine else "") for n, (opened, mine) in enumerate(opens, 1)
    )
    asked = line(amount, iban=IBAN, structured=OGM if quoted else "")
    for proposal in propose(asked, known(*items, who=who)):
        by_entry = {each.entry: each for each in items}
        for part in proposal.items:
            assert part.amount * (1 if by_entry[part.entry].open > 0 else -1) > 0
            assert abs(part.amount) <= abs(by_entry[part.entry].open)
        assert sum(part.amount for part in proposal.items) + proposal.left == amount
        assert proposal.left * amount >= 0
        assert set(proposal.explanation) == {"en", "fr", "nl"}
