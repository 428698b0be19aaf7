"""`paraphe rebuild`: make registers anew from the books, beside the live ones."""

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli._console import AsJson, Exit, Progressing, backend, show, stop

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.register import Register
    from services.replay.rebuild import Outcome


def rebuild(
    names: Annotated[list[str] | None, typer.Argument(help="Names of registers.")] = None,
    *,
    every: Annotated[bool, typer.Option("--all", help="Every register, in one pass.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Compare, show what would differ, change nothing.")
    ] = False,
    from_scratch: Annotated[
        bool, typer.Option("--from-scratch", help="Do not go on with an unfinished build.")
    ] = False,
    rollback: Annotated[
        bool, typer.Option("--rollback", help="Put the edition before the last rebuild back.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Build registers beside the live ones, compare, and swap; reads go on meanwhile.

    Exits 5 when a dry run finds differences, 11 when another rebuild of a register is running.
    """
    chosen = _registers(names or [], every=every)
    with backend() as opened, _refusing():
        if rollback:
            _roll_back(opened.url, chosen, as_json=as_json)
            return
        outcomes = _build(opened.url, chosen, dry_run=dry_run, from_scratch=from_scratch)
    show([_described(each) for each in outcomes], _in_words(outcomes), as_json=as_json)
    if dry_run and not all(each.comparison.same for each in outcomes):
        raise typer.Exit(Exit.DIFFERENT)


@contextmanager
def _refusing() -> "Iterator[None]":
    """Ends the command in plain words when a rebuild is refused."""
    from services.replay.rebuild import CodeChanged, NothingToRollBackTo, RebuildRunning

    try:
        yield
    except RebuildRunning as error:
        stop(f"another rebuild of {error} is running", Exit.LOCKED)
    except NothingToRollBackTo as error:
        stop(f"there is no older edition of {error}", Exit.REFUSED)
    except CodeChanged as error:
        stop(str(error), Exit.REFUSED)


def _build(
    url: str, chosen: "list[Register]", *, dry_run: bool, from_scratch: bool
) -> "list[Outcome]":
    from services.replay.rebuild import rebuild as build

    with Progressing("rebuilding", "events") as bar:
        return build(
            url,
            chosen,
            dry_run=dry_run,
            from_scratch=from_scratch,
            report=lambda now: bar.reached(now.events, now.all_events),
        )


def _roll_back(url: str, chosen: "list[Register]", *, as_json: bool) -> None:
    from services.replay.rebuild import roll_back

    for register in chosen:
        roll_back(url, register)
    names = [register.name for register in chosen]
    show(names, f"rolled back: {', '.join(names)}", as_json=as_json)


def _registers(names: list[str], *, every: bool) -> "list[Register]":
    from projections.registers import REGISTERS

    known = {register.name: register for register in REGISTERS}
    if every == bool(names):
        stop(f"name registers or say --all; there are {', '.join(known)}", Exit.USAGE)
    unknown = [name for name in names if name not in known]
    if unknown:
        stop(f"no register {unknown[0]}; there are {', '.join(known)}", Exit.USAGE)
    return list(known.values()) if every else [known[name] for name in names]


def _described(outcome: "Outcome") -> dict[str, Any]:
    from msgspec import to_builtins

    described: dict[str, Any] = to_builtins(outcome)
    return described


def _in_words(outcomes: "list[Outcome]") -> str:
    lines = []
    for each in outcomes:
        found = each.comparison
        lines.append(
            f"{each.register}: {each.events} events of {each.books} books in {each.seconds:.1f} s; "
            f"rows added {found.added}, changed {found.changed}, removed {found.removed}"
        )
        lines += [f"  {row.table}: {row.live} → {row.rebuilt}" for row in found.first]
        lines += [f"  not compared: {book}" for book in each.not_compared]
    return "\n".join(lines)
