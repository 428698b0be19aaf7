"""The signed manifest of a series: complete when signed, broken by one removal or insertion."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from domain.book.refusal import Refusals
from domain.book.seal import SealForged, SealNotByKey
from domain.book.series import ManifestFalse, Member, SeriesBroken, SeriesManifest
from services.audit.keys import SigningKey
from services.audit.seals import Sealer
from services.audit.series import check_manifest, read_manifest, sign_series
from services.audit.signer import Signer
from services.store.head import Unsound
from services.store.store import Store
from tests.services.audit.conftest import write_entries
from tests.services.audit.test_verify import rehash, unguarded

KEY = SigningKey("paraphe", bytes(range(32)))
SERIES = "entry:OD:2026"


@pytest.fixture
def sealer(store: Store, tmp_path: Path) -> Sealer:
    return Sealer(store, Signer(lambda: KEY, tmp_path / "signed"))


@pytest.fixture
def manifest(sealer: Sealer, book: str) -> SeriesManifest:
    return sign_series(sealer, book, SERIES)


def refusal(act: Callable[[], object]) -> type:
    with pytest.raises(Refusals) as refused:
        act()
    return type(refused.value.refused)


def check(manifest: SeriesManifest) -> object:
    return check_manifest(manifest, [KEY.public])


def test_a_whole_series_is_signed(manifest: SeriesManifest, store: Store, book: str) -> None:
    assert [member.number for member in manifest.members] == list(range(1, 21))
    assert (manifest.size, manifest.root) == (20, store.head(book).root.hex())
    assert check(manifest) == KEY.public
    assert read_manifest(msgspec.json.encode(manifest)) == manifest
    assert "\ndays 2026-03-03 2026-03-03 ordered\n" in manifest.note


def test_one_member_less_or_more_breaks_it(manifest: SeriesManifest) -> None:
    members = manifest.members
    for at in range(len(members)):
        less = replace(manifest, members=members[:at] + members[at + 1 :])
        assert refusal(lambda one=less: check(one)) in {SeriesBroken, ManifestFalse}
        more = replace(manifest, members=(*members[: at + 1], *members[at:]))
        assert refusal(lambda one=more: check(one)) is SeriesBroken
    new = Member(number=21, day=date(2026, 3, 4), position=20, leaf="00" * 32)
    assert refusal(lambda: check(replace(manifest, members=(*members, new)))) is SeriesBroken
    renumbered = [replace(one, number=one.number - 1) for one in members[5:]]
    closed = replace(manifest, members=(*members[:4], *renumbered))
    assert refusal(lambda: check(closed)) is ManifestFalse


@pytest.mark.parametrize(
    "change",
    [
        {"day": date(2026, 3, 2)},
        {"leaf": "00" * 32},
        {"position": 6},
    ],
)
def test_a_changed_member_is_found(manifest: SeriesManifest, change: dict[str, object]) -> None:
    members = list(manifest.members)
    members[6] = replace(members[6], **change)
    assert refusal(lambda: check(replace(manifest, members=tuple(members)))) in {
        ManifestFalse,
        SeriesBroken,
    }


@pytest.mark.parametrize(
    "change", [{"size": 21}, {"root": "00" * 32}, {"root": "x"}, {"series": "entry:OD:2027"},
               {"book_id": "3f1e6d2c-0000-4000-8000-00000000000a"}]
)  # fmt: skip
def test_a_manifest_says_what_was_signed(
    manifest: SeriesManifest, change: dict[str, object]
) -> None:
    assert refusal(lambda: check(replace(manifest, **change))) is ManifestFalse


def test_the_signature_is_checked(manifest: SeriesManifest) -> None:
    other = SigningKey("paraphe", bytes(32)).public
    assert refusal(lambda: check_manifest(manifest, [other])) is SealNotByKey
    later = manifest.note.replace("numbers 1 20", "numbers 1 19")
    assert refusal(lambda: check(replace(manifest, note=later))) is SealForged


def test_a_broken_series_is_not_signed(sealer: Sealer, store: Store, book: str) -> None:
    assert refusal(lambda: sign_series(sealer, book, "invoices:2026")) is SeriesBroken
    write_entries(store, book, 12)  # entries 25 and 26 follow 20
    assert refusal(lambda: sign_series(sealer, book, SERIES)) is SeriesBroken


def test_a_series_over_changed_bytes_is_not_signed(sealer: Sealer, store: Store, book: str) -> None:
    with unguarded(store) as conn:
        conn.execute(
            "UPDATE event SET body = convert_to(replace(convert_from(body, 'UTF8'), 'essai', "
            "'autre'), 'UTF8') WHERE book_id = %s AND position = 4",
            (book,),
        )
    with pytest.raises(Unsound):
        sign_series(sealer, book, SERIES)


def test_days_that_go_back_are_said_in_what_is_signed(
    sealer: Sealer, store: Store, book: str
) -> None:
    with unguarded(store) as conn:
        conn.execute(
            "UPDATE event SET body = convert_to(replace(convert_from(body, 'UTF8'), "
            """'"date":"2026-03-03"', '"date":"2026-03-05"'), 'UTF8') """
            "WHERE book_id = %s AND position = 4",
            (book,),
        )
        rehash(conn, book)
    manifest = sign_series(sealer, book, SERIES)
    assert "\ndays 2026-03-03 2026-03-05 unordered\n" in manifest.note
    assert check(manifest) == KEY.public
