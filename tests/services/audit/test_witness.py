"""A witness cosigns what extends the last seal, and keeps the evidence of what does not."""

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest

from domain.book import merkle
from domain.book.note import NotANote, Note, PublicKey, read_note
from domain.book.refusal import Refusals
from domain.book.rotation import statement
from domain.book.seal import (
    Anchor,
    BookForked,
    BookRewritten,
    Checkpoint,
    SealForged,
    SealNotByKey,
    SealUnreadable,
)
from domain.book.witnessing import (
    BookNotWitnessed,
    BreakDeclared,
    ProofFromElsewhere,
    SealOlderThanSeen,
    Submission,
    read_submission,
)
from services.audit.keys import SigningKey, is_signed
from services.audit.witness import Fork, Witness

BOOK = str(uuid4())
KEY = SigningKey("paraphe", bytes(range(32)))
NEXT = SigningKey("paraphe", bytes(32))
LEAVES = [merkle.leaf_hash(b"%d" % nth) for nth in range(50)]
FORGED = [*LEAVES[:3], bytes(32), *LEAVES[4:]]
NOON = 1_800_000_000


def root(leaves: list[bytes], start: int, end: int) -> bytes:
    return merkle.root(merkle.extend((), 0, leaves[start:end]))


def sent(
    old: int,
    size: int,
    leaves: list[bytes] = LEAVES,
    *,
    key: SigningKey = KEY,
    broken: Anchor | None = None,
) -> Submission:
    checkpoint = Checkpoint(book_id=BOOK, size=size, root=root(leaves, 0, size), broken=broken)
    path: list[bytes] = []
    if 0 < old <= size:
        path = merkle.consistency_proof(lambda *span: root(leaves, *span), old, size)
    note = Note(checkpoint.text(), (key.sign(checkpoint.text()),))
    return Submission(old=old, path=tuple(path), note=note.written())


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    made = Witness(tmp_path / "witness")
    made.trust(BOOK, KEY.public)
    return made


def refusal(act: Callable[[], object]) -> type:
    with pytest.raises(Refusals) as refused:
        act()
    return type(refused.value.refused)


def shout(act: Callable[[], object]) -> Fork:
    with pytest.raises(Fork) as fork:
        act()
    assert fork.value.kept.read_text() == fork.value.evidence
    return fork.value


def test_a_growing_book_is_cosigned(witness: Witness, tmp_path: Path) -> None:
    first = witness.check(sent(0, 10), NOON)
    note = read_note(first.cosigned)
    assert is_signed(note, witness.key.public)
    assert is_signed(note, KEY.public)
    assert not is_signed(note, PublicKey("witness", 4, KEY.public.public))
    late = read_note(first.cosigned.replace("\n10\n", "\n11\n"))
    assert is_signed(late, witness.key.public) is False
    again = Witness(tmp_path / "witness")  # another run of the command
    assert not again.check(sent(10, 23), NOON + 60).again
    assert again.check(sent(0, 10), NOON + 61).again
    assert again.books()[0][1] is not None
    assert [last.size for _, last in again.books() if last] == [23]


def test_a_submission_is_read_as_it_is_written() -> None:
    one = sent(10, 23)
    assert read_submission(one.written()) == one
    for wrong in ("", "old x\n\nnote", one.written().replace("old 10", "old 010"),
                  one.written().replace("\n", "\r\n"), "old 1\nAAAA\n\n"):  # fmt: skip
        with pytest.raises(NotANote):
            read_submission(wrong)


def test_two_roots_of_one_size_are_a_fork(witness: Witness) -> None:
    witness.check(sent(0, 10), NOON)
    fork = shout(lambda: witness.check(sent(0, 10, FORGED), NOON))
    assert isinstance(fork.refused, BookForked)
    before, after = sent(0, 10).note, sent(0, 10, FORGED).note
    assert before in fork.evidence
    assert after in fork.evidence
    assert witness.check(sent(10, 11), NOON).size == 11  # the true book goes on


def test_a_fork_from_before_the_last_seal_is_found(witness: Witness) -> None:
    witness.check(sent(0, 10), NOON)
    witness.check(sent(10, 20), NOON)
    assert isinstance(shout(lambda: witness.check(sent(0, 10, FORGED), NOON)).refused, BookForked)


def test_a_book_that_does_not_extend_the_last_seal_is_shouted_at(witness: Witness) -> None:
    witness.check(sent(0, 10), NOON)
    for wrong in (sent(10, 23, FORGED), Submission(old=10, path=(), note=sent(0, 23).note)):
        fork = shout(lambda wrong=wrong: witness.check(wrong, NOON))
        assert isinstance(fork.refused, BookRewritten)
    assert [last.size for _, last in witness.books() if last] == [10]


def test_what_cannot_be_judged_is_not_shouted_at(witness: Witness) -> None:
    witness.check(sent(0, 10), NOON)
    assert refusal(lambda: witness.check(sent(8, 23), NOON)) is ProofFromElsewhere
    assert refusal(lambda: witness.check(sent(0, 7), NOON)) is SealOlderThanSeen
    assert refusal(lambda: witness.check(sent(10, 12, key=NEXT), NOON)) is SealNotByKey
    spoilt = sent(10, 12).note.replace("\n12\n", "\n13\n")
    forged = Submission(old=10, path=(), note=spoilt)
    assert refusal(lambda: witness.check(forged, NOON)) is SealForged
    nothing = Submission(old=0, path=(), note="nothing")
    assert refusal(lambda: witness.check(nothing, NOON)) is SealUnreadable


def test_only_trusted_books_are_witnessed(tmp_path: Path) -> None:
    stranger = Witness(tmp_path / "witness")
    assert refusal(lambda: stranger.check(sent(0, 10), NOON)) is BookNotWitnessed


def test_a_declared_break_is_shouted_at_until_a_person_accepts_it(witness: Witness) -> None:
    witness.check(sent(0, 10), NOON)
    lost = Anchor(10, root(LEAVES, 0, 10))
    broken = sent(0, 7, FORGED, broken=lost)
    assert isinstance(shout(lambda: witness.check(broken, NOON)).refused, BreakDeclared)
    assert witness.check(broken, NOON, accept_break=True).size == 7
    assert witness.check(sent(7, 10, FORGED, broken=lost), NOON, accept_break=True).size == 10
    assert witness.check(sent(10, 12, FORGED), NOON).size == 12
    same = sent(0, 12, broken=lost)
    assert isinstance(shout(lambda: witness.check(same, NOON)).refused, BreakDeclared)


def test_a_new_key_is_trusted_when_the_old_one_vouches(witness: Witness) -> None:
    witness.check(sent(0, 10), NOON)
    text = statement(BOOK, KEY.public, NEXT.public)
    both = Note(text, (KEY.sign(text), NEXT.sign(text))).written()
    alone = Note(text, (NEXT.sign(text),)).written()
    assert refusal(lambda: witness.trust_replacement(BOOK, alone)) is SealNotByKey
    assert witness.trust_replacement(BOOK, both) == NEXT.public
    assert witness.check(sent(10, 12, key=NEXT), NOON).size == 12
