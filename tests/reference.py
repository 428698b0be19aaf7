"""The reference pages: every event of the catalogue and every command, read from the code.

`python -m tests.reference` writes docs/events.md and docs/commands.md; a test compares them.
"""

import inspect
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_type_hints

import msgspec
import typer.main

from api.cli.root import build, command_names
from domain.book.catalogue import EVENTS
from domain.book.event import Event

DOCS = Path(__file__).resolve().parent.parent / "docs"

EVENTS_HEAD = """# Events

Every event there is, by its stored name. Names are for ever; a changed meaning is a new name. The
bytes around the data are in [log-format.md](log-format.md). This page is made by
`python -m tests.reference`.
"""

COMMANDS_HEAD = """# Commands

`./paraphe COMMAND --help` says the same. Results go to stdout (`--json` for one JSON document),
everything else to stderr. Exit codes: 0 well; 1 refused or, for `audit`, findings; 2 usage;
3 undecidable, something needed is missing; 4 incomplete; 5 a comparison found differences;
11 locked by another run; 130 interrupted. Any other code is a failure. This page is made by
`python -m tests.reference`.
"""


def events_page() -> str:
    """Each event with what it means, its members and their types."""
    return EVENTS_HEAD + "".join(
        f"\n## {event.stored_as}\n\n{_sentence(event)}\n\n"
        + "".join(f"- `{name}`: {kind}\n" for name, kind in _members(event))
        for event in sorted(EVENTS, key=lambda event: event.stored_as)
    )


def _members(event: type[Event]) -> Iterator[tuple[str, str]]:
    hints = get_type_hints(event)
    for field in msgspec.structs.fields(event):
        kind = hints[field.name]
        words = kind.__name__ if isinstance(kind, type) and not hasattr(kind, "__args__") else kind
        yield field.name, re.sub(r"\b(typing|datetime|domain(\.\w+)*)\.", "", str(words))


def _sentence(documented: object) -> str:
    return " ".join((inspect.getdoc(documented) or "").split())


def commands_page() -> str:
    """Each command with its arguments and options."""
    root = typer.main.get_command(build(command_names()))
    return COMMANDS_HEAD + "".join(_sections(root, "paraphe"))


def _sections(command: Any, name: str) -> Iterator[str]:
    if inner := getattr(command, "commands", None):
        for word in sorted(inner):
            yield from _sections(inner[word], f"{name} {word}")
        return
    yield f"\n## {name}\n\n{_sentence(command.callback)}\n\n"
    for parameter in command.params:
        yield f"- `{_written(parameter)}` {getattr(parameter, 'help', None) or ''}\n"


def _written(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        word = parameter.name.upper()
        return word if parameter.required else f"[{word}]"
    return ", ".join([*parameter.opts, *parameter.secondary_opts])


PAGES: dict[Path, Callable[[], str]] = {
    DOCS / "events.md": events_page,
    DOCS / "commands.md": commands_page,
}

if __name__ == "__main__":
    for path, page in PAGES.items():
        path.write_text(page(), encoding="utf-8")
