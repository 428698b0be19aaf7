"""Fourteen ways to tamper with a book, each found and located; and no alarm without a cause.

The tamperer holds the database (triggers off, every right) and, where it is said, the signing key.
What he cannot reach is what was kept outside: a size and root, a seal, the signer's memory.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from domain.book.note import read_note
from domain.book.refusal import Refusals
from domain.book.seal import BookForked, BookRewritten, BookShrunk
from services.audit.export import export_book
from services.audit.findings import Finding
from services.audit.keys import SigningKey, read_seal
from services.audit.proofs import consistency
from services.audit.replay import Request, choose
from services.audit.replay import replay_bundle as replay
from services.audit.replay_shelf import missing_books
from services.audit.seals import Sealer
from services.audit.signer import Signer
from services.audit.verify import Kept, verify_book
from services.store.datastore import BookDatastore
from services.store.store import Store
from tests.databases import TestRun, UrlOf
from tests.services.audit.bundles import KEY, in_node, in_python
from tests.services.audit.conftest import write_entries
from tests.services.audit.test_verify import cut, rehash, rewrite, root_at, unguarded


@pytest.fixture(scope="module")
def store(server_url: UrlOf, template_database: str) -> Iterator[Store]:
    """One database for all: each test has books of its own."""
    with TestRun.joined().database(server_url, None, template_database) as url:
        opened = Store(BookDatastore(url))
        yield opened
        opened.close()


@pytest.fixture
def book(store: Store) -> str:
    return new_book(store)


def new_book(store: Store, commands: int = 10) -> str:
    """A book of two numbered entries a command and one kept file."""
    book_id = str(uuid4())
    store.open_book(book_id)
    for nth in range(commands):
        write_entries(store, book_id, nth)
    return book_id


@dataclass
class Desk:
    """The signer of a book and what it remembers; a tamperer may hold its key, not its memory."""

    sealer: Sealer
    folder: Path


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    return Desk(Sealer(store, Signer(lambda: KEY, tmp_path / "signed")), tmp_path / "signed")


def change(store: Store, statement: str, *values: object) -> None:
    """What a database administrator does behind everybody's back."""
    with unguarded(store) as conn:
        conn.execute(statement, values)


def found(store: Store, book: str, *kept: Kept) -> tuple[Finding, ...]:
    return verify_book(store, book, kept).findings


def first(findings: tuple[Finding, ...]) -> int:
    """The earliest event that is named."""
    return min(one.position for one in findings if one.position)


IN_PLACE: dict[str, tuple[str, int]] = {
    "1 a bit of an event": (
        "UPDATE event SET body = set_byte(body, 40, get_byte(body, 40) # 1) WHERE {at}",
        7,
    ),
    "2 the order of two events": (
        "UPDATE event SET position = 29 - position WHERE book_id = '{book}' AND position / 2 = 7",
        14,
    ),
    "3 a column beside the bytes": (
        "UPDATE event SET command_id = 'another' WHERE {at}",
        9,
    ),
    "4 a tag": (
        "UPDATE event_tag SET tag = tag || 'x' WHERE {at} AND nth = 0",
        5,
    ),
    "5 a time": (
        "UPDATE event SET recorded_at = recorded_at - interval '1 microsecond' WHERE {at}",
        11,
    ),
    "6 one event removed": ("DELETE FROM event WHERE {at}", 13),
}


@pytest.mark.parametrize("way", IN_PLACE)
def test_a_change_in_place_is_located_by_the_book_itself(store: Store, book: str, way: str) -> None:
    statement, position = IN_PLACE[way]
    with unguarded(store) as conn:
        # Two rows that change places meet a unique key on the way: a tamperer drops it first.
        conn.execute("ALTER TABLE event DROP CONSTRAINT event_pkey")
        at = f"book_id = '{book}' AND position = {position}"
        conn.execute(statement.format(at=at, book=book))
        conn.commit()
        try:
            assert first(found(store, book)) == position
        finally:
            conn.execute("DELETE FROM event WHERE book_id = %s", (book,))
            conn.execute("ALTER TABLE event ADD PRIMARY KEY (book_id, position)")


@pytest.mark.parametrize("removed", [1, 2, 7, 19])
def test_7_a_tail_removed_is_found_against_any_seal(
    store: Store, book: str, desk: Desk, removed: int
) -> None:
    seal = desk.sealer.seal(book)
    cut(store, book, 20 - removed)
    assert found(store, book) == ()  # by itself a shorter book is sound
    (one,) = found(store, book, Kept(size=seal.size, root=seal.root.hex()))
    assert (one.check, one.position, one.upto) == ("kept-root", 21 - removed, 20)
    assert refused_by(desk, book) is BookShrunk


def test_8_a_whole_book_removed_is_missed_by_the_signers_memory(
    store: Store, book: str, desk: Desk
) -> None:
    other = new_book(store, 2)
    for each in (book, other):
        desk.sealer.seal(each)
    assert missing_books(desk.folder, {book, other}) == []
    for table in ("event", "event_tag", "subtree", "file", "seal", "book"):
        change(store, f"DELETE FROM {table} WHERE book_id = %s", book)
    (report,) = missing_books(desk.folder, {other})
    (one,) = report.findings
    assert (report.book_id, one.position, one.upto) == (book, 1, 20)


def test_9_a_book_hashed_again_is_located_between_two_seals(
    store: Store, book: str, desk: Desk
) -> None:
    early = Kept(size=8, root=root_at(store, book, 8))
    late = desk.sealer.seal(book)
    rewrite(store, book, 12)
    (one,) = found(store, book, early, Kept(size=late.size, root=late.root.hex()))
    assert (one.check, one.position, one.upto) == ("kept-root", 9, 20)
    write_entries(store, book, 30)
    assert refused_by(desk, book) in {BookRewritten, BookForked}


