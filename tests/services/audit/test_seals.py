"""Seals of real books: signed, remembered outside the database, refused where the past differs."""

import stat
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from pydantic import SecretStr

from domain.book.note import NotANote, PublicKey, read_note
from domain.book.refusal import Refusals
from domain.book.seal import (
    BookForked,
    BookRewritten,
    BookShrunk,
    SealForged,
    SealKeyRetired,
    SealNotByKey,
    SealUnreadable,
    read_checkpoint,
)
from domain.book.seal_code import Stamp
from services.audit.keys import SigningKey, UnusableKey, key_file, read_seal
from services.audit.seal_keeper import SealKeeper
from services.audit.seal_keys import SealKeys, open_sealer
from services.audit.seal_picture import qr_svg
from services.audit.seal_rotation import KeyRing, check_statement, replace_key, ring_of
from services.audit.seals import (
    NothingToSeal,
    Sealer,
    cosigned,
    keep_cosignatures,
    last_seal,
    seals,
    stamp,
)
from services.audit.signer import MemoryLost, NotBroken, Signer
from services.settings import Settings
from services.store.store import Store
from tests.services.audit.conftest import write_entries
from tests.services.audit.test_verify import cut, rewrite, unguarded

KEY = SigningKey("paraphe", bytes(range(32)))
NEXT = SigningKey("paraphe", bytes(32))


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    return Signer(lambda: KEY, tmp_path / "signed")


@pytest.fixture
def sealer(store: Store, signer: Signer) -> Sealer:
    return Sealer(store, signer)


def refusal(act: Callable[[], object]) -> type:
    with pytest.raises(Refusals) as refused:
        act()
    return type(refused.value.refused)


def test_a_book_is_sealed_as_it_stands(sealer: Sealer, store: Store, book: str) -> None:
    seal = sealer.seal(book)
    read = read_seal(seal.note, [KEY.public])
    assert (read.checkpoint.size, read.checkpoint.root) == (20, store.head(book).root)
    assert (read.checkpoint.book_id, read.key) == (book, KEY.public)
    assert last_seal(store, book) == seal
    assert sealer.seal(book) == seal  # nothing changed: nothing new
    write_entries(store, book, 10)
    assert (sealer.seal(book).nth, [one.size for one in seals(store, book)]) == (2, [20, 22])
    printed = stamp(store, book)
    assert printed is not None
    assert printed.previous == seal.checkpoint


def test_an_empty_book_is_not_sealed(sealer: Sealer, store: Store) -> None:
    book_id = str(uuid4())
    store.open_book(book_id)
    with pytest.raises(NothingToSeal):
        sealer.seal(book_id)


def test_seals_are_never_changed(sealer: Sealer, store: Store, book: str) -> None:
    sealer.seal(book)
    for statement in ("UPDATE seal SET size = 1", "DELETE FROM seal", "TRUNCATE seal CASCADE"):
        with pytest.raises(Exception, match=r"denied|refused"), store.entered(book) as conn:
            conn.execute(statement)
    with store.entered(str(uuid4())) as conn:
        assert conn.execute("SELECT count(*) FROM seal").fetchone() == (0,)


def test_a_shorter_book_is_not_sealed(sealer: Sealer, store: Store, book: str) -> None:
    """An old backup put back: its own seals are older too, only the signer knows better."""
    sealer.seal(book)
    cut(store, book, 12)
    with unguarded(store) as conn:
        conn.execute("DELETE FROM seal")
    assert refusal(lambda: sealer.seal(book)) is BookShrunk


def test_an_old_backup_with_its_own_seal_is_found_too(
    sealer: Sealer, store: Store, book: str
) -> None:
    sealer.seal(book)
    write_entries(store, book, 10)
    sealer.seal(book)
    cut(store, book, 20)
    with unguarded(store) as conn:
        conn.execute("DELETE FROM seal WHERE nth = 2")
    assert refusal(lambda: sealer.seal(book)) is BookShrunk


def test_a_rewritten_book_is_not_sealed(sealer: Sealer, store: Store, book: str) -> None:
    sealer.seal(book)
    rewrite(store, book, 4)
    assert refusal(lambda: sealer.seal(book)) is BookForked
    write_entries(store, book, 10)
    assert refusal(lambda: sealer.seal(book)) is BookRewritten


def test_a_book_whose_head_is_false_is_not_sealed(sealer: Sealer, store: Store, book: str) -> None:
    sealer.seal(book)
    write_entries(store, book, 10)
    with unguarded(store) as conn:
        conn.execute("UPDATE book SET frontier = %s", (bytes(3 * 32),))
    with pytest.raises(Exception, match="do not agree"):
        sealer.seal(book)


