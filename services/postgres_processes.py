"""The live processes of a PostgreSQL cluster, found by the name that all their titles carry.

Titles are readable for everybody, where /proc/PID/cwd needs a privilege that containers withhold;
and a process that has ended has none, even when nobody took note yet (a signal still finds it).
"""

import os
import signal
from contextlib import suppress
from pathlib import Path


def is_alive(pid: int) -> bool:
    """Say whether the process still runs; one that turns into another program has no title."""
    try:
        state = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[0]
    except OSError:
        return False
    return state not in {b"Z", b"X"}


def processes_named(name: str) -> list[int]:
    """Return the process ids of the cluster whose `cluster_name` this is."""
    wanted = name.encode()
    return [
        int(folder.name)
        for folder in Path("/proc").glob("[0-9]*")
        if wanted in (title := _title(folder.name)) and _program(title).endswith(b"postgres")
    ]


def send(number: signal.Signals, *pids: int) -> None:
    """Send a signal to processes, some of which may have ended meanwhile."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


def _title(pid: str) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def _program(title: bytes) -> bytes:
    """The first word of a command line, or what stands before the colon of a title."""
    return title.split(b"\0")[0].split(b":")[0]