def test_10_rewritten_with_the_true_key_one_printed_root_tells(
    store: Store, book: str, desk: Desk, tmp_path: Path
) -> None:
    """Chain, tree and seals are all made again; both verifiers need one root on paper."""
    printed = desk.sealer.seal(book)
    rewrite(store, book, 4)
    change(store, "DELETE FROM seal WHERE book_id = %s", book)
    Sealer(store, Signer(lambda: KEY, tmp_path / "thief")).seal(book)
    bundle = tmp_path / "book.zip"
    export_book(store, book, bundle, keys=[KEY.public])
    assert in_python([bundle])[0]["status"] == "sound"
    kept = {"size": printed.size, "root": printed.root.hex()}
    (python,) = in_python([bundle], "--kept", f"{printed.size}:{printed.root.hex()}")
    (node,) = in_node([bundle], kept=[kept])
    assert python["first"] == node["first"] == {"position": 1, "upto": 20}


def test_11_a_fork_from_an_old_backup_is_refused_and_shows_itself(
    store: Store, desk: Desk, tmp_path: Path
) -> None:
    """The book of yesterday is put back and goes another way; two seals of one size prove it."""
    book = new_book(store, 5)
    yesterday = desk.sealer.seal(book)
    write_entries(store, book, 5)
    today = desk.sealer.seal(book)
    cut(store, book, 10)
    change(store, "DELETE FROM seal WHERE book_id = %s AND nth = 2", book)
    assert refused_by(desk, book) is BookShrunk
    write_entries(store, book, 5)
    assert refused_by(desk, book) in {BookForked, BookRewritten}
    other = Sealer(store, Signer(lambda: KEY, tmp_path / "thief")).seal(book)
    seals = [read_seal(note, [KEY.public]).checkpoint for note in (today.note, other.note)]
    assert seals[0].size == seals[1].size
    assert seals[0].root != seals[1].root
    early = Kept(size=yesterday.size, root=yesterday.root.hex())
    (one,) = found(store, book, early, Kept(size=today.size, root=today.root.hex()))
    assert (one.position, one.upto) == (11, 12)


def test_12_cut_and_grown_to_the_same_size_is_no_extension(
    store: Store, book: str, desk: Desk
) -> None:
    before = desk.sealer.seal(book)
    cut(store, book, 16)
    for nth in (50, 51):
        write_entries(store, book, nth)
    assert store.head(book).size == before.size
    (*_, one) = found(store, book, Kept(size=before.size, root=before.root.hex()))
    assert (one.check, one.upto) == ("kept-root", 20)
    assert refused_by(desk, book) is BookForked
    assert consistency(store, book, 16).old_root == root_at(store, book, 16)


def test_13_an_event_moved_to_another_book_does_not_fit_there(store: Store, book: str) -> None:
    other = new_book(store, 3)
    with unguarded(store) as conn:
        conn.execute("DELETE FROM event WHERE book_id = %s AND position = 4", (other,))
        conn.execute(
            "INSERT INTO event SELECT %s, position, recorded_at, type, series, number, command_id, "
            "ordinal, leaf, chain, body FROM event WHERE book_id = %s AND position = 4",
            (other, book),
        )
    assert first(found(store, other)) == 4
    assert "leaf" in {one.check for one in found(store, other)}


def test_14_an_unknown_type_is_verified_as_bytes_and_stops_the_replay(
    store: Store, book: str, tmp_path: Path
) -> None:
    with unguarded(store) as conn:
        conn.execute(
            "UPDATE event SET type = 'entry.planned.v1', body = convert_to(replace("
            "convert_from(body, 'UTF8'), 'entry.posted.v1', 'entry.planned.v1'), 'UTF8') "
            "WHERE book_id = %s AND position = 6",
            (book,),
        )
        rehash(conn, book)
        conn.execute("DELETE FROM subtree WHERE book_id = %s", (book,))
    assert found(store, book) == ()
    export_book(store, book, tmp_path / "book.zip")
    assert in_python([tmp_path / "book.zip"])[0]["status"] == "sound"
    (check,) = replay(tmp_path / "book.zip", Request(checks=choose(["schema-known"]))).checks
    assert (check.status, check.failures[0].position) == ("fail", 6)


def test_a_forged_seal_and_one_of_another_key_are_told_apart(
    store: Store, book: str, desk: Desk, tmp_path: Path
) -> None:
    """Not one of the fourteen: the forger has no key at all."""
    seal = desk.sealer.seal(book)
    thief = Sealer(store, Signer(lambda: SigningKey("paraphe", bytes(32)), tmp_path / "thief"))
    change(store, "DELETE FROM seal WHERE book_id = %s", book)
    stolen = thief.seal(book)
    with pytest.raises(Refusals) as refused:
        read_seal(stolen.note, [KEY.public])
    assert refused.value.refused.code == "seal_not_by_key"
    forged = read_note(stolen.note).text + "\n" + seal.note.rpartition("\n\n")[2]
    forged = forged.replace("\n20\n", "\n19\n")
    with pytest.raises(Refusals) as refused:
        read_seal(forged, [KEY.public])
    assert refused.value.refused.code == "seal_forged"


def refused_by(desk: Desk, book: str) -> type:
    """Which refusal the signer gives when it is asked to seal the book."""
    with pytest.raises(Refusals) as refused:
        desk.sealer.seal(book)
    return type(refused.value.refused)
