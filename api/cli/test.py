"""`paraphe test`: the whole test suite, style and types included, in one pytest run."""

import os
import sys
from pathlib import Path

import typer

CHECKOUT = Path(__file__).resolve().parent.parent.parent
CONTEXT_SETTINGS = {
    "allow_extra_args": True,
    "ignore_unknown_options": True,
    "help_option_names": ["--paraphe-help"],  # --help belongs to pytest
}


def test(context: typer.Context) -> None:
    """Run the tests; further words go to pytest (`-m slow`, `-k invoice`, `tests/domain`)."""
    from api.cli._test_machine import prepare

    prepare()
    os.chdir(CHECKOUT)
    words = ["-q", "-n", "auto", "--dist", "worksteal", *context.args]
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *words])  # noqa: S606
