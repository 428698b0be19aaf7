"""Reading a FEC: every form that is allowed gives the same figures; every fault has its name."""

import random
import tracemalloc
from datetime import date
from io import BytesIO
from typing import Any

import pytest

from domain.book.refusal import Refusals
from domain.imports.fec_refusals import (
    FecAccountIsWrong,
    FecAmountIsWrong,
    FecColumnIsMissing,
    FecDayIsOutside,
    FecDayIsUnknown,
    FecEntryIsTorn,
    FecEntryIsUnbalanced,
    FecIsNoText,
    FecIsTooLarge,
    FecLineIsBroken,
    FecNumberIsDouble,
    FecVariantIsUnsupported,
)
from domain.imports.refusals import ImportIsRefused
from domain.values.faults import AmountIsOutOfBounds, FieldIsMissing, TextIsUnreadable
from services.imports.fec_entries import entries_of
from services.imports.fec_fields import read_cents, read_day
from services.imports.fec_reading import survey_fec
from services.imports.fec_survey import Survey
from tests.services.imports.fec_samples import HEADING, LINES, OPEN, changed, fec, written


def read(content: bytes) -> Survey:
    return survey_fec(BytesIO(content), 1)


def refused(content: bytes) -> Any:
    with pytest.raises(Refusals) as error:
        read(content)
    return error.value.refused


def found(content: bytes) -> list[tuple[int, str, str]]:
    """The line, column and code of each finding."""
    refusal = refused(content)
    assert isinstance(refusal, ImportIsRefused)
    return [(x.line, x.column, x.refused.code) for x in refusal.findings]


def figures(survey: Survey) -> Any:
    return survey.balances, survey.open_items(), survey.entries, survey.first, survey.until


def signed(line: str) -> str:
    """The line with Montant and Sens."""
    cells = line.split("|")
    debit, credit = cells[11], cells[12]
    cells[11:13] = [debit, "D"] if debit != "0,00" else [credit, "-1"]
    return "|".join(cells)


def bare(line: str) -> str:
    """The line with nothing where the amount is zero."""
    return "|".join("" if cell == "0,00" else cell for cell in line.split("|"))


def negative(line: str) -> str:
    """The line with a negative amount on the other side."""
    cells = line.split("|")
    debit, credit = cells[11], cells[12]
    cells[11:13] = [f"-{credit}", ""] if debit == "0,00" else ["", f"{debit}-"]
    return "|".join(cells)


def turned(line: str) -> str:
    return "|".join(reversed(line.split("|")))


SIGNED = HEADING.replace("Debit", "Montant").replace("Credit", "Sens")
FORMS = {
    "tabs": fec(separator="\t"),
    "latin": fec(encoding="iso-8859-15"),
    "windows": fec(encoding="cp1252"),
    "mark": fec(mark=True),
    "lf": fec(end="\n"),
    "cr": fec(end="\r"),
    "montant": fec(map(signed, LINES), heading=SIGNED),
    "reversed": fec(map(turned, LINES), heading=turned(HEADING)),
    "lower": fec(heading=HEADING.lower()),
    "dates": fec(line.replace("|20250105|", "|2025-01-05|") for line in LINES),
    "french_dates": fec(line.replace("|20250105|", "|05/01/2025|") for line in LINES),
    "blank_line": fec([*LINES[:3], "", *LINES[3:], ""]),
    "bare": fec(map(bare, LINES)),
    "negative": fec(map(negative, LINES)),
    "extra": fec((f"{line}|x" for line in LINES), heading=f"{HEADING}|Note"),
}


@pytest.mark.feature("M53")
@pytest.mark.parametrize("form", FORMS)
def test_every_allowed_form_gives_the_same_figures(form: str) -> None:
    plain = read(fec())
    assert plain.entries == 7
    by_code = {code: tuple(sums) for (_, code), sums in plain.open_items().items()}
    assert by_code == OPEN
    assert (plain.first, plain.until) == (date(2025, 1, 1), date(2025, 12, 31))
    survey = read(FORMS[form])
    assert figures(survey) == figures(plain)
    assert survey.parties["C001"].name == "Café Éric"


@pytest.mark.feature("M53")
def test_what_is_taken_otherwise_is_told() -> None:
    told = {x.code: (x.count, x.line) for x in read(fec()).told()}
    assert told == {
        "piece_missing": (2, 2),
        "third_party_without_code": (1, 14),
        "lettering_partial": (1, 10),
    }
    forms = {"blank_line", "negative", "extra"}
    codes = {x.code for form in forms for x in read(FORMS[form]).told()}
    assert {"blank_line", "negative_amount", "extra_columns"} <= codes
    alone = read(fec([*LINES[:4], LINES[4].replace("100,00||", "100,00|ZZ|"), LINES[5]]))
    codes = {x.code for x in alone.told()}
    assert {"lettering_without_third_party", "lettering_beyond_file"} <= codes


