"""Time stamps against a local authority made with `openssl ts`, over HTTP as well."""

import random
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from domain.book.refusal import Refusals
from domain.book.seal import TimestampUnsound
from services.audit import timestamps
from services.audit.keys import SigningKey
from services.audit.seals import Sealer
from services.audit.signer import Signer
from services.audit.timestamps import AuthorityUnreachable, ask, check, make_request
from services.store.store import Store
from tests.services.audit.authority import Authority, served

pytestmark = pytest.mark.skipif(
    shutil.which("openssl") is None, reason="needs the openssl command to play the authority"
)
NOTE = "a seal\n\n— paraphe AAAAAAA=\n"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tsa") / "one")


@pytest.fixture(scope="module")
def url(authority: Authority) -> Iterator[str]:
    with served(authority) as address:
        yield address


def unsound(act: Callable[[], object]) -> str:
    with pytest.raises(Refusals) as refused:
        act()
    assert isinstance(refused.value.refused, TimestampUnsound)
    return refused.value.refused.why


def test_a_seal_is_dated_over_http_and_the_token_kept(
    store: Store, book: str, url: str, authority: Authority, tmp_path: Path
) -> None:
    seal = Sealer(store, Signer(lambda: SigningKey("paraphe", bytes(32)), tmp_path)).seal(book)
    request = make_request(seal.note)
    token = ask(f"{url}/stamp", request)
    stamped = check(token, seal.note, [authority.root], request=request)
    assert abs((datetime.now(UTC) - stamped.at).total_seconds()) < 120
    timestamps.keep(store, seal, token, stamped)
    timestamps.keep(store, seal, token, stamped)
    assert [check(one, seal.note, [authority.root]) for one in timestamps.kept(store, seal)] == [
        stamped,
        stamped,
    ]


def test_a_token_is_for_one_seal_one_request_and_one_authority(
    authority: Authority, tmp_path: Path
) -> None:
    request = make_request(NOTE)
    token = authority.answer(request.as_bytes())
    assert check(token, NOTE, [authority.root], request=request).serial
    assert "messages" in unsound(lambda: check(token, NOTE + "x", [authority.root]))
    other = make_request(NOTE)
    assert "Nonce" in unsound(lambda: check(token, NOTE, [authority.root], request=other))
    stranger = Authority(tmp_path / "stranger")
    assert unsound(lambda: check(token, NOTE, [stranger.root]))
    assert unsound(lambda: check(stranger.answer(request.as_bytes()), NOTE, [authority.root]))
    assert unsound(lambda: check(token, NOTE, []))


def test_what_is_no_token_is_refused(authority: Authority) -> None:
    token = authority.answer(make_request(NOTE).as_bytes())
    for content in (b"", b"\x30\x00", token[:-1], token[: len(token) // 2], NOTE.encode()):
        assert unsound(lambda content=content: check(content, NOTE, [authority.root]))


def test_a_flipped_bit_is_found_or_changes_nothing_that_is_said(authority: Authority) -> None:
    """A few bytes of an answer lie outside of what is signed; what the token says is not there."""
    token = authority.answer(make_request(NOTE).as_bytes())
    sound = check(token, NOTE, [authority.root])
    chance, accepted = random.Random(3161), 0
    for _ in range(300):
        at, bit = chance.randrange(len(token)), chance.randrange(8)
        forged = token[:at] + bytes([token[at] ^ 1 << bit]) + token[at + 1 :]
        said = said_by(forged, authority)
        assert said in {None, sound}
        accepted += said is not None
    assert accepted < 30


def said_by(token: bytes, authority: Authority) -> timestamps.Stamped | None:
    try:
        return check(token, NOTE, [authority.root])
    except Refusals:
        return None


def test_an_authority_that_refuses_or_is_away_is_told_apart(url: str, authority: Authority) -> None:
    refusal = authority.answer(b"\x30\x03\x02\x01\x01")
    assert "refused" in unsound(lambda: check(refusal, NOTE, [authority.root]))
    request = make_request(NOTE)
    for wrong in ("http://127.0.0.1:9/", "file:///etc/passwd", f"{url}/moved", "nowhere"):
        with pytest.raises(AuthorityUnreachable):
            ask(wrong, request)
