"""Bank statements: once, whole, behind the one before; their journals and layouts."""

from datetime import date

import pytest
from msgspec.structs import replace

from domain.ledger.chart import Journal
from domain.parties.company import CompanyOpened, JournalIsUnknown
from domain.treasury import bank_account, csv_layout, statement
from domain.treasury.bank_account import (
    BankAccountIsUnknown,
    BankAccountLinked,
    Diagnosis,
    JournalIsLinked,
)
from domain.treasury.bank_statement import BankStatement, StatementLine
from domain.treasury.csv_layout import CsvLayout, CsvLayoutSet, LayoutIsWrong
from domain.treasury.statement import (
    Imported,
    StatementDoesNotAddUp,
    StatementDoesNotFollow,
    StatementImported,
    StatementIsAnother,
    StatementIsMissing,
    StatementIsTooLong,
    StatementOverlaps,
    identity_tag,
    take_in,
)
from domain.values import faults
from tests.domain.spec import given
from tests.domain.steps import BELGIAN, company, open_book

OURS = "BE68539007547034"
OTHER = "BE43730004200601"
DAY = date(2026, 3, 12)


def said(*amounts: int, opening: int | None = 0, number: int = 1, day: date = DAY) -> BankStatement:
    lines = tuple(StatementLine(amount=amount, date=day) for amount in amounts)
    return BankStatement(
        source="coda",
        account=OURS,
        currency="EUR",
        lines=lines,
        number=number,
        opening=opening,
        closing=None if opening is None else opening + sum(amounts),
        closed_on=day,
    )


def imported(new: BankStatement, position: int = 9) -> Imported:
    event = StatementImported(
        statement_id="stm_1",
        journal="BNK",
        file="0" * 64,
        fingerprint=new.fingerprint,
        statement=new,
        payments=("",) * len(new.lines),
    )
    return Imported(position=position, event=event)


@pytest.mark.feature("C3")
def test_the_same_statement_is_no_second_one():
    known = imported(said(5))
    assert take_in(said(5), known, known) == "already"
    assert take_in(replace(said(5), duplicate=True), known, known) == "already"
    assert take_in(said(6), known, known) == StatementIsAnother(
        account=OURS, name="2026/001", position=9
    )


@pytest.mark.feature("C3")
def test_a_statement_begins_where_the_one_before_ended():
    known = imported(said(5))
    assert take_in(said(1, opening=5, number=2), None, known) == "taken"
    gap = take_in(said(1, opening=4, number=2), None, known)
    assert gap == StatementDoesNotFollow(account=OURS, opening=4, closing=5, position=9)
    for number in (3, 0 + 12):
        missing = take_in(said(1, opening=5, number=number), None, known)
        assert isinstance(missing, StatementIsMissing)
    new_year = said(1, opening=5, number=1, day=date(2027, 1, 2))
    assert take_in(new_year, None, known) == "taken"
    assert take_in(replace(new_year, number=2), None, known) == "taken"
    assert isinstance(take_in(replace(new_year, number=7), None, known), StatementIsMissing)


def test_a_statement_without_a_number_is_held_to_its_balance_alone():
    known = imported(said(5, number=0))
    assert take_in(said(1, opening=5, number=0), None, known) == "taken"
    assert isinstance(take_in(said(1, number=0), None, known), StatementDoesNotFollow)


def test_a_list_without_balances_begins_after_the_last_day():
    known = imported(said(5, opening=None, number=0))
    overlapping = take_in(said(1, opening=None, number=0), None, known)
    assert overlapping == StatementOverlaps(account=OURS, until=DAY, position=9)
    later = said(1, opening=None, number=0, day=date(2026, 3, 13))
    assert take_in(later, None, known) == "taken"


def test_a_statement_adds_up_and_has_an_end():
    wrong = replace(said(5), closing=6)
    assert take_in(wrong, None, None) == StatementDoesNotAddUp(opening=0, made=5, closing=6)
    long = take_in(said(*[1] * 5_001), None, None)
    assert isinstance(long, StatementIsTooLong)
    dollars = replace(said(5), currency="XYZ")
    assert isinstance(take_in(dollars, None, None), faults.CurrencyIsUnknown)


