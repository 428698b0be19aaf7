"""The launcher `paraphe`, where there is nothing to install and the command says how it was run."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest

REAL = Path(__file__).resolve().parent.parent

COMMAND = """
import json, os, sys
descriptors = len(os.listdir("/proc/self/fd"))
print(json.dumps({"words": sys.argv[1:], "path": sys.path, "descriptors": descriptors}))
"""

# Stands where uv is looked for: says when it began, then takes its time.
SLOW_UV = """#!/bin/sh
case "$1" in
    --version) exit 0 ;;
    venv) echo begun >>"$HOME/begun"; for folder; do :; done; sleep 3; exit 1 ;;
esac
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout whose requirements are empty, so that installing takes no network."""
    checkout = tmp_path / "a check out"
    (checkout / "api" / "cli").mkdir(parents=True)
    (checkout / "api" / "cli" / "__main__.py").write_text(COMMAND)
    (checkout / "requirements.txt").write_text("# runtime\n")
    (checkout / "requirements-test.txt").write_text("# runtime and test\n")
    shutil.copy(REAL / "requirements-uv.txt", checkout)
    shutil.copy(REAL / "paraphe", checkout)
    return checkout


def launch(checkout: Path, *words: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    """Run the launcher without network, so that pip's own work is what is tried."""
    return subprocess.run(
        [checkout / "paraphe", *words],
        cwd="/",
        env=environment(checkout, **settings),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def environment(checkout: Path, **settings: str) -> dict[str, str]:
    """A bare environment with a home of its own and no way to a package index."""
    home = checkout.parent / "home"
    home.mkdir(exist_ok=True)
    bare = {"HOME": str(home), "PATH": "/usr/local/bin:/usr/bin:/bin", "PIP_NO_INDEX": "1"}
    return bare | settings


def test_the_first_run_says_one_line_and_the_second_nothing(checkout: Path) -> None:
    first, second = launch(checkout, "hello"), launch(checkout, "hello")
    assert first.returncode == second.returncode == 0, first.stderr
    assert first.stderr.startswith("paraphe: making the Python environment")
    assert first.stderr.count("\n") == 1
    assert second.stderr == ""
    assert second.stdout == first.stdout
    assert '"words": ["hello"]' in second.stdout


def test_it_runs_through_a_link_from_anywhere_and_imports_nothing_from_there(
    checkout: Path, tmp_path: Path
) -> None:
    link = tmp_path / "bin" / "paraphe"
    link.parent.mkdir()
    link.symlink_to(Path("..") / checkout.name / "paraphe")
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "api").mkdir(parents=True)
    (elsewhere / "api" / "__init__.py").write_text("raise SystemExit('the wrong api')")
    done = subprocess.run(
        [link],
        cwd=elsewhere,
        env=environment(checkout),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert str(checkout) in done.stdout
    assert str(elsewhere) not in done.stdout


def test_a_change_of_requirements_brings_the_environment_up_to_date(checkout: Path) -> None:
    launch(checkout)
    (checkout / "requirements.txt").write_text("# changed\n")
    assert "up to date" in launch(checkout).stderr
    assert launch(checkout).stderr == ""


def test_the_test_command_has_its_own_requirements_which_serve_the_others_too(
    checkout: Path,
) -> None:
    launch(checkout)
    assert "up to date" in launch(checkout, "test").stderr
    assert launch(checkout, "test").stderr == ""
    assert launch(checkout).stderr == ""


def test_an_interrupted_installation_is_done_again_from_nothing(checkout: Path) -> None:
    launch(checkout)
    (checkout / ".venv" / "requirements.txt").unlink()
    (checkout / ".venv" / "left-half-done").touch()
    assert "making" in launch(checkout).stderr
    assert not (checkout / ".venv" / "left-half-done").exists()


def test_a_first_run_that_is_killed_keeps_nobody_out(checkout: Path) -> None:
    slow = checkout / ".tools" / "bin" / "uv"
    slow.parent.mkdir(parents=True)
    slow.write_text(SLOW_UV)
    slow.chmod(0o755)
    settings = environment(checkout)
    killed = subprocess.Popen([checkout / "paraphe"], env=settings, start_new_session=True)
    begun = Path(settings["HOME"]) / "begun"
    while not begun.exists():
        time.sleep(0.02)
    os.killpg(killed.pid, signal.SIGKILL)
    killed.wait()
    again = launch(checkout)
    assert again.returncode == 0, again.stderr
    assert launch(checkout).stderr == ""


def test_two_first_runs_at_once_install_once(checkout: Path) -> None:
    both = [
        subprocess.Popen(
            [checkout / "paraphe"],
            env=environment(checkout),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    said = [process.communicate()[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert sorted(line.count("\n") for line in said) == [0, 1]


def test_the_lock_is_not_held_while_the_command_runs(checkout: Path) -> None:
    first, second = launch(checkout), launch(checkout)
    assert first.stdout == second.stdout  # as many open descriptors


def test_a_home_that_cannot_be_written_is_no_obstacle(checkout: Path) -> None:
    assert launch(checkout, HOME="/proc").returncode == 0


def test_without_python_it_says_what_to_install(checkout: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    bare.mkdir()
    for tool in ("sh", "readlink", "dirname", "cmp"):
        (bare / tool).symlink_to(shutil.which(tool) or "")
    done = launch(checkout, PATH=str(bare))
    assert done.returncode == 3
    assert "apt-get install python3 python3-pip" in done.stderr


def test_an_old_python_is_named(checkout: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    bare.mkdir()
    for tool in ("sh", "readlink", "dirname", "cmp", "tail"):
        (bare / tool).symlink_to(shutil.which(tool) or "")
    old = bare / "python3"
    old.write_text('#!/bin/sh\n[ "$1" = -V ] && echo "Python 3.9.2" && exit 0\nexit 1\n')
    old.chmod(0o755)
    done = launch(checkout, PATH=str(bare))
    assert done.returncode == 3
    assert "needs Python 3.11 or newer, found only Python 3.9.2" in done.stderr


def test_a_package_that_cannot_be_had_is_named(checkout: Path) -> None:
    (checkout / "requirements.txt").write_text(f"no-such-package==1.0 --hash=sha256:{'0' * 64}\n")
    done = launch(checkout)
    assert done.returncode == 3
    assert "no-such-package" in done.stderr
    assert "could not install the packages" in done.stderr
