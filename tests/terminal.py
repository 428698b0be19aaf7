"""A person's terminal: each command a process, forked from one that has imported everything."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[1]
OWN = "PARAPHE_"


class Terminal:
    """A home, and commands one after the other, which see no settings but those given here."""

    def __init__(self, home: Path, **settings: str) -> None:
        kept = {name: value for name, value in os.environ.items() if OWN not in name}
        own = {"PARAPHE_HOME": str(home), "PYTHONPATH": str(CHECKOUT)}
        own["PARAPHE_UNIQUE_COMPANIES"] = "false"
        self.environment = kept | own | settings

    def run(self, *words: str, code: int = 0) -> str:
        """What the command prints; its exit code must be `code`."""
        with tempfile.TemporaryDirectory() as folder:
            out, err = Path(folder, "out"), Path(folder, "err")
            ended = forker().run(words, self.environment, out, err)
            said, complaint = out.read_text("utf-8"), err.read_text("utf-8")
        assert ended == code, (words, said, complaint)
        return said

    def json(self, *words: str, code: int = 0) -> Any:
        """The one JSON document that the command prints."""
        return json.loads(self.run(*words, "--json", code=code))

    def command(self, *words: str) -> list[str]:
        """The words of a process that begins from nothing."""
        return [sys.executable, "-m", "api.cli", *words]


class Forker:
    """A process that has imported the commands; each command is a child of it."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.terminal"],
            cwd=CHECKOUT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, words: tuple[str, ...], settings: Mapping[str, str], out: Path, err: Path) -> int:
        """Runs a command to its end; gives its exit code."""
        asked, answers = self._process.stdin, self._process.stdout
        assert asked is not None
        assert answers is not None
        asked.write(json.dumps([words, dict(settings), str(out), str(err)]) + "\n")
        asked.flush()
        return int(answers.readline())


@cache
def forker() -> Forker:
    """The one of this test process; it ends with the end of its input."""
    return Forker()


def main() -> None:
    """Forks a child for each line of the input; in the child, becomes the command."""
    import services.backend
    from api.cli.root import build, command_names
    from api.cli.root import main as command

    build(command_names())
    assert services.backend
    for line in sys.stdin:
        words, settings, out, err = json.loads(line)
        if (child := os.fork()) == 0:
            become(settings, out, err)
            sys.argv = ["paraphe", *words]
            command()
            return
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def become(settings: Mapping[str, str], out: str, err: str) -> None:
    """Takes on the environment and the outputs of a command; its input is empty."""
    os.environ.clear()
    os.environ.update(settings)
    for descriptor, path in ((0, os.devnull), (1, out), (2, err)):
        opened = os.open(path, os.O_RDWR | os.O_CREAT)
        os.dup2(opened, descriptor)
        os.close(opened)


if __name__ == "__main__":
    main()
