"""Files of bank statements that are right: every format into the same shape, nothing twice."""

from datetime import date
from pathlib import Path

import pytest
from coda import CODA

from domain.treasury.bank_statement import BankStatement
from domain.treasury.csv_layout import CsvLayout
from services.files.statements import media_type, read
from tests.services.files.statement_samples import (
    OURS,
    SUPPLIER,
    THEIRS,
    Move,
    camt,
    camt_details,
    camt_entry,
    camt_transaction,
    coda,
    mt940,
)

OGM = "001202600138"


def one(content: bytes | str) -> BankStatement:
    """The one statement of a file."""
    (found,) = read(content if isinstance(content, bytes) else content.encode("cp1252"), {})
    return found


@pytest.mark.feature("C3")
def test_coda():
    said = one(
        coda(
            [
                Move(121_000, structured=OGM, name="CLIENT ALPHA", iban=THEIRS),
                Move(-1_210, "FRAIS DE GESTION É", family="35", value=None),
                Move(-60_500, "x" * 90, name="GAMMA", iban=SUPPLIER, family="05"),
            ],
            number=224,
        )
    )
    assert (said.source, said.account, said.currency) == ("coda", OURS, "EUR")
    assert (said.number, said.year, said.opening, said.closing) == (224, 2026, 500_000, 559_290)
    first, second, third = said.lines
    assert (first.amount, first.structured, first.communication) == (121_000, OGM, "")
    assert (first.counterparty.name, first.counterparty.iban) == ("CLIENT ALPHA", THEIRS)
    assert (second.communication, second.value_date) == ("FRAIS DE GESTION É", date(2026, 3, 12))
    assert (third.communication, third.means) == ("x" * 90, "direct_debit")
    assert said.reference == "0000178299"


def test_the_sample_is_read(shared_folder: Path):
    content = (shared_folder / "conformance" / "bank" / "sample.coda").read_bytes()
    said = one(content)
    assert (said.opening, said.closing, len(said.lines)) == (500_000, 607_690, 4)
    (oracle,) = CODA(content.decode("cp1252").splitlines()).statements
    assert [int(move.amount * 100) for move in oracle.moves] == [each.amount for each in said.lines]


def test_parts_of_a_total_are_not_counted_again():
    """A total (type 1) with its parts (5), of which one has parts of its own (9)."""
    said = one(
        coda(
            [
                Move(30_000, "REMISE", kind="1"),
                Move(10_000, "a", kind="5", detail="0001", name="A", iban=THEIRS),
                Move(20_000, "b", kind="6", detail="0002"),
                Move(20_000, "c", kind="9", detail="0003"),
                Move(-1, "d"),
            ]
        )
    )
    assert [line.amount for line in said.lines] == [30_000, -1]
    assert [part.amount for part in said.lines[0].details] == [10_000, 20_000, 20_000]
    assert said.lines[0].details[0].counterparty.iban == THEIRS
    assert said.closing == 529_999


def test_several_statements_of_a_file():
    first = coda([Move(1)], opening=0, further="1")
    found = read((first + coda([Move(2)], opening=1, number=2, duplicate="D")).encode(), {})
    assert [(each.number, each.closing, each.duplicate) for each in found] == [
        (1, 1, False),
        (2, 3, True),
    ]


def test_a_number_of_twelve_digits_is_an_iban():
    text = coda([]).replace(
        f"12001{OURS:34}EUR", f"10001539007547034 EUR0BE{'':17}   "[:42].ljust(42)
    )
    text = text.replace(f"8001{OURS:34}EUR", f"8001539007547034 EUR0BE{'':17}   "[:41].ljust(41))
    assert one(text).account == OURS


@pytest.mark.parametrize("version", ["02", "08"])
def test_camt(version: str):
    """The same entries in two versions: one with a transaction, a batch of two, one pending."""
    single = camt_details(
        camt_transaction(
            121_000, name="ALPHA", iban=THEIRS, reference="+++001/2026/00138+++", version=version
        )
    )
    batch = camt_details(
        camt_transaction(-100, name="B", iban=SUPPLIER, text="f 1", version=version),
        camt_transaction(-200, name="C", text="f 2", version=version),
    )
    entries = [
        camt_entry(121_000, single, version=version),
        camt_entry(-300, batch, version=version),
        camt_entry(999, version=version, status="PDNG"),
    ]
    said = one(camt(entries, 120_700, version=version, number=7))
    assert (said.number, said.opening, said.closing, said.reference) == (
        7,
        500_000,
        620_700,
        "STM-1",
    )
    first, second = said.lines
    assert (first.structured, first.counterparty.name, first.counterparty.iban) == (
        OGM,
        "ALPHA",
        THEIRS,
    )
    assert (first.reference, first.code, first.value_date) == (
        "BANK-1",
        "PMNT/RCDT/ESCT",
        date(2026, 3, 13),
    )
    assert (second.amount, [part.amount for part in second.details]) == (-300, [-100, -200])
    assert first.details == ()


