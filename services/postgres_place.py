"""Where the embedded server of a home keeps its data and its socket, and who may enter them.

Normally both are inside PARAPHE_HOME. Root's server runs as `nobody`, who cannot pass a private
folder such as /root: then they are under /var/lib/paraphe, behind a link. No parent's mode changes.
"""

import hashlib
import os
import stat
import tempfile
from pathlib import Path

from services.postgres_binaries import (
    MACHINE_PLACE,
    Account,
    EmbeddedPostgresFailed,
    account_for,
)

PORT = 5432
LONGEST_SOCKET_PATH = 107  # bytes, a limit of the kernel


def make_home(home: Path) -> Path:
    """Make the folder, private but for root, whose `nobody` must pass; return its absolute path."""
    home = home.expanduser().absolute()
    home.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)
    return home


def data_folder(home: Path) -> Path:
    """Return the data folder of a home, choosing its place when there is none yet."""
    link = home / "postgres"
    if link.is_symlink():
        data = link.readlink()
        data.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
        return data
    if link.exists() or account_for(link).reaches(home):
        return link
    shelter = MACHINE_PLACE / "by-home"
    shelter.mkdir(mode=0o711, parents=True, exist_ok=True)
    digest = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    # A new place each time: a home that was deleted and made again must not find the old books.
    place = Path(tempfile.mkdtemp(prefix=f"{digest}-", dir=shelter))
    place.chmod(0o711)
    (place / "home").write_text(f"{home}\n")
    link.symlink_to(place / "postgres")
    return place / "postgres"


def socket_folder(data: Path, account: Account) -> Path:
    """Return a folder for the socket that only the account enters, by a path short enough."""
    folder = data.parent / "run"
    if len(os.fsencode(folder / f".s.PGSQL.{PORT}")) > LONGEST_SOCKET_PATH:
        digest = hashlib.sha256(os.fsencode(data)).hexdigest()[:16]
        folder = Path("/tmp") / f"paraphe-{account.uid}-{digest}"  # noqa: S108 - owner checked below
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {0, os.geteuid(), account.uid}:
        raise EmbeddedPostgresFailed(f"{folder} belongs to somebody else: remove it")
    os.chown(folder, account.uid, account.gid)
    folder.chmod(0o700)
    return folder


def allow_only(data: Path, logins: set[str]) -> None:
    """Let these logins of the machine in, as any role, by unix socket and in no other way."""
    (data / "pg_hba.conf").write_text(
        "# By unix socket only, by those whom pg_ident.conf names.\n"
        "local all all peer map=home\nlocal replication all peer map=home\n"
    )
    (data / "pg_ident.conf").write_text("".join(f"home {name} all\n" for name in sorted(logins)))


def move_durably(folder: Path, to: Path) -> None:
    """Rename a folder so that a power failure afterwards cannot undo it."""
    folder.rename(to)
    parent = os.open(to.parent, os.O_RDONLY)
    try:
        os.fsync(parent)
    finally:
        os.close(parent)
