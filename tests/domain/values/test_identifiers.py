"""Identifiers, text, quantities and days: what is taken, and in which one form."""

from datetime import UTC, date, datetime

import pytest
import stdnum.be.ogm_vcs
import stdnum.iso11649
from hypothesis import given as over
from hypothesis import strategies as some
from msgspec import Struct

from domain.ledger.numbering import refer, write_ogm
from domain.values import identifiers
from domain.values.days import fiscal_year, legal_day
from domain.values.quantity import is_percent, is_price, is_quantity, shortest
from domain.values.text import find_unreadable, is_readable, tidy


def test_french_numbers():
    assert identifiers.siren("732 829 320") == "732829320"
    assert identifiers.siren("732829321") is None
    assert identifiers.siren("000000000") is None
    assert identifiers.siret("900000019 00001") == "90000001900001"
    assert identifiers.siret("90000001900002") is None
    assert identifiers.siret("35600000000048") == "35600000000048"
    assert identifiers.vat_number("FR 25 900000019") == "FR25900000019"
    assert identifiers.vat_number("FR26900000019") is None
    assert identifiers.vat_number("FRK7399859412") == "FRK7399859412"
    assert identifiers.vat_number("FR12000000000") is None


def test_belgian_numbers():
    assert identifiers.kbo("BE 0202.239.951") == "0202239951"
    assert identifiers.kbo("202239951") == "0202239951"
    assert identifiers.kbo("1000000094") is None
    assert identifiers.kbo("1000000013") is None
    assert identifiers.kbo("10000000" + f"{97 - 10000000 % 97:02d}") is not None
    assert identifiers.kbo("2202239951") is None
    assert identifiers.kbo("0000000097") is None
    assert identifiers.vat_number("BE202239951") == "BE0202239951"
    assert identifiers.vat_number("BE0202239952") is None


def test_other_numbers():
    assert identifiers.vat_number("DE136695976") == "DE136695976"
    assert identifiers.vat_number("DE136695977") is None
    assert identifiers.vat_number("US12-3456789") == "US123456789"
    assert identifiers.vat_number("?") is None
    assert identifiers.iban("BE68 5390 0754 7034") == "BE68539007547034"
    assert identifiers.iban("BE68539007547035") is None
    assert identifiers.agrees("FR25900000019", "900000019")
    assert not identifiers.agrees("FR25900000019", "912345675")
    assert identifiers.agrees("BE0202239951", "0202239951")
    assert identifiers.agrees("DE136695976", "anything")


@pytest.mark.parametrize(
    ("base", "check"),
    [("0909337554", "93"), ("0012026001", "38"), ("0000000097", "97"), ("9999999999", "48")],
)
def test_a_structured_communication_never_checks_with_00(base: str, check: str):
    assert write_ogm(base).strip("+").replace("/", "")[-2:] == check


@over(some.integers(1, 10**7), some.sampled_from(("OGM", "RF")))
def test_references_are_valid_to_those_who_read_them(number: int, kind):
    reference = refer(kind, "FA-2026", number)
    if reference.startswith("+"):
        assert stdnum.be.ogm_vcs.is_valid(reference)
    else:
        assert stdnum.iso11649.is_valid(reference)


class Note(Struct, frozen=True):
    title: str
    parts: tuple[str, ...] = ()
    more: dict[str, str] = {}


def test_text_is_nfc_and_does_not_deceive():
    assert tidy(Note("  Cafe\u0301 ", ("e\u0301",), {"a": " b"})) == Note(
        "Café", ("é",), {"a": "b"}
    )
    assert find_unreadable(Note("ok", ("fine", "no\x00"))) == "/parts/1"
    assert find_unreadable(Note("ok", more={"k": "\u2066x"})) == "/more/k"
    assert find_unreadable(Note("two\nlines — €, 你好, עברית")) is None
    for bad in ("\x1b[31m", "\u202e", "\ufeff", "\ud800", "x" * 2001, "\u0378", "\x85"):
        assert not is_readable(bad)


def test_decimal_strings_are_strict():
    assert is_quantity("-12.3456")
    assert not is_quantity("1.23456")
    assert not is_quantity("٣")
    assert is_price("0.000001")
    assert not is_price("-1")
    assert is_percent("100.00")
    assert not is_percent("100.01")
    assert [shortest(text) for text in ("20.00", "5.50", "100", "0.0", "-0.0", "-1.50")] == [
        "20",
        "5.5",
        "100",
        "0",
        "0",
        "-1.5",
    ]


@pytest.mark.feature("M16")
def test_days_are_legal_days():
    late = datetime(2026, 3, 16, 23, 30, tzinfo=UTC)
    assert legal_day(late, "Europe/Paris") == date(2026, 3, 17)
    assert legal_day(datetime(2026, 7, 1, 22, 30, tzinfo=UTC), "Europe/Brussels").day == 2
    assert fiscal_year(date(2026, 6, 30), 7) == 2026
    assert fiscal_year(date(2026, 7, 1), 7) == 2027
    assert fiscal_year(date(2026, 7, 1), 1) == 2026