def test_a_signer_that_forgot_learns_from_the_kept_seals(
    store: Store, book: str, sealer: Sealer, tmp_path: Path
) -> None:
    sealer.seal(book)
    rewrite(store, book, 4)
    forgetful = Sealer(store, Signer(lambda: KEY, tmp_path / "elsewhere"))
    assert refusal(lambda: forgetful.seal(book)) is BookForked


def test_a_spoilt_memory_signs_nothing(
    sealer: Sealer, book: str, store: Store, tmp_path: Path
) -> None:
    sealer.seal(book)
    (memory,) = (tmp_path / "signed").glob("*.seal")
    whole = memory.read_text()
    for spoilt in ("", whole[:40], whole.replace(book, str(uuid4())), whole + "x"):
        memory.write_text(spoilt)
        with pytest.raises(MemoryLost):
            sealer.seal(book)


def test_a_break_is_declared_once_and_for_ever(sealer: Sealer, store: Store, book: str) -> None:
    with pytest.raises(NotBroken):
        sealer.declare_break(book)
    before = sealer.seal(book).checkpoint
    with pytest.raises(NotBroken):
        sealer.declare_break(book)
    cut(store, book, 12)
    seal = sealer.declare_break(book)
    assert (seal.size, seal.checkpoint.broken) == (12, before.anchor)
    assert sealer.seal(book) == seal
    write_entries(store, book, 20)
    assert sealer.seal(book).checkpoint.broken is None


def test_forged_seals_are_refused_by_name(sealer: Sealer, book: str) -> None:
    written = sealer.seal(book).note
    other = PublicKey("paraphe", KEY.public.kind, NEXT.public.public)
    assert refusal(lambda: read_seal(written, [other])) is SealNotByKey
    assert (
        refusal(lambda: read_seal(written.replace("\n20\n", "\n21\n"), [KEY.public])) is SealForged
    )
    assert refusal(lambda: read_seal("no seal", [KEY.public])) is SealUnreadable
    signed_text = "hello\n"
    hello = read_note(f"{signed_text}\n{KEY.sign(signed_text).line}")
    assert refusal(lambda: read_seal(hello.written(), [KEY.public])) is SealUnreadable


def test_no_flipped_bit_of_a_seal_goes_unseen(sealer: Sealer, book: str) -> None:
    written = sealer.seal(book).note
    named = {SealForged, SealNotByKey, SealUnreadable}
    for at in range(len(written)):
        for bit in range(7):
            forged = written[:at] + chr(ord(written[at]) ^ 1 << bit) + written[at + 1 :]
            assert refusal(lambda note=forged: read_seal(note, [KEY.public])) in named


