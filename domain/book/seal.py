"""A seal: the size and root of a book in a signed note (C2SP tlog-checkpoint), and what it forbids.

Pure: reading, writing and comparing seals. Signing is in `services/audit/signer.py`.
"""

import re
from collections.abc import Sequence

from msgspec import Struct

from domain.book import merkle
from domain.book.note import NotANote, from_base64, to_base64
from domain.book.refusal import Refused, words

ORIGIN = "paraphe/"
LAW = "CGI art. 286, I, 3° bis"
_BOOK = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_SIZE = re.compile(r"[1-9][0-9]{0,17}", re.ASCII)


class Anchor(Struct, frozen=True):
    """So many events, and the root over them."""

    size: int
    root: bytes

    def __str__(self) -> str:
        return f"{self.size}:{self.root.hex()}"


class Checkpoint(Struct, frozen=True, kw_only=True):
    """What a seal says: this book had `size` events and then this root.

    `broken` is there after a disaster only: what had been sealed before and no longer holds. It is
    part of the signed text, and so a declared break stays visible for ever.
    """

    book_id: str
    size: int
    root: bytes
    broken: Anchor | None = None

    @property
    def anchor(self) -> Anchor:
        """Its size and root."""
        return Anchor(self.size, self.root)

    def text(self) -> str:
        """The text that is signed."""
        lines = [f"{ORIGIN}{self.book_id}", str(self.size), to_base64(self.root)]
        if self.broken is not None:
            lines.append(f"recovered {self.broken.size} {to_base64(self.broken.root)}")
        return "".join(f"{line}\n" for line in lines)


class SealUnreadable(Refused, frozen=True, kw_only=True):
    """The text is no seal."""

    code = "seal_unreadable"
    rule = LAW
    text = words(
        en="This is no seal: {why}.",
        fr="Ceci n'est pas un sceau : {why}.",
        nl="Dit is geen zegel: {why}.",
    )
    why: str


class SealNotByKey(Refused, frozen=True, kw_only=True):
    """No signature under the seal is of a key that is trusted."""

    code = "seal_not_by_key"
    rule = LAW
    text = words(
        en="No trusted key signed this seal; it says it is signed by {signers}.",
        fr="Aucune clé reconnue n'a signé ce sceau ; il se dit signé par {signers}.",
        nl="Geen vertrouwde sleutel tekende dit zegel; het noemt als ondertekenaar {signers}.",
    )
    signers: str


class SealForged(Refused, frozen=True, kw_only=True):
    """The signature of a trusted key does not fit the text."""

    code = "seal_forged"
    rule = LAW
    text = words(
        en="The signature of {signer} does not fit this text: it was changed or forged.",
        fr="La signature de {signer} ne correspond pas à ce texte : il a été modifié ou forgé.",
        nl="De handtekening van {signer} past niet bij deze tekst: gewijzigd of vervalst.",
    )
    signer: str


class AnotherBook(Refused, frozen=True, kw_only=True):
    """The seal or proof is about another book."""

    code = "another_book"
    rule = LAW
    text = words(
        en="This is about book {found}, not about book {wanted}.",
        fr="Ceci concerne le livre {found}, pas le livre {wanted}.",
        nl="Dit gaat over boek {found}, niet over boek {wanted}.",
    )
    wanted: str
    found: str


class BookForked(Refused, frozen=True, kw_only=True):
    """One book, one size, two roots: there are two versions of the book."""

    code = "book_forked"
    rule = LAW
    text = words(
        en="Two versions of the book: {size} events have root {before} and root {after}.",
        fr="Deux versions du livre : {size} événements ont les racines {before} et {after}.",
        nl="Twee versies van het boek: {size} gebeurtenissen hebben wortel {before} en {after}.",
    )
    size: int
    before: str
    after: str


class BookShrunk(Refused, frozen=True, kw_only=True):
    """The book is smaller than it was when it was sealed."""

    code = "book_shrunk"
    rule = LAW
    text = words(
        en="The book has {after} events; {before} were sealed before.",
        fr="Le livre a {after} événements ; {before} ont été scellés auparavant.",
        nl="Het boek telt {after} gebeurtenissen; eerder werden er {before} verzegeld.",
    )
    before: int
    after: int


class BookRewritten(Refused, frozen=True, kw_only=True):
    """The book does not begin with what was sealed before, or nothing shows that it does."""

    code = "book_rewritten"
    rule = LAW
    text = words(
        en="Nothing shows that the book of {after} events begins with the {before} sealed before.",
        fr="Rien ne montre que le livre de {after} événements commence par les {before} scellés.",
        nl="Niets toont dat het boek van {after} gebeurtenissen begint met de {before} verzegelde.",
    )
    before: int
    after: int


class SealKeyRetired(Refused, frozen=True, kw_only=True):
    """The key was replaced in the book: it seals nothing from there on."""

    code = "seal_key_retired"
    rule = LAW
    text = words(
        en="The key {key} was replaced by event {position}: it seals nothing from there on.",
        fr="La clé {key} a été remplacée par l'événement {position} : elle ne scelle plus rien.",
        nl="Sleutel {key} is vervangen door gebeurtenis {position} en verzegelt vanaf daar niets.",
    )
    key: str


class TimestampUnsound(Refused, frozen=True, kw_only=True):
    """The token of an authority does not show when the seal was there."""

    code = "timestamp_unsound"
    rule = LAW
    text = words(
        en="This time stamp proves nothing about this seal: {why}.",
        fr="Cet horodatage ne prouve rien sur ce sceau : {why}.",
        nl="Deze tijdstempel bewijst niets over dit zegel: {why}.",
    )
    why: str


def read_checkpoint(text: str) -> Checkpoint:
    """The checkpoint of the text of a note; raises NotANote unless it is strictly one of ours."""
    lines = text.split("\n")
    if len(lines) not in {4, 5} or lines[-1] or not lines[0].startswith(ORIGIN):
        raise NotANote("no origin, size and root of a book")
    book_id = lines[0].removeprefix(ORIGIN)
    if _BOOK.fullmatch(book_id) is None:
        raise NotANote("the origin names no book")
    anchor = _anchor(lines[1], lines[2])
    broken = _broken(lines[3]) if len(lines) == 5 else None
    return Checkpoint(book_id=book_id, size=anchor.size, root=anchor.root, broken=broken)


def judge_extension(
    before: Checkpoint, after: Checkpoint, path: Sequence[merkle.Hash]
) -> Refused | None:
    """Refuses `after` unless `path` proves that its book begins with that of `before`."""
    if before.book_id != after.book_id:
        return AnotherBook(wanted=before.book_id, found=after.book_id)
    if after.size < before.size:
        return BookShrunk(before=before.size, after=after.size)
    if after.size == before.size and after.root != before.root:
        return BookForked(size=after.size, before=before.root.hex(), after=after.root.hex())
    if not merkle.extends(before.size, after.size, path, before.root, after.root):
        return BookRewritten(before=before.size, after=after.size)
    return None


def cosigned_message(text: str, seconds: int) -> bytes:
    """What a witness signs (C2SP tlog-cosignature/v1): when it saw the text, in Unix seconds."""
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def _anchor(size: str, root: str) -> Anchor:
    if _SIZE.fullmatch(size) is None:
        raise NotANote("the size is no number of events")
    content = from_base64(root)
    if len(content) != 32:
        raise NotANote("the root has not 32 bytes")
    return Anchor(int(size), content)


def _broken(line: str) -> Anchor:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != "recovered":
        raise NotANote("an unknown line after the root")
    return _anchor(parts[1], parts[2])
