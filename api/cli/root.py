"""The root of the command line: a command `name` lives in the module `api/cli/name.py`.

That module has either a function of the same name or, for a group of commands, a typer app called
`app`. (A name that Python reserves takes an underscore at its end: `import_.py`.) Nothing is
registered by hand, and only the module of the command that was called is imported: start-up stays
quick. Modules whose name begins with an underscore are no commands.
"""

import importlib
import pkgutil
import signal
import sys
from typing import Annotated

import typer

import api
import api.cli

STRUCTURE = {"root", "__main__"}  # modules that are no commands


def command_names() -> list[str]:
    """Return the names of all commands, in alphabetical order."""
    modules = (module.name for module in pkgutil.iter_modules(api.cli.__path__))
    return sorted(name.rstrip("_") for name in modules if name not in STRUCTURE and name[0] != "_")


def build(names: list[str]) -> typer.Typer:
    """Build the application with these commands only."""
    app = typer.Typer(
        name="paraphe",
        help="Invoicing and accounting for French and Belgian companies.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_show_locals=False,  # locals may hold secrets
    )
    app.callback()(_root)
    for name in names:
        _add(app, name)
    return app


def main() -> None:
    """Run the command named by the arguments; import every command only to list them."""
    # Leave in good order, as after Ctrl-C: the embedded server is stopped on the way out.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    called = next((word for word in sys.argv[1:] if not word.startswith("-")), "")
    names = command_names()
    build([called] if called in names else names)(prog_name="paraphe")


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"paraphe {api.__version__}")
        raise typer.Exit


def _root(
    _: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    """Invoicing and accounting for French and Belgian companies."""


def _add(app: typer.Typer, name: str) -> None:
    reserved = f"{name}_"
    try:
        module = importlib.import_module(f"api.cli.{name}")
    except ModuleNotFoundError as error:
        if error.name != f"api.cli.{name}":
            raise
        module = importlib.import_module(f"api.cli.{reserved}")
    if isinstance(group := getattr(module, "app", None), typer.Typer):
        app.add_typer(group, name=name)
        return
    function = getattr(module, name, None) or getattr(module, reserved)
    settings = getattr(module, "CONTEXT_SETTINGS", None)
    app.command(name, context_settings=settings)(function)
