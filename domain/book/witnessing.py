"""What a witness is sent (C2SP tlog-witness): a seal, and the proof that it extends another."""

import re
from collections.abc import Sequence

from msgspec import Struct

from domain.book.merkle import Hash
from domain.book.note import NotANote, from_base64, to_base64
from domain.book.refusal import Refused, words
from domain.book.seal import LAW

_OLD = re.compile(r"old (0|[1-9][0-9]{0,17})", re.ASCII)
LONGEST_PATH = 63


class Submission(Struct, frozen=True, kw_only=True):
    """The note of a seal, and the proof that its book begins with the one of `old` events."""

    old: int
    path: tuple[Hash, ...]
    note: str

    def written(self) -> str:
        """The submission as it is sent."""
        steps = "".join(f"{to_base64(step)}\n" for step in self.path)
        return f"old {self.old}\n{steps}\n{self.note}"


def read_submission(written: str) -> Submission:
    """The submission of a text; raises NotANote unless it is strictly one."""
    proof, gap, note = written.partition("\n\n")
    first, *steps = proof.split("\n")
    found = _OLD.fullmatch(first)
    if found is None or not gap or len(steps) > LONGEST_PATH:
        raise NotANote("no old size and path before a seal")
    return Submission(old=int(found[1]), path=tuple(_hashes(steps)), note=note)


class BreakDeclared(Refused, frozen=True, kw_only=True):
    """The seal itself says that what had been sealed was lost."""

    code = "break_declared"
    rule = LAW
    text = words(
        en="The seal of {size} events declares that the {before} sealed before were lost.",
        fr="Le sceau de {size} événements déclare que les {before} scellés avant ont été perdus.",
        nl="Het zegel van {size} gebeurtenissen meldt dat de {before} eerder verzegelde weg zijn.",
    )
    size: int
    before: int


class SealOlderThanSeen(Refused, frozen=True, kw_only=True):
    """A seal of a size that was passed long ago and was not seen then."""

    code = "seal_older_than_seen"
    rule = LAW
    text = words(
        en="A seal of {seen} events was seen already; this one of {size} cannot be judged.",
        fr="Un sceau de {seen} événements a déjà été vu ; celui de {size} ne peut être jugé.",
        nl="Een zegel van {seen} gebeurtenissen is al gezien; dat van {size} is niet te toetsen.",
    )
    size: int
    seen: int


class ProofFromElsewhere(Refused, frozen=True, kw_only=True):
    """The proof does not begin where the witness stands."""

    code = "proof_from_elsewhere"
    rule = LAW
    text = words(
        en="Send the proof from {seen} events on; this one begins at {old}.",
        fr="Envoyez la preuve à partir de {seen} événements ; celle-ci commence à {old}.",
        nl="Stuur het bewijs vanaf {seen} gebeurtenissen; dit begint bij {old}.",
    )
    old: int
    seen: int


class BookNotWitnessed(Refused, frozen=True, kw_only=True):
    """The witness was given no key of this book."""

    code = "book_not_witnessed"
    rule = LAW
    text = words(
        en="No key is known for book {book_id}: trust one first.",
        fr="Aucune clé connue pour le livre {book_id} : faites d'abord confiance à une clé.",
        nl="Geen sleutel bekend voor boek {book_id}: vertrouw er eerst een.",
    )
    book_id: str


def _hashes(steps: Sequence[str]) -> list[Hash]:
    path = [from_base64(step) for step in steps]
    if any(len(step) != 32 for step in path):
        raise NotANote("a step of the path has not 32 bytes")
    return path
