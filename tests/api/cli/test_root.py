"""The command line finds commands by the names of modules and imports no more than it needs."""

import subprocess
import sys
from pathlib import Path

import pytest

import api
from api.cli.root import build, command_names

CHECKOUT = Path(__file__).resolve().parents[3]

# Runs the command line, then says on stderr which modules that took.
WITNESS = """
import atexit, sys
atexit.register(lambda: print(*sys.modules, sep="\\n", file=sys.stderr))
from api.cli.root import main
main()
"""


def paraphe(*words: str) -> "subprocess.CompletedProcess[str]":
    """Run the command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", WITNESS, *words],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_version_is_printed_without_importing_any_command() -> None:
    done = paraphe("--version")
    assert (done.returncode, done.stdout) == (0, f"paraphe {api.__version__}\n")


def test_starting_a_command_imports_only_that_command() -> None:
    done = paraphe("test", "--paraphe-help")
    assert done.returncode == 0, done.stderr
    imported = set(done.stderr.splitlines())
    assert "api.cli.test" in imported
    assert not imported & {"fastapi", "weasyprint", "psycopg", "pydantic"}
    assert not {f"api.cli.{name}" for name in command_names()} & imported - {"api.cli.test"}


@pytest.mark.parametrize("name", command_names())
def test_every_command_is_found_and_says_what_it_does(name: str) -> None:
    build([name])
    done = paraphe("--help")
    assert f" {name} " in done.stdout


def test_an_unknown_command_is_a_usage_error() -> None:
    done = paraphe("no-such-command")
    assert done.returncode == 2
    assert done.stdout == ""
