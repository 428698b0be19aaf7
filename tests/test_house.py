"""The rules of the house that a machine can keep: style, types, imports, sizes, words."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

CHECKOUT = Path(__file__).resolve().parent.parent
ROOMS = ("domain", "projections", "services", "api")

LONGEST_MODULE = 300
LONGEST_FUNCTION = 40
# Old violations, "path" or "path:function" to length: they may shrink and go, not grow or come.
STILL_TOO_LONG: dict[str, int] = {
    # One file by design: an inspector takes it out of a bundle and runs it anywhere.
    "services/audit/bundle/verify.py": 931,
}

NOWHERE_NAMES = {"util", "utils", "helper", "helpers", "common", "manager", "base", "misc"}

# What reads a clock, throws dice or reaches outside; domain takes such things as arguments.
IMPURE_MODULES = {
    "asyncio",
    "concurrent",
    "glob",
    "http",
    "io",
    "logging",
    "multiprocessing",
    "os",
    "pathlib",
    "random",
    "secrets",
    "select",
    "shutil",
    "signal",
    "socket",
    "sqlite3",
    "ssl",
    "subprocess",
    "sys",
    "tempfile",
    "threading",
    "time",
    "urllib",
}
IMPURE_CALLS = {
    "now",
    "today",
    "utcnow",
    "fromtimestamp",
    "uuid1",
    "uuid4",
    "open",
    "print",
    "input",
}

# Places and hosts that mean something on one machine only, and marks that editing tools leave.
NEVER_WRITTEN = re.compile(
    "|".join(
        [
            "/wor" + "k/(main|shared)",
            "/var/tmp" + "/lab",
            "/root/" + r"\.",
            "pypi" + r"\.org",
            "python" + r"hosted\.org",
            r"registry\.[a-z0-9-]+\.[a-z]+",
            "co-authored" + "-by",
            r"\b(anthro" + "pic|cla" + "ude|open" + "ai|chat" + r"gpt|copi" + r"lot|LL" + r"M)\b",
            r"\bA" + r"I[- ](assistant|agent|generated|model)",
        ]
    ),
    re.IGNORECASE,
)


def modules_of(*rooms: str) -> list[Path]:
    """All Python modules of some rooms, in order."""
    return sorted(path for room in rooms for path in (CHECKOUT / room).rglob("*.py"))


def name_of(path: Path) -> str:
    """A file's path inside the checkout."""
    return path.relative_to(CHECKOUT).as_posix()


def tree_of(path: Path) -> ast.Module:
    """The parsed module."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def run(*command: str) -> None:
    """Run a tool of the environment in the checkout; fail with what it says."""
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{' '.join(command)}:\n{done.stdout}"


def test_ruff_finds_nothing() -> None:
    run("ruff", "check", ".")


def test_ruff_would_format_nothing() -> None:
    run("ruff", "format", "--check", ".")


def test_mypy_finds_nothing() -> None:
    run("mypy")


def test_imports_go_one_way(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(CHECKOUT)
    status = lint_imports(no_cache=True)
    assert status == EXIT_STATUS_SUCCESS, capsys.readouterr().out


def imported_by(tree: ast.Module) -> Iterator[str]:
    """The full names of the modules a module imports, wherever in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


@pytest.mark.parametrize(
    ("room", "allowed"),
    [
        ("domain", {"domain", "msgspec", "stdnum"}),
        ("projections", {"projections", "domain", "msgspec", "psycopg"}),
    ],
)
def test_a_room_imports_only_what_it_may(room: str, allowed: set[str]) -> None:
    """Beyond the contracts of import-linter, which can only forbid by name."""
    may = allowed | set(sys.stdlib_module_names)
    wrong = [
        f"{name_of(path)} imports {module}"
        for path in modules_of(room)
        for module in imported_by(tree_of(path))
        if module.split(".")[0] not in may
    ]
    assert not wrong


