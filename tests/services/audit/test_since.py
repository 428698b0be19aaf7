"""Verification of what came after a seal: finds what is wrong there, and says what it trusted."""

import pytest

from services.audit import stored
from services.audit.findings import Finding
from services.audit.seal_rotation import KeyRing
from services.audit.since import NoSealYet, newest_seal, verify_since
from services.audit.verify import Kept, verify_book
from services.store.store import Store
from tests.services.audit.conftest import write_entries
from tests.services.audit.test_verify import COLUMNS, flip, restore, root_at, unguarded

SIZE = 13
"""In the middle of a command, so that its second event is the first that is read."""


@pytest.fixture
def trusted(store: Store, book: str) -> Kept:
    return Kept(size=SIZE, root=root_at(store, book, SIZE))


def findings(store: Store, book: str, trusted: Kept, *kept: Kept) -> tuple[Finding, ...]:
    return verify_since(store, book, trusted, kept).findings


@pytest.mark.parametrize("size", range(1, 21))
def test_a_sound_book_has_no_finding_whatever_is_trusted(
    store: Store, book: str, size: int
) -> None:
    report = verify_since(store, book, Kept(size=size, root=root_at(store, book, size)))
    whole = verify_book(store, book)
    assert report.findings == ()
    assert (report.root, report.chain, report.size) == (whole.root, whole.chain, whole.size)
    assert report.since == size
    assert f"events 1–{size}: not read again" in report.not_checked[0]


@pytest.mark.parametrize("column", COLUMNS["event"])
def test_a_changed_column_of_a_new_event_is_found_and_located(
    store: Store, book: str, trusted: Kept, column: str
) -> None:
    for which in range(20):
        with unguarded(store) as conn:
            row = flip(conn, book, ("event", column), which, 3)
            if row is None:
                continue
            conn.commit()
            found = findings(store, book, trusted)
            restore(conn, book, "event", column, row)
            conn.commit()
        if row.position > SIZE:
            assert any(abs(one.position - row.position) <= 1 for one in found)
    assert findings(store, book, trusted) == ()


@pytest.mark.parametrize("change", ["tag = tag || 'x'", "nth = nth + 1"])
def test_a_changed_tag_of_a_new_event_is_found(
    store: Store, book: str, trusted: Kept, change: str
) -> None:
    with unguarded(store) as conn:
        conn.execute(f"UPDATE event_tag SET {change} WHERE position = 17 AND nth = 0")
    (found,) = findings(store, book, trusted)
    assert (found.check, found.position) == ("tags", 17)


def test_only_stored_hashes_of_the_old_events_are_looked_at(
    store: Store, book: str, trusted: Kept
) -> None:
    """A changed body before the seal is not seen, which is why the report says so; a leaf is."""
    with unguarded(store) as conn:
        conn.execute("UPDATE event SET body = body || ' '::bytea WHERE position = 5")
    assert findings(store, book, trusted) == ()
    with unguarded(store) as conn:
        conn.execute("UPDATE event SET leaf = sha256(leaf) WHERE position = 5")
    assert ("kept-root", 1, SIZE) in {
        (one.check, one.position, one.upto) for one in findings(store, book, trusted)
    }


def test_a_shorter_book_than_the_trusted_one_is_found(store: Store, book: str) -> None:
    (found,) = findings(store, book, Kept(size=25, root="00" * 32))
    assert (found.check, found.position, found.upto) == ("kept-root", 21, 25)


def test_a_gap_in_the_numbers_is_found_across_the_border(
    store: Store, book: str, trusted: Kept
) -> None:
    write_entries(store, book, 12)  # entries 25 and 26 follow 20
    size = 20
    found = findings(store, book, Kept(size=size, root=root_at(store, book, size)))
    assert [(one.check, one.position) for one in found] == [("numbers-gapless", 21)]


def test_a_later_root_kept_outside_is_compared(store: Store, book: str, trusted: Kept) -> None:
    wrong = Kept(size=17, root="00" * 32)
    (found,) = findings(store, book, trusted, wrong, Kept(size=3, root="not read"))
    assert (found.check, found.position, found.upto) == ("kept-root", SIZE + 1, 17)


def test_few_rows_are_read(
    store: Store, book: str, trusted: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    pages = stored.row_pages

    def counting(*given: object) -> object:
        for rows in pages(*given):  # type: ignore[arg-type]
            read.extend(row[0] for row in rows)
            yield rows

    monkeypatch.setattr(stored, "row_pages", counting)
    verify_since(store, book, trusted)
    assert read == list(range(SIZE + 1, 21))


def test_a_book_without_a_seal_has_nothing_to_begin_from(store: Store, book: str) -> None:
    with pytest.raises(NoSealYet):
        newest_seal(store, KeyRing(book, []))
