"""Broken and hostile files of statements: refused with the place, in bounded time, never half."""

import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.book.refusal import Refusals
from domain.treasury.bank_statement import BankStatement
from domain.treasury.csv_layout import CsvLayout
from services.files import statements
from services.files.statements.fault import REASONS, StatementFileIsWrong
from tests.services.files.statement_samples import (
    OURS,
    THEIRS,
    Move,
    camt,
    camt_details,
    camt_entry,
    camt_transaction,
    coda,
    mt940,
)

SECONDS = 20.0
MOVES = [
    Move(121_000, structured="001202600138", name="ALPHA", iban=THEIRS),
    Move(30_000, "REMISE", kind="1"),
    Move(30_000, "a", kind="5", detail="0001"),
    Move(-1_210, "FRAIS"),
]
GOOD = coda(MOVES)
LAYOUT = CsvLayout(account=OURS, columns={"date": "D", "amount": "M", "communication": "T"})


def refused(content: bytes | str, layout: CsvLayout | None = None) -> StatementFileIsWrong:
    """Why a file is refused; in time, and in words of three languages."""
    layouts = {} if layout is None else {layout.account: layout}
    raw = content.encode("cp1252") if isinstance(content, str) else content
    began = time.monotonic()
    with pytest.raises(Refusals) as caught:
        statements.read(raw, layouts)
    assert time.monotonic() - began < SECONDS
    found = caught.value.refused
    assert isinstance(found, StatementFileIsWrong)
    assert all(found.explain(language) for language in ("en", "fr", "nl"))
    return found


def changed(line: int, first: int, text: str) -> str:
    """The good file with other characters in a record, from a column on."""
    lines = GOOD.split("\r\n")
    record = lines[line - 1]
    lines[line - 1] = record[: first - 1] + text + record[first - 1 + len(text) :]
    return "\r\n".join(lines)


def without(line: int) -> str:
    """The good file without a record."""
    lines = GOOD.split("\r\n")
    return "\r\n".join(lines[: line - 1] + lines[line:])


RECORDS = GOOD.split("\r\n")
LAST = len(RECORDS) - 1
CLOSING = LAST - 1

CODA = {
    "trailing spaces gone": (
        "\r\n".join(each[:127].rstrip() for each in RECORDS),
        1,
        "record_length",
    ),
    "a record too long": (changed(2, 100, "x").replace("x", "xx"), 2, "record_length"),
    "a foreign line": (changed(3, 1, "7"), 3, "record_unknown"),
    "no opening balance": (without(2), 2, "record_order"),
    "no trailer": (without(LAST), CLOSING, "cut_off"),
    "a piece of another movement": (changed(4, 3, "0009"), 4, "record_order"),
    "a part of another total": (changed(7, 3, "0009"), 7, "record_order"),
    "a part that would count": (changed(7, 54, "0"), 7, "malformed"),
    "letters in an amount": (changed(3, 40, "O"), 3, "malformed"),
    "a day that is none": (changed(3, 116, "320326"), 3, "malformed"),
    "another amount": (changed(3, 46, "1"), LAST, "total"),
    "another sign": (changed(8, 32, "0"), LAST, "total"),
    "another opening balance": (changed(2, 50, "9"), CLOSING, "balance"),
    "another account at the end": (changed(CLOSING, 7, "9"), CLOSING, "account_changes"),
    "another count": (changed(LAST, 22, "9"), LAST, "record_count"),
    "another total of credits": (changed(LAST, 52, "9"), LAST, "total"),
    "a further file that is not there": (changed(LAST, 128, "1"), LAST, "cut_off"),
    "an old version": (changed(1, 128, "1"), 1, "version"),
    "a currency of nobody": (GOOD.replace("EUR", "EUQ"), 2, "currency"),
    "parts of a cent": (
        GOOD.replace("0000000001210000120326", "0000000001210001120326")
        .replace("000000001510000", "000000001510001")
        .replace("0000000006497900", "0000000006497901"),
        CLOSING + 1,
        "malformed",
    ),
    "an empty line within": (GOOD.replace("\r\n", "\r\n\r\n", 1), 2, "record_length"),
}


