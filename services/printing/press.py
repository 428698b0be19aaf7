"""The press: a process that turns pages into PDF, so that a server neither waits for it nor dies.

It reads pages from its standard input and writes PDF to its standard output, each after its length;
at the end of its input it ends, so that none is left behind when its server is killed. A page
that takes too long costs the press, never more.
"""

import os
import struct
import subprocess
import sys
import threading
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 60.0
"""For one document; a thousand lines take three."""
LENGTH = struct.Struct(">Q")
STATUS = struct.Struct(">?")
NICER = 10
"""So much less urgent than answering requests."""


class PressFailed(Exception):
    """The page could not be turned into PDF: too long, or a fault that the press tells."""


class Press:
    """One such process, begun when it is first needed, begun again when it died."""

    def __init__(self, *, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def print(self, html: str) -> bytes:
        """The PDF of a page, the same bytes for the same page; raises PressFailed."""
        with self._lock:
            process = self._running()
            timer = threading.Timer(self._seconds, process.kill)
            timer.start()
            try:
                return _ask(process, html.encode())
            except (OSError, EOFError) as error:
                self._end()
                raise PressFailed("the press died over this page, or took too long") from error
            finally:
                timer.cancel()

    def close(self) -> None:
        """Ends the process."""
        with self._lock:
            self._end()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._end()
            self._process = subprocess.Popen(
                [sys.executable, "-m", "services.printing.press"],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                start_new_session=True,  # Ctrl-C is for the server, which ends its press
            )
        return self._process

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            with suppress(OSError):
                self._process.communicate()
            self._process = None


def _ask(process: subprocess.Popen[bytes], page: bytes) -> bytes:
    if process.stdin is None or process.stdout is None:
        raise EOFError
    process.stdin.write(LENGTH.pack(len(page)) + page)
    process.stdin.flush()
    (went_well,) = STATUS.unpack(_exactly(process.stdout, STATUS.size))
    answer = _exactly(process.stdout, LENGTH.unpack(_exactly(process.stdout, LENGTH.size))[0])
    if not went_well:
        raise PressFailed(answer.decode("utf-8", "replace"))
    return answer


def _exactly(stream: IO[bytes], size: int) -> bytes:
    read = stream.read(size)
    if len(read) < size:
        raise EOFError
    return read


def to_pdf(html: str) -> bytes:
    """The PDF/A-3b of a page. Nothing is loaded but what is written into it as `data:`."""
    # Imported here: only the press, and tests, carry its weight.
    from weasyprint import HTML  # noqa: PLC0415
    from weasyprint.urls import URLFetcher  # noqa: PLC0415

    fetcher = URLFetcher(allowed_protocols=["data"], allow_redirects=False)
    page = HTML(string=html, url_fetcher=fetcher)
    identifier = sha256(html.encode()).digest()[:16]
    pdf: bytes = page.write_pdf(pdf_variant="pdf/a-3b", pdf_identifier=identifier)
    return pdf


def main() -> None:
    """Prints until the input ends."""
    os.nice(NICER)
    pages, pdfs = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library that prints must not print into a PDF
    while head := pages.read(LENGTH.size):
        html = _exactly(pages, LENGTH.unpack(head)[0]).decode()
        try:
            went_well, answer = True, to_pdf(html)
        except Exception as error:  # noqa: BLE001  told to whoever asked
            went_well, answer = False, f"{type(error).__name__}: {error}".encode()
        pdfs.write(STATUS.pack(went_well) + LENGTH.pack(len(answer)) + answer)
        pdfs.flush()


if __name__ == "__main__":
    main()
