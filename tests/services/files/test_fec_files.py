"""The file of accounting entries as bytes: how it is written, and that no fault gets through."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.files.fec.checking import LONGEST, NotSound, check_fec, require_sound
from services.files.fec.following import check_opening
from services.files.fec.line import (
    Encoding,
    FecLine,
    plain,
    write_amount,
    write_heading,
    write_line,
)
from services.files.fec.naming import Frame

FRAME = Frame(siren="732829320", first=date(2026, 1, 1), last=date(2026, 12, 31))


def line(number: int, day: date, account: str, amount: int, **more: object) -> FecLine:
    """A line of an entry of sales, debit positive."""
    given = {
        "journal": "VE",
        "journal_label": "Ventes",
        "number": number,
        "day": day,
        "account": account,
        "account_label": {"411000": "Clients", "512000": "Banques"}.get(account, "Ventes"),
        "piece": f"F2026-{number:04d}",
        "piece_date": day,
        "label": f"Facture F2026-{number:04d}",
        "debit": max(amount, 0),
        "credit": max(-amount, 0),
        "validated_on": day,
    }
    return FecLine(**given | more)  # type: ignore[arg-type]


JANUARY, MARCH = date(2026, 1, 5), date(2026, 3, 10)
WHOSE = {"auxiliary": "C0001", "auxiliary_label": "Café Éric SARL"}
LETTERED = {"code": "AAA", "lettered_on": MARCH}
OPENING = {"journal": "AN", "journal_label": "À-nouveaux", "validated_on": FRAME.first}
LINES = (
    line(1, FRAME.first, "512000", 5000, **OPENING),
    line(1, FRAME.first, "101000", -5000, **OPENING),
    line(2, JANUARY, "411000", 12000, **WHOSE, **LETTERED),
    line(2, JANUARY, "707000", -12000),
    line(3, MARCH, "512000", 12000, journal="BQ", journal_label="Banque"),
    line(3, MARCH, "411000", -12000, journal="BQ", journal_label="Banque", **WHOSE, **LETTERED),
)
SOUND = [write_heading("iso-8859-15"), *(write_line(each, "iso-8859-15") for each in LINES)]


def written(folder: Path, lines: list[bytes], name: str = FRAME.name) -> Path:
    """A file of these lines."""
    path = folder / name
    path.write_bytes(b"".join(lines))
    return path


def test_the_bytes_are_those_of_the_decree() -> None:
    assert SOUND[3] == (
        "VE\tVentes\t2\t20260105\t411000\tClients\tC0001\tCafé Éric SARL\tF2026-0002\t20260105\t"
        "Facture F2026-0002\t120,00\t0,00\tAAA\t20260310\t20260105\t\t\r\n"
    ).encode("iso-8859-15")


def test_a_sound_file_has_no_fault(tmp_path: Path) -> None:
    assert require_sound(written(tmp_path, SOUND), FRAME, "iso-8859-15") == ()


def replaced(place: int, column: int, text: str) -> Callable[[list[bytes]], list[bytes]]:
    """Another text in a column of a line (0 is the heading)."""

    def plant(lines: list[bytes]) -> list[bytes]:
        cells = lines[place].removesuffix(b"\r\n").split(b"\t")
        cells[column] = text.encode("iso-8859-15")
        return [*lines[:place], b"\t".join(cells) + b"\r\n", *lines[place + 1 :]]

    return plant


def also(*plants: Callable[[list[bytes]], list[bytes]]) -> Callable[[list[bytes]], list[bytes]]:
    """Several changes one after the other."""

    def plant(lines: list[bytes]) -> list[bytes]:
        for each in plants:
            lines = each(lines)
        return lines

    return plant


def whole(old: bytes, new: bytes) -> Callable[[list[bytes]], list[bytes]]:
    """Other bytes everywhere."""
    return lambda lines: [each.replace(old, new) for each in lines]


FAULTS = [
    ("header", whole(b"CompAuxNum", b"CompteAuxNum")),
    ("header", lambda lines: []),
    ("header", lambda lines: lines[1:]),
    ("encoding", lambda lines: [b"\xef\xbb\xbf" + lines[0], *lines[1:]]),
    ("end_of_line", whole(b"\r\n", b"\n")),
    ("end_of_line", lambda lines: [*lines[:-1], lines[-1].removesuffix(b"\r\n")]),
    ("end_of_line", lambda lines: [*lines, b"x" * (LONGEST + 1)]),
    ("separator_in_text", replaced(3, 10, "deux\rlignes")),
    ("separator_in_text", replaced(3, 10, "deux|champs")),
    ("separator_in_text", replaced(3, 10, "deux\x85lignes")),
    ("space_around_text", replaced(3, 10, " Facture")),
    ("column_count", whole(b"Facture ", b"Facture\t")),
    ("column_count", whole(b"\r\n", b"\t\r\n")),
    ("column_count", whole(b"\t", b";")),
    ("blank_line", lambda lines: [*lines, b"\r\n"]),
    *(("missing", replaced(3, column, "")) for column in (0, 1, 2, 3, 4, 5, 8, 9, 10, 11, 12, 15)),
    ("missing", replaced(3, 10, " ")),
    ("number", replaced(3, 2, "VE-2")),
    ("day", replaced(3, 3, "20260230")),
    ("day", replaced(3, 3, "2026-01-05")),
    ("day", replaced(3, 9, "18991231")),
    ("day", replaced(3, 15, "05/01/2026")),
    ("account", replaced(3, 4, "41")),
    ("account", replaced(3, 4, "4A1000")),
    ("amount", replaced(3, 11, "120.00")),
    ("amount", replaced(3, 11, "120,0")),
    ("amount", replaced(3, 11, "1 120,00")),
    ("amount", replaced(3, 11, "0120,00")),
    ("negative_amount", also(replaced(3, 11, "0,00"), replaced(3, 12, "-120,00"))),
    ("not_one_side", replaced(3, 12, "120,00")),
    ("not_one_side", replaced(3, 11, "0,00")),
    ("one_without_the_other", replaced(3, 14, "")),
    ("one_without_the_other", replaced(3, 13, "")),
    ("one_without_the_other", replaced(3, 7, "")),
    ("one_without_the_other", replaced(3, 17, "USD")),
    ("foreign_amount", also(replaced(3, 16, "12.5"), replaced(3, 17, "USD"))),
    ("currency", also(replaced(3, 16, "130,00"), replaced(3, 17, "XYZ"))),
    ("entry_unbalanced", replaced(4, 12, "119,00")),
    ("file_unbalanced", replaced(6, 12, "119,00")),
    ("file_unbalanced", lambda lines: lines[:-1]),
    ("number_not_next", also(replaced(5, 2, "4"), replaced(6, 2, "4"))),
    ("number_not_next", also(replaced(5, 2, "1"), replaced(6, 2, "1"))),
    ("number_not_next", lambda lines: [lines[0], *lines[3:]]),
    ("entry_of_two", replaced(4, 0, "OD")),
    ("entry_of_two", replaced(4, 3, "20260106")),
    ("entry_of_two", replaced(4, 15, "20260106")),
    ("date_outside_exercise", replaced(3, 3, "20250105")),
    ("validated_before_dated", replaced(5, 3, "20260401")),
    ("not_in_order_of_validation", also(replaced(5, 15, "20260104"), replaced(6, 15, "20260104"))),
    ("lettering_unbalanced", replaced(6, 13, "AAB")),
    ("lettering_unbalanced", replaced(6, 6, "C0002")),
    ("account_of_two_names", replaced(6, 5, "Autres clients")),
    ("journal_of_two_names", replaced(6, 1, "Autre banque")),
    ("opening_not_first", also(replaced(5, 0, "AN"), replaced(6, 0, "AN"))),
    ("opening_not_on_first_day", also(replaced(1, 3, "20260102"), replaced(2, 3, "20260102"))),
]


@pytest.mark.parametrize(("rule", "plant"), FAULTS, ids=[rule for rule, _ in FAULTS])
def test_each_fault_is_found(
    rule: str, plant: Callable[[list[bytes]], list[bytes]], tmp_path: Path
) -> None:
    path = written(tmp_path, plant(list(SOUND)))
    found = list(check_fec(path, FRAME, "iso-8859-15"))
    assert rule in {each.rule for each in found}, found
    if not all(each.alert for each in found):
        with pytest.raises(NotSound, match=FRAME.name):
            require_sound(path, FRAME, "iso-8859-15")


@pytest.mark.parametrize(
    "name",
    [
        "732829320FEC20261230.txt",
        "732829321FEC20261231.txt",
        "912345675FEC20261231.txt",
        "732829320fec20261231.txt",
        "732829320FEC20261231.csv",
    ],
)
def test_a_file_has_the_name_of_its_company_and_close(name: str, tmp_path: Path) -> None:
    path = written(tmp_path, SOUND, name)
    assert [each.rule for each in check_fec(path, FRAME, "iso-8859-15")] == ["file_name"]


def test_bytes_of_another_encoding_are_found(tmp_path: Path) -> None:
    path = written(tmp_path, SOUND)
    assert "encoding" in {each.rule for each in check_fec(path, FRAME, "utf-8")}


@pytest.mark.parametrize(
    "plant",
    [
        also(replaced(3, 13, "aaa"), replaced(6, 13, "aaa"), replaced(6, 6, "C0002")),
        also(replaced(3, 14, "20270110"), replaced(6, 13, ""), replaced(6, 14, "")),
    ],
    ids=["in part", "with a line of the next exercise"],
)
def test_a_lettering_that_is_not_whole_here_need_not_balance(
    plant: Callable[[list[bytes]], list[bytes]], tmp_path: Path
) -> None:
    path = written(tmp_path, plant(list(SOUND)))
    assert require_sound(path, FRAME, "iso-8859-15") == ()


def test_an_opening_is_compared_with_the_close_before(tmp_path: Path) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    before.mkdir()
    after.mkdir()
    first = written(before, SOUND)
    day, heading = date(2027, 1, 1), SOUND[0]
    opening = {**OPENING, "validated_on": day}
    right = [
        line(1, day, "101000", -5000, **opening),
        line(1, day, "120000", -12000, **opening),
        line(1, day, "512000", 17000, **opening),
    ]
    next_year = written(after, [heading, *(write_line(each, "iso-8859-15") for each in right)])
    assert list(check_opening(next_year, first, "iso-8859-15")) == []
    wrong = [line(1, day, "512000", 16999, **opening), *right[:2]]
    next_year = written(after, [heading, *(write_line(each, "iso-8859-15") for each in wrong)])
    (found,) = check_opening(next_year, first, "iso-8859-15")
    assert (found.rule, found.detail) == (
        "opening_differs",
        "512000 : closed with 17000, opens with 16999 cents",
    )


@pytest.mark.parametrize(
    ("text", "latin"),
    [
        ("Œuvre à 3 €, « prêt »", "Œuvre à 3 €, « prêt »"),
        ("L’été – “fini”…", 'L\'été - "fini"...'),
        ("Łódź, Dvořák, İstanbul", "Lódz, Dvorák, Istanbul"),
        ("a\tb\r\nc|d\u2028e\u00a0f", "a b c/d e f"),
        ("北京 😀", "?? ?"),
        ("e\u0301", "é"),
        ("½ ﬁn ①", "1/2 fin 1"),
    ],
)
def test_what_latin_9_lacks_is_spelt_otherwise(text: str, latin: str) -> None:
    assert plain(text, "iso-8859-15") == latin


@given(st.text())
def test_any_text_stays_on_its_line_in_its_field(text: str) -> None:
    encodings: tuple[Encoding, ...] = ("iso-8859-15", "utf-8")
    for encoding in encodings:
        said = plain(text, encoding).encode(encoding).decode(encoding)
        assert said == said.strip()
        assert not set(said) & set("\t\r\n|")
        assert len(said.splitlines()) <= 1


@given(st.integers(0, 10**15))
def test_amounts_have_a_comma_and_two_decimals(cents: int) -> None:
    whole_euros, comma, rest = write_amount(cents).partition(",")
    assert (comma, len(rest), int(whole_euros) * 100 + int(rest)) == (",", 2, cents)
