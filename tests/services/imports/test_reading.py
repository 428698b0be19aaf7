"""Files of any quality become rows of text, or a refusal with a name; never a crash or a bomb."""

import io
import zipfile
from contextlib import suppress

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from domain.book.refusal import Refusals
from domain.imports.refusals import FileIsNoTable, FileIsTooLarge, HeadingIsWrong
from services.imports import contact_lines
from services.imports.cells import cell_of, decimal_of
from services.imports.columns import match
from services.imports.sheet import CSV, XLSX, Sheet, read_sheet
from services.imports.workbook import number_of

ROWS = "Nom;Ville\nÉmile & Fils;Liège\n\n« Le Café »;Mons\n"


def workbook(*rows: list[object]) -> bytes:
    """An XLSX file of these rows."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    return file.getvalue()


def texts(sheet: Sheet) -> list[tuple[int, list[str]]]:
    """The rows of a sheet, plain."""
    return [(line, [cell.text for cell in cells]) for line, cells in sheet.rows]


def refusal(content: bytes) -> type:
    """Why a file is refused."""
    with pytest.raises(Refusals) as refused:
        read_sheet(content)
    return type(refused.value.refused)


@pytest.mark.feature("M2")
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encoding_and_separator_are_found_out(encoding: str, separator: str, end: str) -> None:
    content = ROWS.replace(";", separator).replace("\n", end).encode(encoding)
    sheet = read_sheet(content)
    assert (sheet.media_type, sheet.heading) == (CSV, ("Nom", "Ville"))
    assert texts(sheet) == [(2, ["Émile & Fils", "Liège"]), (4, ["« Le Café »", "Mons"])]


@pytest.mark.feature("M2")
def test_a_quoted_cell_keeps_separators_and_line_ends() -> None:
    sheet = read_sheet(b'a;b\n"x;""y""\nz";2\n3;4\n')
    assert texts(sheet) == [(2, ['x;"y"\nz', "2"]), (4, ["3", "4"])]


@pytest.mark.feature("M2")
def test_a_workbook_says_what_it_shows() -> None:
    sheet = read_sheet(
        workbook(["Nom", "Taux"], ["Émile", 0.1], [], ["0042", 1234567.5], [True, ""])
    )
    assert (sheet.media_type, sheet.heading) == (XLSX, ("Nom", "Taux"))
    assert texts(sheet) == [(2, ["Émile", "0.1"]), (4, ["0042", "1234567.5"]), (5, ["yes"])]


@pytest.mark.feature("M2")
def test_a_formula_is_seen_and_not_taken_for_its_value() -> None:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Nom"])
        sheet.write_formula(1, 0, '=HYPERLINK("http://a.example","x")', None, "x")
    ((_, (cell,)),) = read_sheet(file.getvalue()).rows
    assert cell.formula
    for text in ("=1+1", "@SUM(1)", "+cmd|' /C calc'!A0", "-1+cmd"):
        assert cell_of(text).formula, text
    for text in ("-12,5", "+32 (0)81 24.60.00", "'=1+1", "a=b"):
        assert not cell_of(text).formula, text
    assert cell_of("'=1+1").text == "=1+1"


def bomb() -> bytes:
    """A package whose first sheet unpacks to 42 MB."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(["a"]))) as sound, zipfile.ZipFile(file, "w") as bad:
        for name in sound.namelist():
            content = sound.read(name)
            if name.endswith("sheet1.xml"):
                content = content.replace(b"</sheetData>", b" " * 42_000_000 + b"</sheetData>")
            bad.writestr(name, content, zipfile.ZIP_DEFLATED, 1)
    return file.getvalue()


