"""Notes, seals and their codes as strict text: one form each, everything else refused by name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.book import merkle
from domain.book.note import (
    COSIGNATURE,
    ED25519,
    NotANote,
    Note,
    PublicKey,
    Signature,
    read_key,
    read_note,
)
from domain.book.refusal import Refused
from domain.book.rotation import read_statement, statement
from domain.book.seal import (
    Anchor,
    AnotherBook,
    BookForked,
    BookRewritten,
    BookShrunk,
    Checkpoint,
    cosigned_message,
    judge_extension,
    read_checkpoint,
)
from domain.book.seal_code import ALPHABET, Stamp, code_of, is_code_of, read_code

BOOK = "3f1e6d2c-0000-4000-8000-00000000000a"
OTHER = "3f1e6d2c-0000-4000-8000-00000000000b"
LEAVES = [merkle.leaf_hash(b"%d" % nth) for nth in range(40)]
KEY = PublicKey("paraphe", ED25519, bytes(range(32)))


def seal(size: int, book: str = BOOK, leaves: list[bytes] = LEAVES) -> Checkpoint:
    root = merkle.root(merkle.extend((), 0, leaves[:size]))
    return Checkpoint(book_id=book, size=size, root=root)


def path(old: int, new: int, leaves: list[bytes] = LEAVES) -> list[bytes]:
    def subtree(start: int, end: int) -> bytes:
        return merkle.root(merkle.extend((), 0, leaves[start:end]))

    return merkle.consistency_proof(subtree, old, new)


@pytest.mark.parametrize("broken", [None, Anchor(3, bytes(32))])
def test_a_checkpoint_is_read_as_it_is_written(broken: Anchor | None) -> None:
    said = Checkpoint(book_id=BOOK, size=7, root=bytes(range(32)), broken=broken)
    assert read_checkpoint(said.text()) == said
    assert said.text().startswith(
        f"paraphe/{BOOK}\n7\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n"
    )


@pytest.mark.parametrize(
    "change",
    [
        ("paraphe/", "Paraphe/"),
        ("000a", "000A"),
        ("\n7\n", "\n07\n"),
        ("\n7\n", "\n0\n"),
        ("\n7\n", "\n-7\n"),
        ("\n7\n", "\n٧\n"),
        ("\n7\n", "\n7 \n"),
        ("\n7\n", "\n\n"),
        ("h8=\n", "h9=\n"),  # the same bytes in another base64
        ("h8=\n", "h8\n"),
        ("h8=\n", "h8=\nmore\n"),
        ("h8=\n", "h8=\nrecovered 0 AAAA\n"),
        ("h8=\n", "h8="),
        ("\n", "\r\n"),
    ],
)
def test_other_texts_are_no_checkpoints(change: tuple[str, str]) -> None:
    text = Checkpoint(book_id=BOOK, size=7, root=bytes(range(32))).text()
    assert change[0] in text
    with pytest.raises(NotANote):
        read_checkpoint(text.replace(*change))


def note() -> Note:
    return Note(seal(9).text(), (Signature("paraphe", KEY.id, bytes(64)),))


def test_a_note_is_read_as_it_is_written() -> None:
    assert read_note(note().written()) == note()
    assert note().by(KEY) == note().signatures[0]
    assert note().by(PublicKey("paraphe", ED25519, bytes(32))) is None


@given(at=st.integers(0, 10_000), bit=st.integers(0, 6))
def test_a_note_with_one_other_bit_is_another_note_or_none(at: int, bit: int) -> None:
    written = note().written()
    at %= len(written)
    forged = written[:at] + chr(ord(written[at]) ^ 1 << bit) + written[at + 1 :]
    try:
        read = read_note(forged)
    except NotANote:
        return
    assert read != note()
    assert read.written() == forged


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "text\n",
        "text\n\n",
        "\n\n— paraphe AAAAAAA=\n",
        "text\n\n— paraphe AAAAAAA=",
        "text\n\n- paraphe AAAAAAA=\n",
        "text\n\n— paraphe AAAA\n",
        "text\n\n— para+phe AAAAAAA=\n",
        "text\n\n—  AAAAAAA=\n",
        "text\n\n— paraphe AAAAAAA=\n\n",
        "te\txt\n\n— paraphe AAAAAAA=\n",
        "text\n\n" + "— paraphe AAAAAAA=\n" * 33,
        "x" * 20_000 + "\n\n— paraphe AAAAAAA=\n",
    ],
)
def test_other_texts_are_no_notes(text: str) -> None:
    with pytest.raises(NotANote):
        read_note(text)


def test_the_published_example_key_has_its_published_id() -> None:
    """The example of the Go documentation of signed notes."""
    word = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    key = read_key(word)
    assert (key.id.hex(), key.written()) == ("c74f20a3", word)
    for wrong in (word.replace("c74f", "c74e"), word[:-1], "a+b", word.replace("ARpc", "ASpc")):
        with pytest.raises(NotANote):
            read_key(wrong)


def test_a_cosigning_key_has_another_id_than_a_signing_one() -> None:
    assert KEY.id != PublicKey(KEY.name, COSIGNATURE, KEY.public).id
    assert cosigned_message("text\n", 12) == b"cosignature/v1\ntime 12\ntext\n"


@pytest.mark.parametrize(("old", "new"), [(1, 40), (8, 8), (13, 27), (32, 40)])
def test_a_book_that_grew_extends_its_seal(old: int, new: int) -> None:
    assert judge_extension(seal(old), seal(new), path(old, new)) is None


FORGED = [*LEAVES[:5], bytes(32), *LEAVES[6:]]


@pytest.mark.parametrize(
    ("before", "after", "proof", "refusal"),
    [
        (seal(9), seal(9, OTHER), [], AnotherBook),
        (seal(9), seal(8), [], BookShrunk),
        (seal(9), seal(9, leaves=FORGED), [], BookForked),
        (seal(9), seal(12, leaves=FORGED), path(9, 12, FORGED), BookRewritten),
        (seal(9), seal(12), path(8, 12), BookRewritten),
        (seal(9), seal(12), [], BookRewritten),
        (seal(9), seal(9), [bytes(32)], BookRewritten),
    ],
)
def test_a_book_that_does_not_extend_its_seal_is_refused(
    before: Checkpoint, after: Checkpoint, proof: list[bytes], refusal: type[Refused]
) -> None:
    assert isinstance(judge_extension(before, after, proof), refusal)


def test_a_code_is_read_as_people_type_it() -> None:
    code = code_of(seal(9))
    assert len(code) == 34
    typed = code.lower().replace("0", "o").replace("1", "l").replace("-", " ")
    assert read_code(typed) == code
    assert is_code_of(typed, seal(9))
    assert not is_code_of(code_of(seal(10)), seal(9))


@given(at=st.integers(0, 27), other=st.sampled_from(ALPHABET))
def test_a_wrong_character_of_a_code_is_found(at: int, other: str) -> None:
    word = code_of(seal(9)).replace("-", "")
    if word[at] != other:
        with pytest.raises(NotANote):
            read_code(word[:at] + other + word[at + 1 :])


@given(at=st.integers(0, 26))
def test_two_characters_that_changed_places_are_found(at: int) -> None:
    word = code_of(seal(9)).replace("-", "")
    if word[at] != word[at + 1]:
        with pytest.raises(NotANote):
            read_code(word[:at] + word[at + 1] + word[at] + word[at + 2 :])


def test_a_stamp_says_both_seals() -> None:
    stamp = Stamp(seal=seal(9), previous=seal(4))
    assert stamp.words() == (f"9 · {code_of(seal(9))}", f"4 · {code_of(seal(4))}")
    assert stamp.payload().startswith(seal(9).text())
    assert stamp.payload().splitlines()[3] == "4"


def test_a_statement_of_two_keys_counts_in_its_book_only() -> None:
    new = PublicKey("paraphe", ED25519, bytes(32))
    text = statement(BOOK, KEY, new)
    written = Note(text, (Signature("paraphe", KEY.id, bytes(64)),)).written()
    assert read_statement(written, BOOK)[1:] == (KEY, new)
    with pytest.raises(NotANote):
        read_statement(written, OTHER)
    with pytest.raises(NotANote):
        read_statement(note().written(), BOOK)
