"""What some tests need from the machine beside Python: looked for, and installed when we may."""

import ctypes.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

TRIED = Path("/var/lib/paraphe/test-packages-tried")


def prepare() -> None:
    """Install what is missing as root on Debian, once; otherwise say what is missing and go on.

    Never fatal: the tests that need it skip with the same advice.
    """
    missing = missing_packages()
    if not missing:
        return
    advice = f"apt-get install --no-install-recommends {' '.join(missing)}"
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        _say(f"some tests will skip; to run them too, as root: {advice}")
        return
    if TRIED.exists() and TRIED.read_text() == advice:
        _say(f"some tests will skip; this failed before and is not tried again: {advice}")
        return
    _say(f"installing {' '.join(missing)} for the tests…")
    if not _install(missing):
        TRIED.parent.mkdir(parents=True, exist_ok=True)
        TRIED.write_text(advice)
        _say(f"that failed, some tests will skip; to try yourself: {advice}")


def missing_packages() -> list[str]:
    """Return the Debian packages that tests can use and that are not here."""
    library = ctypes.util.find_library
    here = {
        "chromium": chromium(),
        "libatomic1": library("atomic"),  # what drives the browser is linked with it
        "libpango-1.0-0": library("pango-1.0"),
        "libpangoft2-1.0-0": library("pangoft2-1.0"),
        "libharfbuzz-subset0": library("harfbuzz-subset"),
        "fonts-dejavu-core": next(Path("/usr/share/fonts").rglob("DejaVuSans.ttf"), None),
    }
    return [package for package, found in here.items() if not found]


def chromium() -> str | None:
    """Return the path of a chromium on this machine, or None."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)


def _install(packages: list[str]) -> bool:
    """Install Debian packages quietly; refresh the package lists first, which may be years old."""
    options = ["-qq", "-o", "DPkg::Lock::Timeout=60", "-o", "Acquire::Retries=2"]
    steps = (
        ["apt-get", *options, "update"],
        ["apt-get", *options, "install", "-y", "--no-install-recommends", *packages],
    )
    return all(_succeeds(step) for step in steps)


def _succeeds(step: list[str]) -> bool:
    done = subprocess.run(
        step,
        env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    return done.returncode == 0


def _say(words: str) -> None:
    sys.stderr.write(f"paraphe: {words}\n")