def test_domain_has_no_clock_no_chance_and_no_doors() -> None:
    wrong = []
    for path in modules_of("domain"):
        tree = tree_of(path)
        wrong += [
            f"{name_of(path)} imports {module}"
            for module in imported_by(tree)
            if module.split(".")[0] in IMPURE_MODULES
        ]
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                function = node.func
                name = getattr(function, "attr", None) or getattr(function, "id", None)
                if name in IMPURE_CALLS:
                    wrong.append(f"{name_of(path)}:{node.lineno} calls {name}")
    assert not wrong


def test_domain_has_no_float() -> None:
    wrong = [
        f"{name_of(path)}:{node.lineno}"
        for path in modules_of("domain")
        for node in ast.walk(tree_of(path))
        if (isinstance(node, ast.Name) and node.id == "float")
        or (isinstance(node, ast.Constant) and isinstance(node.value, float))
    ]
    assert not wrong


def too_long() -> dict[str, int]:
    """The modules and functions over the limits, with their lengths."""
    found = {}
    for path in modules_of(*ROOMS):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > LONGEST_MODULE:
            found[name_of(path)] = lines
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > LONGEST_FUNCTION:
                    found[f"{name_of(path)}:{node.name}"] = lines
    return found


def test_modules_and_functions_stay_short() -> None:
    grown = {
        place: lines for place, lines in too_long().items() if lines > STILL_TOO_LONG.get(place, 0)
    }
    assert not grown, f"over {LONGEST_MODULE} lines a module or {LONGEST_FUNCTION} a function"


def test_the_list_of_old_violations_only_shrinks() -> None:
    assert {place: too_long().get(place) for place in STILL_TOO_LONG} == STILL_TOO_LONG


def test_every_module_says_what_it_is() -> None:
    silent = [
        name_of(path)
        for path in modules_of(*ROOMS, "tests")
        if path.read_text(encoding="utf-8").strip() and not ast.get_docstring(tree_of(path))
    ]
    assert not silent


def test_no_module_is_named_after_nothing() -> None:
    wrong = [
        name_of(path)
        for path in modules_of(*ROOMS, "tests")
        if {path.stem.strip("_"), path.parent.name} & NOWHERE_NAMES
    ]
    assert not wrong


def written_files() -> Iterator[Path]:
    """The text files of the checkout that are ours, without what tools leave in it."""
    for folder in CHECKOUT.iterdir():
        if folder.is_file():
            yield folder
        elif folder.name in {*ROOMS, "tests", "docs", ".ci"}:
            yield from (path for path in folder.rglob("*") if path.is_file())


def test_nothing_is_written_that_belongs_to_one_machine() -> None:
    wrong = []
    for path in written_files():
        if path.suffix in {".pyc", ".log", ".lock", ".png", ".pdf"}:
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if found := NEVER_WRITTEN.search(line):
                wrong.append(f"{name_of(path)}:{number}: {found.group()}")
    assert not wrong


def pins_in(name: str) -> dict[str, str]:
    """The requirement lines of a file: name to version and marker."""
    text = (CHECKOUT / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9._-]+)==(.+?) *\\$", text, re.MULTILINE))


def test_the_test_tools_come_with_the_very_packages_that_run() -> None:
    runtime, test = pins_in("requirements.txt"), pins_in("requirements-test.txt")
    assert runtime
    assert {name: test.get(name) for name in runtime} == runtime


def test_every_requirement_has_a_hash() -> None:
    for name in ("requirements.txt", "requirements-test.txt", "requirements-uv.txt"):
        text = (CHECKOUT / name).read_text(encoding="utf-8")
        blocks = re.split(r"^(?=\S)", text, flags=re.MULTILINE)[1:]
        assert blocks
        assert [block for block in blocks if "--hash=sha256:" not in block] == []


def test_the_pinned_packages_are_the_declared_ones() -> None:
    declared = (CHECKOUT / "pyproject.toml").read_text(encoding="utf-8")
    wanted = re.findall(r'^ +"([a-z0-9-]+)(?:\[[a-z,]+\])?==([^"]+)",$', declared, re.MULTILINE)
    pinned = pins_in("requirements-test.txt")
    assert len(wanted) > 20
    assert [f"{name}=={version}" for name, version in wanted if pinned.get(name) != version] == []
