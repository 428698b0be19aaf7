"""`paraphe rebuild`: make registers anew from the books, beside the live ones."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli._console import AsJson, Exit, Progressing, backend, show, stop

if TYPE_CHECKING:
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
    from services.replay.rebuild import CodeChanged, NothingToRollBackTo, RebuildRunning, roll_back
    from services.replay.rebuild import rebuild as build

    chosen = _registers(names or [], every=every)
    with backend() as opened:
        try:
            if rollback:
                for register in chosen:
                    roll_back(opened.url, register)
                show([register.name for register in chosen], "rolled back", as_json=as_json)
                return
            with Progressing("rebuilding", "events") as bar:
                outcomes = build(
                    opened.url,
                    chosen,
                    dry_run=dry_run,
                    from_scratch=from_scratch,
                    report=lambda now: bar.reached(now.events, now.all_events),
                )
        except RebuildRunning as error:
            stop(f"another rebuild of {error} is running", Exit.LOCKED)
        except (CodeChanged, NothingToRollBackTo) as error:
            stop(str(error) or type(error).__name__, Exit.REFUSED)
    show([_described(each) for each in outcomes], _in_words(outcomes), as_json=as_json)
    if dry_run and not all(each.comparison.same for each in outcomes):
        raise typer.Exit(Exit.DIFFERENT)


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