@pytest.mark.parametrize("name", CODA)
@pytest.mark.feature("C3")
def test_a_broken_coda_is_refused_with_its_line(name: str):
    content, line, reason = CODA[name]
    found = refused(content)
    assert (found.source, found.reason, found.line) == ("CODA", reason, line), found.explain()


def test_bytes_that_are_no_text():
    found = refused(GOOD.encode().replace(b"REMISE", b"REMI\x81E"))
    assert (found.reason, found.line, found.column) == ("undecodable", 6, 67)


def batch(count: int) -> bytes:
    return camt([camt_entry(5, camt_details(*[camt_transaction(1)] * count))], 5)


ENTITIES = b"".join(
    b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10 if n else b"ha") for n in range(12)
)
HEAD = camt([], 0).partition(b"<Stmt>")[0]
XML = {
    "entity bomb": (b"<!DOCTYPE a [" + ENTITIES + b"]><a>&e11;</a>", "xml_forbidden"),
    "external entity": (
        b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>',
        "xml_forbidden",
    ),
    "bare DTD": (b"<!DOCTYPE a><a/>", "xml_forbidden"),
    "cut off": (camt([camt_entry(5)], 5)[:-40], "xml_malformed"),
    "unknown encoding": (b'<?xml version="1.0" encoding="zlib"?><a/>', "undecodable"),
    "another document": (b"<Invoice/>", "version"),
    "camt.052": (camt([], 0).replace(b"camt.053", b"camt.052"), "version"),
    "no statement": (HEAD + b"</BkToCstmrStmt></Document>", "missing"),
    "no balance": (camt([], 0).replace(b"CLBD", b"XXXX"), "missing"),
    "wrong sum": (camt([camt_entry(5)], 6), "balance"),
    "another currency": (camt([camt_entry(5).replace("EUR", "USD")], 5), "currency"),
    "half a cent": (camt([camt_entry(5).replace("0.05", "0.055")], 5), "malformed"),
    "a float": (camt([camt_entry(5).replace("0.05", "5e-2")], 5), "malformed"),
    "no side": (camt([camt_entry(5).replace("CRDT", "BOTH")], 5), "malformed"),
    "no such day": (camt([camt_entry(5).replace("03-12", "02-30")], 5), "malformed"),
    "no day": (camt([camt_entry(5).replace("BookgDt", "X").replace("ValDt", "Y")], 5), "missing"),
    "no state": (camt([camt_entry(5, status="WHAT")], 5), "malformed"),
    "a page of many": (
        camt([], 0).replace(
            b"<Acct>", b"<StmtPgntn><PgNb>1</PgNb><LastPgInd>false</LastPgInd></StmtPgntn><Acct>"
        ),
        "cut_off",
    ),
    "a total that is wrong": (
        camt([camt_entry(5)], 5).replace(
            b"<Ntry>",
            b"<TxsSummry><TtlCdtNtries><Sum>0.06</Sum></TtlCdtNtries></TxsSummry><Ntry>",
        ),
        "total",
    ),
    "endless details": (batch(2_001), "too_complex"),
    "wide": (HEAD + b"<a/>" * 310_000, "too_complex"),
    "deep": (HEAD + b"<a>" * 5_000, "too_complex"),
    "long text": (HEAD + b"<a>" + b"9" * 5_000_000, "too_complex"),
    "one attribute": (HEAD + b'<a b="' + b"9" * 5_000_000, "too_complex"),
    "too large": (b"<a>" + bytes(21 * 1024 * 1024), "too_large"),
}


@pytest.mark.parametrize("name", XML)
@pytest.mark.feature("C3")
def test_a_broken_camt_is_refused(name: str):
    content, reason = XML[name]
    found = refused(content)
    assert (found.source, found.reason) == ("CAMT.053", reason), found.explain()