def test_a_wrong_reference_is_free_text():
    entry = camt_entry(5, camt_details(camt_transaction(5, reference="001202600139", text="hm")))
    (line,) = one(camt([entry], 5)).lines
    assert (line.structured, line.communication) == ("", "hm 001202600139")


def test_mt940():
    said = one(mt940(number=12))
    assert (said.number, said.opening, said.closing) == (12, 500_000, 619_790)
    first, second = said.lines
    assert (first.counterparty.name, first.counterparty.iban) == ("CLIENT BETA", THEIRS)
    assert (first.communication, first.reference) == ("FA-2026-00001", "BANK-1")
    assert (second.amount, second.code, second.communication) == (
        -1_210,
        "NCHG",
        "FRAIS DE GESTION",
    )


def test_mt940_in_german_and_in_pages():
    """Subfields behind a mark; a statement whose second page goes on where the first stopped."""
    text = mt940().replace(":62F:", ":62M:")
    text = text.replace(
        ":86:FRAIS DE GESTION",
        ":86:835?00ENTGELT?20SVWZ+Konto?21fuehrung?30GKCCBEBB?31BE41063012345610?32GAMMA\n SA",
    )
    more = mt940(opening=619_790).replace(":60F:", ":60M:").replace("/001", "/002")
    said = one(text + more)
    assert (len(said.lines), said.opening, said.closing) == (4, 500_000, 739_580)
    assert said.lines[1].counterparty.iban == SUPPLIER
    assert (said.lines[1].counterparty.name, said.lines[1].communication) == (
        "GAMMA SA",
        "Kontofuehrung",
    )


LAYOUT = CsvLayout(
    account=OURS,
    columns={
        "date": "Date",
        "value_date": "Valeur",
        "debit": "Débit",
        "credit": "Crédit",
        "name": "Contrepartie",
        "communication": "Libellé",
    },
)


def test_a_list_of_movements():
    """Words above the headings, Windows letters, the newest first, a debit with or without sign."""
    rows = [
        "Relevé;du compte",
        "",
        "Date;Valeur;Contrepartie;Libellé;Débit;Crédit",
        "14/03/2026;;;Frais;-12,10;",
        '13/03/2026;14/03/2026;"GAMMA; SA";+++001/2026/00138+++;1.605,00;',
        "12/03/2026;;Ségur;Virement\u00a0reçu;;1 000,5",
    ]
    (said,) = read("\r\n".join(rows).encode("cp1252"), {OURS: LAYOUT}, OURS)
    assert [line.amount for line in said.lines] == [100_050, -160_500, -1_210]
    assert (said.lines[1].structured, said.lines[1].counterparty.name) == (OGM, "GAMMA; SA")
    assert (said.opening, said.closed_on) == (None, date(2026, 3, 14))
    assert read("\n".join(rows).encode(), {OURS: LAYOUT}) == (said,)


@pytest.mark.parametrize(
    ("dates", "decimal", "day", "amount"),
    [
        ("ymd", ".", "2026-03-12", "-1,234.50"),
        ("ymd", ".", "20260312", "1234.5-"),
        ("mdy", ",", "3/12/26", "\u22121.234,50"),
        ("dmy", ",", "12.03.2026 10:15", "-1 234,50"),
        ("dmy", ",", "12032026", "-1'234,5000"),
    ],
)
def test_dates_and_amounts_as_banks_write_them(dates, decimal, day, amount):
    layout = CsvLayout(
        account=OURS, columns={"date": "D", "amount": "M"}, dates=dates, decimal=decimal
    )
    (said,) = read(f"D;M\n{day};{amount}\n".encode(), {OURS: layout})
    assert [(line.date, line.amount) for line in said.lines] == [(date(2026, 3, 12), -123_450)]


def test_files_are_kept_as_what_they_are():
    assert media_type(coda([]).encode()) == media_type(mt940().encode()) == "text/plain"
    assert media_type(camt([], 0)) == "application/xml"
    assert media_type(b"a;b") == "text/csv"
