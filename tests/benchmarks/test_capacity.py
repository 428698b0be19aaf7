"""The capacity model is measured by code that runs."""

import json
import subprocess
import sys
from pathlib import Path

from projections.registers import REGISTERS


def test_capacity_is_measured(checkout: Path, tmp_path: Path) -> None:
    """Goal: every register has its bytes and its time. The figures of a tiny book say nothing."""
    file = tmp_path / "figures.json"
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks", "capacity", "--quick", "--json", str(file)],
        cwd=checkout,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found = {figure["what"]: figure["ours"] for figure in json.loads(file.read_text())["figures"]}
    for register in REGISTERS:
        for what in ("table", "keys and indexes", "rebuild alone"):
            assert found[f"{register.name}: {what}"] > 0
    assert found["  rebuild of everything"] > 0
