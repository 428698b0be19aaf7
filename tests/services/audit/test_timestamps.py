"""Time stamps against a local authority made with `openssl ts`, over HTTP as well."""

import random
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from cryptography import x509

from domain.book.refusal import Refusals
from domain.book.seal import TimestampUnsound
from services.audit import timestamps
from services.audit.keys import SigningKey
from services.audit.seals import Sealer
from services.audit.signer import Signer
from services.audit.timestamps import AuthorityUnreachable, ask, check, make_request
from services.store.store import Store

pytestmark = pytest.mark.skipif(
    shutil.which("openssl") is None, reason="needs the openssl command to play the authority"
)
NOTE = "a seal\n\n— paraphe AAAAAAA=\n"

CONFIG = """
[req]
distinguished_name = name
prompt = no
[name]
CN = {name}
[root]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[stamping]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
authorityKeyIdentifier = keyid
[tsa]
default_tsa = authority
[authority]
serial = {folder}/serial
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
ess_cert_id_alg = sha256
"""


class Authority:
    """A root, a stamping certificate under it, and answers to requests."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        (folder / "serial").write_text("01\n")
        for name in ("root", "tsa"):
            config = CONFIG.format(name=f"Local {name}", folder=folder)
            (folder / f"{name}.cnf").write_text(config)
        key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
        self._run("req", "-x509", *key, "-keyout", "root.key", "-out", "root.pem", "-days", "3650",
                  "-config", "root.cnf", "-extensions", "root")  # fmt: skip
        self._run("req", *key, "-keyout", "tsa.key", "-out", "tsa.csr", "-config", "tsa.cnf")
        self._run("x509", "-req", "-in", "tsa.csr", "-CA", "root.pem", "-CAkey", "root.key",
                  "-CAcreateserial", "-out", "tsa.pem", "-days", "3000", "-extfile", "tsa.cnf",
                  "-extensions", "stamping")  # fmt: skip
        self.root = x509.load_pem_x509_certificate((folder / "root.pem").read_bytes())

    def answer(self, request: bytes) -> bytes:
        (self.folder / "in.tsq").write_bytes(request)
        self._run("ts", "-reply", "-queryfile", "in.tsq", "-out", "out.tsr", "-config", "tsa.cnf",
                  "-section", "authority")  # fmt: skip
        return (self.folder / "out.tsr").read_bytes()

    def _run(self, *words: str) -> None:
        done = subprocess.run(
            ["openssl", *words], cwd=self.folder, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tsa") / "one")


@pytest.fixture(scope="module")
def url(authority: Authority) -> Iterator[str]:
    """The authority over HTTP."""

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path == "/moved":
                self.send_response(302)
                self.send_header("Location", "/stamp")
                self.end_headers()
                return
            self.send_response(200)
            self.end_headers()
            self.wfile.write(authority.answer(body))

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


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
