"""SEPA files: valid by their schemas, the same bytes for the same order, in the banks' letters."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from services.files import sepa
from services.files.sepa import Credit, Debit, Order, Principal, SepaFileIsWrong

ORDER = Order(
    principal=Principal(
        name="Ateliers Müller & Filles — œuvres",
        iban="FR7630006000011234567890189",
        creditor_id="FR72ZZZ123456",
    ),
    number="PR-2026-00001",
    made_at=datetime(2026, 4, 1, 9, 30, tzinfo=UTC),
    execution_date=date(2026, 4, 15),
)
DEBIT = Debit(
    name="Café de l’Étoile",
    iban="BE68539007547034",
    amount=12_345,
    end_to_end="PR-2026-00001-1",
    text="FA-2026-00001",
    mandate_reference="RUM-1",
    signed_on=date(2025, 1, 1),
    sequence="FRST",
)


def values(content: bytes, name: str) -> list[str]:
    """The texts of every element of that name."""
    return [str(each.text) for each in etree.fromstring(content).iter(f"{{*}}{name}")]


def with_sequence(turn, amount: int) -> Debit:
    fields = {name: getattr(DEBIT, name) for name in DEBIT.__struct_fields__}
    return Debit(**{**fields, "sequence": turn, "amount": amount})


@pytest.mark.feature("M42")
def test_the_same_order_gives_the_same_bytes():
    made = sepa.write_debits(ORDER, "CORE", [DEBIT])
    assert sepa.write_debits(ORDER, "CORE", [DEBIT]) == made
    assert values(made, "MsgId") == ["PR-2026-00001"]
    assert values(made, "CreDtTm") == ["2026-04-01T09:30:00"]
    assert values(made, "PmtInfId") == ["PR-2026-00001/1"]


@pytest.mark.feature("M42")
def test_each_sequence_has_a_group_with_its_sum():
    debits = [with_sequence(turn, amount) for turn, amount in
              (("FRST", 1), ("RCUR", 1_000_000_00), ("FRST", 250), ("RCUR", 7))]  # fmt: skip
    made = sepa.write_debits(ORDER, "B2B", debits)
    assert values(made, "SeqTp") == ["FRST", "RCUR"]
    assert values(made, "CtrlSum") == ["1000002.58", "2.51", "1000000.07"]
    assert values(made, "NbOfTxs") == ["4", "2", "2"]
    assert set(values(made, "LclInstrm") + values(made, "Cd")) >= {"B2B", "SEPA"}


@pytest.mark.feature("M42")
def test_names_are_in_the_letters_that_banks_take():
    made = sepa.write_debits(ORDER, "CORE", [DEBIT])
    assert values(made, "Nm") == [
        "Ateliers Muller Filles -- oeuvres",
        "Ateliers Muller Filles -- oeuvres",
        "Cafe de l'Etoile",
    ]
    assert sepa.readable("€ ★", 70) != ""
    assert sepa.readable("", 70) == "-"
    assert len(sepa.readable("x" * 200, 70)) == 70


@pytest.mark.feature("M42")
def test_structured_communications_are_sent_as_such():
    def credit(text: str) -> Credit:
        return Credit(name="P", iban=DEBIT.iban, amount=1, end_to_end="VI-1", text=text)

    texts = ("+++090/9337/55493+++", "RF18 5390 0754 7034", "F-17 mars")
    made = sepa.write_transfers(ORDER, [credit(text) for text in texts])
    assert values(made, "Ref") == ["090933755493", "RF18539007547034"]
    assert values(made, "Issr") == ["BBA", "ISO"]
    assert values(made, "Ustrd") == ["F-17 mars"]
    assert "NOTPROVIDED" in values(made, "Id")


@pytest.mark.feature("M42")
def test_a_file_that_its_schema_refuses_is_never_given_out():
    wrong = sepa.write_debits(ORDER, "CORE", [DEBIT]).replace(b"FRST", b"LAST")
    with pytest.raises(SepaFileIsWrong):
        sepa.validate(wrong, sepa.DIRECT_DEBIT)


@pytest.mark.feature("M42")
@settings(max_examples=50)
@given(st.lists(st.tuples(st.text(max_size=90), st.integers(1, 10**11)), min_size=1, max_size=5))
def test_whatever_names_and_amounts_the_sum_is_right(payees):
    credits_ = [
        Credit(name=name, iban=DEBIT.iban, amount=amount, end_to_end="VI-1", text=name)
        for name, amount in payees
    ]
    made = sepa.write_transfers(ORDER, credits_)
    total = sum(amount for _, amount in payees)
    assert values(made, "CtrlSum")[0] == f"{total // 100}.{total % 100:02d}"