@pytest.mark.feature("M53")
@pytest.mark.parametrize(
    ("nth", "column", "value", "where", "kind"),
    [
        (0, 3, "20250230", "EcritureDate", FecDayIsUnknown),
        (3, 15, "tomorrow", "ValidDate", FecDayIsUnknown),
        (4, 3, "20260101", "EcritureDate", FecDayIsOutside),
        (3, 4, "41", "CompteNum", FecAccountIsWrong),
        (3, 4, "411/000", "CompteNum", FecAccountIsWrong),
        (3, 11, "120.00", "Debit", FecAmountIsWrong),
        (3, 11, "1 120,00", "Debit", FecAmountIsWrong),
        (3, 11, "120,001", "Debit", FecAmountIsWrong),
        (3, 12, "5,00", "Debit", FecAmountIsWrong),
        (3, 11, "99999999999999,00", "Debit", AmountIsOutOfBounds),
        (3, 0, "", "JournalCode", FieldIsMissing),
        (3, 10, "", "EcritureLib", FieldIsMissing),
        (3, 15, "", "ValidDate", FieldIsMissing),
        (3, 10, "Facture\x1b[2J", "EcritureLib", TextIsUnreadable),
        (3, 7, "Caf\u202eé", "CompAuxLib", TextIsUnreadable),
        (3, 10, "x" * 2001, "EcritureLib", TextIsUnreadable),
    ],
)
def test_a_wrong_field_is_named(nth: int, column: int, value: str, where: str, kind: Any) -> None:
    assert (nth + 2, where, kind.code) in found(fec(changed(nth, column, value)))


@pytest.mark.feature("M53")
def test_wrong_entries_are_named() -> None:
    unbalanced = found(fec(changed(3, 11, "121,00")))
    assert unbalanced == [(5, "EcritureNum", FecEntryIsUnbalanced.code)]
    torn = found(fec(changed(4, 3, "20250106")))
    assert torn == [(6, "EcritureDate", FecEntryIsTorn.code)]
    double = found(fec([*LINES, LINES[3], LINES[4], LINES[5]]))
    assert double == [(18, "EcritureNum", FecNumberIsDouble.code)]
    assert found(fec([*LINES, LINES[3] + "|"])) == [(18, "", FecLineIsBroken.code)]
    assert found(fec([])) == [(1, "", FecEntryIsUnbalanced.code)]
    several = refused(fec([*changed(0, 3, "x"), "broken"]))
    assert several.wrong == 2  # an entry that lacks a wrong line is not called unbalanced too


@pytest.mark.feature("M53")
def test_a_file_that_is_no_fec_is_refused_as_a_whole() -> None:
    without = "|".join(name for name in HEADING.split("|") if name != "CompAuxNum")
    assert refused(fec(heading=without)) == FecColumnIsMissing(
        column="CompAuxNum", pointer="/lines/1"
    )
    wrong = refused(fec(heading=HEADING.replace("CompAuxNum", "CompteAuxNum")))
    assert wrong.column == "CompAuxNum"
    assert isinstance(refused(fec(separator=";")), FecColumnIsMissing)
    twice = HEADING.replace("Montantdevise", "Debit")
    assert isinstance(refused(fec(heading=twice)), FecColumnIsMissing)
    variant = refused(fec(heading=f"{HEADING}|DateRglt|ModeRglt|NatOp"))
    assert isinstance(variant, FecVariantIsUnsupported)
    for content in (fec(encoding="utf-16"), b"PK\x03\x04\0\0", b"\xef\xbb\xbf\xff"):
        assert isinstance(refused(content), FecIsNoText)
    assert isinstance(refused(b"x" * 3_000_000), FecIsTooLarge)
    assert refused(b"").code == ImportIsRefused.code


def test_amounts_and_days_are_read_strictly() -> None:
    read_as = {"1,5": 150, "0012,00": 1200, "12,00-": -1200, "+3": 300, "7,": 700, "": 0}
    assert {text: read_cents(text) for text in read_as} == read_as
    wrong = ["1.5", "1 000,00", "1,005", "-1-", "1e3", "٣,00", "0x1", "-", ","]
    assert [read_cents(text) for text in wrong] == [None] * len(wrong)
    assert read_day("20240229") == date(2024, 2, 29)
    assert [read_day(x) for x in ("20250229", "20251301", "2025-1-5", "5/1/2025", "x")] == [
        None
    ] * 5


def test_noise_is_refused_and_never_breaks() -> None:
    chance = random.Random(1)
    whole = bytearray(fec(encoding="iso-8859-15"))
    for _ in range(150):
        content = bytearray(whole)
        for _ in range(chance.randrange(1, 6)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        try:
            survey = read(bytes(content))
        except Refusals:
            continue
        assert survey.debit == survey.credit
        file = BytesIO(bytes(content))
        rows = [row for entry in entries_of(file, survey, survey.in_order()) for row in entry.rows]
        assert len(rows) == survey.lines


@pytest.mark.feature("M53")
def test_a_long_file_is_read_in_little_memory() -> None:
    """A line may cost some hundred bytes in sums and letterings, never its own text."""
    pairs = 3_000
    label = "x" * 200
    lines = []
    for n in range(pairs):
        lines.append(written(f"VT V{n} 20250105 411000 C{n % 50} F{n} {label} 120,00 L{n}"))
        lines.append(written(f"VT V{n} 20250105 706000 - F{n} {label} -120,00 -"))
    content = BytesIO(fec(lines))
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        survey = survey_fec(content, 1)
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert survey.lines == 2 * pairs
    assert (kept - before) / survey.lines < 300
