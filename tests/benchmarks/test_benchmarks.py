"""Every benchmark runs, and a command costs about the same in a book five times as long."""

import json
import subprocess
import sys
from pathlib import Path


def test_the_benchmarks_run(checkout: Path, tmp_path: Path) -> None:
    """Only gross failures count here: a busy machine's figures say nothing else."""
    file = tmp_path / "figures.json"
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks", "--quick", "--json", str(file)],
        cwd=checkout,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    print(done.stdout)
    figures = json.loads(file.read_text())["figures"]
    assert {figure["benchmark"] for figure in figures} >= {"append", "doors", "engine", "growth"}
    assert all(figure["ours"] > 0 for figure in figures)
    [grown] = [figure for figure in figures if figure["what"].startswith("command: ")]
    assert grown["ours"] <= 3, grown