def test_statements_are_told_apart():
    """By account, year and number; else by name and day; else by what they say."""
    tags = {
        identity_tag(each)
        for each in (
            said(5),
            said(5, number=2),
            said(5, day=date(2025, 3, 12)),
            said(5, number=0),
            said(6, number=0),
            replace(said(6, number=0), reference="A"),
            replace(said(7, number=0), reference="A", closed_on=date(2026, 3, 13)),
            replace(said(5), account=OTHER),
        )
    }
    assert len(tags) == 8
    assert identity_tag(said(5)) == identity_tag(said(6))


@pytest.mark.feature("C12")
def test_an_account_has_its_journal():
    two = (
        Journal(code="BQ1", kind="bank", label="Banque", account="550100"),
        Journal(code="BQ2", kind="bank", label="Banque", account="550200"),
    )
    others = tuple(
        Journal(code=kind[:2].upper(), kind=kind, label=kind)
        for kind in ("sale", "purchase", "miscellaneous")
    )
    opening = replace(BELGIAN, journals=(*two, *others), ibans=(OURS, OTHER))
    story = given().when(open_book, opening).then(CompanyOpened)
    ours = company(story)
    (linked,) = bank_account.link(ours, {}, "be68 5390 0754 7034", "BQ1")
    assert linked == BankAccountLinked(account=OURS, journal="BQ1")
    known = {OURS: "BQ1"}
    assert bank_account.link(ours, known, OURS, "BQ1") == []
    assert isinstance(bank_account.link(ours, known, OTHER, "BQ1"), JournalIsLinked)
    assert isinstance(bank_account.link(ours, known, OTHER, "SA"), JournalIsUnknown)
    assert isinstance(bank_account.link(ours, known, "BE00", "BQ2"), faults.IdentifierIsWrong)
    assert bank_account.find(ours, known, OURS) == two[0]
    assert isinstance(bank_account.find(ours, known, OTHER), BankAccountIsUnknown)
    assert bank_account.diagnose(ours, known) == [
        Diagnosis(fault="no_bank_account", journal="BQ2"),
        Diagnosis(fault="no_journal", account=OTHER),
    ]


@pytest.mark.feature("C12")
def test_journals_without_accounts_of_their_own_are_named():
    journals = tuple(
        Journal(code=code, kind=kind, label=code, account=account)
        for code, kind, account in (
            ("BQ1", "bank", ""),
            ("BQ2", "bank", "550000"),
            ("SA", "sale", ""),
            ("PU", "purchase", ""),
            ("OD", "miscellaneous", ""),
        )
    )
    story = given().when(open_book, replace(BELGIAN, journals=journals)).then(CompanyOpened)
    found = bank_account.diagnose(company(story), {OURS: "BQ1", OTHER: "BQ2"})
    assert [(each.journal, each.fault) for each in found] == [
        ("BQ1", "no_ledger_account"),
        ("BQ2", "shared_ledger_account"),
    ]


def test_the_only_account_needs_no_link():
    story = given().when(open_book, replace(BELGIAN, ibans=(OURS,))).then(CompanyOpened)
    found = bank_account.find(company(story), {}, OURS)
    assert isinstance(found, Journal)
    assert found.kind == "bank"


def test_a_layout_names_what_is_needed():
    layout = CsvLayout(account="BE68 5390 0754 7034", columns={"date": "Date", "amount": "Montant"})
    (done,) = csv_layout.set_layout({}, layout)
    assert isinstance(done, CsvLayoutSet)
    assert done.layout.account == OURS
    assert csv_layout.set_layout({OURS: done.layout}, layout) == []
    for columns in (
        {"date": "Date"},
        {"amount": "Montant"},
        {"date": "Date", "debit": "D"},
        {"date": "Date", "amount": "M", "credit": "C"},
        {"date": "Date", "amount": "date"},
        {"date": "Date", "amount": " "},
    ):
        wrong = csv_layout.set_layout({}, replace(layout, columns=columns))
        assert wrong == LayoutIsWrong(pointer="/columns")
    assert statement.line_label(StatementLine(amount=1, date=DAY, structured="0" * 12)) == "0" * 12
