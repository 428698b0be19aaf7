"""The audit replay: a bundle verified, replayed from zero, every figure derived again and compared.

Streams the book once; only the registers are held in memory (about 2.3 KB an event).
"""

import hashlib
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct

from domain.book.note import PublicKey
from services.audit.export import Export
from services.audit.replay_check import Failure, Files, Outcome
from services.audit.replay_entries import DebitsEqualCredits
from services.audit.replay_pause import Pause, Paused
from services.audit.replay_proof import INTEGRITY, integrity, verify_bundle
from services.audit.replay_registers import (
    AGREE,
    SAME_LOG,
    live_log_agrees,
    projections_agree,
)
from services.audit.replay_walk import SCHEMA, STREAMED, Progress, Walk, Window, steps
from services.audit.verify import Kept
from services.replay.bulk import uncollected
from services.store.mapper import SOFTWARE
from services.store.store import Store

Verdict = Literal["pass", "fail", "error", "incomplete"]
BASIC = (*INTEGRITY, SCHEMA, DebitsEqualCredits.name)
STRICT = (*BASIC, *(check.name for check in STREAMED[1:]), SAME_LOG, AGREE)
LIVE = (SAME_LOG, AGREE)
NO_DATABASE = "no database was named (--company)"
SOURCES = Path(__file__).parent.parent.parent


class UnknownCheck(ValueError):
    """There is no check of that name."""


class LiveBook(Struct, frozen=True):
    """A database that should hold the same book."""

    store: Store
    url: str


class Request(Struct, frozen=True, kw_only=True):
    """What is to be replayed: which checks, what was kept outside, which keys are trusted."""

    checks: tuple[str, ...] = STRICT
    kept: tuple[Kept, ...] = ()
    keys: tuple[PublicKey, ...] = ()
    live: LiveBook | None = None
    window: Window = Window()
    seconds: float | None = None
    pauses: Path | None = None
    """Where a replay that is stopped leaves what it knows; without it, nowhere."""
    resume: bool = False

    def options(self, book_id: str) -> tuple[str, ...]:
        """The options of the command line that ask for the same again."""
        words = ["--checks", ",".join(self.checks)]
        for one in self.kept:
            words += ["--kept", f"{one.size}:{one.root}"]
        for key in self.keys:
            words += ["--key", key.written()]
        for option, value in (
            ("--from", self.window.first if self.window.first > 1 else None),
            ("--to", self.window.upto),
            ("--as-of", self.window.as_of),
        ):
            words += [option, str(value)] if value is not None else []
        return (*words, *(["--company", book_id] if self.live else []))


class Replay(Struct, frozen=True, kw_only=True):
    """The outcome of a replay; `not_checked` are codes, with why where that is not obvious."""

    verdict: Verdict
    book_id: str
    company: str
    size: int
    judged_from: int
    judged_to: int
    """The events that were judged, of the `size` events that were verified."""
    root: str
    chain: str
    bundle: str
    digest: str
    checks: tuple[Outcome, ...]
    not_checked: tuple[tuple[str, str], ...]
    keys: tuple[str, ...]
    options: tuple[str, ...]
    started: datetime
    ended: datetime

    @property
    def first(self) -> Failure | None:
        """The failure at the earliest event; those of the bundle as a whole come last."""
        failures = [failure for check in self.checks for failure in check.failures]
        return min(failures, key=lambda one: (one.position == 0, one.position), default=None)

    def envelope(self) -> dict[str, Any]:
        """The replay as the command line's JSON."""
        return {
            "schema": "paraphe.audit/1",
            "status": self.verdict,
            "tool": {"version": SOFTWARE, "code_digest": code_digest()},
            "scope": {
                "company": self.book_id,
                "name": self.company,
                "bundle": self.bundle,
                "sha256": self.digest,
                "from": self.judged_from,
                "to": self.judged_to,
            },
            "checks": [check.written() for check in self.checks],
            "not_checked": [{"code": code, "why": why} for code, why in self.not_checked],
            "keys": list(self.keys),
            "head": {"position": self.size, "root": self.root, "hash": self.chain},
            "started": self.started.isoformat(),
            "ended": self.ended.isoformat(),
        }


def choose(names: Sequence[str]) -> tuple[str, ...]:
    """The checks that words stand for: `basic`, `strict` or names; raises UnknownCheck."""
    chosen: dict[str, None] = {}
    for name in names or ("strict",):
        group = {"basic": BASIC, "strict": STRICT}.get(name)
        if group is None and name not in STRICT:
            raise UnknownCheck(f"no check {name!r}; there are basic, strict, {', '.join(STRICT)}")
        chosen.update(dict.fromkeys(group or (name,)))
    return tuple(name for name in STRICT if name in chosen)