MT940 = {
    "no closing balance": (mt940().replace(":62F:", ":99F:"), "missing"),
    "no account": (mt940().replace(":25:", ":24:"), "missing"),
    "a wrong sum": (mt940().replace("C1210,00", "C1210,01"), "balance"),
    "an amount with a point": (mt940().replace("C1210,00", "C1210.00"), "malformed"),
    "no such day": (mt940().replace(":61:260312", ":61:260399"), "malformed"),
    "a page without its first": (mt940().replace(":60F:", ":60M:"), "missing"),
    "a page without its last": (mt940().replace(":62F:", ":62M:"), "cut_off"),
    "a name of a file": (":20:/etc/passwd", "missing"),
    "a currency of nobody": (mt940().replace("EUR", "EUQ"), "currency"),
    "endless": (":20:X\n" + ":86:x\n" * 110_000, "too_complex"),
}


@pytest.mark.parametrize("name", MT940)
@pytest.mark.feature("C3")
def test_a_broken_mt940_is_refused(name: str):
    content, reason = MT940[name]
    found = refused(content)
    assert (found.source, found.reason) == ("MT940", reason), found.explain()


CSV = {
    "no such day": ("D;M;T\n31/02/2026;1,00;x", 2, "malformed"),
    "an American amount": ("D;M;T\n12/03/2026;1,234.50;x", 2, "malformed"),
    "no amount": ("D;M;T\n12/03/2026;;x", 2, "missing"),
    "no day": ("D;M;T\n12/03/2026;1;x\n;1;x", 3, "missing"),
    "a formula": ('D;M;T\n12/03/2026;"=1+1";x', 2, "malformed"),
    "headings alone": ("D;M;T\n", 0, "empty"),
    "endless": ("D;M;T\n" + "12/03/2026;1;x\n" * 10_001, 10_002, "too_complex"),
    "a wide row": ("D;M;T\n" + "1;" * 200, 2, "too_complex"),
}


@pytest.mark.parametrize("name", CSV)
@pytest.mark.feature("C3")
def test_a_broken_list_is_refused_with_its_line(name: str):
    content, line, reason = CSV[name]
    found = refused(content, LAYOUT)
    assert (found.source, found.line, found.reason) == ("CSV", line, reason), found.explain()


def test_a_list_that_nobody_described():
    assert refused("D;M;T\n12/03/2026;1,00;x").reason == "not_a_statement"
    with pytest.raises(Refusals) as caught:
        statements.read(b"D;M;T\n12/03/2026;1,00;x", {}, OURS)
    assert isinstance(caught.value.refused, StatementFileIsWrong)
    assert (caught.value.refused.reason, caught.value.refused.detail) == ("no_layout", OURS)


def test_texts_that_deceive_are_cleaned():
    entry = camt_entry(5, camt_details(camt_transaction(5, text="pay\u202e001 \u0085\u200f  x")))
    (said,) = statements.read(camt([entry], 5), {})
    assert said.lines[0].communication == "pay 001 x"


def test_every_reason_has_words():
    for reasons in REASONS.values():
        assert set(reasons) == {"en", "fr", "nl"}


SAMPLES = [
    GOOD.encode(),
    camt([camt_entry(5, camt_details(camt_transaction(5, text="x")))], 5),
    mt940().encode(),
    b"D;M;T\n12/03/2026;1,00;x\n",
]


@settings(max_examples=150)
@given(
    st.sampled_from(SAMPLES),
    st.lists(st.tuples(st.integers(0, 3_000), st.binary(max_size=4)), min_size=1, max_size=4),
)
def test_any_damage_is_a_statement_or_a_refusal(content: bytes, damages: list[tuple[int, bytes]]):
    """Nothing else is raised, whatever bytes are changed; what is read still adds up."""
    for place, put in damages:
        at = place % len(content)
        content = content[:at] + put + content[at + len(put) :]
    found: tuple[BankStatement, ...] = ()
    with suppress(Refusals):  # any other exception fails the test
        found = statements.read(content, {OURS: LAYOUT})
    for each in found:
        if each.opening is not None:
            assert each.opening + sum(line.amount for line in each.lines) == each.closing
