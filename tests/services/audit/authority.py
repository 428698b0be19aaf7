"""A time-stamping authority on this machine, made with `openssl ts`, and its door over HTTP."""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from cryptography import x509

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


@contextmanager
def served(authority: Authority) -> Iterator[str]:
    """The address of the authority over HTTP; `/moved` redirects."""

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
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
