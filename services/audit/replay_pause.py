"""Where a replay that was stopped goes on: one file of this machine's own, for its owner only.

The file holds what the checks know so far, as Python keeps it. It is no proof of anything: a report
of a resumed replay says that an earlier run read the first events.
"""

import hashlib
import os
import pickle
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from services.audit.replay_walk import State


class Paused(NamedTuple):
    """What a stopped replay leaves: what the verifier said, and the state of its walk."""

    said: dict[str, Any]
    state: State


class Pause:
    """The place of one replay: of one file, by one code, with one set of options."""

    def __init__(self, folder: Path, what: Iterable[str]) -> None:
        name = hashlib.sha256("\n".join(what).encode()).hexdigest()[:32]
        self._path = folder / f"{name}.pause"

    def load(self) -> Paused | None:
        """What was left here, if anything; a file that others could have written is not read."""
        try:
            about = self._path.stat()
        except FileNotFoundError:
            return None
        if about.st_uid != os.geteuid() or about.st_mode & 0o077:
            return None
        try:
            found = pickle.loads(self._path.read_bytes())  # noqa: S301  our own, for us alone
        except (pickle.UnpicklingError, EOFError, AttributeError, ValueError):
            return None
        return found if isinstance(found, Paused) else None

    def save(self, paused: Paused) -> None:
        """Leaves it here; the next run may go on."""
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = self._path.with_suffix(f".{os.getpid()}")
        opened = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(opened, "wb") as file:
            pickle.dump(paused, file, pickle.HIGHEST_PROTOCOL)
        draft.replace(self._path)

    def forget(self) -> None:
        """Removes it: the replay is finished."""
        self._path.unlink(missing_ok=True)
