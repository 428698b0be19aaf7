"""Migrations: each once, in order, whole, unchanged, whoever runs them at the same time."""

from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import psycopg
import pytest

from services.store import migrations
from services.store.migrations import ChangedMigration, migrate, scripts


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two migrations, written in the wrong order and of which the second needs the first."""
    (tmp_path / "0002_second.sql").write_text("ALTER TABLE one ADD COLUMN two text;")
    (tmp_path / "0001_first.sql").write_text("CREATE TABLE one (one text);")
    (tmp_path / "notes.sql").write_text("no migration")
    monkeypatch.setattr(migrations, "FOLDER", tmp_path)
    return tmp_path


def applied(url: str) -> list[tuple[int, str, str]]:
    with psycopg.connect(url) as conn:
        rows = conn.execute("SELECT number, name, checksum FROM migration ORDER BY applied_at")
        return rows.fetchall()


def test_a_new_database_gets_them_all_and_the_second_time_none(empty_database_url: str) -> None:
    assert migrate(empty_database_url) == [path.stem for path in scripts()]
    known = applied(empty_database_url)
    assert migrate(empty_database_url) == []
    assert applied(empty_database_url) == known


def test_numbers_follow_each_other() -> None:
    numbers = [int(path.name[:4]) for path in scripts()]
    assert numbers == list(range(1, len(numbers) + 1))


def test_they_run_in_the_order_of_their_numbers(empty_database_url: str, folder: Path) -> None:
    assert migrate(empty_database_url) == ["0001_first", "0002_second"]
    (folder / "0003_third.sql").write_text("ALTER TABLE one ADD COLUMN three text;")
    assert migrate(empty_database_url) == ["0003_third"]
    texts = [path.read_bytes() for path in sorted(folder.glob("0*.sql"))]
    assert [row[2] for row in applied(empty_database_url)] == [
        sha256(text).hexdigest() for text in texts
    ]


def test_several_at_once_are_as_one(empty_database_url: str) -> None:
    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(migrate, [empty_database_url] * 6))
    assert sorted(done) == [[]] * 5 + [[path.stem for path in scripts()]]


def test_a_changed_one_is_refused_and_nothing_is_done(
    empty_database_url: str, folder: Path
) -> None:
    migrate(empty_database_url)
    known = applied(empty_database_url)
    (folder / "0001_first.sql").write_text("CREATE TABLE one (one text); ")
    (folder / "0003_third.sql").write_text("ALTER TABLE one ADD COLUMN three text;")
    with pytest.raises(ChangedMigration, match=r"0001_first\.sql"):
        migrate(empty_database_url)
    assert applied(empty_database_url) == known


def test_a_failing_one_leaves_no_trace_and_stops_the_rest(
    empty_database_url: str, folder: Path
) -> None:
    (folder / "0002_second.sql").write_text("CREATE TABLE trace (); ALTER TABLE nowhere ADD x int;")
    (folder / "0003_third.sql").write_text("CREATE TABLE three ();")
    with pytest.raises(psycopg.errors.UndefinedTable):
        migrate(empty_database_url)
    assert [row[1] for row in applied(empty_database_url)] == ["0001_first"]
    with psycopg.connect(empty_database_url) as conn:
        found = conn.execute("SELECT to_regclass('trace'), to_regclass('three')").fetchone()
    assert found == (None, None)
    (folder / "0002_second.sql").write_text("CREATE TABLE two ();")
    assert migrate(empty_database_url) == ["0002_second", "0003_third"]