def replay_bundle(
    path: Path,
    request: Request,
    *,
    progress: Progress | None = None,
) -> Replay:
    """Replays a bundle; raises Undecidable (replay_proof) or NotAnExport when it is none."""
    started = datetime.now(UTC)
    until = None if request.seconds is None else time.monotonic() + request.seconds
    digest = _digest(path)
    pause = _pause(request, digest)
    left = pause.load() if pause is not None and request.resume else None
    said = left.said if left else verify_bundle(path, request.kept, request.keys)
    with Export(path) as export, uncollected():
        outcomes = integrity(said, _seals(export))
        walk = _walk(export, request, until, left)
        outcomes += walk.run(progress, said["size"])
        outcomes += _live_outcomes(export, said, request, walk)
        members, came = export.manifest.members, tuple(export.keys())
    if pause is not None:
        pause.save(Paused(said, walk.state)) if walk.out_of_time else pause.forget()
    made = tuple(one for one in outcomes if one.name in request.checks)
    return Replay(
        verdict=_verdict(made, said),
        book_id=said["book_id"],
        company=walk.company,
        size=said["size"],
        judged_from=request.window.first,
        judged_to=walk.count,
        root=said["root"],
        chain=said["chain"],
        bundle=path.name,
        digest=digest,
        checks=made,
        not_checked=tuple(_not_checked(made, request, members, walk, left)),
        keys=tuple(key.written() for key in request.keys) or came,
        options=request.options(said["book_id"]),
        started=started,
        ended=datetime.now(UTC),
    )


def _walk(export: Export, request: Request, until: float | None, left: Paused | None) -> Walk:
    """The walk over a bundle, from where an earlier one was left."""
    return Walk(
        export,
        request.checks,
        request.window,
        until,
        left and left.state,
        elsewhere=_elsewhere(request, export),
    )


def _elsewhere(request: Request, export: Export) -> Files:
    """The kept files of the same book in a database, where there is one."""
    live, book = request.live, export.manifest.book_id

    def read(digest: str) -> bytes | None:
        found = live.store.file(book, digest) if live is not None else None
        return None if found is None else found.content

    return read


def _seals(export: Export) -> int:
    return sum(name.startswith("seals/") for name in export.manifest.members)


def _pause(request: Request, digest: str) -> Pause | None:
    """Where this very replay is left: the same file, code and options."""
    if request.pauses is None:
        return None
    return Pause(request.pauses, [digest, code_digest(), *request.options("")])


def _live_outcomes(
    export: Export, said: dict[str, Any], request: Request, walk: Walk
) -> list[Outcome]:
    """What a database with the same book says, where there is one and it is asked for."""
    wanted = [name for name in LIVE if name in request.checks]
    if request.live is None or walk.stopped:
        why = "the events could not all be read" if walk.stopped else NO_DATABASE
        return [Outcome(name=name, status="skipped", why=why) for name in wanted]
    book, size = said["book_id"], said["size"]
    outcomes = []
    if SAME_LOG in wanted:
        outcomes.append(live_log_agrees(request.live.store, book, size, said["root"]))
    if AGREE in wanted and walk.count < size:
        outcomes.append(Outcome(name=AGREE, status="skipped", why="the replay ended earlier"))
    elif AGREE in wanted:
        facts = (step.fact for step in steps(export))
        outcomes.append(projections_agree(request.live.url, book, size, facts))
    return outcomes


def _verdict(checks: Iterable[Outcome], said: dict[str, Any]) -> Verdict:
    statuses = {check.status for check in checks}
    if "fail" in statuses:
        return "fail"
    if said["status"] == "undecidable":
        return "error"
    return "incomplete" if "stopped" in statuses else "pass"


def _not_checked(
    checks: Iterable[Outcome],
    request: Request,
    members: Iterable[str],
    walk: Walk,
    left: Paused | None,
) -> Iterator[tuple[str, str]]:
    made = list(checks)
    yield "entered", ""
    if not request.kept:
        yield "tail", ""
    names = list(members)
    if not request.keys and "keys/seal.keys" in names:
        yield "whose_keys", ""
    if any(name.startswith("timestamps/") for name in names):
        yield "timestamps", ""
    yield "media_types", ""
    yield from _narrowed(request.window, walk, left)
    for name in STRICT:
        if name not in request.checks:
            yield name, "not asked for"
    for check in made:
        if check.why or check.status in {"skipped", "stopped"}:
            yield check.name, check.why


def _narrowed(window: Window, walk: Walk, left: Paused | None) -> Iterator[tuple[str, str]]:
    """What was left out by asking for a part, or read by an earlier run."""
    if window.first > 1:
        yield "before", str(window.first)
    if (window.upto or window.as_of) and not walk.stopped:
        yield "after", str(walk.count)
    if left is not None:
        yield "resumed", str(left.state.taken)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@cache
def code_digest() -> str:
    """SHA-256 (hex) of the sources that decide the outcome."""
    digest = hashlib.sha256()
    for room in ("domain", "projections", "services/audit", "services/replay", "services/store"):
        for source in sorted((SOURCES / room).rglob("*.py")):
            digest.update(source.relative_to(SOURCES).as_posix().encode() + b"\0")
            digest.update(source.read_bytes())
    return digest.hexdigest()
