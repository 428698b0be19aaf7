"""Prints ratios that were measured in one run.

`python -m tests.benchmarks [NAME…] [--quick] [--large] [--json FILE]`
"""

import argparse
import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from msgspec import to_builtins

from tests.benchmarks.ground import Ground, server
from tests.benchmarks.measure import Figure, load

NAMES = (
    "append",
    "commands",
    "doors",
    "engine",
    "verify",
    "replay",
    "growth",
    "pages",
    "known",
    "visible",
    "printing",
)
OPT_IN = ("capacity", "transport", "peers")
"""Run only when named: long, or installing what they measure against."""


def arguments() -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join((*NAMES, *OPT_IN)))
    parser.add_argument("--quick", action="store_true", help="a minute: shows that all of it runs")
    parser.add_argument("--large", action="store_true", help="100 000 invoices, or 1 M events")
    parser.add_argument("--json", type=Path, metavar="FILE", help="the figures for machines")
    given = parser.parse_args()
    if unknown := set(given.names) - {*NAMES, *OPT_IN}:
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    return given


def main() -> None:
    """Runs the benchmarks that were named, or all, and prints a table."""
    given = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the server is removed
    about = conditions()
    print(*(f"{name}: {value}" for name, value in about.items()), sep="\n", flush=True)
    figures: list[dict[str, Any]] = []
    home = Path(tempfile.mkdtemp(prefix="paraphe-benchmark-"))
    os.environ["PARAPHE_HOME"] = str(home)  # so that no user's books are touched
    with server(home) as database:
        for name in given.names or NAMES:
            began = time.monotonic()
            print(f"\n## {name}", flush=True)
            place = Ground(database(name), home, given.quick, given.large)
            for figure in measured(name, place):
                print(line(figure), flush=True)
                figures.append({"benchmark": name, "met": figure.met, **to_builtins(figure)})
            print(f"# {time.monotonic() - began:.0f} s, load {load()}", file=sys.stderr, flush=True)
    if given.json:
        given.json.write_text(json.dumps({**about, "figures": figures}, indent=1))


def measured(name: str, place: Ground) -> Iterator[Figure]:
    """The figures of one benchmark, as they come."""
    figures: Iterator[Figure] = import_module(f"tests.benchmarks.{name}").run(place)
    return figures


def line(figure: Figure) -> str:
    """A figure on one line: ours, the reference, the ratio, the goal and whether it is met."""
    text = f"{figure.what:<52} {number(figure.ours):>9} {figure.unit:<10}"
    if figure.ratio is not None:
        theirs = "" if figure.theirs is None else f" {number(figure.theirs)}"
        text += f" {figure.ratio:>6.2f} × {figure.reference}{theirs}"
    if figure.met is not None:
        sign, goal = ("≥", figure.least) if figure.least is not None else ("≤", figure.most)
        text += f"   [goal {sign} {goal}: {'met' if figure.met else 'MISSED'}]"
    return text


def number(value: float) -> str:
    """A figure with three digits that matter."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def conditions() -> dict[str, Any]:
    """When and on what this ran."""
    return {
        "measured": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit(),
        "python": platform.python_version(),
        "cores": len(os.sched_getaffinity(0)),
        "load": load(),
    }


def commit() -> str:
    """The commit measured, or nothing on a machine without git."""
    asked = ["git", "rev-parse", "--short", "HEAD"]
    if shutil.which("git") is None:
        return ""
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()


if __name__ == "__main__":
    main()
