"""Whether the disks that books are written to have room: looked at before it runs out."""

import os
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from services.store.store import StorageFull

SECONDS_BETWEEN_LOOKS = 1.0
MIB = 1024 * 1024


class DiskWatch:
    """Free space on the disks of some folders; a folder that is not there says nothing.

    Below `least_mib` commands are refused: PostgreSQL needs room to recover, and we to say so.
    """

    def __init__(self, folders: Sequence[Path], least_mib: int) -> None:
        self._folders = tuple(folders)
        self.least_mib = least_mib
        self._looked_at = float("-inf")
        self._free: int | None = None

    def free_mib(self) -> int | None:
        """The least free space of all (MiB), at most a second old; None when there is no folder."""
        now = time.monotonic()
        if now - self._looked_at > SECONDS_BETWEEN_LOOKS:
            self._free = _least(map(_free_mib, self._folders))
            self._looked_at = now
        return self._free

    @property
    def has_room(self) -> bool:
        """Whether commands may be taken."""
        free = self.free_mib()
        return free is None or free >= self.least_mib

    def require_room(self) -> None:
        """Raises StorageFull."""
        if not self.has_room:
            raise StorageFull(f"{self.free_mib()} MiB free, {self.least_mib} are kept free")


def _least(found: Iterable[int | None]) -> int | None:
    return min((free for free in found if free is not None), default=None)


def _free_mib(folder: Path) -> int | None:
    try:
        found = os.statvfs(folder)
    except OSError:
        return None
    return found.f_bavail * found.f_frsize // MIB
