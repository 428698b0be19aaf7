"""The signed manifest of a number series: first to last, none missing; one change breaks it."""

import datetime as dt

import msgspec
from msgspec import Struct

from domain.book import record
from domain.book.note import Note, PublicKey
from domain.book.refusal import Refusals
from domain.book.seal import Checkpoint
from domain.book.series import ManifestFalse, Member, SeriesManifest, judge_members, series_text
from services.audit.keys import check_note, read_signed
from services.audit.seals import KeptSeal, Sealer
from services.store.head import Unsound
from services.store.store import Store

MEMBERS = """
SELECT number, position, recorded_at, leaf, body FROM event
WHERE book_id = %(book)s AND series = %(series)s AND position <= %(size)s ORDER BY number
"""


class Dated(Struct):
    """The day of a numbered event, under the name its kind gives it."""

    issue_date: dt.date | None = None
    date: dt.date | None = None


class DatedBody(Struct):
    """As much of a body as a manifest needs."""

    data: Dated


def sign_series(sealer: Sealer, book_id: str, series: str) -> SeriesManifest:
    """The manifest of a series as of a seal of its book, made now; raises Refusals, Unsound."""
    sealed = sealer.seal(book_id)
    members = read_members(sealer.store, sealed, series)
    refused = judge_members(series, sealed.size, members)
    if refused is not None:
        raise Refusals(refused)
    text = series_text(sealed.checkpoint, series, members)
    return SeriesManifest(
        book_id=book_id,
        size=sealed.size,
        root=sealed.root.hex(),
        series=series,
        members=members,
        note=Note(text, (sealer.signer.key.sign(text),)).written(),
    )


def check_manifest(manifest: SeriesManifest, keys: list[PublicKey]) -> PublicKey:
    """Checks a manifest offline and returns the key that signed it; raises Refusals."""
    refused = judge_members(manifest.series, manifest.size, manifest.members)
    if refused is not None:
        raise Refusals(refused)
    note = read_signed(manifest.note)
    key = check_note(note, keys)
    if note.text != series_text(_sealed(manifest), manifest.series, manifest.members):
        raise Refusals(ManifestFalse(series=manifest.series))
    return key


def read_members(store: Store, sealed: KeptSeal, series: str) -> tuple[Member, ...]:
    """The numbered events of a series in a sealed book, each leaf made again from its bytes."""
    with store.snapshot(sealed.book_id) as conn:
        wanted = {"book": sealed.book_id, "series": series, "size": sealed.size}
        rows = conn.execute(MEMBERS, wanted, binary=True).fetchall()
    return tuple(_member(sealed.book_id, row) for row in rows)


def read_manifest(content: bytes) -> SeriesManifest:
    """A manifest from its JSON; raises msgspec.DecodeError."""
    return msgspec.json.decode(content, type=SeriesManifest)


def _member(book_id: str, row: tuple[int, int, dt.datetime, bytes, bytes]) -> Member:
    number, position, recorded_at, leaf, body = row
    if record.leaf(book_id, position, recorded_at, body) != leaf:
        raise Unsound(f"event {position}: the stored bytes do not give the stored leaf")
    said = msgspec.json.decode(body, type=DatedBody).data
    day = said.issue_date or said.date
    if day is None:
        raise Unsound(f"event {position} takes a number and has no day")
    return Member(number=number, day=day, position=position, leaf=leaf.hex())


def _sealed(manifest: SeriesManifest) -> Checkpoint:
    try:
        root = bytes.fromhex(manifest.root)
    except ValueError as error:
        raise Refusals(ManifestFalse(series=manifest.series)) from error
    return Checkpoint(book_id=manifest.book_id, size=manifest.size, root=root)
