"""Peers live in an environment of their own, in a cache folder: made once, and never the project's.

It is made by `uv` where there is one, else by Python's own `venv` and `pip`; both take the packages
from wherever this machine is told to take packages from.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, Self

# The PostgreSQL driver is the one that each would be run with here.
PACKAGES = (
    "trytond==8.2.1",
    "trytond-account==8.2.1",
    "trytond-account-invoice==8.2.0",
    "trytond-account-product==8.2.0",
    "trytond-company==8.2.0",
    "trytond-country==8.2.0",
    "trytond-currency==8.2.0",
    "trytond-party==8.2.0",
    "trytond-product==8.2.0",
    "beancount==3.2.3",
    "psycopg[binary,pool]==3.3.9",
)
HERE = Path(__file__).parent


class PeersMissing(RuntimeError):
    """The peers cannot be installed here; the text says why."""


def make() -> Path:
    """The Python of the peers' environment, which is made if it is not there yet."""
    place = _place()
    python = place / "bin" / "python"
    done = place / "installed"
    if not done.exists():
        print(f"# installing {', '.join(PACKAGES)} in {place}", file=sys.stderr, flush=True)
        shutil.rmtree(place, ignore_errors=True)
        uv = shutil.which("uv")
        if uv:
            _run([uv, "venv", "--quiet", "--python", sys.executable, str(place)])
            _run([uv, "pip", "install", "--quiet", "--python", str(python), *PACKAGES])
        else:
            _run([sys.executable, "-m", "venv", str(place)])
            _run([str(python), "-m", "pip", "install", "--quiet", *PACKAGES])
        done.touch()
    return python


def versions() -> str:
    """What is compared with, for the record."""
    return ", ".join(each for each in PACKAGES if each.startswith(("trytond==", "beancount==")))


class Peer:
    """A script in the peers' environment that answers lines of JSON."""

    def __init__(self, python: Path, script: str, *words: str) -> None:
        self._process = subprocess.Popen(
            [str(python), "-P", "-W", "ignore", str(HERE / script), *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._process.kill()
        self._process.wait()

    def ask(self, *request: Any) -> Any:
        """What the script answers; raises RuntimeError when it ended instead."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError(f"{request[0]}: the peer ended, see above")
        return json.loads(answer)


def _place() -> Path:
    """A folder for exactly these packages and this Python."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    wanted = "\n".join((sys.version, *PACKAGES)).encode()
    return cache / "paraphe" / f"peers-{sha256(wanted).hexdigest()[:12]}"


def _run(command: Sequence[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise PeersMissing(f"{' '.join(command[:4])}…: {done.stderr.strip()[-1500:]}")