def replaced(part: str, content: bytes) -> bytes:
    """A sound package with one part of another content."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(["a"]))) as sound, zipfile.ZipFile(file, "w") as bad:
        for name in sound.namelist():
            bad.writestr(name, content if name == part else sound.read(name))
    return file.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'
FETCHED = b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><worksheet/>'


@pytest.mark.feature("M2")
@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", FileIsNoTable),
        (b"\x00\x01\x02\x03", FileIsNoTable),
        (b"%PDF-1.7\n%\xe2\xe3\x81\xd3", FileIsNoTable),
        (b"\x89PNG\r\n\x1a\n", FileIsNoTable),
        (b"\xff\xfea", FileIsNoTable),
        (b"\n\n;;\n", FileIsNoTable),
        (b"PK\x03\x04 and nothing else", FileIsNoTable),
        (b"a\n" + b"x\n" * 5_001, FileIsTooLarge),
        (b"a\n" + b"x" * 32_768, FileIsTooLarge),
        (b'a\n"' + b"x" * 300_000, FileIsTooLarge),
        (b";".join([b"a"] * 201), FileIsTooLarge),
        (b"a" * (20 * 1024 * 1024 + 1), FileIsTooLarge),
    ],
)
def test_what_is_no_table_or_too_large_a_one_is_refused(content: bytes, kind: type) -> None:
    assert refusal(content) is kind


@pytest.mark.feature("M2")
def test_hostile_workbooks_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusal(bomb()) is FileIsTooLarge
    assert refusal(workbook(*([[1]] * 5_002))) is FileIsTooLarge
    assert refusal(replaced(SHEET, LAUGHS)) is FileIsNoTable
    assert refusal(replaced(SHEET, FETCHED)) is FileIsNoTable
    assert refusal(replaced(SHEET, b"<worksheet>")) is FileIsNoTable
    assert refusal(replaced("xl/workbook.xml", b"<workbook/>")) is FileIsNoTable
    assert refusal(workbook(["a"])[:-30]) is FileIsNoTable
    main = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    far = b'<worksheet %s><sheetData><row><c r="ZZZ1"><v>1</v></c></row></sheetData></worksheet>'
    assert refusal(replaced(SHEET, far % main)) is FileIsNoTable
    many = b"<worksheet %s><sheetData>%s</sheetData></worksheet>" % (main, b"<row/>" * 20_000)
    monkeypatch.setattr("services.imports.workbook.MOST_ELEMENTS", 10_000)
    assert refusal(replaced(SHEET, many)) is FileIsTooLarge


@given(st.binary(max_size=400) | st.text(max_size=200).map(str.encode))
def test_no_bytes_do_more_than_refuse(content: bytes) -> None:
    for wrapped in (content, b"PK\x03\x04" + content, replaced(SHEET, content)):
        with suppress(Refusals):
            read_sheet(wrapped)


@pytest.mark.feature("M2")
@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("1 234,50", "1234.50"),
        ("1\u202f234,5", "1234.5"),
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1.234.567", "1234567"),
        ("1'234.5", "1234.5"),
        ("12.5", "12.5"),
        ("12,5", "12.5"),
        ("1,2.3,4", "1,2.3,4"),
        ("n/a", "n/a"),
    ],
)
def test_numbers_as_people_write_them(written: str, plain: str) -> None:
    assert decimal_of(written) == plain


def test_a_stored_number_is_written_as_it_is_shown() -> None:
    assert number_of("0.30000000000000004") == "0.3"
    assert number_of("1E-3") == "0.001"
    assert number_of("250") == "250"
    assert number_of("0") == "0"
    with pytest.raises(ValueError, match="NaN"):
        number_of("NaN")


@pytest.mark.feature("M2")
def test_columns_are_found_by_their_headings_in_three_languages() -> None:
    fields = contact_lines.FIELDS
    for field in fields:
        for title in (field.name, *field.column.label.values(), *field.aliases):
            heading = (
                match(["NAME", f" {title.upper()} "], fields, "name")
                if field.name != "name"
                else None
            )
            if heading is not None:
                assert heading.fields[1] is field, title
    heading = match(["Nom", "CODE POSTAL", "Humeur"], fields, "name")
    assert (heading.title("postal_code"), heading.ignored) == ("CODE POSTAL", ("Humeur",))
    for wrong in (["Ville"], ["Nom", "Name"]):
        with pytest.raises(Refusals) as refused:
            match(wrong, fields, "name")
        assert isinstance(refused.value.refused, HeadingIsWrong)
