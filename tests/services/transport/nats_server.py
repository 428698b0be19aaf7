"""A real NATS server with JetStream on a port of its own, which tests kill, restart and wipe."""

import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Self

PROGRAM = Path(sys.executable).parent / "nats-server"


class NatsServer:
    """A server that keeps its address and its store over restarts."""

    def __init__(self, folder: Path) -> None:
        self.store = folder / "jetstream"
        self.port = free_port()
        self.url = f"nats://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.kill()

    def start(self) -> None:
        """Starts the server and waits until it can be reached."""
        words = ["-js", "-sd", str(self.store), "-a", "127.0.0.1", "-p", str(self.port)]
        self._process = subprocess.Popen(
            [PROGRAM, *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise TimeoutError("the NATS server does not answer")

    def kill(self) -> None:
        """Kills it with -9."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def send(self, what: signal.Signals) -> None:
        """Sends it a signal: SIGSTOP freezes it, SIGCONT lets it go on."""
        if self._process is not None:
            self._process.send_signal(what)

    def wipe(self) -> None:
        """Kills it, removes all it stored, and starts it again."""
        self.kill()
        shutil.rmtree(self.store, ignore_errors=True)
        self.start()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
