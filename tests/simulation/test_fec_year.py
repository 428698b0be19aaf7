"""The FEC of the demonstration's French company: sound, whole, the same bytes again."""

from collections.abc import Iterator
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from domain.book.refusal import Refusals
from domain.ledger.entry import EntryPosted
from domain.operations.exported import ReportExported
from services.demonstration import BELGIAN, FRENCH
from services.fec.export import PARTS, export_fec, ledger_of
from services.fec.reproducing import reproducers
from services.fec.writing import Wish
from services.files.fec.checking import check_fec
from services.files.fec.following import check_opening
from services.files.fec.line import COLUMNS, Encoding
from services.files.fec.naming import Frame
from services.replay.engine import Engine
from services.replay.reading import Readers
from services.store.pen import Command
from tests.simulation.conftest import Lived

LATIN: Encoding = "iso-8859-15"


class Exporter:
    """Exports FECs of a demonstration company into a folder."""

    def __init__(self, lived: Lived, folder: Path) -> None:
        self.lived = lived
        self.folder = folder
        self.engine, self.readers = Engine(lived.url), Readers(lived.url)

    def export(self, year: int, book: str = FRENCH.book_id, **more: Any) -> Path:
        """The FEC of a fiscal year, its description beside it."""
        wish = Wish(exercise=year, encoding=more.pop("encoding", LATIN))
        opened = ledger_of(self.engine, self.readers, book)
        command = Command(id=str(uuid4()), actor="test")
        place = self.folder / str(uuid4())
        place.mkdir()
        with export_fec(self.lived.store, book, opened, wish, command, **more) as files:
            for path in (files.path, files.description):
                (place / path.name).write_bytes(path.read_bytes())
        return place / files.path.name

    def close(self) -> None:
        """Gives the connections back."""
        self.readers.close()
        self.engine.stop()


@pytest.fixture
def exporter(lived: Lived, tmp_path: Path) -> Iterator[Exporter]:
    """An exporter over the lived year."""
    made = Exporter(lived, tmp_path)
    yield made
    made.close()


def rows_of(path: Path) -> list[dict[str, str]]:
    """The lines of a file by the headers."""
    lines = path.read_text(encoding=LATIN).splitlines()
    return [dict(zip(COLUMNS, line.split("\t"), strict=True)) for line in lines[1:]]


def cents(text: str) -> int:
    """An amount of the file in cents."""
    return int(text.replace(",", ""))


@pytest.mark.feature("M53", "V19")
def test_every_posted_entry_of_the_year_is_in_the_file(lived: Lived, exporter: Exporter) -> None:
    posted = {
        fact.position: fact.event
        for fact in lived.store.read(FRENCH.book_id)
        if isinstance(fact.event, EntryPosted)
    }
    years = sorted({entry.date.year for entry in posted.values()})
    for year in years:
        path = exporter.export(year)
        rows = [row for row in rows_of(path) if row["JournalCode"] != "AN"]
        of_year = [entry for entry in posted.values() if entry.date.year == year]
        expected = [
            (line.account, line.debit, line.credit, entry.document.number)
            for entry in of_year
            for line in entry.lines
            if line.debit or line.credit
        ]
        assert expected == [
            (row["CompteNum"], cents(row["Debit"]), cents(row["Credit"]), row["PieceRef"])
            for row in rows
        ]
        assert len({row["EcritureNum"] for row in rows}) == len(of_year)
        assert any(row["EcritureLet"] for row in rows)
        description = next(path.parent.glob("*-description-*")).read_text(encoding=LATIN)
        assert sha256(path.read_bytes()).hexdigest() in description
        assert "912345675" in description


@pytest.mark.feature("M53")
def test_a_year_opens_with_what_the_year_before_closed_with(exporter: Exporter) -> None:
    before, after = exporter.export(2026), exporter.export(2027)
    assert {row["JournalCode"] for row in rows_of(after)} == {"AN"}
    assert list(check_opening(after, before, LATIN)) == []
    assert not [row for row in rows_of(after) if row["CompteNum"][0] in "67"]


@pytest.mark.feature("V21", "V19")
def test_the_same_position_gives_the_same_bytes_now_later_and_from_events_alone(
    lived: Lived, exporter: Exporter
) -> None:
    size = lived.store.head(FRENCH.book_id).size
    first = exporter.export(2026, position=size)
    live = exporter.export(2026)
    assert first.read_bytes() == exporter.export(2026, position=size).read_bytes()
    assert live.read_bytes() == first.read_bytes()
    facts = list(lived.store.read(FRENCH.book_id, after=size))
    noted = [fact.event for fact in facts if isinstance(fact.event, ReportExported)][:2]
    assert [each.kind for each in noted] == list(PARTS)
    again = reproducers(lived.url)
    for each in noted:
        read = partial(lived.store.read, FRENCH.book_id, upto=each.position)
        made = again[each.kind](each, read)
        assert (sha256(made).hexdigest(), len(made)) == (each.sha256, each.size)


def test_a_file_in_utf_8_is_sound_too(exporter: Exporter) -> None:
    path = exporter.export(2026, encoding="utf-8")
    text = path.read_text(encoding="utf-8")
    assert "Clients" in text
    days = {"first": f"{2026}-01-01", "last": f"{2026}-12-31"}
    import msgspec

    frame = msgspec.convert({"siren": "912345675", **days}, Frame)
    assert not [each for each in check_fec(path, frame, "utf-8") if not each.alert]


def test_a_company_outside_france_has_no_fec(exporter: Exporter) -> None:
    with pytest.raises(Refusals) as refused:
        exporter.export(2026, BELGIAN.book_id)
    assert refused.value.refused.code == "fec_is_french"


def test_a_year_without_entries_has_no_fec(exporter: Exporter) -> None:
    with pytest.raises(Refusals) as refused:
        exporter.export(2020)
    assert refused.value.refused.code == "exercise_empty"
