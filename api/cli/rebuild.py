"""`paraphe rebuild`: make registers anew from the books, beside the live ones."""

import re
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli._console import AsJson, Exit, Progressing, backend, show, stop

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from projections.register import Register
    from services.backend import Backend
    from services.replay.rebuild import Outcome, Plan

SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600}


Names = Annotated[list[str] | None, typer.Argument(help="Names of registers.")]
Every = Annotated[bool, typer.Option("--all", help="Every register, in one pass.")]
Companies = Annotated[
    list[str] | None,
    typer.Option("--company", "-c", help="Only this company's rows; may be repeated."),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Compare, show what would differ, change nothing.")
]
Compare = Annotated[bool, typer.Option("--compare", help="Put in place only when no row differs.")]
Resume = Annotated[
    bool,
    typer.Option("--resume/--from-scratch", help="Go on with an unfinished build, or begin again."),
]
Batch = Annotated[
    int, typer.Option(min=1, help="Events of a book folded at once, at about 1 KB each.")
]
Processes = Annotated[int, typer.Option(min=1, help="Processes that load books.")]
MaxDuration = Annotated[
    str, typer.Option(help="Stop after 90s, 30m or 2h; the next rebuild goes on.")
]
Rollback = Annotated[
    bool, typer.Option("--rollback", help="Put the edition before the last rebuild back.")
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


def rebuild(
    names: Names = None,
    *,
    every: Every = False,
    companies: Companies = None,
    dry_run: DryRun = False,
    compare: Compare = False,
    resume: Resume = True,
    batch: Batch = 250_000,
    processes: Processes = 1,
    max_duration: MaxDuration = "",
    rollback: Rollback = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Build registers beside the live ones, compare, and swap; reads go on meanwhile.

    Exits 4 when the time was not enough, 5 when a dry run or --compare finds differences, 11 when
    another rebuild of a register is running.
    """
    from services.replay.rebuild import Plan

    plan = Plan(
        dry_run=dry_run, if_same=compare, from_scratch=not resume, batch=batch,
        processes=processes, until=_end(max_duration),
    )  # fmt: skip
    chosen = _registers(names or [], every=every)
    if rollback and companies:
        stop("a register goes back as a whole, for all companies", Exit.USAGE)
    if not (dry_run or yes):
        _ask("Roll back" if rollback else "Rebuild", chosen)
    with backend() as opened, _refusing():
        if rollback:
            _roll_back(opened.url, chosen, as_json=as_json)
            return
        outcomes = _build(opened, chosen, plan, companies or [])
    _tell(outcomes, plan, as_json=as_json)


def _tell(outcomes: "list[Outcome]", plan: "Plan", *, as_json: bool) -> None:
    """Shows what came of it; ends the command with its own code where a comparison differs."""
    show([_described(each) for each in outcomes], _in_words(outcomes), as_json=as_json)
    compared = plan.dry_run or plan.if_same
    if compared and not all(each.comparison.same for each in outcomes):
        raise typer.Exit(Exit.DIFFERENT)


@contextmanager
def _refusing() -> "Iterator[None]":
    """Ends the command in plain words when a rebuild is refused or stopped."""
    from services.replay.build import OutOfTime
    from services.replay.rebuild import CodeChanged, NothingToRollBackTo, RebuildRunning

    try:
        yield
    except RebuildRunning as error:
        stop(f"another rebuild of {error} is running", Exit.LOCKED)
    except NothingToRollBackTo as error:
        stop(f"there is no older edition of {error}", Exit.REFUSED)
    except CodeChanged as error:
        stop(str(error), Exit.REFUSED)
    except OutOfTime as error:
        stop(f"the time is over at {error}; the next rebuild goes on from there", Exit.INCOMPLETE)
    except KeyboardInterrupt:
        stop("interrupted; the next rebuild goes on from there", Exit.INTERRUPTED)


def _build(
    opened: "Backend", chosen: "list[Register]", plan: "Plan", companies: list[str]
) -> "list[Outcome]":
    """Builds the registers, of all companies or of those named, with a bar."""
    from msgspec.structs import replace

    from services.replay.rebuild import rebuild as build

    of_books = replace(plan, books=_books(opened, companies))
    with Progressing("rebuilding", "events") as bar:
        return build(
            opened.url, chosen, of_books, report=lambda now: bar.reached(now.events, now.all_events)
        )


def _roll_back(url: str, chosen: "list[Register]", *, as_json: bool) -> None:
    from services.replay.rebuild import roll_back

    roll_back(url, chosen)
    names = [register.name for register in chosen]
    show(names, f"rolled back: {', '.join(names)}", as_json=as_json)


def _ask(deed: str, chosen: "list[Register]") -> None:
    """Asks the person at the terminal, if there is one."""
    if sys.stdin.isatty() and sys.stderr.isatty():
        names = ", ".join(register.name for register in chosen)
        typer.confirm(f"{deed} {names}?", abort=True, err=True)


def _end(max_duration: str) -> float | None:
    """The monotonic time at which to stop; None: never."""
    if not max_duration:
        return None
    given = re.fullmatch(r"(\d+)([smh]?)", max_duration)
    if given is None:
        stop(f"{max_duration!r} is no duration; say 90s, 30m or 2h", Exit.USAGE)
    return time.monotonic() + int(given[1]) * SECONDS[given[2]]


def _books(opened: "Backend", companies: list[str]) -> "frozenset[UUID] | None":
    """The books of the companies named; None: all."""
    from uuid import UUID

    found = frozenset(UUID(opened.shelf.find(each).book_id) for each in companies)
    return found or None


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
            f"rows added {found.added}, changed {found.changed}, removed {found.removed}; "
            f"{'in place' if each.swapped else 'the live register stays'}"
        )
        for row in found.first:
            events = ", ".join(f"{event.position} {event.type}" for event in row.events)
            lines.append(f"  {row.table} of {row.book_id}: {row.live} → {row.rebuilt}")
            lines.append(f"    written by {events or 'no event'}")
        lines += [f"  not compared: {book}" for book in each.not_compared]
    return "\n".join(lines)
