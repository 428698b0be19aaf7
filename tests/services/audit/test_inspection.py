"""The inspection pack of a lived year: lists that add up, originals, and an honest index."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.audit.inspection import NothingInExercise, cell, inspection_pack, zip_pack
from services.audit.inspection_lists import HEADINGS
from services.audit.inspection_words import TITLES, items_of
from services.audit.replay import LiveBook
from services.audit.report_words import LANGUAGES
from services.store.pen import Command
from tests.databases import TestRun, UrlOf
from tests.services.audit.bundles import KEY, in_python, members_of
from tests.services.audit.lived import Lived, lived

COMMAND = Command(id="pack", actor="test")


@pytest.fixture(scope="module")
def year(
    server_url: UrlOf, template_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Lived]:
    with (
        TestRun.joined().database(server_url, None, template_database) as url,
        lived(url, tmp_path_factory.mktemp("year")) as company,
    ):
        yield company


@pytest.fixture(scope="module")
def pack(year: Lived, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pack")
    made = inspection_pack(
        live(year),
        year.book,
        2026,
        folder,
        COMMAND,
        keys=[KEY.public],
        language="nl",
    )
    assert made.replay.verdict == "pass"
    return folder


def live(year: Lived) -> LiveBook:
    return LiveBook(year.store, year.url)


def rows(pack: Path, name: str) -> list[dict[str, str]]:
    text = (pack / "lists" / f"{name}.csv").read_text("utf-8-sig")
    return list(csv.DictReader(text.splitlines(), delimiter=";"))


def test_every_item_has_the_files_it_names(pack: Path) -> None:
    items = items_of("FR", {})
    for item in items:
        assert (item.state == "missing") == (not item.files)
        assert all((pack / name).exists() for name in item.files)
        assert {*item.words, *item.lacks} == set(LANGUAGES) == set(TITLES)
        assert (item.state == "there") == (item.lacks["en"] == "")
    said = json.loads((pack / "index.json").read_text("utf-8"))
    assert [item["state"] for item in said["items"]] == [item.state for item in items]
    page = (pack / "index.html").read_text("utf-8")
    assert "Controledossier, boekjaar 2026" in page
    assert "https:" not in page


def test_series_have_no_gap_and_lists_hold_every_document(pack: Path) -> None:
    series = {row["series"]: row for row in rows(pack, "series")}
    assert all(row["missing"] == "" and row["first"] == "1" for row in series.values())
    assert int(series["FA-2026"]["last"]) == len(rows(pack, "invoices"))
    assert int(series["AV-2026"]["last"]) == len(rows(pack, "credit_notes"))
    assert rows(pack, "payments")
    assert all(row["of_invoice"].startswith("FA-2026-") for row in rows(pack, "credit_notes"))


def test_vat_of_documents_is_that_of_the_accounts(pack: Path) -> None:
    found = rows(pack, "vat_accounts")
    roles = {"vat_collected", "vat_pending_sales", "vat_deductible", "vat_pending_purchases"}
    assert {row["role"] for row in found} == roles
    assert {row["difference"] for row in found} == {row["unexplained"] for row in found} == {"0.00"}
    assert rows(pack, "vat_entries") == []


def test_closings_software_and_the_book_itself(pack: Path) -> None:
    assert {row["level"] for row in rows(pack, "closings")} == {"day", "month"}
    assert [row["first_position"] for row in rows(pack, "software")] == ["1"]
    assert in_python([pack / "book.zip"])[0]["status"] == "sound"


def test_one_zip_holds_the_same(pack: Path, tmp_path: Path) -> None:
    zip_pack(pack, tmp_path / "pack.zip")
    members = members_of(tmp_path / "pack.zip")
    assert members["book.zip"] == (pack / "book.zip").read_bytes()
    assert {f"lists/{name}.csv" for name in HEADINGS} <= members.keys()


def test_a_year_without_documents_is_refused(year: Lived, tmp_path: Path) -> None:
    with pytest.raises(NothingInExercise):
        inspection_pack(live(year), year.book, 2019, tmp_path / "none", COMMAND)


@pytest.mark.parametrize("text", ["=1+1", "+a", "-b", "@c", "\t=d", " =e", "\r=f"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert cell(text) == f"'{text}"
    assert [cell(x) for x in ("-12.50", "12", "Café", None)] == ["-12.50", "12", "Café", ""]
