"""The manifest of a number series: every number with its day, place and leaf, and what is signed.

One member taken out or put in changes the signed text. Pure: building it from a book and signing
it are in `services/audit/series.py`.
"""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from msgspec import Struct

from domain.book import merkle
from domain.book.note import to_base64
from domain.book.refusal import Refused, words
from domain.book.seal import LAW, ORIGIN, Checkpoint


class Member(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One number of a series: the day of its document, its event's position and leaf (hex)."""

    number: int
    day: date
    position: int
    leaf: str

    def line(self) -> str:
        """The member as it is hashed."""
        return f"{self.number} {self.day.isoformat()} {self.position} {self.leaf}\n"


class SeriesManifest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A series as it stood in a book of `size` events with `root` (hex), and the signed note."""

    format: str = "paraphe.series/1"
    book_id: str
    size: int
    root: str
    series: str
    members: tuple[Member, ...]
    note: str


class SeriesBroken(Refused, frozen=True, kw_only=True):
    """A number is missing, doubled, or its event stands out of order."""

    code = "series_broken"
    rule = "M15"
    text = words(
        en="Series {series} is broken at number {number}: {why}.",
        fr="La série {series} est rompue au numéro {number} : {why}.",
        nl="Reeks {series} is onderbroken bij nummer {number}: {why}.",
    )
    series: str
    number: int
    why: str


class ManifestFalse(Refused, frozen=True, kw_only=True):
    """What is signed is not what stands in the manifest."""

    code = "manifest_false"
    rule = LAW
    text = words(
        en="This manifest of series {series} is not the signed one.",
        fr="Cet état de la série {series} n'est pas celui qui est signé.",
        nl="Deze staat van reeks {series} is niet de ondertekende.",
    )
    series: str


def series_text(sealed: Checkpoint, series: str, members: Sequence[Member]) -> str:
    """The text that is signed: the book and its root, numbers and days, and all members.

    `ordered` says that no day goes back from one number to the next.
    """
    days = [member.day for member in members]
    order = "ordered" if days == sorted(days) else "unordered"
    leaves = [merkle.leaf_hash(member.line().encode()) for member in members]
    return (
        f"{ORIGIN}{sealed.book_id}/series\n"
        f"{series}\n"
        f"numbers {members[0].number} {members[-1].number}\n"
        f"days {min(days).isoformat()} {max(days).isoformat()} {order}\n"
        f"book {sealed.size} {to_base64(sealed.root)}\n"
        f"members {to_base64(merkle.root(merkle.extend((), 0, leaves)))}\n"
    )


def judge_members(series: str, size: int, members: Sequence[Member]) -> Refused | None:
    """Refuses a series that does not begin at 1, has a gap, or whose events stand out of order."""
    if not members or not series.isprintable():
        return SeriesBroken(series=ascii(series), number=1, why="it has no number")
    if members[0].number != 1:
        return SeriesBroken(series=series, number=1, why=f"it begins at {members[0].number}")
    for one, other in pairwise(members):
        if other.number != one.number + 1:
            why = f"{other.number} follows {one.number}"
            return SeriesBroken(series=series, number=one.number + 1, why=why)
        if other.position <= one.position:
            return SeriesBroken(series=series, number=other.number, why="recorded before the last")
    if members[-1].position > size:
        return SeriesBroken(series=series, number=members[-1].number, why="not in the sealed book")
    return None