def test_a_key_is_made_once_and_kept_from_others(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "seal.key"
    key = key_file(path, "paraphe")
    assert stat.S_IMODE(path.stat().st_mode) == 0o400
    assert key_file(path, "paraphe").public == key.public
    assert key.written() not in repr(key)
    path.chmod(0o644)
    with pytest.raises(UnusableKey, match="others"):
        key_file(path, "paraphe")


def test_the_next_key_takes_over(tmp_path: Path) -> None:
    keys = SealKeys(Settings(home=tmp_path))
    old, new = keys.current.public, keys.next.public
    assert keys.promote() == new == keys.current.public
    assert (keys.retired, keys.public) == ([old], [old, new])
    assert keys.next.public not in {old, new}
    given = SealKeys(Settings(home=tmp_path, seal_key=KEY.written()))  # type: ignore[arg-type]
    assert given.current.public == KEY.public
    with pytest.raises(UnusableKey, match="PARAPHE_SEAL_KEY"):
        assert given.next


def test_an_installation_seals_with_its_own_key(store: Store, book: str, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    seal = open_sealer(store, settings).seal(book)
    assert read_seal(seal.note, SealKeys(settings).public).checkpoint.size == 20
    drawn = qr_svg(Stamp(seal=seal.checkpoint, previous=seal.checkpoint))
    assert drawn.startswith("<svg width=")
    assert "http://" not in drawn.replace("http://www.w3.org/2000/svg", "")


@pytest.mark.parametrize("spoil", [lambda word: word[:-4], lambda word: "x" + word,
                                   lambda word: word.replace("+paraphe+", "+paraph+")])  # fmt: skip
def test_a_spoilt_key_is_refused(spoil: Callable[[str], str]) -> None:
    with pytest.raises(UnusableKey):
        SigningKey.read(spoil(KEY.written()))


def test_a_key_is_replaced_by_both(sealer: Sealer, store: Store, book: str, tmp_path: Path) -> None:
    """Old seals hold under the old key; from the replacement on only the new one seals."""
    old_seal = sealer.seal(book)
    position = replace_key(store, book, KEY, NEXT, "operator")
    assert replace_key(store, book, KEY, NEXT, "operator") == position == 21
    assert refusal(lambda: sealer.seal(book)) is SealKeyRetired
    new_seal = Sealer(store, Signer(lambda: NEXT, tmp_path / "signed")).seal(book)
    ring = ring_of(store, book, [KEY.public])
    assert ring.open(old_seal.note).checkpoint.size == 20
    assert ring.open(new_seal.note).key == NEXT.public
    late = read_note(new_seal.note).text
    forged = f"{late}\n{KEY.sign(late).line}"
    assert refusal(lambda: ring.open(forged)) is SealKeyRetired
    assert refusal(lambda: KeyRing(book, [KEY.public]).open(new_seal.note)) is SealNotByKey
    (fact,) = store.read(book, after=20)
    elsewhere = str(uuid4())
    statement = fact.event.statement  # type: ignore[attr-defined]
    assert check_statement(statement, book, KEY.public) == NEXT.public
    assert refusal(lambda: check_statement(statement, elsewhere, KEY.public)) is SealUnreadable
    assert refusal(lambda: check_statement(statement, book, NEXT.public)) is SealForged
    one_line = statement[: statement.rindex("— ")]
    assert refusal(lambda: check_statement(one_line, book, KEY.public)) is SealNotByKey


def test_a_witness_s_line_is_kept_with_its_seal(sealer: Sealer, store: Store, book: str) -> None:
    seal = sealer.seal(book)
    witness = SigningKey("cabinet", bytes(32), 0x04)
    signature = witness.cosign(read_note(seal.note).text, 1_800_000_000)
    both = read_note(seal.note + signature.line)
    keep_cosignatures(store, seal, both, witness.public)
    keep_cosignatures(store, seal, both, witness.public)
    assert cosigned(store, seal) == both.written()
    forged = read_note(seal.note + signature.line.replace("AAAA", "AAAB", 1))
    assert refusal(lambda: keep_cosignatures(store, seal, forged, witness.public)) in {
        SealForged,
        SealNotByKey,
    }


def test_the_keeper_seals_within_a_minute(sealer: Sealer, store: Store, book: str) -> None:
    """A simulated clock: writes come at odd seconds, and each is sealed sixty seconds later."""
    now, writes, written = 0.0, [0.0, 1.0, 29.9, 31.0, 61.0, 299.0], {}

    def pause(seconds: float) -> bool:
        nonlocal now
        now += seconds
        for nth, moment in enumerate(writes):
            if moment <= now and nth not in written:
                write_entries(store, book, 100 + nth)
                written[nth] = moment
        unsealed = [moment for nth, moment in written.items() if 22 + 2 * nth > sealed_size()]
        assert all(now - moment <= 60 for moment in unsealed)
        return now > 400

    def sealed_size() -> int:
        seal = last_seal(store, book)
        return seal.size if seal else 0

    SealKeeper(sealer, store.datastore.url, pause=pause).run()
    assert sealed_size() == store.head(book).size == 32


def test_a_machine_without_a_key_of_its_own_does_not_seal_unasked(tmp_path: Path) -> None:
    """On a database that others share, a key made here would be one that nobody knows."""
    elsewhere = SecretStr("postgresql://elsewhere/paraphe")
    shared = Settings(home=tmp_path, database_url=elsewhere)
    assert not SealKeys(shared).ready
    assert SealKeys(shared.model_copy(update={"seal_key": SecretStr(KEY.written())})).ready
    assert SealKeys(Settings(home=tmp_path, database_url=None)).ready
    assert SealKeys(shared).current  # made because somebody asked: `paraphe seal now`
    assert SealKeys(shared).ready


def test_one_book_in_trouble_leaves_the_others_sealed(
    sealer: Sealer, store: Store, book: str
) -> None:
    other = str(uuid4())
    store.open_book(other)
    write_entries(store, other, 1)
    sealer.seal(book)
    cut(store, book, 12)
    keeper = SealKeeper(sealer, store.datastore.url)
    keeper.start()
    keeper.stop()
    assert list(keeper.refused) == [book]
    assert last_seal(store, other) is not None
    with pytest.raises(NotANote):
        read_checkpoint("")
